"""物料工作台: a code is typed and answered, Enter leads on and Alt+Left back, and who lacks a right finds neither tab nor figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.documents import api
from services.masterdata import api as masterdata
from services.planning.api import run_mrp
from services.platform.db import Database
from ui.documents.document_page import DocumentPage
from ui.framework.navigator import PageRef
from ui.shell.frame import MainFrame
from ui.workbench.workbench_page import WorkbenchPage

NO = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
TODAY = dt.date(2026, 3, 10)


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, code, modifiers)


@pytest.fixture
def page(book: Database, book_frame: MainFrame, wait: Callable[[], None]) -> WorkbenchPage:
    """Lamps: a purchase of 30 that is late, a sale of 50."""
    items = {row.values["code"]: row.id for row in masterdata.list_records(book, "items").rows}
    people = {
        row.values["code"]: row.id
        for kind in ("customers", "suppliers")
        for row in masterdata.list_records(book, kind).rows
    }
    for kind, who, quantity, due in (
        ("purchase_order", "S001", 30, TODAY - dt.timedelta(days=3)),
        ("sales_order", "C001", 50, TODAY + dt.timedelta(days=4)),
    ):
        line = api.LineDraft(items["FG100"], Decimal(quantity), price=Decimal(7), due_date=due)
        draft = api.DocDraft(kind, dt.date(2026, 2, 1), [line], partner_id=people[who])
        ref, _ = api.save_document(book, "tester", draft)
        api.approve(book, "tester", [ref.id])
    masterdata.save_records(book, "tester", "substitutes", [{"component": "FG100", "substitute": "RM403"}])
    made = book_frame.desk.navigator.open(PageRef("workbench", (("code", "FG100"),)))
    assert isinstance(made, WorkbenchPage)
    wait()
    return made


def texts(page: WorkbenchPage, column: str) -> list[str]:
    model = page.grid.model
    return [model.text(row, model.section(column)) for row in range(model.rowCount())]


def test_the_balance_runs_with_words_for_what_is_wrong(page: WorkbenchPage) -> None:
    assert texts(page, "kind") == ["现存", "采购在途", "销售订单"]
    assert texts(page, "balance") == ["0", "30", "-20"]
    assert texts(page, "warning") == ["", "逾期 3 天", "缺 20"]
    assert texts(page, "party") == ["", "明辉五金", "佛山光耀照明"]
    assert "03-14 起缺料，最多缺 20" in page.head.verdict.text()
    assert page.title == "工作台 FG100"


def test_enter_opens_the_document(page: WorkbenchPage, book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page.grid.setFocus()
    page.grid.view.select_cell(2)
    press(Qt.Key.Key_Return)
    wait()
    opened = book_frame.tabs.front()
    assert isinstance(opened, DocumentPage)
    assert opened.ref.type == "sales_order"


def test_a_code_name_or_pinyin_is_typed_and_alt_left_goes_back(page: WorkbenchPage, wait: Callable[[], None]) -> None:
    page.to_field()
    QTest.keyClicks(page.head.item, "guizhi")
    press(Qt.Key.Key_Return)
    wait()
    assert page.code == "RM404"
    press(Qt.Key.Key_Left, ALT)
    wait()
    assert page.code == "FG100"


def test_an_item_that_is_not_there_is_said_and_the_old_one_stays(page: WorkbenchPage, wait: Callable[[], None]) -> None:
    page.show_item("不存在")
    wait()
    assert page.code == "FG100"
    assert "不存在" in page.refusals.texts()[0]


def test_tabs_come_by_key_and_enter_turns_the_page_to_an_item(page: WorkbenchPage, wait: Callable[[], None]) -> None:
    assert [row.price for row in page.tabs.grids["prices"].content.model.records()] == [Decimal(7), Decimal(7)]
    assert page.tabs.grids["documents"].content.model.rowCount() == 2
    place = list(page.tabs.grids).index("stand_ins") + 2
    press(Qt.Key(Qt.Key.Key_0.value + place), ALT)
    assert page.tabs.grids["stand_ins"].content.view.hasFocus()
    press(Qt.Key.Key_Return)
    wait()
    assert page.code == "RM403"


def test_with_the_plan_its_orders_stand_among_the_movements(
    page: WorkbenchPage, book: Database, wait: Callable[[], None]
) -> None:
    page.with_plan.setChecked(True)
    wait()
    assert "没有这个物料" in page.note.text()
    run_mrp(book, "tester", start=TODAY)
    page.refresh()
    wait()
    assert "计划订单" in texts(page, "kind")
    assert texts(page, "balance")[-1] == "0"


def test_a_new_document_changes_the_page_in_front(
    page: WorkbenchPage, book: Database, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    ref = page.grid.model.record(2).document
    book_frame.desk.ops.run_command(lambda: api.reverse(book, "tester", [ref.id]), owner=page, title="反审核")
    wait()
    assert texts(page, "kind") == ["现存", "采购在途"]


def test_without_the_right_there_are_no_bills_and_no_plan(page: WorkbenchPage, book_frame: MainFrame) -> None:
    book_frame.desk.session.allowed = lambda right: right not in ("bom.read", "plan.read")
    made = WorkbenchPage(book_frame.desk)
    assert not {"used", "bill"} & set(made.tabs.grids)
    assert made.with_plan.isHidden()
    assert not {"bill", "tab_used"} & {action.key for action in made.declared_actions()}
    made.deleteLater()


def test_ctrl_k_leads_from_an_item_to_its_workbench(
    page: WorkbenchPage, book_frame: MainFrame, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    book_frame.open_palette()
    QTest.keyClicks(book_frame.palette_popup.field, "RM403")
    qtbot.waitUntil(lambda: any(text.startswith("RM403") for text in book_frame.palette_popup.texts()), timeout=8000)
    QTest.keyClick(book_frame.palette_popup.field, Qt.Key.Key_Return)
    wait()
    assert book_frame.tabs.front() is page
    assert page.code == "RM403"


def test_ctrl_k_finds_a_document_by_a_part_of_its_number(
    page: WorkbenchPage, book_frame: MainFrame, qtbot: QtBot, wait: Callable[[], None]
) -> None:
    number = page.grid.model.record(2).document.number
    book_frame.open_palette()
    QTest.keyClicks(book_frame.palette_popup.field, f"xsdd {number[-4:]}")
    qtbot.waitUntil(lambda: number in book_frame.palette_popup.texts(), timeout=8000)
    QTest.keyClick(book_frame.palette_popup.field, Qt.Key.Key_Return)
    wait()
    opened = book_frame.tabs.front()
    assert isinstance(opened, DocumentPage)
    assert opened.ref.number == number


def test_tabs_nobody_looked_at_are_not_made_and_show_what_was_read_once_they_are(page: WorkbenchPage) -> None:
    assert [key for key, place in page.tabs.grids.items() if place.made] == ["stores"]
    page.tabs.show_tab("documents")
    assert page.tabs.grids["documents"].content.model.rowCount() == 2
    assert [key for key, place in page.tabs.grids.items() if place.made] == ["stores", "documents"]
