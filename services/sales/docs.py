"""Document types of sales: sales order, forecast, delivery."""

from __future__ import annotations

from collections.abc import Sequence

from models.kernel.numbers import ZERO
from services.documents.pushing import to_left
from services.documents.records import Context, DocDraft, DocRow, LineDraft, LineRow
from services.documents.types import DocType, Route, registry
from services.ledgers.stock import StockEntry


def post_delivery(doc: DocRow, lines: Sequence[LineRow], _context: Context) -> list[StockEntry]:
    """Goods leave the store at the moving average."""
    return [
        StockEntry(
            doc.id, line.id, doc.business_date, line.item_id, line.warehouse_id or 0, -line.quantity,
            line.lot or None, document=doc.number, line_no=line.line_no,
        )
        for line in lines
    ]  # fmt: skip


def to_production(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[DocDraft]:
    """One production order for each open line of a made item, due when the line is due.

    Quantity: ordered − orders and purchases made for the line already − delivered (domain §1), drafts included, so that pushing twice
    does not make it twice.
    """
    return [
        DocDraft(
            "production_order", doc.business_date,
            [LineDraft(line.item_id, left, due_date=line.due_date, demand_line_id=line.id, note=doc.number)],
            workshop=context.item(line).workshop, source_id=doc.id,
        )
        for line in lines
        if line.role == "main" and line.closing == "C" and context.item(line).kind == "manufactured"
        and (left := line.quantity - context.ordered.get(line.id, ZERO) - line.done) > 0
    ]  # fmt: skip


SALES_ORDER = DocType(
    code="sales_order",
    title="销售订单",
    prefix="XSDD",
    area="sales",
    sheet="sales_orders",
    partner_role="customer",
    partner_required=True,
    needs_due_date=True,
    needs_price=True,
    closes=True,
    order=10,
    pushes={"delivery": to_left("delivery", priced=True, partner=True), "production_order": to_production},
    topics=frozenset({"sales_order", "demand"}),
)

FORECAST = DocType(
    code="forecast",
    title="销售预测单",
    prefix="XSYC",
    area="sales",
    sheet="forecasts",
    needs_due_date=True,
    order=11,
    topics=frozenset({"forecast", "demand"}),
)

DELIVERY = DocType(
    code="delivery",
    title="销售出库单",
    prefix="XSCK",
    area="sales",
    sheet="deliveries",
    partner_role="customer",
    routes=(Route("sales_order", tolerance="over_delivery_percent"),),
    source_required=True,
    needs_warehouse=True,
    order=80,
    posting=post_delivery,
    topics=frozenset({"stock", "sales_order"}),
)

registry.add(SALES_ORDER, FORECAST, DELIVERY)
