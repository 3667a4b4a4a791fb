"""Frozen columns: the first columns stay in sight while the rest scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.framework.colors import color, current
from ui.framework.grid.delegate import ProgressDelegate
from ui.framework.grid.flags import FlagDelegate, is_box
from ui.framework.grid.header import GridHeader

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

EDGE = 1


class FrozenColumns(QObject):
    """Which columns are frozen; their table is made when they first lie over the grid.

    key is the last frozen column ("" freezes none); what stands left of it in the present order is frozen with it.
    """

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.key = ""
        self.table: FrozenTable | None = None
        for signal in (view.header.sectionResized, view.header.sectionMoved, view.header.layout_changed):
            signal.connect(self.arrange)
        view.horizontalScrollBar().valueChanged.connect(self.arrange)

    @property
    def shown(self) -> bool:
        """Whether they lie over the grid: unscrolled, the grid itself shows the same cells."""
        return self.table is not None and self.table.isVisible()

    @property
    def sections(self) -> list[int]:
        """The frozen sections from left to right; none without a key, or when its column is not shown."""
        if not self.key:
            return []
        header = self._view.header
        last = self._view.grid_model.section(self.key)
        if header.isSectionHidden(last):
            return []
        order = [header.logicalIndex(place) for place in range(header.visualIndex(last) + 1)]
        return [section for section in order if not header.isSectionHidden(section)]

    def freeze(self, key: str) -> None:
        """Freezes up to a column; "" or an unknown key freezes none."""
        known = {column.key for column in self._view.grid_model.columns}
        self.key = key if key in known else ""
        self.arrange()

    def width_frozen(self) -> int:
        """Pixels of the frozen columns while they lie over the grid, else 0."""
        return sum(self._view.header.sectionSize(section) for section in self.sections) if self.shown else 0

    def arrange(self) -> None:
        """Takes over order, widths and height of the grid; called whenever one of them changes."""
        sections = self.sections
        if not sections or self._view.horizontalScrollBar().value() == 0:
            if self.table is not None:
                self.table.hide()
            return
        if self.table is None:
            self.table = FrozenTable(self._view)
        if not self.table.isVisible():
            self.table.show()
            self.table.raise_()
            # It would learn only later how far it can scroll.
            self.table.doItemsLayout()
        self.table.take_over(sections)


class FrozenTable(QTableView):
    """The frozen columns: a second view over the grid, on the same model and selection."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.setObjectName("frozenColumns")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(view)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(view.verticalScrollMode())
        self.setWordWrap(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._header = GridHeader(view)
        self.setHorizontalHeader(self._header)
        self.setModel(view.model())
        self.setSelectionModel(view.selectionModel())
        self._header.setSelectionModel(QItemSelectionModel(view.model(), self._header))
        self._header.sorting = view.header.sorting
        self._header.setSectionsMovable(False)
        self._header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # Delegates of its own: one that serves two views commits its editors to both.
        for section, column in enumerate(view.grid_model.columns):
            if column.kind == "progress":
                self.setItemDelegateForColumn(section, ProgressDelegate(self))
            elif is_box(column):
                self.setItemDelegateForColumn(section, FlagDelegate(view))
        self._follow()
        self.hide()

    def take_over(self, sections: list[int]) -> None:
        """Shows these sections, as wide and as high as the grid's."""
        view, header = self._view, self._header
        self.verticalHeader().setDefaultSectionSize(view.verticalHeader().defaultSectionSize())
        for section in range(header.count()):
            header.setSectionHidden(section, section not in sections)
        for place, section in enumerate(sections):
            header.moveSection(header.visualIndex(section), place)
            header.resizeSection(section, view.header.sectionSize(section))
        header.setFixedHeight(view.header.height())
        left = view.viewport().x()
        wide = sum(view.header.sectionSize(section) for section in sections)
        self.setGeometry(left, view.header.y(), wide, view.viewport().height() + view.header.height())
        self.verticalScrollBar().setValue(view.verticalScrollBar().value())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, band of the current row, cells, and an edge to what scrolls."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), color(current().base))
        row = self.currentIndex().row()
        if row >= 0:
            band = self.viewport().rect()
            band.setTop(self.rowViewportPosition(row))
            band.setHeight(self.rowHeight(row))
            painter.fillRect(band, color(current().tints["info"]))
        painter.end()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(color(current().accent))
        edge = self.viewport().width() - EDGE
        painter.drawLine(edge, 0, edge, self.viewport().height())
        painter.end()

    def _follow(self) -> None:
        view = self._view
        view.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(view.verticalScrollBar().setValue)
        self._header.layout_changed.connect(view.header.layout_changed)
        self._header.reset_wanted.connect(view.header.reset_wanted)
        self._header.rules_wanted.connect(view.header.rules_wanted)
        view.selectionModel().currentChanged.connect(self.viewport().update)
        self.doubleClicked.connect(self._opened)
        self.customContextMenuRequested.connect(self._menu)

    def _opened(self, index: QModelIndex) -> None:
        self._view.doubleClicked.emit(index)
        if self._view.editTriggers() & QAbstractItemView.EditTrigger.DoubleClicked:
            self._view.edit(index)

    def _menu(self, place: QPoint) -> None:
        self._view.customContextMenuRequested.emit(
            self._view.viewport().mapFromGlobal(self.viewport().mapToGlobal(place))
        )
