"""Pages behind others look, when they come to the front, as if they had been there when the colours or letters changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from models.kernel.refs import DocRef
from ui.framework import colors
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.shell.frame import MainFrame

TARGETS = ("items/records", "planning/board", "sales_order/list", DocRef("sales_order", 0, ""))
Look = Callable[[Page], QImage]


class FieldPage(Page):
    """A field and a heading that the style sheet makes bold."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "便签")
        self.field = QLineEdit("12", self)
        self.heading = QLabel("SO-1", self)
        self.heading.setObjectName("numberLabel")
        self.body.addWidget(self.field)
        self.body.addWidget(self.heading)


class _Restyled(QObject):
    """Widgets that were told of a new style."""

    def __init__(self, watched: list[QWidget]) -> None:
        super().__init__()
        self.told: set[QObject] = set()
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.told.add(watched)
        return False


@pytest.fixture
def frame(qapp: QApplication, book_frame: MainFrame) -> Iterator[MainFrame]:
    """The window, without a caret that blinks; light letters of the usual size afterwards."""
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield book_frame
    qapp.setCursorFlashTime(flash)
    if colors.current().dark:
        book_frame.look.toggle_dark()


@pytest.fixture
def look(frame: MainFrame, wait: Callable[[], None]) -> Look:
    """Brings a page to the front and takes its picture."""

    def taken(page: Page) -> QImage:
        frame.tabs.setCurrentWidget(page)
        wait()
        return page.grab().toImage()

    return taken


def test_a_page_that_rested_looks_as_one_that_did_not(frame: MainFrame, look: Look) -> None:
    pages = [page for target in TARGETS if (page := frame.desk.navigator.open(target)) is not None]
    assert len(pages) == len(TARGETS)
    light = [look(page) for page in pages]
    seen_dark = []
    for page in pages:
        look(page)
        frame.look.toggle_dark()
        seen_dark.append(look(page))
        frame.look.toggle_dark()
        for other in pages:
            look(other)
    look(pages[0])
    frame.look.toggle_dark()
    assert [look(page) for page in pages] == seen_dark
    look(pages[-1])
    frame.look.toggle_dark()
    assert [look(page) for page in pages] == light
    frame.look.toggle_dark()
    frame.look.larger()
    frame.look.smaller()
    frame.look.toggle_dark()
    assert [look(page) for page in pages] == light


def test_only_the_page_in_front_is_told_of_a_change_at_once(frame: MainFrame, look: Look) -> None:
    order, items = frame.desk.navigator.open(TARGETS[-1]), frame.desk.navigator.open(TARGETS[0])
    assert order is not None
    assert items is not None
    look(order)
    look(items)
    behind = _Restyled(order.findChildren(QLineEdit))
    before = _Restyled(items.findChildren(QLineEdit))
    frame.look.toggle_dark()
    assert before.told
    assert not behind.told
    look(order)
    assert behind.told


def test_what_a_rule_gave_a_field_is_taken_from_it_again(frame: MainFrame, look: Look) -> None:
    """A locked field has a colour of text of its own: unlocked later it must not keep that of the scheme in which it was locked."""
    page = frame.tabs.show_page("fields", lambda: FieldPage(frame.desk))
    assert isinstance(page, FieldPage)
    page.field.setReadOnly(True)
    look(page)
    other = frame.desk.navigator.open(TARGETS[0])
    assert other is not None
    look(other)
    frame.look.toggle_dark()
    look(page)
    page.field.setReadOnly(False)
    frame.look.toggle_dark()
    frame.look.toggle_dark()
    ground = page.field.palette().color(QPalette.ColorRole.Text)
    assert ground == colors.color(colors.current().text)


def test_letters_of_a_page_that_rested_have_the_new_size_and_keep_their_weight(frame: MainFrame, look: Look) -> None:
    page = frame.tabs.show_page("fields", lambda: FieldPage(frame.desk))
    assert isinstance(page, FieldPage)
    look(page)
    other = frame.desk.navigator.open(TARGETS[0])
    assert other is not None
    look(other)
    size = page.heading.font().pointSize()
    frame.look.larger()
    try:
        look(page)
        assert page.heading.font().pointSize() == page.field.font().pointSize() == size + 1
        assert page.heading.font().bold()
    finally:
        frame.look.smaller()


def test_a_page_closed_while_it_rested_is_no_trouble(frame: MainFrame, look: Look, wait: Callable[[], None]) -> None:
    order, items = frame.desk.navigator.open(TARGETS[-1]), frame.desk.navigator.open(TARGETS[0])
    assert order is not None
    assert items is not None
    look(order)
    look(items)
    frame.look.toggle_dark()
    frame.tabs.close_tab(frame.tabs.indexOf(order))
    wait()
    frame.look.toggle_dark()
    assert frame.tabs.pages() == [items]
    assert items.testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
