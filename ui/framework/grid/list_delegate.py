"""How a list's cells come to the screen: the many that are nothing but text are told to Qt at once, not role by role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QStyleOptionViewItem

from ui.framework.grid.delegate import GridDelegate
from ui.framework.grid.model import AnyIndex, GridModel

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

TEXT: Final = QStyleOptionViewItem.ViewItemFeature.HasDisplay
LINE_SEPARATOR: Final = "\u2028"


class ListDelegate(GridDelegate):
    """For a list on a GridModel itself. Qt asks a model seven times for a cell it paints, and each call into Python costs as much
    as painting the cell; here it is one for a cell without colour, mark and tick. What is painted is the same.
    """

    def __init__(self, view: GridView, model: GridModel) -> None:
        super().__init__(view)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The text and its alignment, as Qt fills them in; everything else is at its default."""
        section = index.column()
        text = self._model.bare_text(index.row(), section)
        if text is None:
            super().initStyleOption(option, index)
            return
        shown: Any = option
        shown.features = TEXT
        shown.displayAlignment = self._model.alignments[section]
        shown.text = text.replace("\n", LINE_SEPARATOR) if "\n" in text else text
        shown.index = index
