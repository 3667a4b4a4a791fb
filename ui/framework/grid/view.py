"""The table view of the grid: keys, selection sum, copy; it knows lists (Enter opens, space ticks) and line editors (Enter moves on)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.framework.colors import color, current
from ui.framework.grid.copying import Copier
from ui.framework.grid.delegate import ENTER, GridDelegate, ProgressDelegate
from ui.framework.grid.flags import FlagDelegate, is_box
from ui.framework.grid.frozen import FrozenColumns
from ui.framework.grid.gun import Gun
from ui.framework.grid.header import GridHeader, RowHeader
from ui.framework.grid.jumping import jumped
from ui.framework.grid.list_delegate import ListDelegate
from ui.framework.grid.model import GridModel
from ui.framework.grid.picture import picture_of
from ui.framework.grid.row_finding import RowFinder
from ui.framework.grid.spreading import Spreading
from ui.framework.grid.table import MARK
from ui.framework.lookup import Lookups
from ui.framework.ops import Ops

CONTROL = Qt.KeyboardModifier.ControlModifier
SUM_DELAY_MS = 40
SUM_LIMIT = 2_000_000
BLANK = (None, "")
ROW_PADDING = 8
MIN_ROW = 26


class GridView(QTableView):
    """Base of ListView and LineView.

    opened(record)            Enter or double click on a row
    summary(count, sum)       cells selected and the sum of the numbers among them (Decimal or None)
    current_row_changed(row)  for panels beside the grid
    """

    opened = Signal(object)
    summary = Signal(int, object)
    current_row_changed = Signal(int)

    def __init__(self, model: GridModel, ops: Ops, lookups: Lookups, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ops = ops
        self.lookups = lookups
        self.header = GridHeader(self)
        self.setHorizontalHeader(self.header)
        self.setVerticalHeader(RowHeader(self))
        self.setModel(model)
        model.marks_changed.connect(self.header.ticks_changed)
        model.rows_changed.connect(self.header.ticks_changed)
        # The header would ask every row of a selection whether its whole column is selected, at each painting.
        self.header.setSelectionModel(QItemSelectionModel(model, self.header))
        self.setItemDelegate(GridDelegate(self))
        for section, column in enumerate(model.columns):
            if column.kind == "progress":
                self.setItemDelegateForColumn(section, ProgressDelegate(self))
            elif is_box(column):
                self.setItemDelegateForColumn(section, FlagDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self))
        rows.setMinimumSectionSize(18)
        self.spreading = Spreading(self)
        self.frozen = FrozenColumns(self)
        self._copier = Copier(self)
        self.gun = Gun(self, partial(_select, self), self.scanned)
        # Signals, not the virtual currentChanged: an override of it loses a reference each time a view dies (PySide 6.11).
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self._sum_timer = QTimer(self)
        self._sum_timer.setSingleShot(True)
        self._sum_timer.setInterval(SUM_DELAY_MS)
        self._sum_timer.timeout.connect(self._summarise)

    @property
    def grid_model(self) -> GridModel:
        """The model, typed."""
        return cast(GridModel, self.model())

    def parts(self) -> list[QItemSelectionRange]:
        """The rectangles of the selection."""
        selection = self.selectionModel().selection()
        return [selection.at(i) for i in range(selection.count())]

    def selected_rows(self) -> list[int]:
        """Rows touched by the selection, in order; the current row if nothing is selected."""
        rows: set[int] = set()
        for part in self.parts():
            rows.update(range(part.top(), part.bottom() + 1))
        if not rows and self.currentIndex().isValid():
            rows.add(self.currentIndex().row())
        return sorted(rows)

    def selected_cells(self) -> list[tuple[int, str]]:
        """(row, column key) of every selected cell in a shown column."""
        columns = self.grid_model.columns
        found = []
        for part in self.parts():
            for section in range(part.left(), part.right() + 1):
                if not self.isColumnHidden(section) and columns[section] is not MARK:
                    found += [(row, columns[section].key) for row in range(part.top(), part.bottom() + 1)]
        return found

    def shown_sections(self) -> list[int]:
        """Visible sections from left to right, without the tick column."""
        order = [self.header.logicalIndex(i) for i in range(self.header.count())]
        return [s for s in order if not self.isColumnHidden(s) and self.grid_model.columns[s] is not MARK]

    def copy(self, *, titles: bool = False) -> None:
        """Puts the selected block on the clipboard as TSV and HTML; gaps of a ragged selection are blank."""
        self._copier.copy(titles=titles)

    def paste(self) -> None:
        """A list takes nothing; the line view takes the clipboard's block."""

    def copy_picture(self) -> None:
        """Ctrl+Alt+C: the selected rows (all if one cell is current) as a picture on the clipboard."""
        rows = self.selected_rows()
        rows = rows if len(rows) > 1 else list(range(self.grid_model.rowCount()))
        QGuiApplication.clipboard().setImage(picture_of(self, rows))

    def select_cell(self, row: int, key: str = "") -> None:
        """Makes a cell current and shows it; without key the first shown column."""
        section = self.grid_model.section(key) if key else (self.shown_sections() or [0])[0]
        # Not setCurrentIndex: that looks at the keys held down, and a shortcut's Ctrl or Shift would extend the selection.
        cell, alone = self.grid_model.index(row, section), QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(cell, alone)
        self.scrollTo(self.currentIndex())

    def move_row(self, step: int) -> None:
        """Moves the current cell up or down."""
        here = self.currentIndex()
        target = self.grid_model.index(here.row() + step, here.column())
        if target.isValid():
            self.setCurrentIndex(target)

    def advance(self, step: int, *, grow: bool = True) -> None:
        """Moves on after an editor closed; the list view moves a row, the line view to the next editable cell."""
        del grow
        self.move_row(step)

    def scanned(self, code: str) -> None:
        """A gun's code that came where it cannot be typed: the line view goes by its item, the list by its record."""
        del code

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """A frozen cell is in sight already, unless it is typed into; any other must not lie under the frozen ones."""
        bar = self.horizontalScrollBar()
        before, frozen = bar.value(), self.frozen.sections
        super().scrollTo(index, hint)
        if index.column() in frozen:
            bar.setValue(0 if self.state() == QAbstractItemView.State.EditingState else before)
        elif frozen:
            covered = sum(self.header.sectionSize(section) for section in frozen)
            short = covered - self.columnViewportPosition(index.column())
            if short > 0:
                bar.setValue(bar.value() - short)

    def edit(self, index: QModelIndex | QPersistentModelIndex, *how: Any) -> Any:
        """Typing into a frozen cell brings the grid back to it: the editor belongs to the grid."""
        begun = super().edit(index, *how)
        if self.state() == QAbstractItemView.State.EditingState and index.column() in self.frozen.sections:
            self.horizontalScrollBar().setValue(0)
        return begun

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns fill the window, before it is painted; the frozen ones are as high as the grid."""
        self.spreading.arrange()
        super().resizeEvent(event)
        self.frozen.arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Rows follow the font size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.verticalHeader().setDefaultSectionSize(row_height(self))
            self.spreading.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Grid keys first, then the usual ones of a table."""
        if self.gun.took(event) or self.grid_key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What a gun types while an input method is on comes as text."""
        if not self.gun.took_text(event):
            super().inputMethodEvent(event)

    def grid_key(self, event: QKeyEvent) -> bool:
        """Keys that lists and line editors share; True if taken."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        if key == Qt.Key.Key_C and modifiers == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier:
            self.copy(titles=True)
            return True
        if key == Qt.Key.Key_C and modifiers == Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier:
            self.copy_picture()
            return True
        if key == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier and self.currentIndex().isValid():
            self.header.open_filter(self.currentIndex().column())
            return True
        return jumped(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The band of the current row lies under the cells."""
        row = self.currentIndex().row()
        if row >= 0:
            painter = QPainter(self.viewport())
            band = self.viewport().rect()
            band.setTop(self.rowViewportPosition(row))
            band.setHeight(self.rowHeight(row))
            painter.fillRect(band, color(current().tints["info"]))
            painter.end()
        super().paintEvent(event)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        # Not the row told last: what a filter or other records put there since is not what was told of.
        if current.row() != previous.row():
            self.viewport().update()
            self.current_row_changed.emit(current.row())

    def _selection_changed(self) -> None:
        self._sum_timer.start()

    def _summarise(self) -> None:
        table = self.grid_model.table
        count, total = 0, None
        for part in self.parts():
            order = table.order[part.top() : part.bottom() + 1]
            for section in range(part.left(), part.right() + 1):
                column = table.columns[section]
                if self.isColumnHidden(section) or column is MARK:
                    continue
                count += len(order)
                if column.numeric and count <= SUM_LIMIT:
                    found = _sum([table.values[i][section] for i in order])
                    total = found if total is None else total if found is None else total + found
        # Of more than can be added up at once no sum is told, rather than one of a part.
        self.summary.emit(count, total if count <= SUM_LIMIT else None)


def _select(view: GridView, cell: QPersistentModelIndex) -> None:
    view.select_cell(cell.row(), view.grid_model.columns[cell.column()].key)


def _sum(cells: Sequence[Any]) -> Decimal | None:
    """The sum of the numbers among cells, None if there are none."""
    kinds = set(map(type, cells))
    if kinds <= {Decimal, int}:
        return sum(cells, Decimal(0)) if cells else None
    numbers = [Decimal(str(cell)) if isinstance(cell, float) else Decimal(cell) for cell in cells if cell not in BLANK]
    return sum(numbers, Decimal(0)) if numbers else None


class ListView(GridView):
    """A list: Enter opens, space ticks, nothing is edited. edge_wanted(step): Ctrl+Home (-1) or Ctrl+End (1), after the move.

    missed(code): a scanned code that no row is about.
    """

    edge_wanted = Signal(int)
    missed = Signal(str)

    def __init__(self, model: GridModel, ops: Ops, lookups: Lookups, parent: QWidget | None = None) -> None:
        super().__init__(model, ops, lookups, parent)
        if type(model) is GridModel:
            self.setItemDelegate(ListDelegate(self, model))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.doubleClicked.connect(self._double_clicked)
        self._finder = RowFinder(self)

    def scanned(self, code: str) -> None:
        """The row the code is about becomes the current one."""
        self._finder.find(code)

    def grid_key(self, event: QKeyEvent) -> bool:
        """Enter opens, space ticks, Ctrl+A selects all."""
        if (
            event.key() in ENTER
            and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        ):
            if self.currentIndex().isValid():
                self.opened.emit(self.grid_model.record(self.currentIndex().row()))
            return True
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            rows = self.selected_rows()
            self.grid_model.set_marks(rows)
            if len(rows) == 1:
                self.move_row(1)
            return True
        return super().grid_key(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Who shows a part of a longer list hears that its end is wanted."""
        super().keyPressEvent(event)
        step = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == CONTROL:
            self.edge_wanted.emit(step)

    def _double_clicked(self, index: QModelIndex) -> None:
        if self.grid_model.columns[index.column()] is not MARK:
            self.opened.emit(self.grid_model.record(index.row()))


def row_height(widget: QWidget) -> int:
    """Row height of dense grids: text height and a little air, never under 26 pixels at 100 %."""
    return max(MIN_ROW, widget.fontMetrics().height() + ROW_PADDING)
