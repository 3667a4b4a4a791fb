"""The windows of inventory: documents as their types declare them."""

from __future__ import annotations

from dataclasses import replace

from ui.documents.defaults import AMOUNT, default_spec
from ui.documents.register import register_documents
from ui.documents.spec import DocumentSpec
from ui.documents.ways import document_ways
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec


def register(desk: Desk) -> None:
    """Lists, windows and the stock."""
    desk.navigator.register(
        PageSpec("stock", "即时库存", "inventory", AtNeed("ui.inventory.stock_page", "StockPage"), "box", order=10)
    )
    document_ways.add(
        "holding", AtNeed("ui.inventory.holding_dialog", "offer_holding"), "stock.short", "stock.reversal_short"
    )
    register_documents(desk, opening_stock(desk))


def opening_stock(desk: Desk) -> DocumentSpec:
    """Opening stock is entered with what it is worth."""
    spec = default_spec("opening_stock", today=desk.session.today)
    worth = replace(AMOUNT, editable=True, tooltip="这一行的库存价值；不填则为数量×参考成本")
    lines = []
    for column in spec.lines:
        if column.key == "note":
            lines.append(worth)
        # The amount is typed: it does not follow a price, and a change of the quantity keeps it.
        lines.append(replace(column, derive=None) if column.key == "quantity" else column)
    return replace(spec, lines=tuple(lines))
