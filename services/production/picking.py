"""Picking: what orders have still to draw, how many kits the store can serve, and the pick lists that follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO, round_down, round_up
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner, unit
from services.documents import saving
from services.documents.queries import available
from services.documents.records import DocDraft, LineDraft
from services.ledgers.facts import load_items, load_warehouses
from services.platform import parameters
from services.platform.db import Tx

ORDER_TYPES = ("production_order", "subcontract_order")
Mode = Literal["direct", "kit", "stock"]


@dataclass(frozen=True, slots=True)
class PickMaterial:
    """A material line of an order that is picked directly, with its plan, what was drawn and what lies in the store."""

    line_id: int
    order_line_id: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    unit: str
    decimals: int
    planned: Decimal
    drawn: Decimal
    available: Decimal
    warehouse_id: int | None
    key_part: bool
    supplied_by: str

    @property
    def left(self) -> Decimal:
        """Not drawn yet, never below zero."""
        return max(ZERO, self.planned - self.drawn)


@dataclass(frozen=True, slots=True)
class PickOrder:
    """A product line of an order with the kits still to draw, the kits the store could serve, and its materials."""

    ref: DocRef
    line_id: int
    line_no: int
    item_id: int
    item_code: str
    item_name: str
    decimals: int
    quantity: Decimal
    start_date: dt.date | None
    workshop: str
    partner: str
    kits_left: Decimal
    kits_in_stock: Decimal
    materials: tuple[PickMaterial, ...]


@dataclass(frozen=True, slots=True)
class PickLine:
    """A material and the quantity to take now."""

    material: PickMaterial
    order: PickOrder
    quantity: Decimal


def kits_left(quantity: Decimal, decimals: int, materials: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """min over (planned, drawn) of ⌊(planned − drawn) ÷ planned × quantity⌋; a material fully drawn gives zero (AT-10)."""
    return _least(quantity, decimals, [(planned, planned - drawn) for planned, drawn in materials])


def kits_in_stock(quantity: Decimal, decimals: int, materials: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    """min over (planned, available) of ⌊available ÷ planned × quantity⌋, never more than ordered (AT-10c)."""
    return min(quantity, _least(quantity, decimals, materials))


def _least(quantity: Decimal, decimals: int, pairs: Sequence[tuple[Decimal, Decimal]]) -> Decimal:
    parts = [
        round_down(Fraction(max(part, ZERO)) / Fraction(planned) * Fraction(quantity), decimals)
        for planned, part in pairs
        if planned > 0
    ]
    return min(parts, default=ZERO)


def kit_quantity(material: PickMaterial, order_quantity: Decimal, kits: Decimal, kits_before: Decimal) -> Decimal:
    """What a material's share of kits is; the last kit takes what is left, so that no rounding remains."""
    if kits_before + kits >= order_quantity:
        return material.left
    share = Fraction(material.planned) * Fraction(kits) / Fraction(order_quantity)
    return min(material.left, round_up(share, material.decimals))


