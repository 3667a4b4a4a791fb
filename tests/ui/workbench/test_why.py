"""F1 says why: the help panel tells the sum behind the item under the cursor and follows it; at the kitting desk, who was served before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from threading import Event

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api
from services.engineering import api as engineering
from services.masterdata import api as masterdata
from services.platform.db import Database
from ui.documents.document_page import DocumentPage
from ui.planning.kitting_page import KittingPage
from ui.shell.frame import MainFrame
from ui.workbench.workbench_page import WorkbenchPage

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    def settle() -> None:
        qtbot.wait(220)
        qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)
        qtbot.wait(20)

    return settle


@pytest.fixture
def orders(book: Database) -> list[DocRef]:
    """100 screws lie there; a lamp takes 4; orders of 15 and 20 lamps."""
    masterdata.save_records(
        book, "tester", "items", [{"code": "FG100", "name": "台灯", "unit": "PCS", "kind": "manufactured"}]
    )
    items = {row.values["code"]: row.id for row in masterdata.list_records(book, "items").rows}
    stores = {row.values["code"]: row.id for row in masterdata.list_records(book, "warehouses").rows}
    line = engineering.LineDraft(items["RM403"], Decimal(4))
    saved = engineering.save_tree(book, "tester", [engineering.VersionEdit(items["FG100"], "V1.0", lines=[line])])
    engineering.approve_bom(book, "tester", dict.fromkeys(saved.ids.values(), 1))
    stock = api.LineDraft(items["RM403"], Decimal(100), amount=Decimal(2), warehouse_id=stores["W01"])
    drafts = [api.DocDraft("opening_stock", TODAY, [stock])]
    for quantity, day in (("15", 12), ("20", 16)):
        made = api.LineDraft(
            items["FG100"], Decimal(quantity), start_date=dt.date(2026, 3, day), due_date=dt.date(2026, 3, 30)
        )
        drafts.append(api.DocDraft("production_order", TODAY, [made]))
    refs = [api.save_document(book, "tester", draft)[0] for draft in drafts]
    api.approve(book, "tester", [ref.id for ref in refs])
    return refs[1:]


def f1() -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_F1)


def said(frame: MainFrame) -> str:
    return frame.help.why.toPlainText() if frame.help.why.isVisible() else ""


def test_f1_on_an_item_tells_its_sum_and_follows_the_cursor(
    book_frame: MainFrame, orders: list[DocRef], wait: Callable[[], None]
) -> None:
    page = book_frame.desk.navigator.open("stock")
    assert page is not None
    wait()
    f1()
    wait()
    text = said(book_frame)
    assert text.startswith("RM403 螺丝 ✖ 03-16 起缺料，最多缺 40")
    assert text.index("现存") < text.index(orders[0].number) < text.index(orders[1].number)
    assert "= -40" in text
    book_frame.desk.navigator.open("customers/records")
    wait()
    assert said(book_frame) == ""
    f1()
    assert not book_frame.help.isVisible()


def test_the_kitting_desk_says_who_was_served_before(
    book_frame: MainFrame, orders: list[DocRef], wait: Callable[[], None]
) -> None:
    page = book_frame.desk.navigator.open("planning/kitting")
    assert isinstance(page, KittingPage)
    wait()
    page.table.view.select_cell(1)
    page.parts.setFocus()
    page.parts.view.select_cell(0)
    f1()
    wait()
    text = " ".join(said(book_frame).split())
    assert text.startswith(f"为什么 {orders[1].number} 的 RM403 螺丝 是这个数")
    assert f"100 可用料 − 60 先排的任务单 {orders[0].number} = 40 轮到本单时剩下" in text
    assert "− 80 本单还要（应领 80，已领 0）" in text
    assert "→ 缺 40" in text


def test_its_links_open_documents_and_items(
    book_frame: MainFrame, orders: list[DocRef], wait: Callable[[], None]
) -> None:
    ref = orders[0]
    book_frame.help.why.anchorClicked.emit(QUrl(f"doc:{ref.type}:{ref.id}:{ref.number}"))
    wait()
    page = book_frame.tabs.front()
    assert isinstance(page, DocumentPage)
    assert page.ref == ref
    book_frame.help.why.anchorClicked.emit(QUrl("item:RM403"))
    wait()
    bench = book_frame.tabs.front()
    assert isinstance(bench, WorkbenchPage)
    assert bench.code == "RM403"


def test_an_answer_that_comes_after_the_clerk_went_on_is_not_told(
    book_frame: MainFrame, orders: list[DocRef], qtbot: QtBot
) -> None:
    page = book_frame.desk.navigator.open("stock")
    assert page is not None
    go_on = Event()

    def slow() -> str:
        go_on.wait(20)
        return "late"

    page.reasons = lambda: slow  # type: ignore[method-assign]
    f1()
    assert book_frame.help.isVisible()
    front = book_frame.desk.navigator.open("customers/records")
    assert front is not None
    assert front.reasons() is None
    qtbot.wait(500)
    go_on.set()
    qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)
    assert said(book_frame) == ""
