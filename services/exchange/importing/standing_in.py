"""Substitutes among the rows of pick lists: for which material of its order an item is drawn, and how much of it that covers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import Connection, func, select

from models.kernel.numbers import ZERO
from models.ledgers.tables import wip_move
from models.masterdata.tables import substitute
from services.documents import substituting
from services.documents.records import StandIn
from services.exchange.importing.sources import SourceLine, SourceOrder, SourceOrders
from services.ledgers.facts import ItemFacts, chunked, load_items


class StandingIn:
    """What may be drawn for the materials of the orders of a sheet; read when the first row draws another item than planned."""

    def __init__(self, conn: Connection, orders: SourceOrders) -> None:
        self._conn = conn
        self._orders = orders
        self._substitutes: set[int] | None = None
        self._rules: dict[tuple[int, int], list[StandIn]] | None = None
        self._items: dict[int, ItemFacts] = {}
        self._drawn: dict[int, set[tuple[int, int]]] = {}
        self._taken: set[tuple[int, int]] = set()

    def lines(self, order: SourceOrder, item_id: int, day: dt.date, *, back: bool) -> list[SourceLine]:
        """Materials for which the item may be drawn on a day; where it comes back, those for which it was drawn if that is known."""
        if not back and not self._may_stand_in(order, item_id):
            return []
        found = [
            line
            for line in order.lines
            if line.role == "material" and line.item_id != item_id and self._fits(order, line, item_id, day, back=back)
        ]
        drawn = self._taken | self._drawn_for(order) if back and len(found) > 1 else set()
        return [line for line in found if (line.id, item_id) in drawn] or found

    def take(self, line: SourceLine, item_id: int, quantity: Decimal, day: dt.date, *, back: bool) -> None:
        """Tells the order what the quantity covers of the material, so that later rows find what is left."""
        rules = self._of(line.id, item_id)
        ratio = next((rule.ratio for rule in rules if back or rule.holds_on(day)), Decimal(1))
        share = substituting.covers(quantity, ratio, self.item(line.item_id).decimals)
        left = self._orders.left(line)
        if not back and left > 0 and quantity == substituting.needed(left, ratio, self.item(item_id).decimals):
            share = left
        self._orders.count(line, -share if back else share)
        self._taken.add((line.id, item_id))

    def item(self, item_id: int) -> ItemFacts:
        """Facts of an item, read once."""
        if item_id not in self._items:
            self._items.update(load_items(self._conn, {item_id}))
        return self._items[item_id]

    def _may_stand_in(self, order: SourceOrder, item_id: int) -> bool:
        """Whether it is worth looking: a sheet that numbers its own lines names other materials all the time."""
        if self._substitutes is None:
            self._substitutes = set(self._conn.execute(select(substitute.c.substitute_id).distinct()).scalars())
        return item_id in self._substitutes or any(line.substitute_for_id == item_id for line in order.lines)

    def _fits(self, order: SourceOrder, line: SourceLine, item_id: int, day: dt.date, *, back: bool) -> bool:
        if not line.drawn_from_own:
            return False
        rules = self._of(line.id, item_id)
        if line.substitute_for_id == item_id or any(back or rule.holds_on(day) for rule in rules):
            return True
        return back and (line.id, item_id) in self._drawn_for(order)

    def _of(self, line_id: int, item_id: int) -> Sequence[StandIn]:
        if self._rules is None:
            self._rules = defaultdict(list)
            for rule in substituting.stand_ins(self._conn, self._orders.materials()):
                self._rules[rule.material_line_id, rule.item_id].append(rule)
        return self._rules.get((line_id, item_id), ())

    def _drawn_for(self, order: SourceOrder) -> set[tuple[int, int]]:
        """Material lines of an order with what was drawn for them and has not come back, whatever the rules say by now."""
        if order.id not in self._drawn:
            w = wip_move.c
            query = select(w.material_line_id, w.item_id).where(w.element == "material")
            query = query.group_by(w.material_line_id, w.item_id).having(func.sum(w.quantity) > ZERO)
            found: set[tuple[int, int]] = set()
            for keys in chunked(line.id for line in order.lines if line.role == "main"):
                found.update((row[0], row[1]) for row in self._conn.execute(query.where(w.order_line_id.in_(keys))))
            self._drawn[order.id] = found
        return self._drawn[order.id]
