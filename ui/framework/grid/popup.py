"""The filter popup of a column: sort, search, tick values, or give a range; everything by keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.framework.grid.columns import share_of
from ui.framework.grid.editors import WordEdit
from ui.framework.grid.index import ColumnFilter
from ui.framework.grid.model import GridModel
from ui.framework.icons import icon
from ui.framework.texts import tr
from ui.framework.widths import keep_width

MAX_VALUES = 2000
BLANK = "（空白）"


class FilterPopup(QFrame):
    """Opens below a header section; Enter applies, Esc closes unchanged."""

    sort_wanted = Signal(int, bool)
    closed = Signal()

    def __init__(self, model: GridModel, section: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("filterPopup")
        self._model = model
        self._section = section
        self._column = model.columns[section]
        self._before = model.filters.get(self._column.key, ColumnFilter())
        self.search_field = WordEdit(parent=self)
        self.search_field.setPlaceholderText(tr("查找值，或直接输入要包含的字"))
        self.search_field.setAccessibleName(tr("查找值"))
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.list.setMinimumSize(230, 200)
        self.low_field = WordEdit(parent=self)
        self.high_field = WordEdit(parent=self)
        self._fault = QLabel(self)
        self._build()
        self._fill()
        self.search_field.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._ticked)
        for widget in (self.search_field, self.list, self.low_field, self.high_field):
            widget.installEventFilter(self)

    def apply(self) -> None:
        """Sets the filter that the popup describes and closes."""
        try:
            condition = ColumnFilter(
                texts=self._texts(),
                contains=self._contains(),
                low=self._bound(self.low_field),
                high=self._bound(self.high_field),
            )
        except ValueError as fault:
            self._fault.setText(str(fault))
            self._fault.show()
            return
        self._model.set_filter(self._column.key, condition)
        self.close()

    def clear(self) -> None:
        """Removes the column's filter and closes."""
        self._model.set_filter(self._column.key, None)
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter applies, Down goes from the search field to the values, space ticks; an input method that composes has its keys."""
        composing = isinstance(watched, WordEdit) and watched.composing
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or composing:
            return super().eventFilter(watched, event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
            return True
        if watched is self.search_field and event.key() == Qt.Key.Key_Down:
            self.list.setFocus()
            self.list.setCurrentRow(max(0, self.list.currentRow()))
            return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: Any) -> None:
        """Tells the header to repaint."""
        super().hideEvent(event)
        self.closed.emit()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(5)
        for text, name, descending in ((tr("升序"), "sort-asc", False), (tr("降序"), "sort-desc", True)):
            button = QPushButton(icon(name), text, self)
            button.setFlat(True)
            button.setProperty("descending", descending)
            button.setObjectName("sortButton")
            button.clicked.connect(self._sort)
            layout.addWidget(button)
        layout.addWidget(self.search_field)
        layout.addWidget(self.list)
        if self._column.numeric or self._column.kind == "date":
            row = QHBoxLayout()
            for field, title, value in (
                (self.low_field, tr("从"), self._before.low),
                (self.high_field, tr("到"), self._before.high),
            ):
                field.setText(self._column.edit_text(value) if value is not None else "")
                keep_width(field, 92)
                field.setAccessibleName(title)
                row.addWidget(QLabel(title, self))
                row.addWidget(field)
            layout.addLayout(row)
        else:
            self.low_field.hide()
            self.high_field.hide()
        self._fault.setObjectName("fault")
        self._fault.setWordWrap(True)
        self._fault.hide()
        layout.addWidget(self._fault)
        buttons = QHBoxLayout()
        for text, slot in ((tr("清除筛选"), self.clear), (tr("筛选"), self.apply)):
            button = QPushButton(text, self)
            button.clicked.connect(slot)
            buttons.addWidget(button)
        layout.addLayout(buttons)

    def _fill(self) -> None:
        values = self._model.distinct(self._section)
        allowed = self._before.texts
        self._all = QListWidgetItem(tr("（全选）"))
        self._all.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        self._all.setCheckState(Qt.CheckState.Checked if allowed is None else Qt.CheckState.PartiallyChecked)
        self.list.addItem(self._all)
        self._texts_shown: list[str] = []
        for text, count in values[:MAX_VALUES]:
            item = QListWidgetItem(f"{text or tr(BLANK)}  ({count})")
            item.setFlags(self._all.flags())
            item.setCheckState(Qt.CheckState.Checked if allowed is None or text in allowed else Qt.CheckState.Unchecked)
            self.list.addItem(item)
            self._texts_shown.append(text)
        # What is too much for the list keeps its tick unseen: to untick one value is not to lose the others.
        self._unlisted = {text: allowed is None or text in allowed for text, _ in values[MAX_VALUES:]}
        self.search_field.setText(self._before.contains)
        if self._before.contains:
            self._narrow(self._before.contains)

    def _narrow(self, text: str) -> None:
        words = text.casefold()
        for number, shown in enumerate(self._texts_shown, start=1):
            self.list.item(number).setHidden(words not in shown.casefold())

    def _ticked(self, item: QListWidgetItem) -> None:
        if item is not self._all:
            return
        self.list.blockSignals(True)
        for number in range(1, self.list.count()):
            if not self.list.item(number).isHidden():
                self.list.item(number).setCheckState(item.checkState())
        self.list.blockSignals(False)
        words, ticked = self.search_field.text().casefold(), item.checkState() != Qt.CheckState.Unchecked
        self._unlisted.update({text: ticked for text in self._unlisted if words in text.casefold()})

    def _texts(self) -> frozenset[str] | None:
        words = self.search_field.text().casefold()
        asked = {text: ticked for text, ticked in self._unlisted.items() if words in text.casefold()}
        for number, text in enumerate(self._texts_shown, start=1):
            item = self.list.item(number)
            if not item.isHidden():
                asked[text] = item.checkState() == Qt.CheckState.Checked
        return None if all(asked.values()) else frozenset(text for text, ticked in asked.items() if ticked)

    def _contains(self) -> str:
        return self.search_field.text().strip()

    def _bound(self, field: QLineEdit) -> Any:
        text = field.text().strip()
        found = self._column.read(text, today=self._model.today()) if text else None
        return share_of(found) if found is not None and self._column.kind == "progress" else found

    def _sort(self) -> None:
        button = self.sender()
        descending = bool(button.property("descending"))
        self.sort_wanted.emit(self._section, descending)
        self.close()
