"""Documents through their windows, on a real book: entered, saved, approved, pushed down, reversed, by keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.conftest import type_chinese
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.documents.reversal_dialog import ReversalDialog
from ui.documents.source_dialog import SourceDialog
from ui.framework.desk import Desk
from ui.framework.lookup import LookupEdit
from ui.framework.navigator import RecordRef
from ui.masterdata.parameters_page import ParametersPage
from ui.shell.frame import MainFrame

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job has answered and every page has read again."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), code, modifiers)


def typed(text: str) -> None:
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def new(desk: Desk, type_code: str) -> DocumentPage:
    page = desk.navigator.open(DocRef(type_code, 0, ""))
    assert isinstance(page, DocumentPage)
    return page


def enter_order(book_frame: MainFrame, wait: Callable[[], None], lines: list[tuple[str, str, str]]) -> DocumentPage:
    """A sales order typed by keys alone; the date of the first line is kept by Ctrl+D below."""
    page = new(book_frame.desk, "sales_order")
    wait()
    key(Qt.Key.Key_Return)
    typed("C001")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    wait()
    for code, quantity, price in lines:
        typed(code)
        key(Qt.Key.Key_Return)
        typed(quantity)
        key(Qt.Key.Key_Return)
        typed(price)
        key(Qt.Key.Key_Return)
        typed("+7")
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
    wait()
    return page


def stored(book_frame: MainFrame, page: DocumentPage) -> api.DocumentView:
    return api.get_document(book_frame.desk.session.db, page.ref.id)


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


def test_the_list_filters_in_the_database_and_approves_what_is_ticked(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    orders = [enter_order(book_frame, wait, [(code, "5", "80")]) for code in ("FG100", "RM403", "RM404")]
    for page in orders:
        page.trigger("save")
        wait()
    page = book_frame.desk.navigator.open("sales_order/list")
    assert isinstance(page, DocumentListPage)
    QAbstractItemModelTester(page.grid.model, page.grid.model)
    wait()
    assert page.count_label.text() == "共 3"
    page.grid.view.setFocus()
    key(Qt.Key.Key_Space)
    key(Qt.Key.Key_Space)
    key(Qt.Key.Key_F8)
    wait()
    assert [row.status for row in page.grid.model.records()] == ["C", "C", "Z"]
    key(Qt.Key.Key_F, CONTROL)
    typed("luosi"[:1])
    page.search_field.setText("ls")
    page.request_refresh()
    wait()
    assert [row.items for row in page.grid.model.records()] == ["螺丝"]
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    wait()
    opened = book_frame.tabs.front()
    assert isinstance(opened, DocumentPage)
    assert opened.ref == orders[1].ref
    page.search_field.clear()
    page.state_buttons["draft"].setChecked(False)
    book_frame.desk.navigator.open("sales_order/list")
    page.request_refresh()
    wait()
    assert {row.status for row in page.grid.model.records()} == {"C"}


def test_a_document_opened_from_a_list_walks_through_it(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    for code in ("FG100", "RM403"):
        enter_order(book_frame, wait, [(code, "5", "80")]).trigger("save")
        wait()
        key(Qt.Key.Key_W, CONTROL)
    book_frame.desk.navigator.open("sales_order/list")
    wait()
    key(Qt.Key.Key_Return)
    wait()
    page = book_frame.tabs.front()
    assert isinstance(page, DocumentPage)
    first = page.ref
    assert page.heading.position.text() == "1/2"
    key(Qt.Key.Key_PageDown, CONTROL)
    wait()
    assert page.ref != first
    assert page.heading.position.text() == "2/2"
    assert page.lines.rows()[0]["item_code"] in ("FG100", "RM403")


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


def test_every_document_window_opens_and_its_list_closes_by_keys(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    for kind in api.document_types():
        page = new(book_frame.desk, kind.code)
        wait()
        assert page.title == f"新{kind.title}"
        key(Qt.Key.Key_W, CONTROL)
        book_frame.desk.navigator.open(f"{kind.code}/list")
        wait()
        key(Qt.Key.Key_W, CONTROL)
        assert book_frame.tabs.count() == 0


def test_a_record_is_added_changed_and_kept_when_in_use(
    book_frame: MainFrame, wait: Callable[[], None], book: Database
) -> None:
    page = book_frame.desk.navigator.open(RecordRef("customers"))
    wait()
    typed("C009")
    key(Qt.Key.Key_Return)
    type_chinese(QApplication.focusWidget(), "沈阳北辰")
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page is not None
    assert page.refusals.texts() == []
    assert page.title == "客户 C009"
    found = masterdata.list_records(book, "customers", text="沈阳").rows
    assert [record.values["code"] for record in found] == ["C009"]
    book_frame.desk.navigator.open(RecordRef("customers", "C009"))
    assert book_frame.tabs.count() == 1


def test_the_palette_opens_documents_and_items(book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    number = page.ref.number
    key(Qt.Key.Key_W, CONTROL)
    book_frame.open_palette()
    book_frame.palette_popup.field.setText(number)
    qtbot.waitUntil(lambda: book_frame.palette_popup.texts()[:1] == [number])
    QTest.keyClick(book_frame.palette_popup.field, Qt.Key.Key_Return)
    wait()
    assert book_frame.tabs.front() is not None
    assert book_frame.tabs.front().title == number


def test_a_list_keeps_its_filters_as_a_named_scheme(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = book_frame.desk.navigator.open("sales_order/list")
    assert isinstance(page, DocumentListPage)
    page.state_buttons["approved"].setChecked(False)
    page.search_field.setText("台灯")
    page.grid.view.header.set_shown(page.grid.model.section("note"), shown=False)
    page.schemes.save_as("我的未审台灯")
    wait()
    page.schemes.set.open_with(page.schemes.set.current)
    wait()
    page.schemes.choose("")
    assert page.search_field.text() == ""
    assert page.state_buttons["approved"].isChecked()
    wait()
    key(Qt.Key.Key_W, CONTROL)
    again = book_frame.desk.navigator.open("sales_order/list")
    assert isinstance(again, DocumentListPage)
    assert again.schemes.current == "我的未审台灯"
    assert again.search_field.text() == "台灯"
    assert not again.state_buttons["approved"].isChecked()
    assert again.grid.view.isColumnHidden(again.grid.model.section("note"))
    wait()


def test_open_pages_come_back_after_a_restart(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    for name in ("sales_order/list", "items/records"):
        book_frame.desk.navigator.open(name)
    assert book_frame.tabs.page_keys() == ["sales_order/list", "items/records"]
    book_frame.desk.settings.save("frame/pages", "items/records unknown today")
    book_frame.tabs.close_front()
    book_frame.tabs.close_front()
    book_frame.restore_state()
    assert book_frame.tabs.page_keys() == ["items/records", "today"]
    wait()


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


def test_parameters_are_changed_in_one_form(book_frame: MainFrame, wait: Callable[[], None], book: Database) -> None:
    page = book_frame.desk.navigator.open("parameters")
    assert isinstance(page, ParametersPage)
    wait()
    assert page.form is not None
    assert not page.dirty
    page.form.put(company_name="新厂", over_receipt_percent=Decimal(5), four_eyes="no")
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    values = {spec.key: value for spec, value in masterdata.parameters(book)}
    assert (values["company_name"], values["over_receipt_percent"]) == ("新厂", "5")
    assert not page.dirty
