"""The windows of purchasing: documents as their types declare them."""

from __future__ import annotations

from ui.documents.defaults import default_spec
from ui.documents.register import register_documents
from ui.framework.desk import Desk

TYPES = ("purchase_order", "purchase_receipt")


def register(desk: Desk) -> None:
    """Lists and windows."""
    register_documents(desk, *(default_spec(code, today=desk.session.today) for code in TYPES))
