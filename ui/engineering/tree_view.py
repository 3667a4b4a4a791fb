"""The tree view: an outline that is typed at every level, with the keys of the grids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from ui.engineering.draft import DraftBook
from ui.engineering.fields import COLUMNS, SECTIONS
from ui.engineering.line_verbs import LineVerbs
from ui.engineering.look import Place
from ui.engineering.outline import Outline
from ui.engineering.scanning import TreeScanning
from ui.engineering.tree_delegate import TreeDelegate
from ui.engineering.tree_model import MIME, AnyIndex, BomModel
from ui.framework.grid.gun import Gun
from ui.framework.grid.view import row_height
from ui.framework.lookup import LookupEdit, LookupSource
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.framework.widths import scaled

NODE_LIMIT: Final = 20_000
MAX_LEVEL: Final = 40


class BomTreeView(QTreeView):
    """Signals: current_changed(place or None), open_wanted(place), pasted(Pasted, place), left(step)."""

    place_changed = Signal(object)
    open_wanted = Signal(object)
    pasted = Signal(object, object)
    left = Signal(int)

    def __init__(self, ops: Ops, item_source: LookupSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ops = ops
        self.item_source = item_source
        self.verbs = LineVerbs(self)
        self.scanning = TreeScanning(self)
        self.gun = Gun(self, self.go, self.scanning.find)
        self.outline: Outline
        self.bom: BomModel
        self.setObjectName("bomTree")
        self.setAccessibleName(tr("物料清单"))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(False)
        self.setAlternatingRowColors(False)
        self.setIndentation(18)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed)
        self.setExpandsOnDoubleClick(False)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        delegate = TreeDelegate(self)
        self.cell = delegate.cell
        self.setItemDelegate(delegate)
        self.setStyleSheet(f"QTreeView::item {{ height: {row_height(self)}px; }}")
        self.header().setStretchLastSection(False)
        self.header().setSectionsMovable(True)
        self.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_tree(self, model: BomModel, outline: Outline) -> None:
        """Shows another tree."""
        self.bom, self.outline = model, outline
        self.setModel(model)
        for section, column in enumerate(COLUMNS):
            self.setColumnWidth(section, scaled(self, column.pixels))
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.expand(model.top())

    def choices(self, key: str) -> Mapping[Any, str]:
        """The closed values of a column; the warehouses of the book for its column."""
        if key == "warehouse_id":
            return {None: "", **self.bom.book.warehouses}
        return COLUMNS[SECTIONS[key]].choices

    # places

    def current_place(self) -> Place | None:
        """The place of the current cell; None in a tree that shows no bill yet."""
        return self.bom.place(self.currentIndex()) if self.model() is not None else None

    def selected_places(self) -> list[Place]:
        """Selected rows from top to bottom, without those that stand below another selected one."""
        rows = self.selectionModel().selectedRows()
        places = [place for index in rows if (place := self.bom.place(index)) is not None]
        if not places and (here := self.current_place()) is not None:
            places = [here]
        chosen = set(map(id, places))
        tops = [place for place in places if not any(id(over) in chosen for over in place.over())]
        return sorted(tops, key=lambda place: [over.row for over in (place, *place.over())][::-1])

    def go(self, index: AnyIndex, key: str = "") -> None:
        """Makes a cell current; key names another column.

        The selection is set by hand: setCurrentIndex would add to it while Ctrl is still down after Ctrl+V.
        """
        if not index.isValid():
            return
        section = SECTIONS[key] if key else index.column()
        target = self.bom.index(index.row(), section, index.parent())
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(target, flag.ClearAndSelect | flag.Rows)
        self.scrollTo(target)

    def step_cell(self, step: int) -> None:
        """Tab: the next cell that takes typing, over the ends of rows."""
        index = self.currentIndex()
        sections = self.shown_sections()
        place = sections.index(index.column()) if index.column() in sections else -1
        while index.isValid():
            place += step
            while 0 <= place < len(sections):
                cell = self.bom.index(index.row(), sections[place], index.parent())
                if cell.flags() & Qt.ItemFlag.ItemIsEditable:
                    self.go(cell)
                    return
                place += step
            index = self.indexBelow(index) if step > 0 else self.indexAbove(index)
            place = -1 if step > 0 else len(sections)
        self.left.emit(step)

    def step_row(self, step: int) -> None:
        """Up and down."""
        index = self.currentIndex()
        near = self.indexBelow(index) if step > 0 else self.indexAbove(index)
        if near.isValid():
            self.go(self.bom.index(near.row(), index.column(), near.parent()))

    def look_up(self) -> None:
        """F7: the list of items for the component of the current line."""
        place = self.current_place()
        if place is None:
            return
        self.go(self.currentIndex(), "code")
        index = self.currentIndex()
        if self.edit(index, QAbstractItemView.EditTrigger.AllEditTriggers, None):  # type: ignore[call-overload]
            editor = self.indexWidget(index)
            if isinstance(editor, LookupEdit):
                editor.open_dialog()

    def show_level(self, depth: int) -> int:
        """Opens the tree to a level (1: the product's components) as far as the number of rows allows; the level reached."""
        reached = affordable(self.bom.book, min(depth, MAX_LEVEL))
        self.collapseAll()
        self.expandToDepth(reached - 1)
        return reached

    def finish_editing(self) -> None:
        """Commits the open editor, if any."""
        if self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            if editor is not None:
                self.commitData(editor)
                self.closeEditor(editor, self.itemDelegate().EndEditHint.NoHint)

    def drop_editing(self) -> None:
        """Gives the open cell up, as Esc does."""
        editor = self.indexWidget(self.currentIndex())
        if self.state() == QAbstractItemView.State.EditingState and editor is not None:
            self.closeEditor(editor, self.itemDelegate().EndEditHint.RevertModelCache)

    def shown_sections(self) -> list[int]:
        """Visible sections from left to right."""
        order = [self.header().logicalIndex(i) for i in range(self.header().count())]
        return [section for section in order if not self.isColumnHidden(section)]

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the outline first; before a bill is shown there is none."""
        if self.model() is not None and self.gun.took(event):
            event.accept()
            return
        action = self.verbs.action_of(event) if self.model() is not None else None
        if action is not None:
            action()
            event.accept()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What a gun types while an input method is on comes as text."""
        if self.model() is None or not self.gun.took_text(event):
            super().inputMethodEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Lines of this tree may be dropped anywhere in it."""
        super().dragMoveEvent(event)
        if event.source() is self:
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """A dropped branch goes between two lines or below the one it was dropped on."""
        index = self.indexAt(event.position().toPoint())
        place = self.bom.place(index) if event.source() is self else None
        if place is None:
            event.ignore()
            return
        numbers = [int(number) for number in bytes(event.mimeData().data(MIME).data()).decode().split(",")]
        moving = [found for number in numbers if (found := self.bom.places.numbered(number)) is not None]
        target, row = self._drop_target(place)
        copying = event.dropAction() == Qt.DropAction.CopyAction
        self.verbs.land(self.outline.drop(moving, target, row, copy=copying), 0)
        # The model has moved the lines already; telling Qt "copy" keeps it from removing rows itself.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _drop_target(self, place: Place) -> tuple[Place, int]:
        position = self.dropIndicatorPosition()
        if position == QAbstractItemView.DropIndicatorPosition.OnItem or place.above is None:
            return place, -1
        below = position == QAbstractItemView.DropIndicatorPosition.BelowItem
        return place.above, place.row + int(below)

    def sideways(self, step: int) -> None:
        """Left and right: between cells; in the first column they open, close and climb."""
        index = self.currentIndex()
        if index.column() == 0:
            first = self.bom.index(index.row(), 0, index.parent())
            if step > 0 and self.bom.hasChildren(first) and not self.isExpanded(first):
                self.expand(first)
                return
            if step < 0 and self.isExpanded(first):
                self.collapse(first)
                return
            if step < 0:
                self.go(index.parent())
                return
        sections = self.shown_sections()
        at = sections.index(index.column()) + step if index.column() in sections else 0
        if 0 <= at < len(sections):
            self.go(self.bom.index(index.row(), sections[at], index.parent()))

    def open_current(self) -> None:
        """Ctrl+Enter: the bill of the current item in a window of its own."""
        place = self.current_place()
        if place is not None:
            self.open_wanted.emit(place)

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        self.viewport().update()
        self.place_changed.emit(self.bom.place(current))


def affordable(book: DraftBook, depth: int) -> int:
    """The deepest level whose rows, counted without making them, stay below the limit."""
    counts: dict[int, int] = {book.root_id: 1}
    total = 0
    for level in range(1, depth + 1):
        below: dict[int, int] = {}
        for item_id, count in counts.items():
            for line in book.lines(item_id):
                row = book.component(line)
                if row is not None:
                    below[row.id] = below.get(row.id, 0) + count
        total += sum(below.values())
        if total > NODE_LIMIT:
            return max(1, level - 1)
        if not below:
            return depth
        counts = below
    return depth
