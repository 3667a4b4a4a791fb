"""The factory's three months as they are written before they are booked: orders, and what moved for them."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.demo.catalogue import Catalogue
from app.demo.recipes import Material, Recipes

SEED = 20260310

# Within a day the books see receipts before picks, then products, then deliveries; returns come last.
PURCHASE_RECEIPT, PICK, PRODUCT_RECEIPT, DELIVERY, RETURN = 1, 2, 3, 4, 5


@dataclass(slots=True, eq=False)
class Line:
    """A line of an order; delivered or received is what the story has moved so far."""

    item: str
    quantity: Decimal
    due: dt.date
    price: Decimal | None = None
    start: dt.date | None = None
    note: str = ""
    demand: Line | None = None
    """the sales line it is made for"""
    moved: Decimal = Decimal(0)
    id: int = 0
    """database id, once it is saved"""

    @property
    def left(self) -> Decimal:
        """What has not moved yet."""
        return self.quantity - self.moved


@dataclass(slots=True, eq=False)
class Order:
    """An order to save on a day. materials: of an order to make, as the services will work it out unless given (rework)."""

    type: str
    day: dt.date
    lines: list[Line]
    partner: str = ""
    workshop: str = ""
    note: str = ""
    kind: str = "normal"
    approved: bool = True
    closed: dt.date | None = None
    reason: str = ""
    materials: list[Material] = field(default_factory=list)
    id: int = 0


@dataclass(slots=True, eq=False)
class Move:
    """Goods that move for an order on a day: quantity by line (of the order, or of its material list)."""

    type: str
    day: dt.date
    order: Order
    quantities: dict[int, Decimal]
    kind: str = "normal"
    note: str = ""
    approved: bool = True
    store: str = ""
    lot: str = ""
    redone: bool = False
    """approved, taken back because something was keyed wrong, and approved again"""


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A change of an item's stock in its own warehouse; phase: what comes first within a day."""

    day: dt.date
    phase: int
    quantity: Decimal


@dataclass(slots=True)
class Story:
    """Everything that happens, with the dice that decide it."""

    book: Catalogue
    recipes: Recipes
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 a story, not a secret
    orders: list[Order] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    """by item"""
    kept: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """what must be left today, beside what an item keeps anyway"""
    left_today: dict[str, Decimal] = field(default_factory=dict)
    """items that must end with exactly this stock"""

    def order(self, order: Order) -> Order:
        """Adds an order; one to make gets its material list."""
        if order.type in ("production_order", "subcontract_order") and not order.materials:
            (line,) = order.lines
            day = max(line.start or order.day, order.day)
            order.materials = self.recipes.materials(line.item, line.quantity, day)
        self.orders.append(order)
        return order

    def of_type(self, *types: str) -> list[Order]:
        """Orders of some types, in the order they were told."""
        return [order for order in self.orders if order.type in types]

    def receive(self, order: Order, day: dt.date, quantities: dict[int, Decimal], **how: Any) -> None:
        """Bought goods come in."""
        self._move("purchase_receipt", order, day, quantities, **how)
        for number, quantity in quantities.items():
            order.lines[number].moved += quantity
            if not how.get("store"):
                self._event(day, PURCHASE_RECEIPT, order.lines[number].item, quantity)

    def deliver(self, order: Order, day: dt.date, quantities: dict[int, Decimal], **how: Any) -> None:
        """Sold goods go out."""
        self._move("delivery", order, day, quantities, **how)
        for number, quantity in quantities.items():
            order.lines[number].moved += quantity
            self._event(day, DELIVERY, order.lines[number].item, -quantity)

    def pick(
        self, order: Order, day: dt.date, share: Decimal = Decimal(1), *, approved: bool = True, note: str = ""
    ) -> None:
        """Material is drawn: share of the plan in all, less what was drawn before."""
        quantities = {}
        for number, material in enumerate(order.materials):
            due = material.part(share) - material.drawn
            if material.issue == "pick" and due > 0:
                quantities[number] = due
        self.moves.append(Move("material_issue", day, order, quantities, note=note, approved=approved))
        if approved:
            self._draw(order, day, quantities)

    def supplement(self, order: Order, day: dt.date, quantities: dict[int, Decimal], note: str) -> None:
        """More material than planned is drawn."""
        self._move("material_issue", order, day, quantities, kind="supplement", note=note)
        for number, quantity in quantities.items():
            self._event(day, PICK, order.materials[number].item, -quantity)

    def give_back(self, order: Order, day: dt.date, quantities: dict[int, Decimal], note: str) -> None:
        """Material comes back to the store."""
        self._move("material_issue", order, day, quantities, kind="return", note=note)
        for number, quantity in quantities.items():
            order.materials[number].drawn -= quantity
            self._event(day, RETURN, order.materials[number].item, quantity)

    def make(self, order: Order, day: dt.date, quantity: Decimal, note: str = "") -> None:
        """Products come in; what is backflushed leaves the workshop's store."""
        (line,) = order.lines
        line.moved += quantity
        self._move("product_receipt", order, day, {0: quantity}, note=note)
        self._event(day, PRODUCT_RECEIPT, line.item, quantity)
        for material in order.materials:
            due = material.part(line.moved / line.quantity) - material.drawn
            if material.issue == "backflush" and due > 0:
                material.drawn += due
                self._event(day, PRODUCT_RECEIPT, material.item, -due)

    def close(self, order: Order, day: dt.date, reason: str) -> None:
        """An order is closed by hand."""
        order.closed, order.reason = day, reason

    def keep(self, order: Order) -> None:
        """Leaves in the store today what an order has still to draw."""
        for material in order.materials:
            self.kept[material.item] += material.quantity - material.drawn

    def used(self, item: str) -> list[Event]:
        """What left the stores of an item, in order of time."""
        return sorted(event for event in self.events.get(item, ()) if event.quantity < 0)

    def _event(self, day: dt.date, phase: int, item: str, quantity: Decimal) -> None:
        self.events[item].append(Event(day, phase, quantity))

    def _draw(self, order: Order, day: dt.date, quantities: dict[int, Decimal]) -> None:
        for number, quantity in quantities.items():
            order.materials[number].drawn += quantity
            self._event(day, PICK, order.materials[number].item, -quantity)

    def _move(self, type_code: str, order: Order, day: dt.date, quantities: dict[int, Decimal], **how: Any) -> None:
        self.moves.append(Move(type_code, day, order, quantities, **how))


def total(events: Iterable[Event]) -> Decimal:
    """The sum of what moved."""
    return sum((event.quantity for event in events), Decimal(0))
