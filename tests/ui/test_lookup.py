"""Look-up in real windows: what was taken before comes first, and a new record is made in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.masterdata import api as masterdata
from ui.documents.document_page import DocumentPage
from ui.framework.grid.layout import MemorySettings
from ui.framework.lookup import LookupDialog, LookupEdit
from ui.framework.lookup_used import KEPT, UsedCodes
from ui.framework.record_dialog import RecordDialog
from ui.shell.frame import MainFrame


@pytest.fixture
def settle(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job has answered."""

    def wait() -> None:
        for _ in range(3):
            qtbot.wait(90)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return wait


def typed(text: str) -> None:
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


@pytest.fixture
def edit(book_frame: MainFrame, settle: Callable[[], None]) -> LookupEdit:
    """The customer's field of a new sales order."""
    page = book_frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(page, DocumentPage)
    settle()
    found = page.form.editors["partner_code"]
    assert isinstance(found, LookupEdit)
    found.setFocus()
    return found


def test_what_was_taken_before_comes_first_and_is_remembered(
    book_frame: MainFrame, edit: LookupEdit, settle: Callable[[], None]
) -> None:
    source = edit.source
    assert [row.code for row in source.search("C0", 5)] == ["C001", "C002"]
    typed("C002")
    settle()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    settle()
    assert [row.code for row in source.search("C0", 5)] == ["C002", "C001"]
    assert UsedCodes(book_frame.desk.settings, "customers").counts == {"C002": 1}


def test_a_customer_nobody_knows_is_made_in_place_from_the_list(
    book_frame: MainFrame, edit: LookupEdit, settle: Callable[[], None], qtbot: QtBot
) -> None:
    typed("C777")
    settle()
    assert edit.popup_open
    QTest.keyClick(edit, Qt.Key.Key_Insert)
    dialog = edit.findChild(RecordDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.page.form.value("code") == "C777"  # type: ignore[attr-defined]
    dialog.page.form.put(name="中山新客")  # type: ignore[attr-defined]
    dialog.page.trigger("save")
    settle()
    assert masterdata.search(book_frame.desk.session.db, "customers", "C777")[0].code == "C777"
    assert edit.text() == "C777"
    assert edit.picked is not None


def test_the_f7_dialog_makes_a_new_record_and_takes_it(
    edit: LookupEdit, settle: Callable[[], None], qtbot: QtBot
) -> None:
    QTest.keyClick(edit, Qt.Key.Key_F7)
    dialog = edit.findChild(LookupDialog)
    assert dialog is not None
    settle()
    dialog.search_field.setText("东莞新星")
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Insert)
    form = dialog.findChild(RecordDialog)
    assert form is not None
    qtbot.waitUntil(form.isVisible)
    assert form.page.form.value("name") == "东莞新星"  # type: ignore[attr-defined]
    form.page.form.put(code="C900")  # type: ignore[attr-defined]
    form.page.trigger("save")
    settle()
    assert edit.text() == "C900"
    assert not shiboken6.isValid(dialog)


def test_what_is_remembered_is_bounded_and_survives_damage() -> None:
    settings = MemorySettings()
    used = UsedCodes(settings, "items")
    for number in range(KEPT + 5):
        used.take(f"A{number}")
    used.take("A3")
    assert len(used.counts) == KEPT
    settings.save("used/items", "[broken")
    assert UsedCodes(settings, "items").counts == {}
