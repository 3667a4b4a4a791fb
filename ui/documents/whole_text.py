"""Under a list: the current row told whole, where its columns are too narrow for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import tr

LINES: Final = 8
AROUND: Final = 24
CELL_MARGINS: Final = 8


class WholeText(QPlainTextEdit):
    """tell(record) gives the lines; shown while one of the columns (keys) cannot show its text, or is out of sight. Tab leads to it."""

    def __init__(
        self, grid: Grid, keys: Sequence[str], tell: Callable[[Any], Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._keys = keys
        self._tell = tell
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("内容"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()
        grid.current_row_changed.connect(self._show_current)
        grid.model.rows_changed.connect(self._show_current)
        grid.view.header.sectionResized.connect(self._show_current)
        grid.view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The grid became wider or narrower."""
        if isinstance(event, QResizeEvent) and event.size().width() != event.oldSize().width():
            self._show_current()
        return super().eventFilter(watched, event)

    def _show_current(self, *_row: int) -> None:
        row = self._grid.view.currentIndex().row()
        cut = row >= 0 and any(not self._fits(row, self._section(key)) for key in self._keys)
        lines = self._tell(self._grid.model.record(row)) if cut else ()
        self.setPlainText("\n".join(lines))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * min(max(2, len(lines)), LINES) + AROUND)
        self.setVisible(bool(lines))

    def _section(self, key: str) -> int:
        columns: Sequence[Column] = self._grid.model.columns
        return next(at for at, column in enumerate(columns) if column.key == key)

    def _fits(self, row: int, section: int) -> bool:
        view = self._grid.view
        text = self._grid.model.text(row, section)
        if not text:
            return True
        left, wide = view.columnViewportPosition(section), view.columnWidth(section)
        shown = min(left + wide, view.viewport().width()) - left
        return view.fontMetrics().horizontalAdvance(text) + CELL_MARGINS <= shown
