"""The row of totals under a grid, aligned with its columns."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.framework.colors import color, current
from ui.framework.grid.view import GridView
from ui.framework.texts import tr

PADDING = 4


class TotalsRow(QWidget):
    """Paints the sums of the columns declared with total; hidden when there are none."""

    def __init__(self, view: GridView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._sums: dict[int, Decimal] = {}
        self._whole = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("totals")
        header = view.header
        header.sectionResized.connect(self.update)
        header.sectionMoved.connect(self.update)
        header.layout_changed.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)
        view.grid_model.rows_changed.connect(self.refresh)
        self.setVisible(any(column.total for column in view.grid_model.columns))
        self.refresh()

    def sizeHint(self) -> QSize:
        """As high as a row."""
        return QSize(100, self._view.verticalHeader().defaultSectionSize())

    def text(self, key: str) -> str:
        """The total shown for a column ("" if it has none)."""
        section = self._view.grid_model.section(key)
        return self._view.grid_model.columns[section].show(self._sums[section]) if section in self._sums else ""

    @property
    def label(self) -> str:
        """What the sums are of."""
        return tr("合计") if self._whole else tr("已读合计")

    def set_whole(self, whole: bool) -> None:
        """Whether the rows are all of a list; the sum of a part does not call itself the total."""
        if whole != self._whole:
            self._whole = whole
            self.refresh()

    def refresh(self) -> None:
        """Sums again."""
        self._sums = self._view.grid_model.totals()
        self.setAccessibleName(self.label + " " + " ".join(str(value) for value in self._sums.values()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """One text a column."""
        painter = QPainter(self)
        scheme = current()
        painter.fillRect(event.rect(), color(scheme.panel))
        painter.setPen(color(scheme.border))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setPen(color(scheme.text))
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        header = self._view.header
        offset = self._view.viewport().x()
        frozen = self._view.frozen.sections if self._view.frozen.shown else []
        covered = self._view.frozen.width_frozen()
        first = None
        for section in self._sums:
            if header.isSectionHidden(section):
                continue
            x = self._place(section, frozen) + offset
            painter.setClipRect(QRect(0 if section in frozen else offset + covered, 0, self.width(), self.height()))
            rect = QRect(x + PADDING, 0, header.sectionSize(section) - 2 * PADDING, self.height())
            first = x if first is None else min(first, x)
            text = self._fitting(section, painter.fontMetrics())
            painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setClipping(False)
        wide = self.fontMetrics().horizontalAdvance(self.label) + 3 * PADDING
        if first is None or first > wide:
            painter.drawText(QRect(2 * PADDING, 0, wide + 80, self.height()), Qt.AlignmentFlag.AlignVCenter, self.label)
        painter.end()

    def shown(self, key: str) -> str:
        """The total of a column as it is painted: cut off with …, never at its first figures."""
        font = self.font()
        font.setBold(True)
        section = self._view.grid_model.section(key)
        return self._fitting(section, QFontMetrics(font)) if section in self._sums else ""

    def event(self, event: QEvent) -> bool:
        """The hint is the whole total of the column under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().x() - self._view.viewport().x()
            section = self._view.header.logicalIndexAt(place)
            columns = self._view.grid_model.columns
            QToolTip.showText(event.globalPos(), self.text(columns[section].key) if section in self._sums else "", self)
            return True
        return super().event(event)

    def _fitting(self, section: int, metrics: QFontMetrics) -> str:
        room = self._view.header.sectionSize(section) - 2 * PADDING
        text = self._view.grid_model.columns[section].show(self._sums[section])
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _place(self, section: int, frozen: list[int]) -> int:
        header = self._view.header
        if section not in frozen:
            return header.sectionViewportPosition(section)
        return sum(header.sectionSize(other) for other in frozen[: frozen.index(section)])
