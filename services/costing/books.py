"""The movements of a stretch of days as costing groups them, and the stock before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from models.columns import Int
from models.documents.tables import doc, doc_line, doc_link
from models.kernel.numbers import ZERO
from models.ledgers.tables import stock_move, wip_move
from models.masterdata.tables import item, warehouse
from services.costing.engine.shapes import Amount, Item, Kind, Move
from services.costing.engine.valuing import opening_layers
from services.documents.types import registry
from services.ledgers.facts import chunked

_M, _W = stock_move.c, wip_move.c
VALUED = and_(_M.owner_id == 0, warehouse.c.kind != "customer")


@dataclass(frozen=True, slots=True)
class Link:
    """How a document line meets an order, and what work in progress says of it (in cents)."""

    order: int
    material: int | None
    element: str
    value: int


@dataclass(frozen=True, slots=True)
class Group:
    """A document line's movement of one lot in one store. base: value without corrections; stored: with them (cents)."""

    doc_id: int
    line_id: int
    day: dt.date
    item: int
    warehouse: int
    lot: str
    quantity: int
    stored: int
    base: int
    last: int
    type: str
    price: Decimal | None
    hours: int
    source: int | None
    link: Link | None

    @property
    def rank(self) -> tuple[dt.date, int, str, int]:
        """Where the books put it: by day, what brings goods in first, then as it was approved."""
        return self.day, registry[self.type].order, self.type, self.last

    @property
    def kind(self) -> Kind:
        """What it is for costing."""
        if self.link is None:
            return "in" if self.quantity > 0 else "out"
        if self.link.element == "product":
            return "made" if self.quantity > 0 else "out"
        return "back" if self.quantity > 0 else "draw"

    def move(self, covers: Fraction) -> Move:
        """As the engine takes it."""
        link = self.link
        order, material = (link.order, link.material or 0) if link is not None else (0, 0)
        return Move(self.item, self.quantity, self.kind, self.base, order, material, covers)


def whole(value: Any) -> int:
    """A sum as the database gives it: PostgreSQL adds whole numbers up to a numeric."""
    return int(value or 0)


def groups(
    conn: Connection, days: ColumnElement[bool], wip_days: ColumnElement[bool], items: Collection[int] | None = None
) -> list[Group]:
    """What moved on the given days, in the order of the books; what was reversed is left out."""
    links = _links(conn, wip_days)
    counted = and_(_M.quantity != 0, _M.reversal_of.is_(None))
    query = (
        select(
            _M.doc_id, _M.line_id, _M.move_date, _M.item_id, _M.warehouse_id, _M.lot,
            func.sum(_M.quantity, type_=Int), func.sum(_M.value, type_=Int),
            func.sum(case((_M.quantity != 0, _M.value), else_=0), type_=Int),
            func.max(case((counted, _M.id), else_=0), type_=Int),
            doc.c.type, doc_line.c.price, func.coalesce(doc_line.c.hours, 0, type_=Int), doc_line.c.source_line_id,
        )
        .join_from(stock_move, warehouse, warehouse.c.id == _M.warehouse_id)
        .join(doc, doc.c.id == _M.doc_id)
        .outerjoin(doc_line, doc_line.c.id == _M.line_id)
        .where(VALUED, days)
        .group_by(
            _M.doc_id, _M.line_id, _M.move_date, _M.item_id, _M.warehouse_id, _M.lot, doc.c.type, doc_line.c.price,
            doc_line.c.hours, doc_line.c.source_line_id,
        )
    )  # fmt: skip
    made = []
    for part in [None] if items is None else list(chunked(sorted(items))):
        wanted = query if part is None else query.where(_M.item_id.in_(part))
        for row in conn.execute(wanted):
            plain = tuple(row)
            quantity, stored, base, last = map(whole, plain[6:10])
            if quantity or stored:
                hours = whole(plain[12])
                link = links.get((row.doc_id, row.line_id))
                values: tuple[Any, ...] = (
                    *plain[:6],
                    quantity,
                    stored,
                    base,
                    last,
                    *plain[10:12],
                    hours,
                    plain[13],
                    link,
                )
                made.append(Group(*values))
    return sorted(made, key=lambda group: group.rank)


def _links(conn: Connection, days: ColumnElement[bool]) -> dict[tuple[int, int], Link]:
    query = (
        select(_W.doc_id, _W.line_id, _W.order_line_id, _W.material_line_id, _W.element, func.sum(_W.value, type_=Int))
        .where(days)
        .group_by(_W.doc_id, _W.line_id, _W.order_line_id, _W.material_line_id, _W.element)
    )
    return {(row[0], row[1]): Link(row[2], row[3], row[4], whole(row[5])) for row in conn.execute(query)}


