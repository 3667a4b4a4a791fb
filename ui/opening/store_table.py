"""The warehouses of the first day in a small table that is typed into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

Store = tuple[str, str, str]
"""code, name, kind"""


class StoreTable(QWidget):
    """Rows of code, name and kind; a blank code is no row. Ins adds a row, Ctrl+Delete takes the current one out.

    The arrows move within it; Tab goes through the kinds and on to what follows.
    """

    def __init__(self, stores: Sequence[Store], kinds: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self.table = QTableWidget(0, 3, self)
        self.table.setAccessibleName(tr("仓库"))
        self.table.setTabKeyNavigation(False)
        self.table.setHorizontalHeaderLabels([tr("编码"), tr("名称"), tr("类型")])
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        for store in stores:
            self.add_row(store)
        add, remove = QPushButton(tr("加一行 Ins"), self), QPushButton(tr("删这行 Ctrl+Del"), self)
        add.clicked.connect(self.add_blank)
        remove.clicked.connect(self.remove_current)
        across = QHBoxLayout()
        across.addWidget(add)
        across.addWidget(remove)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        column.addLayout(across)

    def rows(self) -> list[Store]:
        """What is filled in."""
        made = []
        for row in range(self.table.rowCount()):
            code, name = self._text(row, 0), self._text(row, 1)
            box = self.table.cellWidget(row, 2)
            if code and isinstance(box, QComboBox):
                made.append((code, name or code, str(box.currentData())))
        return made

    def add_row(self, store: Store) -> None:
        """Adds a row at the end."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setItem(row, 0, QTableWidgetItem(store[0]))
        self.table.setItem(row, 1, QTableWidgetItem(store[1]))
        box = QComboBox(self.table)
        for kind, word in self._kinds.items():
            box.addItem(tr(word), kind)
        box.setCurrentIndex(box.findData(store[2]))
        box.setAccessibleName(tr("类型"))
        self.table.setCellWidget(row, 2, box)
        QWidget.setTabOrder((self.table.cellWidget(row - 1, 2) if row else None) or self.table, box)

    def add_blank(self) -> None:
        """A new row, its code open for typing."""
        self.add_row(("", "", "own"))
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.edit(self.table.currentIndex())

    def remove_current(self) -> None:
        """Takes the current row out."""
        if self.table.currentRow() >= 0:
            self.table.removeRow(self.table.currentRow())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ins and Ctrl+Delete."""
        if event.key() == Qt.Key.Key_Insert:
            self.add_blank()
        elif event.key() == Qt.Key.Key_Delete and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.remove_current()
        else:
            super().keyPressEvent(event)

    def _text(self, row: int, column: int) -> str:
        cell = self.table.item(row, column)
        return cell.text().strip() if cell is not None else ""
