"""Labels of the book's items and documents: 物料标签 of items and receipts, 流转卡 of production orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, select

from models.kernel.numbers import plain
from models.kernel.problems import Problem, Refused
from models.masterdata.tables import item, unit
from services.documents import queries
from services.documents.views import DocumentView, LineView
from services.platform import parameters
from services.platform.access.holding import require_reading
from services.platform.tongues import SOURCE, Tongue
from services.printing.labels import Label, material_label, routing_card

GOODS = ("purchase_receipt", "product_receipt", "opening_stock")
"""types whose lines bring goods that are labelled"""
ORDERS = ("production_order", "subcontract_order")
"""types that a routing card goes with"""


def of_items(conn: Connection, ids: Sequence[int], language: str = SOURCE) -> list[Label]:
    """A label for each item, in the given order, without quantity and lot."""
    require_reading(conn, "master.items.read")
    company = parameters.load(conn).text("company_name")
    query = select(item, func.coalesce(func.nullif(unit.c.name, ""), unit.c.code).label("unit_name")).join_from(
        item, unit, unit.c.id == item.c.unit_id
    )
    found = {row.id: row for row in conn.execute(query.where(item.c.id.in_(ids)))}
    missing = [key for key in ids if key not in found]
    if missing:
        raise Refused([Problem("label.unknown_item", {"code": key}) for key in missing])
    return [
        material_label(
            company, row.code, row.name, spec=row.spec, unit=row.unit_name, barcode=row.barcode, tongue=Tongue(language)
        )
        for row in (found[key] for key in ids)
    ]


def of_documents(conn: Connection, ids: Sequence[int], language: str = SOURCE) -> list[Label]:
    """For each line of a receipt an item label with quantity, lot and document; for each product of an order a routing card."""
    company = parameters.load(conn).text("company_name")
    views = [view for view in (queries.get_document(conn, key) for key in ids) if view is not None]
    wrong = [view for view in views if view.ref.type not in (*GOODS, *ORDERS)]
    if wrong:
        raise Refused([Problem("label.not_labelled", {"number": view.ref.number, "kind": "标签"}) for view in wrong])
    tongue = Tongue(language)
    lines = {line.item_id for view in views for line in view.lines}
    query = select(item.c.id, item.c.barcode).where(item.c.id.in_(lines))
    barcodes: Mapping[int, str] = {row.id: row.barcode for row in conn.execute(query)}
    return [
        _card(company, view, line, tongue) if view.ref.type in ORDERS else _goods(company, view, line, barcodes, tongue)
        for view in views
        for line in view.lines
    ]


def _goods(company: str, view: DocumentView, line: LineView, barcodes: Mapping[int, str], tongue: Tongue) -> Label:
    return material_label(
        company,
        line.item_code,
        line.item_name,
        spec=line.spec,
        unit=line.unit,
        quantity=plain(line.quantity),
        lot=line.lot,
        place=line.warehouse_name,
        source=view.ref.number,
        date=view.business_date.isoformat(),
        barcode=barcodes.get(line.item_id, ""),
        tongue=tongue,
    )


def _card(company: str, view: DocumentView, line: LineView, tongue: Tongue) -> Label:
    return routing_card(
        company,
        view.ref.number,
        line.item_code,
        line.item_name,
        spec=line.spec,
        quantity=plain(line.quantity),
        unit=line.unit,
        due=line.due_date.isoformat() if line.due_date else "",
        workshop=view.workshop,
        customer=view.partner_name,
        tongue=tongue,
    )
