"""Everything the demonstration factory is made of, in terms that do not depend on the database it stands in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, func, select

from models.documents.tables import doc, doc_line, doc_link
from models.engineering.tables import bom, bom_line
from models.ledgers.tables import stock_balance, stock_value
from models.masterdata.tables import item, partner, unit, warehouse


def _items(conn: Connection) -> list[tuple[Any, ...]]:
    columns = [c for c in item.c if c.name not in ("id", "unit_id", "warehouse_id", "supplier_id")]
    query = select(unit.c.code, warehouse.c.code, partner.c.code, *columns).select_from(
        item.join(unit).outerjoin(warehouse).outerjoin(partner, partner.c.id == item.c.supplier_id)
    )
    return [tuple(row) for row in conn.execute(query.order_by(item.c.id))]


def _bills(conn: Connection) -> list[tuple[Any, ...]]:
    parent, component = item.alias("p"), item.alias("c")
    columns = [c for c in bom_line.c if c.name not in ("id", "bom_id", "component_id", "warehouse_id")]
    query = (
        select(parent.c.code, bom.c.version_code, bom.c.status, component.c.code, *columns)
        .select_from(bom.join(parent, parent.c.id == bom.c.parent_id).join(bom_line, bom_line.c.bom_id == bom.c.id))
        .join(component, component.c.id == bom_line.c.component_id)
    )
    return [tuple(row) for row in conn.execute(query.order_by(bom_line.c.id))]


def _documents(conn: Connection) -> list[tuple[Any, ...]]:
    names = (
        "type", "number", "kind", "status", "closing", "business_date", "workshop", "note", "system_made", "created_by",
        "created_at", "approved_by", "approved_at", "version",
    )  # fmt: skip
    query = select(partner.c.code, *(doc.c[name] for name in names)).outerjoin(
        partner, partner.c.id == doc.c.partner_id
    )
    return [tuple(row) for row in conn.execute(query.order_by(doc.c.type, doc.c.number))]


def _lines(conn: Connection) -> list[tuple[Any, ...]]:
    names = (
        "role",
        "line_no",
        "quantity",
        "done",
        "price",
        "amount",
        "lot",
        "start_date",
        "due_date",
        "closing",
        "note",
    )
    query = (
        select(doc.c.number, item.c.code, warehouse.c.code, *(doc_line.c[name] for name in names))
        .select_from(doc_line.join(doc, doc.c.id == doc_line.c.doc_id).join(item, item.c.id == doc_line.c.item_id))
        .outerjoin(warehouse, warehouse.c.id == doc_line.c.warehouse_id)
    )
    return [
        tuple(row)
        for row in conn.execute(query.order_by(doc.c.type, doc.c.number, doc_line.c.role, doc_line.c.line_no))
    ]


def _links(conn: Connection) -> list[tuple[Any, ...]]:
    source, target = doc.alias("s"), doc.alias("t")
    query = (
        select(source.c.number, target.c.number, doc_link.c.kind, func.count(), func.sum(doc_link.c.quantity))
        .select_from(doc_link.join(source, source.c.id == doc_link.c.source_doc_id))
        .join(target, target.c.id == doc_link.c.target_doc_id)
        .group_by(source.c.number, target.c.number, doc_link.c.kind)
    )
    return sorted(tuple(row) for row in conn.execute(query))


def _stock(conn: Connection) -> list[tuple[Any, ...]]:
    held = select(item.c.code, warehouse.c.code, stock_balance.c.lot, stock_balance.c.quantity, stock_value.c.value)
    held = held.join(item, item.c.id == stock_balance.c.item_id).join(
        warehouse, warehouse.c.id == stock_balance.c.warehouse_id
    )
    held = held.outerjoin(stock_value, and_(stock_value.c.item_id == item.c.id, stock_value.c.quantity != 0))
    return sorted((tuple(row) for row in conn.execute(held.where(stock_balance.c.quantity != 0))), key=str)


EVERYTHING = {
    "items": _items,
    "bills": _bills,
    "documents": _documents,
    "lines": _lines,
    "links": _links,
    "stock": _stock,
}
