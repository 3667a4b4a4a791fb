"""A key means one thing: along the way from a part of a page to the window no key belongs to two verbs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from models.kernel.refs import DocRef
from services.documents import api
from tests.ui.ordering import CONTROL, key, typed
from ui.documents.record_page import RecordPage
from ui.framework.navigator import RecordRef, Target
from ui.shell.frame import MainFrame

PORTABLE = QKeySequence.SequenceFormat.PortableText
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar")


def places(frame: MainFrame) -> Iterator[Target]:
    """Every page of the navigation, a new document of every type, a new record of every kind."""
    yield from (spec.key for spec in frame.desk.navigator.pages())
    yield from (DocRef(kind.code, 0, "") for kind in api.document_types())
    yield from (RecordRef(kind) for kind in KINDS)


def above(widget: QWidget) -> Iterator[QWidget]:
    """The widget and what it stands in, up to its window."""
    while True:
        yield widget
        if widget.isWindow():
            return
        widget = widget.parentWidget()


def heard(widget: QWidget) -> dict[str, list[QObject]]:
    """What hears each key while the widget has the focus; a verb that hears one key twice is told twice."""
    found: dict[str, list[QObject]] = defaultdict(list)
    actions: dict[QAction, None] = {}
    for place, part in enumerate(above(widget)):
        whole = Qt.ShortcutContext.WidgetShortcut
        actions |= {each: None for each in part.actions() if place == 0 or each.shortcutContext() != whole}
        for shortcut in part.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            found[shortcut.key().toString(PORTABLE)].append(shortcut)
    for action in actions:
        for heard_key in action.shortcuts():
            found[heard_key.toString(PORTABLE)].append(action)
    return found


def test_a_key_belongs_to_one_verb_wherever_the_focus_is(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    twice: dict[str, list[str]] = {}
    keys = 0
    for place in places(book_frame):
        page = book_frame.desk.navigator.open(place)
        wait()
        assert page is not None
        for widget in (page, *page.findChildren(QWidget)):
            listeners = heard(widget)
            keys += len(listeners)
            twice |= {
                f"{place}: {key}": [each.objectName() for each in found]
                for key, found in listeners.items()
                if len(found) > 1
            }
    assert twice == {}
    assert keys > 1000


def test_a_key_given_twice_would_be_noticed(book_frame: MainFrame) -> None:
    page = book_frame.desk.navigator.open("stock")
    assert page is not None
    again = QAction("again", page)
    again.setShortcut(page.qaction("open").shortcut())
    page.addAction(again)
    assert any(len(found) > 1 for found in heard(page).values())


@pytest.mark.parametrize("enter", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_ctrl_and_either_enter_does_what_the_button_says(
    book_frame: MainFrame, wait: Callable[[], None], enter: Qt.Key
) -> None:
    page = book_frame.desk.navigator.open(RecordRef("units"))
    wait()
    assert isinstance(page, RecordPage)
    page.form.focus_field("code")
    typed("BOX")
    assert page.dirty
    key(enter, CONTROL)
    wait()
    assert not page.dirty
    assert page.record_id
