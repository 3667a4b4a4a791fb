"""Documents through their windows, on a real book: entered, saved, approved, pushed down, reversed, by keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.documents import api
from services.platform.db import Database
from tests.ui.conftest import type_chinese
from tests.ui.ordering import CONTROL, enter_order, key, new, stored, typed
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.documents.reversal_dialog import ReversalDialog
from ui.documents.source_dialog import SourceDialog
from ui.framework.lookup import LookupEdit
from ui.shell.frame import MainFrame


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job has answered and every page has read again."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def test_an_order_is_entered_saved_and_approved_without_the_mouse(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = enter_order(book_frame, wait, [("RM403", "100", "0.05"), ("FG100", "12", "88.5")])
    assert page.dirty
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    assert page.ref.number.startswith("XSDD-20260310-")
    assert not page.dirty
    assert page.title == page.ref.number
    view = stored(book_frame, page)
    assert view.partner_name == "佛山光耀照明"
    assert [(line.item_code, line.quantity, line.amount) for line in view.lines] == [
        ("RM403", Decimal(100), Decimal("5.00")),
        ("FG100", Decimal(12), Decimal("1062.00")),
    ]
    key(Qt.Key.Key_F8)
    wait()
    assert stored(book_frame, page).status == "C"
    assert page.heading.audit.text() == "已审核"
    page.lines.view.select_cell(0, "quantity")
    typed("9")
    assert page.lines.model.record(0)["quantity"] == Decimal(100)


def test_twenty_lines_cost_at_most_five_keys_each_beside_code_and_figures(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    pressed: list[Qt.Key] = []

    def counted(code: Qt.Key) -> None:
        pressed.append(code)
        key(code)

    page = enter_order(book_frame, wait, [("RM403", "10", "0.05")])
    for _ in range(19):
        typed("FG100")
        counted(Qt.Key.Key_Return)
        typed("3")
        counted(Qt.Key.Key_Return)
        typed("80")
        counted(Qt.Key.Key_Return)
        counted(Qt.Key.Key_Return)
        counted(Qt.Key.Key_Return)
    wait()
    key(Qt.Key.Key_F8)
    wait()
    view = stored(book_frame, page)
    assert view.status == "C"
    assert [line.quantity for line in view.lines] == [Decimal(10)] + [Decimal(3)] * 19
    assert {str(line.due_date) for line in view.lines} == {"2026-03-17"}
    assert len(pressed) <= 5 * 19


def test_f8_on_a_new_document_saves_and_approves(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "2", "80")])
    key(Qt.Key.Key_F8)
    wait()
    assert stored(book_frame, page).status == "C"


def test_what_is_missing_is_listed_and_enter_leads_to_the_field(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = new(book_frame.desk, "sales_order")
    wait()
    page.lines.setFocus()
    page.lines.view.select_cell(0, "quantity")
    typed("3")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert any("客户" in text for text in page.refusals.texts())
    assert any("第1行没有选物料" in text for text in page.refusals.texts())
    assert QApplication.focusWidget() is page.refusals.list
    key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.form.editors["partner_code"]


def test_a_refusal_of_the_services_leads_to_its_line(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "2", "80"), ("RM403", "1", "1")])
    page.lines.model.change(1, {"quantity": Decimal("1.5")})
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert len(page.refusals.texts()) == 1
    page.refusals.list.setFocus()
    key(Qt.Key.Key_Return)
    index = page.lines.view.currentIndex()
    assert (index.row(), page.lines.model.columns[index.column()].key) == (1, "quantity")


def test_the_customer_is_found_by_chinese_characters(
    book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = new(book_frame.desk, "sales_order")
    wait()
    edit = page.form.editors["partner_code"]
    assert isinstance(edit, LookupEdit)
    edit.setFocus()
    type_chinese(edit, "明居")
    qtbot.waitUntil(lambda: edit.popup_open)
    key(Qt.Key.Key_Return)
    assert page.form.value("partner_code") == "C002"
    assert page.form.value("partner_name") == "杭州明居家饰"


def test_approved_orders_are_pushed_down_into_a_draft_that_is_not_saved_yet(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    key(Qt.Key.Key_F8)
    wait()
    page.trigger("push_delivery")
    wait()
    draft = book_frame.tabs.front()
    assert isinstance(draft, DocumentPage)
    assert draft.spec.type == "delivery"
    assert draft.dirty
    assert [(row["item_code"], row["quantity"]) for row in draft.lines.rows()] == [("FG100", Decimal(5))]
    draft.trigger("save")
    wait()
    assert draft.ref.number.startswith("XSCK-")
    assert stored(book_frame, page).downstream[0].ref == draft.ref


def test_a_reversal_shows_the_later_documents_first(
    book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    key(Qt.Key.Key_F8)
    wait()
    page.trigger("push_delivery")
    wait()
    delivery = book_frame.tabs.front()
    assert isinstance(delivery, DocumentPage)
    delivery.trigger("save")
    wait()
    book_frame.desk.navigator.open(page.ref)
    page.trigger("reverse")
    qtbot.waitUntil(lambda: page.findChild(ReversalDialog) is not None)
    dialog = page.findChild(ReversalDialog)
    assert [step.ref.number for step in dialog.grid.model.records()] == [delivery.ref.number, page.ref.number]
    told = [dialog.grid.model.text(row, 3) for row in range(2)]
    assert told == ["未审核，将删除", "已审核，将反审核"]
    assert "1 张反审核" in dialog.question.text()
    assert "1 张未审核的草稿删除" in dialog.question.text()
    assert dialog.go.text() == "反审核并删除草稿"
    dialog.accept()
    wait()
    assert stored(book_frame, page).status == "Z"
    assert page.heading.audit.text() == "未审核"


def test_open_source_lines_are_taken_over_once(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    enter_order(book_frame, wait, [("FG100", "5", "80"), ("RM403", "7", "1")]).trigger("approve")
    wait()
    page = new(book_frame.desk, "delivery")
    wait()
    for _ in range(2):
        key(Qt.Key.Key_F9)
        wait()
        dialog = page.findChildren(SourceDialog)[-1]
        assert dialog.grid.model.rowCount() == 2
        dialog.grid.model.set_marks([0, 1], marked=True)
        dialog.accept()
        wait()
    assert [row["quantity"] for row in page.lines.rows()] == [Decimal(5), Decimal(7)]
    assert all(row["source_line_id"] for row in page.lines.rows())


def test_another_clerks_change_is_not_overwritten(
    book_frame: MainFrame, wait: Callable[[], None], book: Database
) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    api.approve(book, "another", [page.ref.id])
    page.lines.model.change(0, {"quantity": Decimal(6)})
    page.trigger("save")
    wait()
    assert len(page.refusals.texts()) == 1
    assert page.dirty
    assert stored(book_frame, page).lines[0].quantity == Decimal(5)


def test_a_copy_is_a_new_draft(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    page.trigger("copy")
    wait()
    copy = book_frame.tabs.front()
    assert isinstance(copy, DocumentPage)
    assert copy is not page
    assert copy.dirty
    assert copy.lines.rows()[0]["item_code"] == "FG100"
    copy.trigger("save")
    wait()
    assert copy.ref.id != page.ref.id


def test_escape_closes_the_panel_first_and_the_window_then(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = new(book_frame.desk, "sales_order")
    wait()
    page.lines.model.change(0, {"quantity": Decimal(1)})
    page.trigger("save")
    assert page.refusals.isVisible()
    book_frame.escape()
    assert not page.refusals.isVisible()
    book_frame.escape()
    assert book_frame.tabs.count() == 0


def test_the_history_says_what_became_of_what(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    page.lines.model.change(0, {"quantity": Decimal(6)})
    page.form.put(note="急")
    page.trigger("save")
    wait()
    texts = [page.side.history.model.text(row, 3) for row in range(page.side.history.model.rowCount())]
    assert texts[0] == "备注 空 → 急；第1行 数量 5 → 6"
    assert texts[1] == "明细 1"


def test_a_key_pressed_twice_saves_once(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    key(Qt.Key.Key_F8)
    key(Qt.Key.Key_F8)
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    assert stored(book_frame, page).status == "C"
    assert api.list_documents(book_frame.desk.session.db, "sales_order").total == 1


def test_what_is_typed_while_saving_stays(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    page.lines.model.change(0, {"quantity": Decimal(9)})
    wait()
    assert page.dirty
    assert page.lines.rows()[0]["quantity"] == Decimal(9)
    page.trigger("save")
    wait()
    assert page.refusals.texts() == []
    assert stored(book_frame, page).lines[0].quantity == Decimal(9)


def test_a_window_closes_when_its_document_was_deleted(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    page.verbs.confirm = lambda title, question: True  # type: ignore[method-assign]
    page.trigger("delete")
    wait()
    assert book_frame.tabs.count() == 0


def test_two_hundred_pasted_lines_are_looked_up_in_one_job(
    book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot
) -> None:
    page = new(book_frame.desk, "sales_order")
    wait()
    codes = ["RM403", "RM404", "FG100", "XX"]
    block = [[codes[n % 4], "", "", "", str(n + 1), "2.5", "", "2026-4-1", "备注"] for n in range(200)]
    page.lines.view.select_cell(0, "item_code")
    started = time.perf_counter()
    page.lines.lines_view.paste_block(block)
    qtbot.waitUntil(lambda: book_frame.desk.ops.idle)
    print("milliseconds for 200 pasted lines:", round((time.perf_counter() - started) * 1000))
    rows = page.lines.model.lines()
    assert len(rows) == 200
    assert [row["item_name"] for row in rows[:4]] == ["螺丝", "硅脂", "台灯", None]
    assert rows[2]["amount"] == Decimal("7.50")
    assert len(page.lines.model.faults()) == 50


def test_verbs_of_a_list_go_off_with_the_rows_a_filter_takes(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    enter_order(book_frame, wait, [("FG100", "5", "80")])
    key(Qt.Key.Key_F8)
    wait()
    orders = book_frame.desk.navigator.open("sales_order/list")
    wait()
    assert isinstance(orders, DocumentListPage)
    push = orders.qaction("push")
    assert push.isEnabled()
    orders.search_field.setText("没有这样的单据")
    orders.search_field.hurry()
    wait()
    assert not orders.grid.model.rowCount()
    assert not push.isEnabled()
    orders.verbs.push_menu()
    assert QApplication.activePopupWidget() is None
