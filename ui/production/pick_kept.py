"""What the clerk typed over on the pick bench; it outlives every rebuilding of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.kernel.numbers import plain
from services.production import api
from ui.framework.texts import tr
from ui.production.pick_lines import ZERO, line_row


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure typed over, and how much was left to pick when it was typed; of: product line of the order."""

    of: int
    value: Decimal | None
    left: Decimal

    def overtaken(self, left: Decimal) -> bool:
        """Whether it was possible when it was typed and, with so much left now, is no longer."""
        return self.value is not None and left < self.value <= self.left


class Typed:
    """Sets by product line, quantities by material line; what equals the proposal is not kept."""

    def __init__(self) -> None:
        self.sets: dict[int, Figure] = {}
        self.quantities: dict[int, Figure] = {}

    def take_sets(self, row: Mapping[str, Any]) -> None:
        """The sets of an order's row; emptied, the proposal holds again."""
        value, line = row["kits"], row["line_id"]
        if value is None or value == row["kits_in_stock"]:
            self.sets.pop(line, None)
        else:
            self.sets[line] = Figure(line, value, row["kits_left"])

    def take_quantity(self, row: Mapping[str, Any]) -> None:
        """The quantity of a material's row; emptied, nothing is taken of it."""
        line, value = row["line"], row["quantity"]
        if value == line.quantity:
            self.quantities.pop(line.material.line_id, None)
        else:
            self.quantities[line.material.line_id] = Figure(line.order.line_id, value, line.material.left)

    def forget_quantities(self, orders: Iterable[int] | None = None) -> None:
        """Quantities of these product lines, or all, are computed again."""
        gone = None if orders is None else set(orders)
        self.quantities = {
            key: figure for key, figure in self.quantities.items() if gone is not None and figure.of not in gone
        }

    def forget(self, orders: Sequence[int]) -> None:
        """Everything typed for these product lines: they were picked."""
        self.forget_quantities(orders)
        for line in orders:
            self.sets.pop(line, None)

    def rows(self, lines: Iterable[api.PickLine], orders: Iterable[api.PickOrder]) -> list[dict[str, Any]]:
        """Rows of the lower grid: the proposal, with what was typed over it, also where nothing is proposed any more."""
        proposed = {line.material.line_id: line for line in lines}
        made = []
        for order in orders:
            for material in order.materials:
                figure = self.quantities.get(material.line_id)
                line = proposed.get(material.line_id)
                if line is None and figure is not None:
                    line = api.PickLine(material, order, ZERO)
                if line is not None:
                    made.append(line_row(line) | ({} if figure is None else {"quantity": figure.value}))
        return made

    def renew(
        self, before: Iterable[api.PickOrder], orders: Iterable[api.PickOrder], ticked: Iterable[int]
    ) -> list[str]:
        """After a reading: forgets what is no longer possible and says what that was, order by order.

        Not possible any more are a tick on an order that has nothing left or is closed, and more than is left now.
        What the clerk deliberately typed above what was left stays.
        """
        now = {order.line_id: order for order in orders}
        touched = set(ticked) | {figure.of for figure in (*self.sets.values(), *self.quantities.values())}
        said = []
        for old in before:
            order = now.get(old.line_id)
            if order is not None:
                said += self._overtaken_sets(order) + self._overtaken_quantities(old, order)
            elif old.line_id in touched:
                self.forget([old.line_id])
                said.append(tr("{order} 已领完或已关闭，不再勾选", order=old.ref.number))
        return said

    def _overtaken_sets(self, order: api.PickOrder) -> list[str]:
        figure = self.sets.get(order.line_id)
        if figure is None or not figure.overtaken(order.kits_left):
            return []
        del self.sets[order.line_id]
        text = tr(
            "{order} 本次套数 {typed} 多于待领 {left}，改为 {now}",
            order=order.ref.number, typed=plain(figure.value or ZERO), left=plain(order.kits_left),
            now=plain(order.kits_in_stock),
        )  # fmt: skip
        return [text]

    def _overtaken_quantities(self, old: api.PickOrder, order: api.PickOrder) -> list[str]:
        left = {material.line_id: material.left for material in order.materials}
        said = []
        for material in old.materials:
            figure = self.quantities.get(material.line_id)
            rest = left.get(material.line_id, ZERO)
            if figure is None or not (figure.overtaken(rest) or material.line_id not in left):
                continue
            del self.quantities[material.line_id]
            text = tr(
                "{order} 的 {item} 本次 {typed} 多于未领 {left}，已重算",
                order=order.ref.number, item=material.item_code, typed=plain(figure.value or ZERO), left=plain(rest),
            )  # fmt: skip
            said.append(text)
        return said
