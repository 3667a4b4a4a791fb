"""What a planning run reads: tables of 64-bit columns, items named by the rank of their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

I64: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

RATE = 10**8
"""Scale of scrap rates and of fixed scrap."""
OPEN_FROM = 0
OPEN_TO = 3_652_059
"""First and last day of an open validity (9999-12-31 as a proleptic ordinal)."""
NONE = -1
"""No item, no tag, no reference."""


class ItemKind(IntEnum):
    """Kinds of items, in the order of the exchange vocabulary."""

    PURCHASED = 0
    MANUFACTURED = 1
    SUBCONTRACTED = 2
    PHANTOM = 3
    SERVICE = 4


class LotPolicy(IntEnum):
    """How a net requirement becomes order quantities."""

    LOT_FOR_LOT = 0
    FIXED = 1
    MINIMUM = 2
    PERIOD = 3


class Issue(IntEnum):
    """How a material line is issued."""

    PICK = 0
    BACKFLUSH = 1
    NONE = 2


class Need(IntEnum):
    """What a quantity is needed for; SUBSTITUTION is stock that stands in for another item."""

    SALES_ORDER = 0
    FORECAST = 1
    PRODUCTION_ORDER = 2
    SUBCONTRACT_ORDER = 3
    PLANNED_ORDER = 4
    SAFETY_STOCK = 5
    LOT_SIZE = 6
    SUBSTITUTION = 7


class Source(IntEnum):
    """Where a quantity comes from; UNPLANNED marks demand that a restricted run left open."""

    STOCK = 0
    PURCHASE_ORDER = 1
    PRODUCTION_ORDER = 2
    SUBCONTRACT_ORDER = 3
    CO_PRODUCT = 4
    PLANNED_ORDER = 5
    SUBSTITUTION = 6
    UNPLANNED = 7


class Finding(IntEnum):
    """What a run reports besides its orders."""

    PAST_DUE_DEMAND = 0
    PAST_DUE_SUPPLY = 1
    LATE_START = 2
    EXPEDITE = 3
    SURPLUS = 4
    NO_BOM = 5
    NO_SUPPLIER = 6
    SUBSTITUTE_USED = 7
    BELOW_SAFETY = 8
    CYCLE = 9


@dataclass(frozen=True)
class Columns:
    """A table: every field is an array, all of one length."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(f.name for f in fields(cls))

    def take(self, rows: I64 | Mask) -> Self:
        """The given rows, by position or by mask."""
        return type(self)(*(getattr(self, name)[rows] for name in self.names()))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All rows of the parts, in their order."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.names()))

    @classmethod
    def none(cls) -> Self:
        """The table without rows."""
        return cls(*(np.zeros(0, dtype=np.int64) for _ in cls.names()))


@dataclass(frozen=True)
class Items(Columns):
    """Master data by rank of item code. Quantities in units of the last place of the item's unit.

    yield_num/yield_den: good output of one unit started. stock: nettable own stock, may be negative.
    lot_*: 0 where not given. supplier: whether a supplier is on file.
    """

    kind: I64
    decimals: I64
    lead: I64
    safety: I64
    policy: I64
    lot_size: I64
    lot_minimum: I64
    lot_multiple: I64
    lot_maximum: I64
    period_days: I64
    yield_num: I64
    yield_den: I64
    mto: Mask
    stock: I64
    supplier: Mask


@dataclass(frozen=True)
class BomLines(Columns):
    """Lines of approved, enabled versions. version: rank in natural order (V2 before V10) among the parent's versions.

    num/den: component units for one parent unit. scrap_rate and scrap_fixed in 1e-8 (of the component's unit).
    Both ends of a validity are included.
    """

    parent: I64
    version: I64
    component: I64
    num: I64
    den: I64
    scrap_rate: I64
    scrap_fixed: I64
    issue: I64
    skip: Mask
    customer: Mask
    valid_from: I64
    valid_to: I64


@dataclass(frozen=True)
class BomOutputs(Columns):
    """Co- and by-products of a version: item units for one parent unit."""

    parent: I64
    version: I64
    item: I64
    num: I64
    den: I64


@dataclass(frozen=True)
class Demands(Columns):
    """Independent demand and what open orders have still to draw.

    kind: Need. ref: rank of the document's label, line: its line. parent: item of the order that draws, or NONE.
    tag: rank of the sales order line that an mto item is made for, or NONE. selected: within the orders of the run.
    """

    item: I64
    day: I64
    quantity: I64
    kind: I64
    ref: I64
    line: I64
    parent: I64
    tag: I64
    selected: Mask


@dataclass(frozen=True)
class Supplies(Columns):
    """What is still to come on open orders, as num/den units of the last place; kind: Source. STOCK: stock held for a tag."""

    item: I64
    day: I64
    num: I64
    den: I64
    kind: I64
    ref: I64
    line: I64
    tag: I64


@dataclass(frozen=True)
class Substitutes(Columns):
    """Substitute units for one component unit: num/den. parent: NONE for every parent."""

    component: I64
    substitute: I64
    parent: I64
    num: I64
    den: I64
    priority: I64
    valid_from: I64
    valid_to: I64


@dataclass(frozen=True)
class Parameters:
    """How to plan. start, end: ordinals; restricted: plan only what selected demand causes."""

    start: int
    end: int = OPEN_TO
    scrap_divides: bool = False
    half_up: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class PlanInput:
    """Everything a run depends on; equal input gives an equal plan."""

    items: Items
    bom: BomLines
    outputs: BomOutputs
    demands: Demands
    supplies: Supplies
    substitutes: Substitutes
    holidays: I64
    parameters: Parameters


@dataclass(frozen=True)
class PlannedOrders(Columns):
    """Planned orders by level, item, due day, tag. quantity: what is started; good output is quantity × yield.

    segment: row of the structure the order explodes by, or NONE. late: calendar days by which the start lies before the run.
    """

    item: I64
    quantity: I64
    start: I64
    due: I64
    late: I64
    tag: I64
    segment: I64


@dataclass(frozen=True)
class Substitutions(Columns):
    """Stock of substitutes that a run takes: quantity of the component covered, taken of the substitute."""

    component: I64
    substitute: I64
    quantity: I64
    taken: I64
    day: I64
    tag: I64


@dataclass(frozen=True)
class Unplanned(Columns):
    """Demand that a restricted run leaves open: quantity in the item's balance units."""

    item: I64
    day: I64
    tag: I64
    quantity: I64


@dataclass(frozen=True)
class Findings(Columns):
    """Exceptions. row: of the demand table (past_due_demand), of the supply table (past_due_supply, expedite, surplus), else NONE.

    other: the substitute, else NONE. quantity in last places of the item, other_quantity of the other. Days 0: none.
    """

    kind: I64
    item: I64
    row: I64
    other: I64
    quantity: I64
    other_quantity: I64
    from_day: I64
    to_day: I64


def column(values: object) -> I64:
    """An int64 array of the values."""
    return np.asarray(values, dtype=np.int64).reshape(-1)


def empty(count: int = 0) -> I64:
    """An int64 array of zeros."""
    return np.zeros(count, dtype=np.int64)
