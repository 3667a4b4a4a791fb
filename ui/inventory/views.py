"""The windows of inventory: documents as their types declare them."""

from __future__ import annotations

from ui.documents.defaults import default_spec
from ui.documents.register import register_documents
from ui.documents.ways import document_ways
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec
from ui.inventory.holding_dialog import offer_holding
from ui.inventory.stock_page import StockPage

TYPES = ("opening_stock",)


def register(desk: Desk) -> None:
    """Lists, windows and the stock."""
    desk.navigator.register(PageSpec("stock", "即时库存", "inventory", StockPage, "box", order=10))
    document_ways.add("holding", offer_holding, "stock.short", "stock.reversal_short")
    register_documents(desk, *(default_spec(code, today=desk.session.today) for code in TYPES))
