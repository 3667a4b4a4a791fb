"""Ticks in lists that can be seen when they are empty, in the dark too."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.framework import colors
from ui.framework.colors import color


class TickDelegate(QStyledItemDelegate):
    """Fusion draws the frame of a box in a shade of the window's colour; here it is given one that stands out."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """As always, but for the colour that the frame is made from."""
        super().initStyleOption(option, index)
        painted: Any = option
        palette = QPalette(painted.palette)
        palette.setColor(QPalette.ColorRole.Window, color(colors.current().faint))
        painted.palette = palette
