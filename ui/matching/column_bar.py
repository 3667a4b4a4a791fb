"""Above the pasted block: what each of its columns is, changed by a drop-down."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QComboBox, QTableView, QWidget

from services.matching.api import EXTRA_FIELDS, FIELDS
from ui.framework.texts import tr
from ui.matching.block_model import LEADING


class ColumnBar(QWidget):
    """extra: fields beside the usual ones that the window takes.

    changed(columns) when a column was named otherwise; a name taken from another column leaves that one unused.
    """

    changed = Signal(object)

    def __init__(self, table: QTableView, extra: Collection[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._fields = {**FIELDS, **{key: title for key, title in EXTRA_FIELDS.items() if key in extra}}
        self._boxes: list[QComboBox] = []
        self.setFixedHeight(self.fontMetrics().height() + 14)
        header = table.horizontalHeader()
        header.sectionResized.connect(self.arrange)
        header.geometriesChanged.connect(self.arrange)
        table.horizontalScrollBar().valueChanged.connect(self.arrange)
        table.viewport().installEventFilter(self)

    @property
    def boxes(self) -> tuple[QComboBox, ...]:
        """The drop-downs, left to right."""
        return tuple(self._boxes)

    def show_columns(self, columns: Sequence[str], titles: Sequence[str]) -> None:
        """One drop-down a column."""
        for box in self._boxes:
            box.deleteLater()
        self._boxes = []
        for place, field in enumerate(columns):
            box = QComboBox(self)
            for key, title in self._fields.items():
                box.addItem(tr(title), key)
            box.setCurrentIndex(box.findData(field))
            title = titles[place] if place < len(titles) else ""
            box.setAccessibleName(tr("第{place}列 {title} 是", place=place + 1, title=title))
            box.activated.connect(self._chosen)
            box.show()
            self._boxes.append(box)
        self.arrange()

    def columns(self) -> list[str]:
        """The fields as they stand."""
        return [str(box.currentData()) for box in self._boxes]

    def arrange(self) -> None:
        """Puts every drop-down above its column."""
        header = self._table.horizontalHeader()
        left = self._table.verticalHeader().width() + self._table.frameWidth()
        for place, box in enumerate(self._boxes):
            section = place + len(LEADING)
            start = left + header.sectionViewportPosition(section)
            box.setGeometry(start, 2, max(40, header.sectionSize(section) - 2), self.height() - 4)
            box.setVisible(start >= left)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the table when it is resized or shown."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.arrange()
        return super().eventFilter(watched, event)

    def _chosen(self) -> None:
        sender = self.sender()
        for box in self._boxes:
            if box is not sender and isinstance(sender, QComboBox) and box.currentData() == sender.currentData():
                box.setCurrentIndex(box.findData(""))
        self.changed.emit(self.columns())
