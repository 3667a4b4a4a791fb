"""Documents as the engine handles them: drafts to save, rows that were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from models.kernel.numbers import ZERO
from services.ledgers.facts import ItemFacts, WarehouseFacts
from services.platform.parameters import Parameters

ONE = Decimal(1)


@dataclass(slots=True)
class LineDraft:
    """A line to save: what is dealt with, how much, where, when, and which source line it executes."""

    item_id: int
    quantity: Decimal
    line_no: int = 0
    price: Decimal | None = None
    amount: Decimal | None = None
    warehouse_id: int | None = None
    lot: str = ""
    start_date: dt.date | None = None
    due_date: dt.date | None = None
    source_line_id: int | None = None
    demand_line_id: int | None = None
    hours: Decimal | None = None
    note: str = ""
    bom_version: str = ""
    bom_id: int | None = None
    yield_rate: Decimal = ONE


@dataclass(slots=True)
class MaterialDraft:
    """A material of an order line: usage as numerator/denominator, losses, how it is issued, planned quantity."""

    parent_no: int
    item_id: int
    quantity: Decimal
    numerator: Decimal = ONE
    denominator: Decimal = ONE
    scrap_rate: Decimal = ZERO
    scrap_fixed: Decimal = ZERO
    issue: str = "pick"
    key_part: bool = False
    supplied_by: str = "own"
    origin: str = "bom"
    substitute_for_id: int | None = None
    warehouse_id: int | None = None
    line_no: int = 0
    note: str = ""


@dataclass(slots=True)
class OutputDraft:
    """A co- or by-product an order line is expected to give."""

    parent_no: int
    item_id: int
    quantity: Decimal
    line_no: int = 0
    note: str = ""


@dataclass(slots=True)
class DocDraft:
    """A document to save. materials None: the type works them out (bill of material)."""

    type: str
    business_date: dt.date
    lines: list[LineDraft]
    number: str = ""
    kind: str = "normal"
    partner_id: int | None = None
    workshop: str = ""
    note: str = ""
    source_id: int | None = None
    client_key: str | None = None
    system_made: bool = False
    materials: list[MaterialDraft] | None = None
    outputs: list[OutputDraft] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DocRow:
    """A stored document's head."""

    id: int
    type: str
    number: str
    kind: str
    status: str
    closing: str
    business_date: dt.date
    partner_id: int | None
    workshop: str
    note: str
    source_id: int | None
    system_made: bool
    version: int
    created_by: str
    created_at: dt.datetime
    approved_by: str
    approved_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A stored line; done is what later documents executed of it."""

    id: int
    doc_id: int
    role: str
    line_no: int
    parent_line_id: int | None
    item_id: int
    quantity: Decimal
    done: Decimal
    price: Decimal | None
    amount: Decimal | None
    warehouse_id: int | None
    lot: str
    start_date: dt.date | None
    due_date: dt.date | None
    source_line_id: int | None
    demand_line_id: int | None
    closing: str
    hours: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """What an order's material line adds to a line."""

    line_id: int
    numerator: Decimal
    denominator: Decimal
    scrap_rate: Decimal
    scrap_fixed: Decimal
    issue: str
    key_part: bool
    supplied_by: str
    origin: str
    substitute_for_id: int | None
    supplement: Decimal
    returned: Decimal


@dataclass(frozen=True, slots=True)
class Source:
    """A line that another line executes, with its document."""

    doc: DocRow
    line: LineRow


@dataclass(frozen=True, slots=True)
class StandIn:
    """An item that may be drawn for a material line: `ratio` units of it for one unit of the material, between two days."""

    material_line_id: int
    item_id: int
    ratio: Decimal
    priority: int
    valid_from: dt.date | None
    valid_to: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is allowed on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(slots=True)
class Context:
    """Everything a batch of documents needs to be checked and posted, loaded once."""

    items: dict[int, ItemFacts]
    warehouses: dict[int, WarehouseFacts]
    parameters: Parameters
    sources: dict[int, Source] = field(default_factory=dict)
    materials: dict[int, MaterialRow] = field(default_factory=dict)
    drawn: dict[tuple[int, int], tuple[Decimal, Decimal]] = field(default_factory=dict)
    """material line and item -> quantity and value drawn so far, net of returns"""
    stand_ins: dict[tuple[int, int], list[StandIn]] = field(default_factory=dict)
    """material line and item drawn for it -> the rules that allow it, by priority"""
    covered: dict[tuple[int, int], tuple[Decimal, Decimal]] = field(default_factory=dict)
    """material line and substitute -> what it has covered of the material and what was drawn of it so far, net of returns"""
    returned: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    """material line and item -> what the returns of the batch give back of it so far"""
    order_materials: dict[int, list[tuple[LineRow, MaterialRow]]] = field(default_factory=dict)
    """product line of an order -> its material lines, for types that ask for them"""
    ordered: dict[int, Decimal] = field(default_factory=dict)
    """line of a sales order -> what orders and purchases were made for it, for pushing down"""
    received: dict[int, Decimal] = field(default_factory=dict)
    """product line of an order -> what the batch has received of it so far, earlier receipts included"""

    def item(self, line: LineRow | LineDraft) -> ItemFacts:
        """The item of a line."""
        return self.items[line.item_id]

    def default_warehouse(self, item_id: int, *, guess: bool = True) -> int | None:
        """Where an item lies when nobody says: its own, the parameter's, the first plain one.

        guess=False: its own or none, for what is backflushed: the workshop's store is known, not guessed (domain §12).
        """
        own = self.items[item_id].warehouse_id
        if own is not None or not guess:
            return own
        wanted = self.parameters.text("default_warehouse")
        plain = [w for w in self.warehouses.values() if w.kind == "own"]
        for store in plain:
            if store.code == wanted:
                return store.id
        return plain[0].id if plain else None


Lines = Mapping[int, list[LineRow]]
"""document id -> its lines"""
