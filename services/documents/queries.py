"""Reading documents for windows and prints: one document with everything around it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from models.documents.tables import doc, doc_line, doc_link, material_line, order_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance
from models.masterdata.tables import item, partner, unit, warehouse
from models.platform.tables import audit_event
from services.documents import outlines, rights
from services.documents.flow import flow_row
from services.documents.types import registry
from services.documents.views import (
    DocumentView,
    FlowRow,
    HistoryRow,
    LineView,
)
from services.ledgers.facts import chunked
from services.platform.access.holding import shown
from services.platform.prepared import Prepared, among

_FIGURES = ("price", "amount")


def find(conn: Connection, number: str, type_code: str = "") -> DocRef | None:
    """The document of a number, of a type if one is given."""
    types = [type_code] if type_code else [kind.code for kind in registry]
    # All types are named because the index leads with the type.
    query = select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.type.in_(types), doc.c.number == number)
    query = query.order_by(doc.c.id)
    row = conn.execute(query).first()
    return DocRef(*row) if row else None


def get_document(conn: Connection, doc_id: int) -> DocumentView | None:
    """A document with lines, materials, neighbours and history; a constant number of statements.

    Refused for a reader without the right to the type; prices and amounts are None for one who may not see them.
    """
    query = select(doc, partner.c.code.label("partner_code"), partner.c.name.label("partner_name"))
    row = conn.execute(query.select_from(doc.outerjoin(partner)).where(doc.c.id == doc_id)).first()
    if row is None:
        return None
    rights.require_reading(conn, row.type)
    lines = _line_views(conn, doc_id, rights.figures(row.type))
    return DocumentView(
        DocRef(row.type, row.id, row.number), row.version, row.kind, row.status, row.closing, row.business_date,
        row.partner_id, row.partner_code or "", row.partner_name or "", row.workshop, row.note, row.source_id,
        row.system_made, row.print_count, row.created_by, row.created_at, row.approved_by, row.approved_at,
        tuple(line for line in lines if line.role == "main"),
        tuple(line for line in lines if line.role == "material"),
        tuple(line for line in lines if line.role == "output"),
        _neighbours(conn, doc_id, up=True), _neighbours(conn, doc_id, up=False),
        outlines.named(conn, row.type, history(conn, row.type, doc_id)),
    )  # fmt: skip


def _line_views(conn: Connection, doc_id: int, figures: str) -> list[LineView]:
    own = [shown(conn, column, figures if column.key in _FIGURES else "") for column in doc_line.c]
    source, source_doc = doc_line.alias("s"), doc.alias("sd")
    demand, demand_doc = doc_line.alias("d"), doc.alias("dd")
    query = (
        select(
            *own, item.c.code, item.c.name, item.c.spec, unit.c.name.label("unit_name"), unit.c.code.label("unit_code"),
            unit.c.decimals, warehouse.c.code.label("wcode"), warehouse.c.name.label("wname"),
            warehouse.c.kind.label("wkind"), source.c.line_no.label("source_line_no"), source_doc.c.type.label("stype"),
            source_doc.c.id.label("sid"), source_doc.c.number.label("snumber"), demand_doc.c.type.label("dtype"),
            demand_doc.c.id.label("did"), demand_doc.c.number.label("dnumber"), order_line.c.bom_version,
            order_line.c.yield_rate, material_line.c.issue, material_line.c.key_part, material_line.c.supplied_by,
            material_line.c.numerator, material_line.c.denominator, material_line.c.scrap_rate,
            material_line.c.scrap_fixed, material_line.c.supplement, material_line.c.returned,
        )
        .join_from(doc_line, item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .outerjoin(warehouse, warehouse.c.id == doc_line.c.warehouse_id)
        .outerjoin(source, source.c.id == doc_line.c.source_line_id)
        .outerjoin(source_doc, source_doc.c.id == source.c.doc_id)
        .outerjoin(demand, demand.c.id == doc_line.c.demand_line_id)
        .outerjoin(demand_doc, demand_doc.c.id == demand.c.doc_id)
        .outerjoin(order_line, order_line.c.line_id == doc_line.c.id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .where(doc_line.c.doc_id == doc_id)
        .order_by(doc_line.c.role, doc_line.c.line_no)
    )  # fmt: skip
    rows = conn.execute(query).all()
    stock = available(conn, {row.item_id for row in rows})
    held = _held(conn, {row.item_id for row in rows if row.wkind == "customer"})
    return [_line_view(row, _free(row, stock, held)) for row in rows]


def _free(row: Any, stock: dict[int, Decimal], held: dict[tuple[int, int], Decimal]) -> Decimal | None:
    """What a line can count on: our own stock, in a customer's warehouse what lies there of his; None where that is not known."""
    if row.wkind == "customer":
        return held.get((row.item_id, row.warehouse_id), ZERO)
    return None if row.supplied_by == "customer" else stock.get(row.item_id, ZERO)


