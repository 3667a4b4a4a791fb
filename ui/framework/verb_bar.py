"""The row of buttons under a page: on a narrow window the keys leave the buttons and stay in their hints; verbs on items in menus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton

from ui.framework.actions import ItemVerb
from ui.framework.icons import icon
from ui.framework.keys import key_name
from ui.framework.texts import tr

WITH: Final = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
WITHOUT: Final = Qt.ToolButtonStyle.ToolButtonTextOnly
ICON_GAP: Final = 4
HAS_ICON: Final = "hasIcon"


def fit(bar: QHBoxLayout, shortcuts: Mapping[QToolButton, str], width: int) -> None:
    """Buttons show "保存 Ctrl+S" if all of them have room for it, else "保存"; on a very narrow window the words alone, without icons."""
    words = 0
    needed = bar.spacing() * max(0, bar.count() - 1)
    for place in range(bar.count()):
        item = bar.itemAt(place)
        widget = item.widget() if item is not None else None
        if widget is None or widget.isHidden():
            continue
        needed += widget.sizeHint().width()
        if isinstance(widget, QToolButton):
            measure = widget.fontMetrics().horizontalAdvance
            needed += measure(_text(widget, shortcuts, full=True)) - measure(widget.text())
            words += measure(_text(widget, shortcuts, full=False)) - measure(_text(widget, shortcuts, full=True))
            if widget.property(HAS_ICON) and widget.toolButtonStyle() == WITHOUT:
                needed += widget.iconSize().width() + ICON_GAP
    for button in shortcuts:
        button.defaultAction().setIconText(_text(button, shortcuts, full=needed <= width))
        if button.property(HAS_ICON):
            button.setToolButtonStyle(WITH if needed + words <= width else WITHOUT)


def offer_item_verbs(menu: QMenu, code: str, verbs: Sequence[ItemVerb]) -> None:
    """Puts the verbs on an item at the end of a menu, under its code; nothing without an item."""
    if not code or not verbs:
        return
    menu.addSection(code)
    for verb in verbs:
        word = f"{tr(verb.title)}\t{key_name(verb.shortcut)}" if verb.shortcut else tr(verb.title)
        menu.addAction(icon(verb.icon or "none"), word, partial(verb.run, code)).setObjectName(f"action_{verb.key}")


def _text(button: QToolButton, shortcuts: Mapping[QToolButton, str], *, full: bool) -> str:
    title = button.defaultAction().text()
    shortcut = shortcuts.get(button, "") if full else ""
    return f"{title} {key_name(shortcut)}" if shortcut else title
