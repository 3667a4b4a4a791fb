"""Ticks in lists that can be seen when they are empty, in the dark too."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.framework.grid.flags import framed


class TickDelegate(QStyledItemDelegate):
    """The box of a row that is ticked, framed so that it stands out."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """As always, but for the colour that the frame is made from."""
        super().initStyleOption(option, index)
        painted: Any = option
        painted.palette = framed(painted.palette)
