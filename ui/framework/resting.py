"""Pages behind others take new colours and letters when they come to the front.

Qt goes through every widget there is when the style sheet changes; with ten pages open that is felt, though only one is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from weakref import WeakKeyDictionary, WeakSet

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

POLISHED: Final = Qt.WidgetAttribute.WA_WState_Polished
OWN_STYLE: Final = Qt.WidgetAttribute.WA_SetStyle

_pages: WeakSet[QWidget] = WeakSet()
_resting: WeakKeyDictionary[QWidget, list[QWidget]] = WeakKeyDictionary()


def may_rest(page: QWidget) -> None:
    """A page that wakes itself in its showEvent: it is passed over while it is hidden."""
    _pages.add(page)


@contextmanager
def hidden_pages_rest() -> Iterator[None]:
    """Around a change of the application's style sheet: Qt polishes only what is marked as polished and tells what has no own style."""
    for page in list(_pages):
        if shiboken6.isValid(page) and not page.isVisible():
            _lay_down(page)
    spared = [widget for page in _resting for widget in _still_there(page)]
    for widget in spared:
        widget.setAttribute(OWN_STYLE, True)
    try:
        yield
    finally:
        for widget in spared:
            widget.setAttribute(OWN_STYLE, False)


def wake(page: QWidget) -> None:
    """The page is shown: what it was passed over for is done now."""
    widgets = _still_there(page)
    _resting.pop(page, None)
    for widget in widgets:
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
        widget.setAttribute(POLISHED, True)
    for widget in widgets:
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


def _lay_down(page: QWidget) -> None:
    polished = [
        widget
        for widget in (page, *page.findChildren(QWidget))
        if widget.testAttribute(POLISHED) and not widget.isVisible() and not widget.testAttribute(OWN_STYLE)
    ]
    for widget in polished:
        widget.setAttribute(POLISHED, False)
    _resting.setdefault(page, []).extend(polished)


def _still_there(page: QWidget) -> list[QWidget]:
    return [widget for widget in _resting.get(page, ()) if shiboken6.isValid(widget)]
