"""The warehouses of the first day in a small table that is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.framework.texts import tr
from ui.opening.titled import title_columns

TITLES: Final = ("编码", "名称", "类型")
Store = tuple[str, str, str]
"""code, name, kind"""


class StoreTable(QWidget):
    """Rows of code, name and kind; a blank code is no row. Ins adds a row, Ctrl+Delete takes the current one out.

    Stores of the book, shown by show_stored, keep their code and are not taken out.
    The arrows move within it; Tab goes through the kinds and on to what follows.
    """

    def __init__(self, stores: Sequence[Store], kinds: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.table = QTableWidget(0, 3, self)
        self.table.setAccessibleName(tr("仓库"))
        self.table.setTabKeyNavigation(False)
        title_columns(self.table, TITLES)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        for store in stores:
            self.add_row(store)
        add, self.remove = QPushButton(tr("加一行 Ins"), self), QPushButton(tr("删这行 Ctrl+Del"), self)
        add.clicked.connect(self.add_blank)
        self.remove.clicked.connect(self.remove_current)
        self.table.currentCellChanged.connect(self._moved)
        across = QHBoxLayout()
        across.addWidget(add)
        across.addWidget(self.remove)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(across)

    def rows(self) -> list[Store]:
        """What is filled in; a name may be blank."""
        made = []
        for row in range(self.table.rowCount()):
            code, name = self._text(row, 0), self._text(row, 1)
            box = self.table.cellWidget(row, 2)
            if code and isinstance(box, QComboBox):
                made.append((code, name, str(box.currentData())))
        return made

    def show_stored(self, stores: Sequence[Store]) -> None:
        """Shows the stores of a book in place of all rows; the current cell stays where it was."""
        at = self.table.currentRow(), self.table.currentColumn()
        self.table.setRowCount(0)
        for store in stores:
            code = self.add_row(store)
            code.setFlags(code.flags() & ~(Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsEnabled))
        self.table.setCurrentCell(*at)
        self._moved(*at)

    def add_row(self, store: Store) -> QTableWidgetItem:
        """Adds a row at the end; returns the cell of its code."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        code = QTableWidgetItem(store[0])
        self.table.setItem(row, 0, code)
        self.table.setItem(row, 1, QTableWidgetItem(store[1]))
        box = QComboBox(self.table)
        for kind, word in self._kinds.items():
            box.addItem(tr(word), kind)
        box.setCurrentIndex(box.findData(store[2]))
        box.setAccessibleName(tr("类型"))
        self.table.setCellWidget(row, 2, box)
        self.table.setColumnWidth(2, max(self.table.columnWidth(2), box.sizeHint().width()))
        QWidget.setTabOrder((self.table.cellWidget(row - 1, 2) if row else None) or self.table, box)
        return code

    def add_blank(self) -> None:
        """A new row, its code open for typing."""
        self.add_row(("", "", "own"))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.edit(self.table.currentIndex())

    def remove_current(self) -> None:
        """Takes the current row out, unless the book has it."""
        row = self.table.currentRow()
        if row >= 0 and not self._is_stored(row):
            self.table.removeRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ins and Ctrl+Delete."""
        if event.key() == Qt.Key.Key_Insert:
            self.add_blank()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.remove_current()
        else:
            super().keyPressEvent(event)

    def _moved(self, row: int, *_rest: int) -> None:
        self.remove.setEnabled(not self._is_stored(row))

    def _is_stored(self, row: int) -> bool:
        code = self.table.item(row, 0)
        return code is not None and not code.flags() & Qt.ItemFlag.ItemIsEditable

    def _text(self, row: int, column: int) -> str:
        cell = self.table.item(row, column)
        return cell.text().strip() if cell is not None else ""