def covers(conn: Connection, moved: Collection[Group]) -> dict[int, Fraction]:
    """For lines that draw another item than planned: units of the planned material one of their units stands for."""
    drawn = {group.line_id: group.link.material for group in moved if group.link is not None and group.link.material}
    planned: dict[int, int] = {}
    for keys in chunked(sorted(set(drawn.values()))):
        query = select(doc_line.c.id, doc_line.c.item_id).where(doc_line.c.id.in_(keys))
        planned.update((row.id, row.item_id) for row in conn.execute(query))
    others = {
        group.line_id
        for group in moved
        if group.line_id in drawn and planned.get(drawn[group.line_id] or 0) != group.item
    }
    made: dict[int, Fraction] = {}
    for keys in chunked(sorted(others)):
        linked = (
            select(doc_link.c.target_line_id, doc_link.c.quantity, doc_line.c.quantity.label("drawn"))
            .join_from(doc_link, doc_line, doc_line.c.id == doc_link.c.target_line_id)
            .where(doc_link.c.target_line_id.in_(keys), doc_line.c.quantity != 0)
        )
        for row in conn.execute(linked):
            made[row.target_line_id] = abs(Fraction(row.quantity) / Fraction(row.drawn))
    return made


def opening(conn: Connection, first: dt.date, items: Collection[int]) -> dict[int, Amount]:
    """Quantity and value of items before a day."""
    made = dict.fromkeys(items, Amount(0, 0))
    for keys in chunked(sorted(items)):
        query = (
            select(_M.item_id, func.sum(_M.quantity, type_=Int), func.sum(_M.value, type_=Int))
            .join_from(stock_move, warehouse, warehouse.c.id == _M.warehouse_id)
            .where(VALUED, _M.move_date < first, _M.item_id.in_(keys))
            .group_by(_M.item_id)
        )
        made.update((row[0], Amount(whole(row[1]), whole(row[2]))) for row in conn.execute(query))
    return made


def items_of(conn: Connection, stock: Mapping[int, Amount], first: dt.date) -> dict[int, Item]:
    """Items with the stock they begin with, and the layers of those valued first in, first out."""
    made: dict[int, Item] = {}
    for keys in chunked(sorted(stock)):
        for row in conn.execute(select(item.c.id, item.c.cost_method, item.c.unit_cost).where(item.c.id.in_(keys))):
            reference = Fraction(row.unit_cost or ZERO) * 100 / 10**6
            made[row.id] = Item(row.id, row.cost_method, *stock[row.id], reference)
    layered = [key for key, each in made.items() if each.method == "fifo" and each.quantity > 0]
    receipts = _receipts(conn, first, layered)
    for key in layered:
        made[key].layers = opening_layers(stock[key], receipts[key])
    return made


def _receipts(conn: Connection, first: dt.date, items: Collection[int]) -> dict[int, list[Amount]]:
    """What came in before a day, latest first."""
    found: dict[int, list[tuple[Any, Amount]]] = defaultdict(list)
    for keys in chunked(sorted(items)):
        last = func.max(_M.id)
        query: Select[Any] = (
            select(
                _M.item_id, _M.move_date, doc.c.type, last, func.sum(_M.quantity, type_=Int),
                func.sum(_M.value, type_=Int),
            )
            .join_from(stock_move, warehouse, warehouse.c.id == _M.warehouse_id)
            .join(doc, doc.c.id == _M.doc_id)
            .where(VALUED, _M.move_date < first, _M.item_id.in_(keys))
            .group_by(_M.item_id, _M.move_date, doc.c.type, _M.doc_id, _M.line_id, _M.warehouse_id, _M.lot)
            .having(func.sum(_M.quantity, type_=Int) > 0)
        )  # fmt: skip
        for row in conn.execute(query):
            rank = (row[1], registry[row[2]].order, row[2], row[3])
            found[row[0]].append((rank, Amount(whole(row[4]), whole(row[5]))))
    return defaultdict(
        list, {key: [amount for _rank, amount in sorted(rows, reverse=True)] for key, rows in found.items()}
    )


def drawn_before(conn: Connection, first: dt.date, lines: Collection[int]) -> dict[tuple[int, int], Amount]:
    """What of an item was out for a material line before a day, net of returns."""
    made: dict[tuple[int, int], Amount] = {}
    for keys in chunked(sorted(lines)):
        query = (
            select(_W.material_line_id, _W.item_id, func.sum(_W.quantity, type_=Int), func.sum(_W.value, type_=Int))
            .where(_W.material_line_id.in_(keys), _W.element == "material", _W.move_date < first)
            .group_by(_W.material_line_id, _W.item_id)
        )
        made.update(((row[0], row[1]), Amount(whole(row[2]), whole(row[3]))) for row in conn.execute(query))
    return made
