"""The line editor: Enter goes to the next editable cell and from the last one to a new line; paste, fill, undo, look-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from ui.framework.grid.delegate import ENTER
from ui.framework.grid.editors import ChoiceEdit
from ui.framework.grid.finding import LineFinder
from ui.framework.grid.lines import LineModel
from ui.framework.grid.pasting import Paster
from ui.framework.grid.view import GridView
from ui.framework.lookup import LookupEdit, Lookups
from ui.framework.ops import Ops
from ui.framework.texts import tr


class LineView(GridView):
    """Cells are typed in place. left(step) when Enter runs off a blank last line: the form puts the focus elsewhere.

    refused(sentence) when something scanned or pasted has no place here.
    """

    left = Signal(int)
    refused = Signal(str)

    def __init__(self, model: LineModel, ops: Ops, lookups: Lookups, parent: QWidget | None = None) -> None:
        super().__init__(model, ops, lookups, parent)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.AnyKeyPressed | trigger.DoubleClicked | trigger.EditKeyPressed)
        self.header.sorting = False
        self.verticalHeader().setMinimumWidth(30)
        self._paster = Paster(self)
        self._finder = LineFinder(self)

    @property
    def lines(self) -> LineModel:
        """The model, typed."""
        return cast(LineModel, self.model())

    def advance(self, step: int, *, grow: bool = True) -> None:
        """Next or previous editable cell, over the ends of lines; past the last one a new line (grow)."""
        here = self.currentIndex()
        cell = self.editable_after(here.row(), here.column(), step)
        grow = grow and not self.lines.fixed_rows
        if cell is None and step > 0 and grow and not self.lines.read_only:
            last = self.lines.rowCount() - 1
            if last >= 0 and self.lines.is_blank(self.lines.record(last)):
                self.left.emit(step)
                return
            row = self.lines.append_blank()
            cell = self.editable_after(row, -1, 1)
        if cell is not None:
            self.setCurrentIndex(self.lines.index(*cell))
            self.scrollTo(self.currentIndex())
        elif not grow or step < 0:
            self.left.emit(step)

    def scanned(self, code: str) -> None:
        """A code scanned into a number or a date is the item of the first blank line, else of a new one.

        Where the lines are given, or take no typing, the cursor goes to the line of that item. Refused where neither can be.
        """
        given = self.lines.fixed_rows or self.lines.from_source or self.lines.read_only
        if given and self._finder.find(code):
            return
        cell = self._cell_for_scan()
        if cell is None:
            self.refused.emit(tr("扫到的“{code}”没有填：这里没有可填物料的空行，光标所在的格子没有变", code=code))
            return
        row, section = cell
        self.setCurrentIndex(self.lines.index(row, section))
        self.lines.type_text(row, self.lines.columns[section].key, code)
        self.advance(1)

    def keyboardSearch(self, search: str) -> None:
        """Letters on a cell that takes none go nowhere: the cursor would leave the line they were meant for."""
        del search

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text that was not composed here (a gun's first character while an input method is on) starts a cell; Qt alone would lose it."""
        begun = self.state() == QAbstractItemView.State.EditingState
        if not begun and event.commitString() and not event.preeditString() and self.edit_cell(self.currentIndex()):
            editor = self.indexWidget(self.currentIndex())
            if isinstance(editor, QWidget):
                QApplication.sendEvent(editor, event)
                return
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While an input method composes the first text of a cell the grid still has the focus, but no key is the grid's."""
        editing = self.state() == QAbstractItemView.State.EditingState
        if editing and getattr(self.indexWidget(self.currentIndex()), "composing", False):
            event.accept()
            return
        super().keyPressEvent(event)

    def finish_editing(self) -> None:
        """Commits the open editor, if any (before saving)."""
        if self.state() == QAbstractItemView.State.EditingState:
            editor = self.indexWidget(self.currentIndex())
            if isinstance(editor, QWidget):
                self.commitData(editor)
                self.closeEditor(editor, self.itemDelegate().EndEditHint.NoHint)

    def drop_editing(self) -> None:
        """Gives the open cell up, as Esc does."""
        editor = self.indexWidget(self.currentIndex())
        if self.state() == QAbstractItemView.State.EditingState and isinstance(editor, QWidget):
            self.closeEditor(editor, self.itemDelegate().EndEditHint.RevertModelCache)

    def paste(self) -> None:
        """Pastes the clipboard's block; see Paster."""
        self._paster.paste()

    def paste_block(self, block: Sequence[Sequence[str]]) -> None:
        """Pastes a block of texts as one undo step."""
        self._paster.put(block)

    def grid_key(self, event: QKeyEvent) -> bool:
        """Keys of the line editor outside an open cell."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = Qt.KeyboardModifier.ControlModifier
        if event.key() in ENTER and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            self.advance(-1 if modifiers else 1)
            return True
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and not modifiers & control:
            self.advance(1 if event.key() == Qt.Key.Key_Tab else -1, grow=False)
            return True
        if event.key() == Qt.Key.Key_Down and modifiers == Qt.KeyboardModifier.AltModifier and self._open_choices():
            return True
        action = self._keys().get((event.key(), modifiers))
        if action is None:
            for standard, slot in (
                (QKeySequence.StandardKey.Undo, self.lines.undo.undo),
                (QKeySequence.StandardKey.Redo, self.lines.undo.redo),
                (QKeySequence.StandardKey.Paste, self.paste),
                (QKeySequence.StandardKey.Cut, self.cut),
            ):
                if event.matches(standard):
                    action = slot
        if action is not None and not (self.lines.read_only and action not in (self.look_up, self.paste)):
            action()
            return True
        return super().grid_key(event)

    def cut(self) -> None:
        """Copies and empties."""
        self.copy()
        self.clear_selection()

    def clear_selection(self) -> None:
        """Del: empties the selected cells."""
        self.lines.clear_cells(self.selected_cells())

    def fill_down(self) -> None:
        """Ctrl+D: takes over the value above."""
        self.lines.fill_from_above(self.selected_cells())

    def insert_line(self) -> None:
        """Ins: a blank line above the current one."""
        if self.lines.fixed_rows:
            return
        row = max(0, self.currentIndex().row())
        self.lines.insert_rows(row, [self.lines.blank_row()])
        cell = self.editable_after(row, -1, 1)
        if cell is not None:
            self.setCurrentIndex(self.lines.index(*cell))

    def delete_lines(self) -> None:
        """Ctrl+Del: deletes the selected lines."""
        if self.lines.fixed_rows:
            return
        row, section = self.currentIndex().row(), max(0, self.currentIndex().column())
        self.lines.undo.beginMacro(tr("删除行"))
        self.lines.remove_rows(self.selected_rows())
        if self.lines.rowCount() == 0:
            self.lines.append_blank()
        self.lines.undo.endMacro()
        self.setCurrentIndex(self.lines.index(max(0, min(row, self.lines.rowCount() - 1)), section))

    def look_up(self) -> None:
        """F7: opens the look-up dialog of the current cell."""
        index = self.currentIndex()
        if index.isValid() and self.lines.columns[index.column()].kind == "lookup" and self.edit_cell(index):
            editor = self.indexWidget(index)
            if isinstance(editor, LookupEdit):
                editor.open_dialog()

    def edit_cell(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Opens the editor of a cell; False if it cannot be typed into."""
        return bool(self.edit(index, QAbstractItemView.EditTrigger.AllEditTriggers, None))

    def toggle_flag(self) -> None:
        """Space on a yes/no cell turns it round."""
        index = self.currentIndex()
        column = self.lines.columns[index.column()]
        if column.kind == "flag" and self.lines.is_editable(index.row(), index.column()):
            self.lines.change(index.row(), {column.key: not self.lines.value(index.row(), index.column())})

    def _open_choices(self) -> bool:
        """Alt+Down on a cell with a vocabulary opens it, as Excel does."""
        index = self.currentIndex()
        if not (index.isValid() and self.lines.columns[index.column()].choices and self.edit_cell(index)):
            return False
        editor = self.indexWidget(index)
        if isinstance(editor, ChoiceEdit):
            editor.showPopup()
        return True

    def _keys(self) -> Mapping[tuple[int, Qt.KeyboardModifier], Callable[[], None]]:
        none, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
        keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], None]] = {
            (Qt.Key.Key_Delete, none): self.clear_selection,
            (Qt.Key.Key_Delete, control): self.delete_lines,
            (Qt.Key.Key_Insert, none): self.insert_line,
            (Qt.Key.Key_D, control): self.fill_down,
            (Qt.Key.Key_F7, none): self.look_up,
        }
        index = self.currentIndex()
        if index.isValid() and self.lines.columns[index.column()].kind == "flag":
            keys[Qt.Key.Key_Space, none] = self.toggle_flag
        return keys

    def editable_after(self, row: int, section: int, step: int) -> tuple[int, int] | None:
        """The next (row, section) that takes typing; section -1 starts before the first column."""
        sections = self.shown_sections()
        place = sections.index(section) if section in sections else (-1 if step > 0 else len(sections))
        rows = self.lines.rowCount()
        while 0 <= row < rows:
            place += step
            while 0 <= place < len(sections):
                if self.lines.is_editable(row, sections[place]):
                    return row, sections[place]
                place += step
            row += step
            place = -1 if step > 0 else len(sections)
        return None

    def _cell_for_scan(self) -> tuple[int, int] | None:
        model = self.lines
        for section in self.shown_sections():
            source = self.lookups.get(model.columns[section].lookup)
            if source is None or not source.scanned or not model.columns[section].editable or model.read_only:
                continue
            for row in range(model.rowCount()):
                if model.is_blank(model.record(row)) and model.is_editable(row, section):
                    return row, section
            if not model.fixed_rows and model.takes(model.blank_row(), model.columns[section]):
                return model.append_blank(), section
        return None
