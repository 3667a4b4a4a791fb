"""Frozen columns: the first columns stay in sight while the rest scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from ui.framework.colors import color, current
from ui.framework.grid.delegate import ProgressDelegate
from ui.framework.grid.flags import FlagDelegate, is_box
from ui.framework.grid.header import GridHeader
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

EDGE = 1
SHARE: Final = 2 / 3
"""of the window at most: what scrolls needs a third of it, or it could not be read at all"""


class FrozenColumns(QObject):
    """Which columns are frozen; their table is made when they first lie over the grid.

    key is the last frozen column ("" freezes none); what stands left of it in the present order is frozen with it, as far as two
    thirds of the window reach: a wider window has all of them again. told(sentence) when it does not reach for all.
    """

    told = Signal(str)

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.key = ""
        self._left_out = 0
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
        """The frozen sections from left to right, as far as there is room for them."""
        room, fitting = self._view.viewport().width() * SHARE, []
        for section in self.wanted:
            room -= self._view.header.sectionSize(section)
            if room < 0:
                break
            fitting.append(section)
        return fitting

    @property
    def wanted(self) -> list[int]:
        """Those up to the key; none without one, or when its column is not shown."""
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
        self._left_out = 0
        self.arrange()

    def width_frozen(self) -> int:
        """Pixels of the frozen columns while they lie over the grid, else 0."""
        return sum(self._view.header.sectionSize(section) for section in self.sections) if self.shown else 0

    def arrange(self) -> None:
        """Takes over order, widths and height of the grid; called whenever one of them changes."""
        sections = self.sections
        self._tell(sections)
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

    def _tell(self, sections: list[int]) -> None:
        """Says once that not all can be frozen; while the columns are being fitted, nothing is settled."""
        if not self._view.isVisible() or self._view.spreading.arranging:
            return
        left_out = len(self.wanted) - len(sections)
        if left_out and left_out != self._left_out:
            columns = self._view.grid_model.columns
            self.told.emit(
                tr("窗口太窄，只冻结到“{title}”；窗口放宽就全部冻结", title=tr(columns[sections[-1]].title))
                if sections and columns[sections[-1]].title
                else tr("窗口太窄，冻结的列放不下，暂不冻结；窗口放宽就恢复")
            )
        self._left_out = left_out


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
        view.grid_model.marks_changed.connect(self._header.ticks_changed)
        view.grid_model.rows_changed.connect(self._header.ticks_changed)
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
