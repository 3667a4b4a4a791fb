"""Lists of documents and records, and what opens them, on a real book: filtered, walked through, found again, by keys."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.documents import api
from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.conftest import type_chinese
from tests.ui.ordering import CONTROL, enter_order, key, new, typed
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.framework.navigator import RecordRef
from ui.masterdata.parameters_page import ParametersPage
from ui.shell.frame import MainFrame


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job has answered and every page has read again."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


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
