"""The row of buttons under a page: on a narrow window the keys leave the buttons and stay in their hints."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QToolButton


def fit(bar: QHBoxLayout, shortcuts: Mapping[QToolButton, str], width: int) -> None:
    """Buttons show "保存 Ctrl+S" if all of them have room for it, else "保存"."""
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
    for button in shortcuts:
        button.defaultAction().setIconText(_text(button, shortcuts, full=needed <= width))


def _text(button: QToolButton, shortcuts: Mapping[QToolButton, str], *, full: bool) -> str:
    title = button.defaultAction().text()
    shortcut = shortcuts.get(button, "") if full else ""
    return f"{title} {shortcut}" if shortcut else title
