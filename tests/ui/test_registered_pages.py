"""Every registered page and window: opens and closes by keys, names its fields, fits the smallest screen at every letter size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QTableView, QToolButton, QTreeView, QWidget

from models.kernel.refs import DocRef
from services.documents import api
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.shell.frame import MainFrame

CONTROL = Qt.KeyboardModifier.ControlModifier
SMALLEST = (1366, 768)
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar")


def every_page(frame: MainFrame) -> Iterator[Page]:
    """Pages of the navigation, a new document of every type, a new record of every kind."""
    navigator = frame.desk.navigator
    targets: list[object] = [spec.key for spec in navigator.pages()]
    targets += [DocRef(kind.code, 0, "") for kind in api.document_types()]
    targets += [RecordRef(kind) for kind in KINDS]
    for target in targets:
        page = navigator.open(target)  # type: ignore[arg-type]
        assert page is not None, target
        yield page


def fields(page: Page) -> list[QWidget]:
    """Widgets a clerk types into."""
    found = [w for kind in (QLineEdit, QComboBox, QTableView, QTreeView) for w in page.findChildren(kind)]
    return [widget for widget in found if widget.isVisibleTo(page) and not isinstance(widget.parent(), QComboBox)]


def cut_off(page: Page) -> list[str]:
    """Labels and buttons whose text does not fit them, and widgets that leave the page."""
    wrong = []
    for widget in page.findChildren(QWidget):
        if not widget.isVisibleTo(page) or isinstance(widget.window(), QTableView):
            continue
        worded = isinstance(widget, QToolButton) and not isinstance(widget.parent(), QLineEdit)
        worded = worded or (
            isinstance(widget, QLabel) and widget.pixmap().isNull() and widget.objectName() != "faintLabel"
        )
        if not worded:
            continue
        text, needed = widget.text(), widget.sizeHint().width()  # type: ignore[attr-defined]
        if text and widget.width() < needed - 1:
            wrong.append(f"{page.title} {text}: {widget.width()} < {needed}")
    inside = QRect(page.rect())
    for widget in fields(page):
        place = QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size())
        if not inside.contains(place) and place.right() > inside.right():
            wrong.append(f"{type(page).__name__} {widget.objectName()} leaves the page")
    return wrong


def test_every_page_opens_and_closes_by_keys(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    for page in every_page(book_frame):
        wait()
        assert book_frame.tabs.front() is page
        assert page.refusals.texts() == [], page.title
        focus = QApplication.focusWidget()
        assert focus is not None
        assert page.isAncestorOf(focus), f"{page.title}: no focus in the page"
        QTest.keyClick(focus, Qt.Key.Key_W, CONTROL)
        assert book_frame.tabs.count() == 0


def test_every_field_has_a_name_that_a_screen_reader_can_say(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    nameless = []
    for page in every_page(book_frame):
        wait()
        for widget in fields(page):
            if not widget.accessibleName() and not widget.objectName():
                nameless.append(f"{page.title}: {type(widget).__name__}")
        book_frame.tabs.close_front()
    assert nameless == []


def test_every_action_has_its_own_key_within_its_page(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    frame_keys = [action.shortcut for action in book_frame._frame_actions() if action.shortcut]
    for page in every_page(book_frame):
        keys = [action.shortcut for action in page.declared_actions() if action.shortcut]
        assert len(set(keys)) == len(keys), page.title
        assert not set(keys) & set(frame_keys), page.title
        book_frame.tabs.close_front()
    wait()


@pytest.mark.parametrize("points", [9, 10, 12])
def test_nothing_is_cut_off_on_the_smallest_screen(
    book_frame: MainFrame, wait: Callable[[], None], points: int
) -> None:
    book_frame.desk.settings.save("look/size", str(points))
    book_frame.look.apply()
    book_frame.resize(*SMALLEST)
    wrong: list[str] = []
    for page in every_page(book_frame):
        wait()
        wrong += cut_off(page)
        assert book_frame.width() == SMALLEST[0], f"{page.title} widens the window to {book_frame.width()}"
        book_frame.tabs.close_front()
    book_frame.desk.settings.save("look/size", "10")
    book_frame.look.apply()
    assert wrong == []
