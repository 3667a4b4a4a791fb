"""Every key that is promised for lines, pressed in a real order window: in the grid and in an open cell."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api
from tests.ui.conftest import type_chinese
from tests.ui.ordering import enter_order, key, typed
from ui.documents.document_page import DocumentPage
from ui.documents.source_dialog import SourceDialog
from ui.framework.lookup import LookupDialog
from ui.shell.frame import MainFrame

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Wait = Callable[[], None]


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Wait:
    """Until every job has answered."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


@pytest.fixture
def page(book_frame: MainFrame, wait: Wait) -> DocumentPage:
    """A new sales order of two lines, not saved."""
    return enter_order(book_frame, wait, [("RM403", "100", "2"), ("FG100", "12", "2")])


def cell(page: DocumentPage, row: int, name: str) -> object:
    return page.lines.model.record(row)[name]


def here(page: DocumentPage) -> tuple[int, str]:
    index = page.lines.view.currentIndex()
    return index.row(), page.lines.model.columns[index.column()].key


def editor() -> QLineEdit:
    found = QApplication.focusWidget()
    assert isinstance(found, QLineEdit)
    return found


def test_f2_opens_the_cell_with_its_text_selected(page: DocumentPage) -> None:
    page.lines.view.select_cell(0, "quantity")
    key(Qt.Key.Key_F2)
    assert (editor().text(), editor().selectedText()) == ("100", "100")
    key(Qt.Key.Key_End)
    typed("0")
    key(Qt.Key.Key_Return)
    assert cell(page, 0, "quantity") == Decimal(1000)


@pytest.mark.parametrize("begun", [False, True], ids=["grid", "open cell"])
def test_f7_opens_the_list_of_the_cell(page: DocumentPage, wait: Wait, qtbot: QtBot, begun: bool) -> None:
    page.lines.view.select_cell(1, "item_code")
    if begun:
        key(Qt.Key.Key_F2)
    key(Qt.Key.Key_F7)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LookupDialog)
    dialog.search_field.setText("RM404")
    qtbot.waitUntil(lambda: [hit.code for hit in dialog.model.hits] == ["RM404"])
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
    wait()
    assert cell(page, 1, "item_code") == "RM404"


def test_f8_takes_the_open_cell_along_saves_and_approves(page: DocumentPage, wait: Wait, book_frame: MainFrame) -> None:
    page.lines.view.select_cell(1, "quantity")
    typed("15")
    key(Qt.Key.Key_F8)
    wait()
    stored = api.get_document(book_frame.desk.session.db, page.ref.id)
    assert stored.status == "C"
    assert [line.quantity for line in stored.lines] == [Decimal(100), Decimal(15)]


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_enter_saves_with_the_open_cell(
    page: DocumentPage, wait: Wait, book_frame: MainFrame, enter: Qt.Key
) -> None:
    page.lines.view.select_cell(0, "quantity")
    typed("120")
    key(enter, CONTROL)
    wait()
    stored = api.get_document(book_frame.desk.session.db, page.ref.id)
    assert stored.status == "Z"
    assert [line.quantity for line in stored.lines] == [Decimal(120), Decimal(12)]
    assert not page.dirty


def test_f9_offers_the_open_lines_of_the_source(book_frame: MainFrame, page: DocumentPage, wait: Wait) -> None:
    key(Qt.Key.Key_F8)
    wait()
    delivery = book_frame.desk.navigator.open(DocRef("delivery", 0, ""))
    assert isinstance(delivery, DocumentPage)
    wait()
    key(Qt.Key.Key_F9)
    wait()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SourceDialog)
    dialog.reject()


def test_f4_offers_the_templates(page: DocumentPage, wait: Wait) -> None:
    key(Qt.Key.Key_F4)
    wait()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert "常用" in dialog.windowTitle()
    dialog.close()


def test_ctrl_d_copies_the_cell_above(page: DocumentPage) -> None:
    page.lines.view.select_cell(1, "item_code")
    key(Qt.Key.Key_D, CONTROL)
    assert (cell(page, 1, "item_code"), cell(page, 1, "item_name")) == ("RM403", "螺丝")
    page.lines.view.select_cell(1, "quantity")
    key(Qt.Key.Key_D, CONTROL)
    assert cell(page, 1, "quantity") == Decimal(100)


