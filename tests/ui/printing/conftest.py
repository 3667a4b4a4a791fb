"""A book with a sales order, a purchase receipt and a production order, and its window; printing is wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.masterdata import api as masterdata
from services.platform.api import sentence
from services.platform.db import Database
from services.reporting.api import print_documents
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

DAY = date(2026, 3, 9)


def ids(db: Database, kind: str) -> dict[str, int]:
    return {str(row.values["code"]): row.id for row in masterdata.list_records(db, kind).rows}


@pytest.fixture
def papers(book: Database) -> dict[str, DocRef]:
    """The documents by type."""
    items, stores = ids(book, "items"), ids(book, "warehouses")
    customers, suppliers = ids(book, "customers"), ids(book, "suppliers")
    line = LineDraft(items["RM403"], Decimal(500), price=Decimal("0.02"), due_date=DAY)
    stored = LineDraft(items["RM403"], Decimal(500), price=Decimal("0.02"), warehouse_id=stores["W01"], lot="L01")
    drafts = [
        DocDraft("sales_order", DAY, [line], partner_id=customers["C001"]),
        DocDraft("sales_order", DAY, [line], partner_id=customers["C002"]),
        DocDraft("opening_stock", DAY, [stored]),
        DocDraft("purchase_order", DAY, [line], partner_id=suppliers["S001"]),
    ]
    made: dict[str, DocRef] = {}
    for draft in drafts:
        ref, _ = documents.save_document(book, "tester", draft)
        made.setdefault(ref.type, ref)
    return made


@pytest.fixture
def frame(
    qapp: QApplication, book: Database, papers: dict[str, DocRef], show: Callable[[QWidget], None]
) -> Iterator[MainFrame]:
    apply_theme(qapp)
    desk = open_desk(
        book,
        user="tester",
        settings=MemorySettings(),
        today=lambda: DAY,
        print_documents=print_documents,
        count_print=documents.count_print,
    )
    desk.sentence = sentence
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()


@pytest.fixture
def wait(qtbot: QtBot, frame: MainFrame) -> Callable[[], None]:
    def settle() -> None:
        qtbot.wait(300)
        qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=120000)
        qtbot.wait(10)

    return settle
