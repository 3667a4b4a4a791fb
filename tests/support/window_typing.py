"""A window whose clerk types without end: `python -m tests.support.window_typing BOOK DRAFTS` until it is killed.

Prints the quantity of the line being typed each time a draft holding it has been kept.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import app.wiring  # noqa: F401 registers the document types
from models.kernel.refs import DocRef
from services.masterdata import api as masterdata
from services.platform.api import DraftStore
from services.platform.books import open_book
from tests.support.factory import DAY, USER
from ui.documents.document_page import DocumentPage
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk

STEP_MS = 3


def telling(keep: Callable[..., bool]) -> Callable[..., bool]:
    """Keeps, then tells: what was told is on the disk."""

    def kept(*args: Any, body: dict[str, Any], **more: Any) -> bool:
        done = keep(*args, body=body, **more)
        if done:
            print(len(body["lines"]), flush=True)
        return done

    return kept


def type_on(page: DocumentPage, cells: dict[str, Any]) -> None:
    """One more line, its quantity the number of lines."""
    model = page.lines.model
    row = model.rowCount() - 1
    model.change(row, {**cells, "quantity": Decimal(row + 1), "price": Decimal(3), "due_date": DAY})
    model.append_blank()


def main(book: str, drafts: str) -> int:
    """Never ends by itself."""
    application = QApplication(sys.argv[:1])
    db = open_book(book)
    store = DraftStore(Path(drafts))
    store.keep = telling(store.keep)  # type: ignore[method-assign]
    desk = open_desk(db, user=USER, settings=MemorySettings(), today=lambda: DAY, drafts=store)
    frame = MainFrame(desk)
    frame.show()
    page = desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(page, DocumentPage)
    customer = masterdata.search(db, "customers", "C1")[0]
    item = masterdata.search(db, "items", "LAMP")[0]
    page.form.put(partner_code="C1", partner_name=customer.name, partner_id=customer.id)
    timer = QTimer()
    timer.timeout.connect(
        partial(type_on, page, {"item_id": item.id, "item_code": "LAMP", "item_name": "台灯", "unit": "PCS"})
    )
    timer.start(STEP_MS)
    return int(application.exec())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