def pick_orders(conn: Connection, doc_ids: Sequence[int]) -> list[PickOrder]:
    """Product lines of approved, open orders with everything picking needs, by start date, then number."""
    head = (
        select(
            doc.c.type, doc.c.id, doc.c.number, doc.c.workshop, doc.c.status, doc.c.closing,
            partner.c.name.label("partner"), doc_line.c.id.label("line_id"), doc_line.c.line_no, doc_line.c.item_id,
            doc_line.c.quantity, doc_line.c.start_date, item.c.code, item.c.name, unit.c.decimals,
        )
        .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
        .join(item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(doc.c.id.in_(doc_ids), doc_line.c.role == "main", doc.c.type.in_(ORDER_TYPES))
        .order_by(doc_line.c.start_date, doc.c.number, doc_line.c.line_no)
    )  # fmt: skip
    rows = conn.execute(head).all()
    problems = [
        Problem("pick.order_not_open", {"order": row.number})
        for row in {row.id: row for row in rows}.values()
        if row.status != "C" or row.closing != "C"
    ]
    if problems:
        raise Refused(problems)
    materials = _materials(conn, [row.id for row in rows])
    return [_order(row, materials.get(row.line_id, [])) for row in rows]


def _materials(conn: Connection, doc_ids: Sequence[int]) -> dict[int, list[PickMaterial]]:
    query = (
        select(
            doc_line.c.parent_line_id, doc_line.c.id, doc_line.c.item_id, item.c.code, item.c.name, item.c.spec,
            unit.c.code.label("unit"), unit.c.decimals, doc_line.c.quantity, doc_line.c.done, doc_line.c.warehouse_id,
            item.c.warehouse_id.label("item_store"), material_line.c.key_part, material_line.c.supplied_by,
        )
        .join_from(doc_line, material_line, material_line.c.line_id == doc_line.c.id)
        .join(item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .where(doc_line.c.doc_id.in_(doc_ids), doc_line.c.role == "material", material_line.c.issue == "pick")
        .order_by(doc_line.c.doc_id, doc_line.c.line_no)
    )  # fmt: skip
    rows = conn.execute(query).all()
    stock = available(conn, {row.item_id for row in rows})
    made: dict[int, list[PickMaterial]] = defaultdict(list)
    for row in rows:
        made[row.parent_line_id].append(
            PickMaterial(
                row.id, row.parent_line_id, row.item_id, row.code, row.name, row.spec, row.unit, row.decimals,
                row.quantity, row.done, stock.get(row.item_id, ZERO), row.warehouse_id or row.item_store, row.key_part,
                row.supplied_by,
            )
        )  # fmt: skip
    return made


def _order(row: Any, materials: Sequence[PickMaterial]) -> PickOrder:
    own = [m for m in materials if m.supplied_by == "own"]
    return PickOrder(
        DocRef(row.type, row.id, row.number), row.line_id, row.line_no, row.item_id, row.code, row.name, row.decimals,
        row.quantity, row.start_date, row.workshop, row.partner or "",
        kits_left(row.quantity, row.decimals, [(m.planned, m.drawn) for m in own]),
        min(
            kits_left(row.quantity, row.decimals, [(m.planned, m.drawn) for m in own]),
            kits_in_stock(row.quantity, row.decimals, [(m.planned, m.available) for m in own]),
        ),
        tuple(materials),
    )  # fmt: skip


def propose(
    orders: Sequence[PickOrder], *, mode: Mode = "direct", kits: Mapping[int, Decimal] | None = None
) -> list[PickLine]:
    """What to take now. direct: all that is left; stock: that, as far as the store reaches, dealt in the given order.

    kit: whole kits, by product line; without a figure as many as the store can serve (domain §10).
    """
    left_in_store: dict[int, Decimal] = {}
    made = []
    for order in orders:
        wanted = (kits or {}).get(order.line_id, order.kits_in_stock)
        before = order.quantity - order.kits_left
        for material in order.materials:
            if mode == "kit":
                quantity = kit_quantity(material, order.quantity, wanted, before) if wanted > 0 else ZERO
            else:
                quantity = material.left
            if mode == "stock":
                free = left_in_store.setdefault(material.item_id, material.available)
                quantity = max(ZERO, min(quantity, free))
                left_in_store[material.item_id] = free - quantity
            if quantity > 0:
                made.append(PickLine(material, order, quantity))
    return made


def create_picks(
    tx: Tx, lines: Sequence[PickLine], *, day: dt.date, kind: str = "normal", merged: bool = True
) -> list[DocRef]:
    """Draft pick lists: one a workshop when merged, else one an order; lines keep their order (domain §13)."""
    tx.require("material_issue.save")
    if not lines:
        raise Refused([Problem("pick.nothing", {})])
    stores = load_warehouses(tx.conn)
    items = load_items(tx.conn, {line.material.item_id for line in lines})
    standing = parameters.load(tx.conn).text("default_warehouse")
    plain = [store.id for store in stores.values() if store.kind == "own" and standing in ("", store.code)]
    groups: dict[Any, list[PickLine]] = defaultdict(list)
    for line in lines:
        shop = (line.order.ref.type, line.order.workshop, line.order.partner)
        groups[shop if merged else line.order.ref.id].append(line)
    drafts = []
    for group in groups.values():
        orders = {line.order.ref.id for line in group}
        picks = [
            LineDraft(
                line.material.item_id, line.quantity, source_line_id=line.material.line_id,
                warehouse_id=line.material.warehouse_id or items[line.material.item_id].warehouse_id or next(iter(plain), None),
            )
            for line in group
        ]  # fmt: skip
        source = group[0].order.ref.id if len(orders) == 1 else None
        drafts.append(
            DocDraft("material_issue", day, picks, kind=kind, workshop=group[0].order.workshop, source_id=source)
        )
    return saving.create(tx, drafts)
