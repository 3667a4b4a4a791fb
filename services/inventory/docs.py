"""Document type of the opening stock."""

from __future__ import annotations

from collections.abc import Sequence

from models.kernel.numbers import MONEY_PLACES, ZERO, round_half_up
from services.documents.records import Context, DocRow, LineRow
from services.documents.types import DocType, registry
from services.ledgers.stock import StockEntry


def post_opening(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[StockEntry]:
    """What lay in the store when the book began; customers' goods carry no value (I09).

    A line without an amount is worth its quantity at the item's reference cost, as an imported one is.
    """
    entries = []
    for line in lines:
        store = context.warehouses[line.warehouse_id or 0]
        owner = (store.partner_id or 0) if store.kind == "customer" else 0
        worth = line.amount
        if worth is None:
            worth = round_half_up((context.item(line).unit_cost or ZERO) * line.quantity, MONEY_PLACES)
        entries.append(
            StockEntry(
                doc.id, line.id, doc.business_date, line.item_id, store.id, line.quantity, line.lot, owner,
                ZERO if owner else worth, document=doc.number, line_no=line.line_no,
            )
        )  # fmt: skip
    return entries


OPENING_STOCK = DocType(
    code="opening_stock",
    title="期初库存",
    prefix="QCKC",
    area="inventory",
    sheet="opening_stock",
    needs_warehouse=True,
    incoming=True,
    opening=True,
    order=1,
    posting=post_opening,
    topics=frozenset({"stock"}),
)

registry.add(OPENING_STOCK)
