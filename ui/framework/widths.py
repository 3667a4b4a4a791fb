"""Widths declared in pixels at 10 pt that follow the size of the letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from ui.framework.grid.columns import Column

LINE: Final = 19
"""height of a line at 10 pt"""


def scaled(widget: QWidget, pixels: int) -> int:
    """A width declared at 10 pt, at the letters of a widget."""
    return round(pixels * widget.fontMetrics().height() / LINE)


def wide(columns: Iterable[Column]) -> int:
    """Pixels of a grid that shows these columns whole."""
    return 4 + sum(column.pixels for column in columns)


def keep_width(widget: QWidget, pixels: int) -> None:
    """Fixes a width that grows and shrinks with the letters: a date in it is whole at every size."""
    _Keeper(widget, pixels).fit()


class _Keeper(QObject):
    def __init__(self, widget: QWidget, pixels: int) -> None:
        super().__init__(widget)
        self._widget, self._pixels = widget, pixels
        widget.installEventFilter(self)

    def fit(self) -> None:
        """Sets the width anew."""
        self._widget.setFixedWidth(scaled(self._widget, self._pixels))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Other letters, other width."""
        if event.type() == QEvent.Type.FontChange:
            self.fit()
        return super().eventFilter(watched, event)
