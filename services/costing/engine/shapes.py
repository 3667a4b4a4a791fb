"""What costing works on: movements, items, orders, costs of the period; money in cents, quantities in millionths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["in", "out", "made", "draw", "back"]
"""bought or found; gone; received from an order; drawn for an order; given back by an order"""
Element = Literal["material", "labor", "overhead", "subcontract"]
ELEMENTS: tuple[Element, ...] = ("material", "labor", "overhead", "subcontract")
ONE = Fraction(1)


class Key(NamedTuple):
    """What of an order's cost is told apart: its element and, of material, the line it was drawn for and the item drawn."""

    element: Element
    material: int = 0
    item: int = 0


class Amount(NamedTuple):
    """A quantity and its value."""

    quantity: int
    value: int


NOTHING = Amount(0, 0)


@dataclass(slots=True)
class Move:
    """A movement of an item. quantity, value: into stock above zero.

    given: the value of what came in from outside. order, material: product line and material line it belongs to. covers: units of
    the planned material that one drawn unit stands for. settled: what of a receipt's value pays for goods that left before.
    """

    item: int
    quantity: int
    kind: Kind
    given: int = 0
    order: int = 0
    material: int = 0
    covers: Fraction = ONE
    value: int = 0
    settled: int = 0


@dataclass(slots=True)
class Item:
    """An item at the start of a period. reference: cents for one millionth of its unit. layers: oldest first (fifo)."""

    id: int
    method: str
    quantity: int
    value: int
    reference: Fraction = Fraction(0)
    layers: Sequence[Amount] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """A line of an order's own material list, as far as it matters for what a receipt consumes."""

    planned: int
    backflush: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """How an output gets its cost: a share of the order's, a weight for one unit, or an amount for one (in cents)."""

    item: int
    kind: str
    share: Fraction | None = None
    weight: Fraction | None = None
    quota: Fraction | None = None


@dataclass(slots=True)
class Order:
    """A product line of an order. expected: good quantity it is to give in all; received, hours, fee: of the period.

    closed: ended by hand, so that nothing is in progress. consumed: by earlier receipts, by material line, in units of the planned
    material.
    """

    id: int
    number: str
    line_no: int
    doc: int
    item: int
    ordered: int
    expected: Fraction
    subcontract: bool = False
    rework: bool = False
    workshop: str = ""
    closed: bool = False
    received_before: int = 0
    received: int = 0
    hours: int = 0
    fee: int = 0
    main_weight: Fraction = ONE
    rules: Sequence[Rule] = ()
    materials: dict[int, Material] = field(default_factory=dict)
    opening: dict[Key, Amount] = field(default_factory=dict)
    consumed: dict[int, int] = field(default_factory=dict)

    @property
    def in_progress(self) -> Fraction:
        """What is still to come of the product."""
        left = self.expected - self.received_before - self.received
        return Fraction(0) if self.closed or left < 0 else left


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost of the period. doc: the order that bears it, 0 when it is shared; workshop: "" for all."""

    id: int
    kind: Element
    amount: int
    basis: str
    workshop: str = ""
    doc: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Methods:
    """How work in progress keeps its part: equivalent, none, or (material) quota; and how far along it is taken to be."""

    material: str = "equivalent"
    cost: str = "equivalent"
    material_done: Fraction = ONE
    cost_done: Fraction = Fraction(1, 2)


@dataclass(slots=True)
class Given:
    """Everything a period's costs follow from. moves: in the order of the books. drawn: net of returns, before the period."""

    items: dict[int, Item]
    moves: list[Move]
    orders: dict[int, Order]
    costs: Sequence[Cost] = ()
    methods: Methods = field(default_factory=Methods)
    drawn: dict[tuple[int, int], Amount] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Share:
    """What an order bears of a cost, and by how much of the basis (in millionths)."""

    cost: int
    order: int
    basis: int
    amount: int


@dataclass(slots=True)
class Progress:
    """An order's cost of one element (and material): what it had, took in and finished."""

    key: Key
    opening: Amount
    input: Amount
    finished: Amount = NOTHING

    @property
    def total(self) -> Amount:
        """What there was to finish."""
        return Amount(self.opening.quantity + self.input.quantity, self.opening.value + self.input.value)


@dataclass(slots=True)
class Output:
    """What a product of an order cost, by element."""

    item: int
    kind: str
    quantity: int
    cost: dict[Element, int]

    @property
    def total(self) -> int:
        """All elements together."""
        return sum(self.cost.values())


@dataclass(slots=True)
class OrderCost:
    """What an order's costs came to."""

    progress: list[Progress]
    outputs: list[Output]


@dataclass(slots=True)
class Found:
    """The result: every movement has its value; stock at the end by item; what orders cost; who bears which cost."""

    stock: dict[int, Amount]
    orders: dict[int, OrderCost]
    shares: list[Share]
    drawn: dict[tuple[int, int], Amount]


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    whole = (abs(value.numerator) * 2 + value.denominator) // (value.denominator * 2)
    return whole if value >= 0 else -whole


def part_of(value: int, part: int, whole: int) -> int:
    """value × part ÷ whole, half up."""
    return half_up(Fraction(value * part, whole))


def allocated(total: int, bases: Sequence[Fraction | int]) -> list[int]:
    """total shared by bases, each share half up, the last one with a basis taking the remainder; bases sum to more than zero."""
    whole = sum(bases, Fraction(0))
    shares = [half_up(Fraction(total) * base / whole) if base else 0 for base in bases]
    last = max(place for place, base in enumerate(bases) if base)
    shares[last] = total - (sum(shares) - shares[last])
    return shares
