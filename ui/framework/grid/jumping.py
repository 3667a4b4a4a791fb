"""Ctrl with an arrow, Home or End as in Excel: the cursor goes to the edge of what is filled and the selection with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

CONTROL: Final = Qt.KeyboardModifier.ControlModifier
SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
DOWN: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
RIGHT: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
PAGES: Final = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
Flag = QItemSelectionModel.SelectionFlag
Cell = tuple[int, int]


def jumped(view: GridView, event: QKeyEvent) -> bool:
    """Takes the keys that Qt would move the cursor by and leave the selection behind: a verb would then act on another row.

    With Shift the selection grows to where the cursor goes. Shift+Space selects whole rows.
    """
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not view.currentIndex().isValid() or not view.shown_sections():
        return False
    if key == Qt.Key.Key_Space and modifiers == SHIFT:
        _select_rows(view)
        return True
    if modifiers not in (CONTROL, CONTROL | SHIFT):
        return False
    if key in PAGES:
        return True
    target = _target(view, key)
    if target is None:
        return False
    if modifiers == CONTROL:
        view.select_cell(target[0], view.grid_model.columns[target[1]].key)
    else:
        _extend(view, target)
    return True


def edge(filled: Callable[[int], bool], here: int, count: int, step: int) -> int:
    """The last filled place of the run that begins beside here, else the next filled one, else the end."""
    last = count - 1 if step > 0 else 0
    if here == last:
        return here
    place = here + step
    if filled(here) and filled(place):
        while place != last and filled(place + step):
            place += step
        return place
    while place != last and not filled(place):
        place += step
    return place


def selection_of(view: GridView, rows: range, sections: list[int]) -> QItemSelection:
    """The cells of rows (without gaps) and sections, wherever the columns stand."""
    made = QItemSelection()
    for section in sections:
        model = view.grid_model
        made.select(model.index(rows[0], section), model.index(rows[-1], section))
    return made


def _target(view: GridView, key: Qt.Key) -> Cell | None:
    model, sections = view.grid_model, view.shown_sections()
    row, section = view.currentIndex().row(), view.currentIndex().column()
    if key == Qt.Key.Key_Home:
        return 0, sections[0]
    if key == Qt.Key.Key_End:
        return model.rowCount() - 1, sections[-1]
    if key in DOWN:
        return edge(lambda at: _filled(view, at, section), row, model.rowCount(), DOWN[key]), section
    if key in RIGHT:
        place = sections.index(section) if section in sections else 0
        return row, sections[edge(lambda at: _filled(view, row, sections[at]), place, len(sections), RIGHT[key])]
    return None


def _filled(view: GridView, row: int, section: int) -> bool:
    return view.grid_model.value(row, section) not in (None, "")


def _extend(view: GridView, target: Cell) -> None:
    """From the corner of the selection that lies opposite to the cursor."""
    here, sections, parts = view.currentIndex(), view.shown_sections(), view.parts()
    top = min((part.top() for part in parts), default=here.row())
    bottom = max((part.bottom() for part in parts), default=here.row())
    chosen = {s for part in parts for s in range(part.left(), part.right() + 1)} or {here.column()}
    places = [place for place, section in enumerate(sections) if section in chosen] or [0]
    corner = sections.index(here.column()) if here.column() in sections else places[0]
    row = bottom if here.row() == top else top
    place = places[-1] if corner == places[0] else places[0]
    end = sections.index(target[1]) if target[1] in sections else 0
    rows = range(min(row, target[0]), max(row, target[0]) + 1)
    wide = sections[min(place, end) : max(place, end) + 1]
    marks = view.selectionModel()
    marks.setCurrentIndex(view.grid_model.index(*target), Flag.NoUpdate)
    marks.select(selection_of(view, rows, wide), Flag.ClearAndSelect)
    view.scrollTo(view.currentIndex())


def _select_rows(view: GridView) -> None:
    rows = view.selected_rows()
    view.selectionModel().select(
        selection_of(view, range(rows[0], rows[-1] + 1), view.shown_sections()), Flag.ClearAndSelect
    )
