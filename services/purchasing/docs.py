"""Document types of purchasing: purchase order and receipt."""

from __future__ import annotations

from collections.abc import Sequence

from models.kernel.numbers import MONEY_PLACES, ZERO, round_half_up
from services.documents.pushing import to_left
from services.documents.records import Context, DocRow, LineRow
from services.documents.types import DocType, Route, registry
from services.ledgers.stock import StockEntry


def post_receipt(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[StockEntry]:
    """Goods enter at the receipt's price, else the order's, rounded once a line (I30)."""
    entries = []
    for line in lines:
        price = line.price
        if price is None and line.source_line_id is not None:
            price = context.sources[line.source_line_id].line.price
        value = line.amount if line.amount is not None else round_half_up((price or ZERO) * line.quantity, MONEY_PLACES)
        entries.append(
            StockEntry(
                doc.id, line.id, doc.business_date, line.item_id, line.warehouse_id or 0, line.quantity, line.lot,
                value=value, document=doc.number, line_no=line.line_no,
            )
        )  # fmt: skip
    return entries


PURCHASE_ORDER = DocType(
    code="purchase_order",
    title="采购订单",
    prefix="CGDD",
    area="purchasing",
    sheet="purchase_orders",
    partner_role="supplier",
    partner_required=True,
    needs_due_date=True,
    needs_price=True,
    closes=True,
    order=20,
    pushes={"purchase_receipt": to_left("purchase_receipt", priced=True, partner=True)},
    topics=frozenset({"purchase_order", "supply"}),
)

PURCHASE_RECEIPT = DocType(
    code="purchase_receipt",
    title="采购入库单",
    prefix="CGRK",
    area="purchasing",
    sheet="purchase_receipts",
    partner_role="supplier",
    routes=(Route("purchase_order", tolerance="over_receipt_percent"),),
    source_required=True,
    needs_warehouse=True,
    needs_price=True,
    incoming=True,
    order=40,
    posting=post_receipt,
    topics=frozenset({"stock", "purchase_order"}),
)

registry.add(PURCHASE_ORDER, PURCHASE_RECEIPT)
