"""The catalogue of the demonstration factory while it is put together: items, bills of material, substitutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from models.kernel.numbers import round_half_up

Number = int | str | Decimal
ONE = Decimal(1)
ZERO = Decimal(0)
_PRICE_PLACES = 4
_PROFIT = Decimal("1.45")


@dataclass(frozen=True, slots=True)
class Use:
    """A component of a bill: quantity for per products, its losses, and how it is issued."""

    component: str
    quantity: Decimal
    per: Decimal = ONE
    scrap: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    issue: str = "pick"
    skip: bool = False
    key: bool = False
    customer: bool = False
    store: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ByProduct:
    """What comes out beside the product, and what one unit of it takes from the order's cost."""

    item: str
    quantity: Decimal
    per: Decimal
    quota: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """A version of a bill of material."""

    parent: str
    version: str
    uses: tuple[Use, ...]
    outputs: tuple[ByProduct, ...] = ()
    approved: bool = True
    note: str = ""


@dataclass(slots=True)
class Catalogue:
    """Everything the factory makes and buys, in the order it was added."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    bills: list[Bill] = field(default_factory=list)
    substitutes: list[dict[str, Any]] = field(default_factory=list)
    labour: dict[str, Decimal] = field(default_factory=dict)
    """made item -> cost of working it, beside its material"""

    def add(self, code: str, name: str, spec: str, unit: str, kind: str, **values: Any) -> str:
        """Adds an item; values are columns of the sheet items. A code given twice is a mistake of the catalogue."""
        if code in self.items:
            raise ValueError(f"item {code} twice")
        row = {"code": code, "name": name, "spec": spec, "unit": unit, "kind": kind}
        self.items[code] = row | {key: _value(key, value) for key, value in values.items()}
        return code

    def buy(self, code: str, name: str, spec: str, unit: str, cost: Number, **values: Any) -> str:
        """Adds a purchased item."""
        return self.add(code, name, spec, unit, "purchased", unit_cost=cost, **values)

    def make(self, code: str, name: str, spec: str, unit: str, labour: Number, **values: Any) -> str:
        """Adds a manufactured item, or another kind that is made of something."""
        self.labour[code] = Decimal(labour)
        return self.add(code, name, spec, unit, values.pop("kind", "manufactured"), **values)

    def change(self, code: str, **values: Any) -> None:
        """Sets columns of an item that is there."""
        self.items[code].update({key: _value(key, value) for key, value in values.items()})

    def bill(
        self, parent: str, uses: Sequence[Use], *, version: str = "V1.0", outputs: Sequence[ByProduct] = (),
        approved: bool = True, note: str = "",
    ) -> None:  # fmt: skip
        """Adds a version of a bill."""
        self.bills.append(Bill(parent, version, tuple(uses), tuple(outputs), approved, note))

    def substitute(
        self, component: str, substitute: str, *, priority: int = 1, ratio: Number = 1, **values: Any
    ) -> None:
        """Allows a substitute; values: parent, valid_from, valid_to."""
        row = {"component": component, "substitute": substitute, "ratio": Decimal(ratio), "priority": priority}
        self.substitutes.append(row | {"parent": None, "valid_from": None, "valid_to": None} | values)

    def price_everything(self) -> None:
        """Gives made items a reference cost out of their newest approved bill, and finished lamps a price."""
        newest = {bill.parent: bill for bill in self.bills if bill.approved}
        known: dict[str, Decimal] = {}
        for code, row in self.items.items():
            cost = self._cost(code, newest, known)
            if row["kind"] not in ("phantom", "purchased"):
                row["unit_cost"] = round_half_up(cost, _PRICE_PLACES)
            if row["category"] == "成品灯":
                row["price"] = round_half_up(cost * _PROFIT, 1)

    def _cost(self, code: str, newest: dict[str, Bill], known: dict[str, Decimal]) -> Decimal:
        if code in known:
            return known[code]
        row = self.items[code]
        cost = row.get("unit_cost") or ZERO
        if code in newest:
            material = sum(
                (
                    self._cost(use.component, newest, known) * use.quantity / use.per * (1 + use.scrap)
                    for use in newest[code].uses
                    if not use.customer and use.issue != "none"
                ),
                ZERO,
            )
            cost = material / row.get("yield_rate", ONE) + self.labour.get(code, ZERO)
        known[code] = cost
        return cost


_NUMBERS = frozenset(
    {"safety_stock", "lot_size", "lot_minimum", "lot_multiple", "lot_maximum", "yield_rate", "unit_cost", "price"}
)


def _value(key: str, value: Any) -> Any:
    return Decimal(value) if key in _NUMBERS and value is not None else value


def use(
    component: str, quantity: Number = 1, *, per: Number = 1, scrap: Number = 0, fixed: Number = 0, **how: Any
) -> Use:
    """A component of a bill; how: issue, skip, key, customer, store, since, until, note."""
    return Use(component, Decimal(quantity), Decimal(per), Decimal(scrap), Decimal(fixed), **how)


def backflushed(component: str, quantity: Number, *, per: Number = 1) -> Use:
    """Glue, grease and solder: drawn from the workshop's own store when the product is received."""
    return use(component, quantity, per=per, issue="backflush")


def parts(text: str) -> list[Use]:
    """Components written short: code, * quantity where it is not 1, ! for a key part: "LB104! CT101*6"."""
    made = []
    for word in text.split():
        code, _, quantity = word.rstrip("!").partition("*")
        made.append(use(code, quantity or 1, key=word.endswith("!")))
    return made
