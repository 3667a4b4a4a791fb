"""Rows of the document sheets, the head repeated on every line, so that each row can be read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line, order_line
from models.kernel.sheets import Sheet
from models.masterdata.tables import item, partner, warehouse
from services.documents.rights import figures, require_reading
from services.documents.types import DocType
from services.exchange.parsed import Value
from services.platform.access.holding import shown

_SOURCE, _SOURCE_DOC = doc_line.alias("source_line"), doc.alias("source_doc")
_DEMAND, _DEMAND_DOC = doc_line.alias("demand_line"), doc.alias("demand_doc")
_COLUMNS: Mapping[str, Any] = {
    "number": doc.c.number,
    "date": doc.c.business_date,
    "customer": partner.c.code.label("customer"),
    "supplier": partner.c.code.label("supplier"),
    "item": item.c.code.label("item"),
    "quantity": doc_line.c.quantity,
    "price": doc_line.c.price,
    "amount": doc_line.c.amount,
    "due_date": doc_line.c.due_date,
    "start_date": doc_line.c.start_date,
    "warehouse": warehouse.c.code.label("warehouse"),
    "lot": doc_line.c.lot,
    "hours": doc_line.c.hours,
    "kind": doc.c.kind,
    "workshop": doc.c.workshop,
    "bom_version": order_line.c.bom_version,
    "order": _SOURCE_DOC.c.number.label("order"),
    "sales_order": _DEMAND_DOC.c.number.label("sales_order"),
}


def document_rows(conn: Connection, sheet: Sheet, kind: DocType) -> Iterator[Sequence[Value]]:
    """Main lines of a type by date, number and line; what the system made of itself and what is void is left out."""
    executes = any(column.key == "order" for column in sheet.columns)
    require_reading(conn, kind.code)
    columns = dict(_COLUMNS, line=(_SOURCE if executes else doc_line).c.line_no.label("line"))
    columns |= {key: shown(conn, columns[key], figures(kind.code)) for key in ("price", "amount")}
    query = (
        select(*(columns[column.key] for column in sheet.columns))
        .select_from(doc_line)
        .join(doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == doc_line.c.item_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .outerjoin(warehouse, warehouse.c.id == doc_line.c.warehouse_id)
        .outerjoin(order_line, order_line.c.line_id == doc_line.c.id)
        .outerjoin(_SOURCE, _SOURCE.c.id == doc_line.c.source_line_id)
        .outerjoin(_SOURCE_DOC, _SOURCE_DOC.c.id == _SOURCE.c.doc_id)
        .outerjoin(_DEMAND, _DEMAND.c.id == doc_line.c.demand_line_id)
        .outerjoin(_DEMAND_DOC, _DEMAND_DOC.c.id == _DEMAND.c.doc_id)
        .where(doc.c.type == kind.code, doc_line.c.role == "main", doc.c.system_made == False)  # noqa: E712 SQL
        .where((doc.c.status == "C") | (doc.c.closing != "H"))
        .order_by(doc.c.business_date, doc.c.number, doc_line.c.line_no)
    )
    for row in conn.execute(query):
        yield tuple(row)
