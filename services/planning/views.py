"""Frozen rows of planning for windows, command line and exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.kernel.refs import DocRef

Progress = Callable[[int, int, str], None]
"""Called with done, total, and the code of what is being done; it may raise to stop the run."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A stored run."""

    run_id: int
    start: dt.date
    end: dt.date | None
    note: str
    made_by: str
    made_at: dt.datetime
    parameters: Mapping[str, object]
    counts: Mapping[str, int]
    phases: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A stored run. counts: by kind of order and exception; phases: seconds."""

    run_id: int
    start: dt.date
    end: dt.date | None
    counts: Mapping[str, int]
    phases: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """One movement of an item, quantity in its unit with its sign, and the balance after it.

    kind      "stock", a document type, or "co_product" (what an order gives beside its product)
    day, due  when it counts, and the day of the document: what is overdue counts today
    document  None for stock, and where the reader may not see documents of that type
    party     customer, supplier or workshop; product: what an order that draws the item makes, or the kit it is sold in
    """

    day: dt.date
    due: dt.date
    kind: str
    document: DocRef | None
    line: int
    party: str
    product: str
    quantity: Decimal
    balance: Decimal

    @property
    def overdue(self) -> int:
        """Days by which its date has passed."""
        return (self.day - self.due).days


@dataclass(frozen=True, slots=True)
class PlannedOrderRow:
    """A planned order. seq, part: its place in the run, and the part after a split."""

    id: int
    run_id: int
    seq: int
    part: int
    number: str
    item_id: int
    item_code: str
    item_name: str
    item_spec: str
    unit: str
    kind: str
    quantity: Decimal
    output: Decimal
    start_date: dt.date
    due_date: dt.date
    late_days: int
    supplier_id: int | None
    supplier_code: str
    supplier_name: str
    workshop: str
    demand_line_id: int | None
    status: str


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception of a run; other: the substitute, planned: the number of a planned order that starts late."""

    run_id: int
    kind: str
    item_id: int
    item_code: str
    item_name: str
    document: str
    doc_id: int | None
    other_code: str
    quantity: Decimal
    other_quantity: Decimal
    from_date: dt.date | None
    to_date: dt.date | None
    planned_id: int | None = None
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class PeggingRow:
    """A piece of a planned order (or of a substitute's stock: planned_order empty) and the demand it serves."""

    planned_order: str
    item: str
    quantity: Decimal
    demand_kind: str
    demand_number: str
    demand_line: int
    demand_item: str
    demand_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a quantity comes from or goes to: a document, or a planned order of the same run by seq."""

    kind: str
    document: DocRef | None = None
    line: int = 0
    planned: str = ""
    planned_seq: int = 0
    item_code: str = ""


@dataclass(frozen=True, slots=True)
class TermView:
    """One term of an explanation. arithmetic: numbers only, e.g. "79×4×1.05 → 332"; empty where it is the document's own."""

    origin: Origin
    day: dt.date
    quantity: Decimal
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class LotStepView:
    """A step from the net quantity to orders: rule, its value, and the quantity after it."""

    rule: str
    value: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """carried + supplies − demands = −net; net ÷ yield_rate through the steps makes the orders.

    carried_day None: the terms begin with stock and safety stock. grouped_until: last day a period order covers.
    orders: numbers of the planned orders that the requirement made.
    """

    order: str
    item_id: int
    item_code: str
    due: dt.date
    carried_day: dt.date | None
    carried: Decimal
    supplies: tuple[TermView, ...]
    demands: tuple[TermView, ...]
    grouped_until: dt.date | None
    net: Decimal
    yield_rate: Decimal
    steps: tuple[LotStepView, ...]
    orders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One movement of an item in a run: quantity with its sign, and the balance after it (safety stock not deducted)."""

    day: dt.date
    origin: Origin
    quantity: Decimal
    balance: Decimal
    tag_line_id: int | None


@dataclass(frozen=True, slots=True)
class CauseView:
    """Why an item is planned otherwise: reason, document, field or parent item, and its value before and after."""

    reason: str
    name: str
    before: Decimal | None
    after: Decimal | None
    day_before: dt.date | None
    day_after: dt.date | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A difference between two runs: new, changed or gone."""

    kind: str
    item_code: str
    due_before: dt.date | None
    due_after: dt.date | None
    quantity_before: Decimal
    quantity_after: Decimal
    causes: tuple[CauseView, ...]


def exact_decimal(value: Fraction, places: int = 12) -> Decimal:
    """The decimal of a fraction, to at most the given places (half even beyond them)."""
    scaled = round(value * 10**places)
    return Decimal(scaled).scaleb(-places).normalize() + Decimal(0)
