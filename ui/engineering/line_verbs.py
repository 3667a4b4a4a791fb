"""The clerk's verbs on lines of the tree and the keys that stand for them; each ends on the cell where typing goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from ui.engineering import branches
from ui.engineering.fields import COLUMNS, SECTIONS
from ui.framework.grid.clipboard import mime_of, pasted
from ui.framework.grid.delegate import ENTER

if TYPE_CHECKING:
    from ui.engineering.tree_view import BomTreeView

NONE: Final = Qt.KeyboardModifier.NoModifier
ALT: Final = Qt.KeyboardModifier.AltModifier
CONTROL: Final = Qt.KeyboardModifier.ControlModifier


class LineVerbs:
    """Serves one tree view."""

    def __init__(self, view: BomTreeView) -> None:
        self._view = view

    def action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does in the tree; None leaves it to Qt."""
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        found = self._keys().get((key, modifiers))
        if found is not None:
            return found
        for standard, slot in (
            (QKeySequence.StandardKey.Undo, self._view.bom.undo.undo),
            (QKeySequence.StandardKey.Redo, self._view.bom.undo.redo),
            (QKeySequence.StandardKey.Copy, self.copy),
            (QKeySequence.StandardKey.Cut, self.cut),
            (QKeySequence.StandardKey.Paste, self.paste),
        ):
            if event.matches(standard):
                return slot
        return None

    def next_line(self, step: int = 1) -> None:
        """Enter: the next line of the bill; after the last one a new line, and from a blank last line out to the level above."""
        del step
        place = self._view.current_place()
        if place is None:
            return
        if place.above is None:
            self._begin(
                self._view.bom.index(0, 0, self._view.bom.top())
                if self._view.bom.below(place)
                else self._view.outline.new_child(place)
            )
            return
        siblings = self._view.bom.below(place.above)
        if place.row + 1 < len(siblings):
            self._begin(self._view.bom.index_of(siblings[place.row + 1]))
        elif not place.line.blank:
            self._begin(self._view.outline.new_line(place))
        elif place.above.above is not None:
            self._begin(self._view.outline.outdent(place))

    def indent(self, step: int) -> None:
        """Alt+→ and Alt+←."""
        place, section = self._view.current_place(), self._view.currentIndex().column()
        if place is None:
            return
        index = self._view.outline.indent(place) if step > 0 else self._view.outline.outdent(place)
        self.land(index, section)

    def shift(self, step: int) -> None:
        """Alt+↑ and Alt+↓."""
        place, section = self._view.current_place(), self._view.currentIndex().column()
        if place is not None:
            self.land(self._view.outline.shift(place, step), section)

    def insert_line(self) -> None:
        """Ins: a blank line above."""
        place = self._view.current_place()
        if place is not None:
            self._begin(self._view.outline.new_line(place, before=True))

    def insert_child(self) -> None:
        """Ctrl+Ins: the first component below."""
        place = self._view.current_place()
        if place is not None:
            self._begin(self._view.outline.new_child(place))

    def delete_lines(self) -> None:
        """Del: the selected lines."""
        places = self._view.selected_places()
        if not places:
            return
        first = places[0]
        above, row, section = first.above, first.row, max(0, self._view.currentIndex().column())
        if above is not None and self._view.outline.delete(places):
            left = self._view.bom.below(above)
            near = left[min(row, len(left) - 1)] if left else above
            self.land(self._view.bom.index_of(near), section)

    def fill_down(self) -> None:
        """Ctrl+D: the value of the line above."""
        key = COLUMNS[self._view.currentIndex().column()].key if self._view.currentIndex().isValid() else ""
        if COLUMNS[SECTIONS.get(key, 1)].editable:
            for place in self._view.selected_places():
                self._view.outline.fill_from_above(place, key)

    def toggle_flag(self) -> None:
        """Space turns a yes/no cell round."""
        place, section = self._view.current_place(), self._view.currentIndex().column()
        if place is not None and section >= 0 and COLUMNS[section].kind == "flag":
            key = COLUMNS[section].key
            self._view.outline.set_value(place, key, not getattr(place.line, key))

    def copy(self) -> None:
        """Ctrl+C: the selected branches with their level, for Excel and for pasting here."""
        places = self._view.selected_places()
        if places:
            rows = branches.rows_of(places, self._view.bom.look, self._view.bom.below)
            QGuiApplication.clipboard().setMimeData(mime_of(rows, branches.kinds(), branches.titles()))

    def cut(self) -> None:
        """Ctrl+X."""
        self.copy()
        self.delete_lines()

    def paste(self) -> None:
        """Ctrl+V: rows with or without a level column, after the current line."""
        place = self._view.current_place()
        block = pasted(QGuiApplication.clipboard().text())
        if place is not None and block:
            self._view.pasted.emit(branches.read_rows(block, self._view.bom.book, today=self._view.bom.today), place)

    def _begin(self, index: QModelIndex) -> None:
        self.land(index, SECTIONS["code"])

    def land(self, index: QModelIndex, section: int) -> None:
        """Shows a place and makes one of its cells current."""
        if not index.isValid():
            return
        self._view.expand(index.parent())
        self._view.go(self._view.bom.index(index.row(), section, index.parent()))

    def _keys(self) -> dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]]:
        keys: dict[tuple[int, Qt.KeyboardModifier], Callable[[], object]] = {
            (Qt.Key.Key_Tab, NONE): lambda: self._view.step_cell(1),
            (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier): lambda: self._view.step_cell(-1),
            (Qt.Key.Key_Right, ALT): lambda: self.indent(1),
            (Qt.Key.Key_Left, ALT): lambda: self.indent(-1),
            (Qt.Key.Key_Up, ALT): lambda: self.shift(-1),
            (Qt.Key.Key_Down, ALT): lambda: self.shift(1),
            (Qt.Key.Key_Right, NONE): lambda: self._view.sideways(1),
            (Qt.Key.Key_Left, NONE): lambda: self._view.sideways(-1),
            (Qt.Key.Key_Insert, NONE): self.insert_line,
            (Qt.Key.Key_Insert, CONTROL): self.insert_child,
            (Qt.Key.Key_Delete, NONE): self.delete_lines,
            (Qt.Key.Key_Delete, CONTROL): self.delete_lines,
            (Qt.Key.Key_D, CONTROL): self.fill_down,
            (Qt.Key.Key_F7, NONE): self._view.look_up,
        }
        for enter in ENTER:
            keys[enter, NONE] = self.next_line
            keys[enter, CONTROL] = self._view.open_current
        index = self._view.currentIndex()
        if index.isValid() and COLUMNS[index.column()].kind == "flag":
            keys[Qt.Key.Key_Space, NONE] = self.toggle_flag
        return keys