def _held(conn: Connection, item_ids: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """What lies in customers' warehouses, by item and warehouse."""
    made: dict[tuple[int, int], Decimal] = {}
    for keys in chunked(sorted(set(item_ids))):
        query = (
            select(stock_balance.c.item_id, stock_balance.c.warehouse_id, func.sum(stock_balance.c.quantity))
            .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
            .where(stock_balance.c.item_id.in_(keys), warehouse.c.kind == "customer")
            .group_by(stock_balance.c.item_id, stock_balance.c.warehouse_id)
        )
        made.update(((row[0], row[1]), row[2]) for row in conn.execute(query))
    return made


def _line_view(row: Any, free: Decimal | None) -> LineView:
    return LineView(
        row.id, row.role, row.line_no, row.parent_line_id, row.item_id, row.code, row.name, row.spec,
        row.unit_name or row.unit_code, row.decimals, row.quantity, row.done, row.price, row.amount, row.warehouse_id,
        row.wcode or "", row.wname or "", row.lot, row.start_date, row.due_date, row.closing, row.hours, row.note,
        row.source_line_id, DocRef(row.stype, row.sid, row.snumber) if row.sid else None, row.source_line_no or 0,
        row.demand_line_id, DocRef(row.dtype, row.did, row.dnumber) if row.did else None, row.bom_version or "",
        row.yield_rate if row.yield_rate is not None else Decimal(1), row.issue or "", bool(row.key_part),
        row.supplied_by or "", row.numerator, row.denominator, row.scrap_rate, row.scrap_fixed, row.supplement,
        row.returned, free,
    )  # fmt: skip


_AVAILABLE = Prepared(
    select(stock_balance.c.item_id, func.sum(stock_balance.c.quantity))
    .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
    .where(
        among(stock_balance.c.item_id), stock_balance.c.owner_id == 0,
        and_(warehouse.c.nettable == True, warehouse.c.kind != "customer"),  # noqa: E712 SQL expression
    )
    .group_by(stock_balance.c.item_id)
)  # fmt: skip


def available(conn: Connection, item_ids: Iterable[int]) -> dict[int, Decimal]:
    """Own stock in nettable warehouses by item: the one figure lists, kitting and planning share (I06)."""
    made: dict[int, Decimal] = {}
    for keys in chunked(sorted(set(item_ids))):
        made.update(_AVAILABLE.rows(conn, keys=keys))
    return made


def _neighbours(conn: Connection, doc_id: int, *, up: bool) -> tuple[FlowRow, ...]:
    mine, other = doc_link.c.target_doc_id, doc_link.c.source_doc_id
    if not up:
        mine, other = other, mine
    linked = select(other).where(mine == doc_id)
    here = select(doc_line.c.id).where(doc_line.c.doc_id == doc_id)
    if up:
        wanted = select(doc_line.c.source_line_id).where(doc_line.c.doc_id == doc_id)
        asked = select(doc_line.c.demand_line_id).where(doc_line.c.doc_id == doc_id)
        by_line = select(doc_line.c.doc_id).where(or_(doc_line.c.id.in_(wanted), doc_line.c.id.in_(asked)))
        by_doc = select(doc.c.source_id).where(doc.c.id == doc_id)
    else:
        by_line = select(doc_line.c.doc_id).where(
            or_(doc_line.c.source_line_id.in_(here), doc_line.c.demand_line_id.in_(here))
        )
        by_doc = select(doc.c.id).where(doc.c.source_id == doc_id)
    columns = (doc.c.type, doc.c.id, doc.c.number, doc.c.kind, doc.c.status, doc.c.closing, doc.c.business_date)
    query = select(*columns).where(
        or_(doc.c.id.in_(linked), doc.c.id.in_(by_line), doc.c.id.in_(by_doc)), doc.c.id != doc_id
    )
    return tuple(flow_row(row) for row in conn.execute(query.order_by(doc.c.business_date, doc.c.id)))


def history(conn: Connection, entity: str, entity_id: int) -> tuple[HistoryRow, ...]:
    """Who did what to an entity, latest first."""
    a = audit_event.c
    query = select(a.at, a.user, a.action, a.before, a.after, a.reason)
    query = query.where(a.entity == entity, a.entity_id == entity_id).order_by(a.seq.desc())
    return tuple(
        HistoryRow(
            row.at, row.user, row.action, rights.hide_history(conn, entity, row.before),
            rights.hide_history(conn, entity, row.after), row.reason,
        )
        for row in conn.execute(query)
    )  # fmt: skip


def partner_of(conn: Connection, partner_id: int | None) -> tuple[str, str]:
    """Code and name of a partner, empty without one."""
    row = conn.execute(select(partner.c.code, partner.c.name).where(partner.c.id == partner_id)).first()
    return (row.code, row.name) if row else ("", "")
