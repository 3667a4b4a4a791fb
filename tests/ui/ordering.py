"""Orders as a clerk enters them: typed key by key into the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.kernel.refs import DocRef
from services.documents import api
from ui.documents.document_page import DocumentPage
from ui.framework.desk import Desk
from ui.shell.frame import MainFrame

CONTROL = Qt.KeyboardModifier.ControlModifier


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
