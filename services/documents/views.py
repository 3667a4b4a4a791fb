"""What a window shows of documents: frozen rows, names resolved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from models.kernel.refs import DocRef

PageKey = tuple[dt.date, int]
"""date and id of a document: where a page of a list begins"""


@dataclass(frozen=True, slots=True)
class DocumentListRow:
    """A document in a list, with the figures of its main lines."""

    ref: DocRef
    version: int
    kind: str
    status: str
    closing: str
    business_date: dt.date
    partner_code: str
    partner_name: str
    workshop: str
    note: str
    lines: int
    items: str
    quantity: Decimal
    done: Decimal
    amount: Decimal | None
    start_date: dt.date | None
    due_date: dt.date | None
    created_by: str
    approved_by: str
    print_count: int = 0


@dataclass(frozen=True, slots=True)
class DocumentList:
    """One page of a list, how many rows there are in all (None: not counted), and whether more follow in the direction asked."""

    rows: tuple[DocumentListRow, ...]
    total: int | None
    more: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with what it names; material columns are empty on other lines."""

    id: int
    role: str
    line_no: int
    parent_line_id: int | None
    item_id: int
    item_code: str
    item_name: str
    spec: str
    unit: str
    decimals: int
    quantity: Decimal
    done: Decimal
    price: Decimal | None
    amount: Decimal | None
    warehouse_id: int | None
    warehouse_code: str
    warehouse_name: str
    lot: str
    start_date: dt.date | None
    due_date: dt.date | None
    closing: str
    hours: Decimal | None
    note: str
    source_line_id: int | None = None
    source: DocRef | None = None
    source_line_no: int = 0
    demand_line_id: int | None = None
    demand: DocRef | None = None
    bom_version: str = ""
    yield_rate: Decimal = Decimal(1)
    issue: str = ""
    key_part: bool = False
    supplied_by: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    scrap_rate: Decimal | None = None
    scrap_fixed: Decimal | None = None
    supplement: Decimal | None = None
    returned: Decimal | None = None
    available: Decimal | None = None

    @property
    def left(self) -> Decimal:
        """What is still to be executed, never below zero."""
        return max(Decimal(0), self.quantity - self.done)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An audit event of a document."""

    at: dt.datetime
    user: str
    action: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A document before or after another; title: of its kind where that is a deed of its own (退料)."""

    ref: DocRef
    title: str
    status: str
    business_date: dt.date
    closing: str = "C"


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A whole document. id 0: not saved yet."""

    ref: DocRef
    version: int
    kind: str
    status: str
    closing: str
    business_date: dt.date
    partner_id: int | None
    partner_code: str
    partner_name: str
    workshop: str
    note: str
    source_id: int | None
    system_made: bool
    print_count: int
    created_by: str
    created_at: dt.datetime | None
    approved_by: str
    approved_at: dt.datetime | None
    lines: tuple[LineView, ...]
    materials: tuple[LineView, ...] = ()
    outputs: tuple[LineView, ...] = ()
    upstream: tuple[FlowRow, ...] = ()
    downstream: tuple[FlowRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source line that can be taken into a document; left: how much, 0 where the clerk says it; available: own stock of the item.

    The store is the one it was drawn from, the source's, or where the item lies when nobody says; only where the document needs one. A
    price only where the source has one and the reader may see it.
    """

    line_id: int
    ref: DocRef
    line_no: int
    business_date: dt.date
    due_date: dt.date | None
    partner_name: str
    item_id: int
    item_code: str
    item_name: str
    unit: str
    quantity: Decimal
    done: Decimal
    left: Decimal
    warehouse_id: int | None = None
    warehouse_code: str = ""
    warehouse_name: str = ""
    lot: str = ""
    spec: str = ""
    decimals: int = 0
    available: Decimal = Decimal(0)
    price: Decimal | None = None
    partner_id: int | None = None
    partner_code: str = ""
    workshop: str = ""

    @property
    def key(self) -> str:
        """The line, and the item that is taken of it."""
        return f"{self.line_id}/{self.item_id}"
