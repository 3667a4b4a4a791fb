"""Steps of a line editor that can be undone: cells set, rows put in, rows taken out, each with what is wrong in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from ui.framework.grid.line_rows import LineRows

Row = dict[str, Any]
Fault = tuple[str, str]
"""what is wrong, and the text that was typed"""
CellFaults = dict[str, Fault]
Values = list[tuple[int, str, Any, Any]]
"""row, column key, value before and after"""
Marks = list[tuple[int, str, Fault | None, Fault | None]]
"""row, column key, fault before and after"""


class ChangeCells(QUndoCommand):
    """Cells set by one typing, paste or fill, and what became wrong or right with it."""

    def __init__(self, model: LineRows, values: Values, marks: Marks) -> None:
        super().__init__()
        self._model = model
        self._values = list(values)
        self._marks = list(marks)
        self._done = False

    @property
    def stands(self) -> bool:
        """Whether it is in the history and not undone."""
        return bool(shiboken6.isValid(self)) and self._done

    def extend(self, values: Values, marks: Marks) -> None:
        """Takes in what followed from it and has been set already."""
        self._values += values
        self._marks += marks

    def redo(self) -> None:
        """Writes the new values."""
        self._done = True
        self._model.put_faults([(row, key, after) for row, key, _, after in self._marks])
        self._model.put_cells([(row, key, after) for row, key, _, after in self._values])

    def undo(self) -> None:
        """Writes the old values back, the last one first: a cell may have been set twice."""
        self._done = False
        self._model.put_faults([(row, key, before) for row, key, before, _ in reversed(self._marks)])
        self._model.put_cells([(row, key, before) for row, key, before, _ in reversed(self._values)])


class InsertRows(QUndoCommand):
    """Lines added by Enter, Insert or a paste that grew."""

    def __init__(self, model: LineRows, at: int, rows: Sequence[Row]) -> None:
        super().__init__()
        self._model = model
        self._at = at
        self._rows = list(rows)
        self._faults: list[CellFaults] | None = None

    def redo(self) -> None:
        """Adds them."""
        self._model.put_rows(self._at, self._rows, self._faults)

    def undo(self) -> None:
        """Takes them out again."""
        self._rows, self._faults = self._model.take_rows(self._at, len(self._rows))


class RemoveRows(QUndoCommand):
    """Lines that stood together, deleted."""

    def __init__(self, model: LineRows, at: int, count: int) -> None:
        super().__init__()
        self._model = model
        self._at = at
        self._count = count
        self._rows: list[Row] = []
        self._faults: list[CellFaults] = []

    def redo(self) -> None:
        """Takes them out."""
        self._rows, self._faults = self._model.take_rows(self._at, self._count)

    def undo(self) -> None:
        """Puts them back."""
        self._model.put_rows(self._at, self._rows, self._faults)
