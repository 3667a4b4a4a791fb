"""Answers that come while a cell or a field is being typed into: what is typed stays, and the answer is shown afterwards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from services.documents import api
from services.masterdata import api as masterdata
from tests.ui.conftest import type_chinese
from tests.ui.ordering import CONTROL, enter_order, key, stored, typed
from ui.documents.document_page import DocumentPage
from ui.documents.record_page import RecordPage
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import ChoiceEdit
from ui.framework.grid.grid import LineGrid
from ui.framework.navigator import PageRef, RecordRef
from ui.masterdata.parameters_page import ParametersPage
from ui.shell.frame import MainFrame

Wait = Callable[[], None]
COLUMNS = (
    Column("item", "物料", editable=True),
    Column("quantity", "数量", kind="number", editable=True),
    Column("way", "方式", kind="choice", editable=True, choices={"a": "甲", "b": "乙", "c": "丙"}),
)


@pytest.fixture
def page(book_frame: MainFrame, wait: Wait) -> DocumentPage:
    """A saved draft of two lines; the cell of the first line's quantity is current."""
    made = enter_order(book_frame, wait, [("RM403", "100", "2"), ("FG100", "12", "2")])
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert not made.dirty
    made.lines.view.setFocus()
    made.lines.view.select_cell(0, "quantity")
    return made


def quantities(page: DocumentPage) -> list[Decimal]:
    return [row["quantity"] for row in page.lines.model.lines()]


def open_text() -> str:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    return focus.text()


@pytest.mark.parametrize(("column", "keys", "value"), [("quantity", "75", Decimal(75)), ("item", "RM7", "RM7")])
def test_a_cell_being_typed_into_keeps_its_text_when_its_row_changes(
    desk: Desk, show: Callable[[QWidget], None], column: str, keys: str, value: object
) -> None:
    grid = LineGrid(desk, "t/renewed", COLUMNS)
    grid.resize(600, 300)
    grid.set_rows([{"item": "RM401", "quantity": Decimal(1), "way": "a"}])
    show(grid)
    grid.view.setFocus()
    grid.view.select_cell(0, column)
    typed(keys)
    grid.model.put_cells([(0, "way", "b")])
    key(Qt.Key.Key_Return)
    row = grid.model.record(0)
    assert (row[column], row["way"]) == (value, "b")


def test_a_choice_being_made_stays_when_its_row_changes(desk: Desk, show: Callable[[QWidget], None]) -> None:
    grid = LineGrid(desk, "t/renewed", COLUMNS)
    grid.resize(600, 300)
    grid.set_rows([{"item": "RM401", "quantity": Decimal(1), "way": "a"}])
    show(grid)
    grid.view.setFocus()
    grid.view.select_cell(0, "way")
    QTest.keyClick(grid.view, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, ChoiceEdit)
    type_chinese(editor, "丙")
    grid.model.put_cells([(0, "item", "RM402")])
    key(Qt.Key.Key_Return)
    assert (grid.model.record(0)["way"], grid.model.record(0)["item"]) == ("c", "RM402")


def test_a_code_that_is_found_late_leaves_the_figure_typed_beside_it(page: DocumentPage, wait: Wait) -> None:
    page.lines.view.select_cell(0, "item_code")
    typed("RM404")
    key(Qt.Key.Key_Return)
    typed("7")
    wait()
    assert page.lines.model.record(0)["item_name"] == "硅脂"
    typed("5")
    key(Qt.Key.Key_Return)
    assert quantities(page) == [Decimal(75), Decimal(12)]


def test_a_document_read_again_waits_for_the_open_cell(page: DocumentPage, wait: Wait) -> None:
    page.request_refresh()
    typed("7")
    wait()
    typed("5")
    assert open_text() == "75"
    key(Qt.Key.Key_Return)
    wait()
    assert quantities(page) == [Decimal(75), Decimal(12)]
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    assert not page.dirty
    assert quantities(page) == [Decimal(75), Decimal(12)]