def test_dots_and_strokes_repeat_a_remark(page: DocumentPage) -> None:
    page.lines.view.select_cell(0, "note")
    type_chinese(page.lines.view, "急单")
    key(Qt.Key.Key_Return)
    page.lines.view.select_cell(1, "note")
    typed("..")
    key(Qt.Key.Key_Return)
    assert cell(page, 1, "note") == "急单"
    page.lines.view.select_cell(1, "note")
    typed("//")
    key(Qt.Key.Key_Return)
    assert cell(page, 1, "note") == "急单"


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_goes_on_and_shift_enter_back(page: DocumentPage, enter: Qt.Key) -> None:
    page.lines.view.select_cell(0, "quantity")
    key(enter)
    assert here(page) == (0, "price")
    key(enter, SHIFT)
    assert here(page) == (0, "quantity")
    typed("7")
    key(enter, SHIFT)
    assert (here(page), cell(page, 0, "quantity")) == ((0, "item_code"), Decimal(7))
    page.lines.view.select_cell(1, "note")
    key(enter)
    assert here(page) == (2, "item_code")


def test_a_sum_is_worked_out_and_the_amount_follows(page: DocumentPage) -> None:
    page.lines.view.select_cell(0, "quantity")
    typed("=12*3+4")
    key(Qt.Key.Key_Return)
    typed("=1/4")
    key(Qt.Key.Key_Return)
    assert [cell(page, 0, name) for name in ("quantity", "price", "amount")] == [
        Decimal(40), Decimal("0.25"), Decimal("10.00"),
    ]  # fmt: skip


def test_undo_and_redo_go_step_by_step_and_stay_in_an_open_cell(page: DocumentPage) -> None:
    page.lines.view.select_cell(0, "quantity")
    for text in ("5", "6"):
        typed(text)
        key(Qt.Key.Key_Return, SHIFT)
        page.lines.view.select_cell(0, "quantity")
    key(Qt.Key.Key_Z, CONTROL)
    assert cell(page, 0, "quantity") == Decimal(5)
    key(Qt.Key.Key_Z, CONTROL)
    assert cell(page, 0, "quantity") == Decimal(100)
    key(Qt.Key.Key_Y, CONTROL)
    assert cell(page, 0, "quantity") == Decimal(5)
    key(Qt.Key.Key_F2)
    key(Qt.Key.Key_Backspace)
    key(Qt.Key.Key_Z, CONTROL)
    assert editor().text() == "5"
    assert cell(page, 0, "quantity") == Decimal(5)
    key(Qt.Key.Key_Escape)


def test_a_block_is_copied_with_its_types_and_as_a_picture(page: DocumentPage) -> None:
    view, model = page.lines.view, page.lines.model
    view.select_cell(0, "item_code")
    view.selectRow(0)
    key(Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    assert "RM403" in data.text().split("\t")
    assert "mso-number-format:'\\@'\">RM403" in data.html()
    assert "<td>100</td>" in data.html()
    key(Qt.Key.Key_C, CONTROL | SHIFT)
    assert "数量" in QGuiApplication.clipboard().text().splitlines()[0]
    key(Qt.Key.Key_C, CONTROL | ALT)
    assert QGuiApplication.clipboard().image().width() > 200
    assert model.rowCount() >= 2


def test_a_block_pasted_into_an_open_cell_goes_to_the_cells(page: DocumentPage, wait: Wait) -> None:
    page.lines.view.select_cell(0, "item_code")
    key(Qt.Key.Key_F2)
    names = [page.lines.model.columns[section].key for section in page.lines.view.shown_sections()]
    between = names.index("quantity") - names.index("item_code")
    QGuiApplication.clipboard().setText("".join(f"RM404{chr(9) * between}{n}\r\n" for n in (1, 2, 3)))
    key(Qt.Key.Key_V, CONTROL)
    wait()
    assert [(line["item_code"], line["quantity"]) for line in page.lines.rows()] == [
        ("RM404", Decimal(1)), ("RM404", Decimal(2)), ("RM404", Decimal(3)),
    ]  # fmt: skip
    page.lines.view.select_cell(0, "note")
    key(Qt.Key.Key_F2)
    typed("a")
    QGuiApplication.clipboard().setText('"b\nc"\r\n')
    key(Qt.Key.Key_V, CONTROL)
    key(Qt.Key.Key_Return)
    assert cell(page, 0, "note") == "ab c"


def test_lines_are_put_in_and_taken_out(page: DocumentPage) -> None:
    page.lines.view.select_cell(1, "quantity")
    key(Qt.Key.Key_Insert)
    assert [row.get("item_code") for row in page.lines.model.records()][:3] == ["RM403", None, "FG100"]
    key(Qt.Key.Key_Delete, CONTROL)
    assert [row.get("item_code") for row in page.lines.model.records()][:2] == ["RM403", "FG100"]
    page.lines.view.select_cell(0, "price")
    key(Qt.Key.Key_Delete)
    assert cell(page, 0, "price") is None


def test_escape_gives_the_cell_up_and_not_the_window(page: DocumentPage, book_frame: MainFrame) -> None:
    page.lines.view.select_cell(0, "quantity")
    typed("9")
    key(Qt.Key.Key_Escape)
    assert cell(page, 0, "quantity") == Decimal(100)
    assert book_frame.tabs.currentWidget() is page