def test_a_document_asked_for_before_something_was_typed_does_not_take_it_away(page: DocumentPage, wait: Wait) -> None:
    page.refresh()
    typed("75")
    key(Qt.Key.Key_Return)
    wait()
    assert page.dirty
    assert quantities(page) == [Decimal(75), Decimal(12)]


def test_what_another_clerk_did_is_shown_once_the_cell_is_given_up(
    page: DocumentPage, wait: Wait, book_frame: MainFrame, qtbot: QtBot
) -> None:
    typed("7")
    api.approve(book_frame.desk.session.db, "another", [page.ref.id])
    page.request_refresh()
    wait()
    assert (page.dirty, page.view is not None and page.view.status) == (True, "Z")
    key(Qt.Key.Key_Escape)
    assert not page.dirty
    qtbot.waitUntil(lambda: page.view is not None and page.view.status == "C")
    assert quantities(page) == [Decimal(100), Decimal(12)]


def test_what_is_typed_into_a_cell_while_saving_is_saved_next(page: DocumentPage, wait: Wait, qtbot: QtBot) -> None:
    page.lines.model.change(1, {"quantity": Decimal(13)})
    key(Qt.Key.Key_S, CONTROL)
    typed("75")
    wait()
    assert open_text() == "75"
    key(Qt.Key.Key_Return)
    qtbot.wait(60)
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    assert quantities(page) == [Decimal(75), Decimal(13)]


@pytest.mark.parametrize("save", [Qt.Key.Key_S, Qt.Key.Key_Return])
def test_an_open_cell_alone_can_be_saved(page: DocumentPage, wait: Wait, book_frame: MainFrame, save: Qt.Key) -> None:
    typed("75")
    key(save, CONTROL)
    wait()
    assert stored(book_frame, page).lines[0].quantity == Decimal(75)


def test_the_open_field_of_a_head_is_kept_and_can_be_saved(
    page: DocumentPage, wait: Wait, book_frame: MainFrame
) -> None:
    page.form.focus_field("note")
    typed("urgent")
    page.refresh()
    wait()
    assert open_text() == "urgent"
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert stored(book_frame, page).note == "urgent"


def test_the_open_field_of_a_record_is_kept_and_can_be_saved(book_frame: MainFrame, wait: Wait) -> None:
    page = book_frame.desk.navigator.open(RecordRef("customers", "C001"))
    assert isinstance(page, RecordPage)
    wait()
    page.form.focus_field("phone")
    page.refresh()
    typed("139")
    wait()
    assert open_text() == "139"
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert not page.dirty
    (record,) = masterdata.list_records(book_frame.desk.session.db, "customers", text="C001").rows
    assert record.values["phone"] == "139"


def test_the_open_field_of_the_parameters_is_kept_and_can_be_saved(
    book_frame: MainFrame, wait: Wait, qtbot: QtBot
) -> None:
    page = book_frame.desk.navigator.open(PageRef("parameters"))
    assert isinstance(page, ParametersPage)
    qtbot.waitUntil(lambda: page.form is not None)
    wait()
    assert page.form is not None
    page.form.focus_field("over_delivery_percent")
    page.refresh()
    typed("33")
    wait()
    assert open_text() == "33"
    key(Qt.Key.Key_S, CONTROL)
    typed("4")
    wait()
    assert (page.dirty, open_text()) == (True, "334")
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert not page.dirty
    found = {spec.key: value for spec, value in masterdata.parameters(book_frame.desk.session.db)}
    assert found["over_delivery_percent"] == "334"


def test_a_change_that_is_given_up_takes_the_open_cell_along(page: DocumentPage, wait: Wait) -> None:
    page.approve()
    wait()
    page.trigger("amend")
    page.lines.view.select_cell(0, "quantity")
    typed("75")
    page.trigger("give_up")
    wait()
    assert not page.dirty
    assert quantities(page) == [Decimal(100), Decimal(12)]
