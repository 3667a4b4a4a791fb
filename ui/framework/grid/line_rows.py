"""The lines of a document as they are kept: rows with their faults, and every change of them a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ui.framework.grid.columns import Column
from ui.framework.grid.model import ROOT, GridModel
from ui.framework.texts import tr

Row = dict[str, Any]
Cells = Mapping[str, Any]
CellFaults = dict[str, tuple[str, str]]


class LineRows(GridModel):
    """Rows are dicts that this model owns; lines() hands out copies without the blank ones.

    edited(row, key)   after a cell was changed by typing, pasting, undo
    faults_changed()   a cell became wrong or right
    new_row            what a new line starts with, beside the columns' defaults
    """

    edited = Signal(int, str)
    faults_changed = Signal()

    def __init__(self, columns: Sequence[Column], *, parent: QObject | None = None) -> None:
        super().__init__(columns, parent=parent)
        self.undo = QUndoStack(self)
        self.new_row: Callable[[], Row] | None = None
        self._faults: list[CellFaults] = []

    # rows

    def set_lines(self, rows: Iterable[Cells]) -> None:
        """Loads rows and forgets the undo history."""
        self.undo.clear()
        self._faults = []
        copies = [dict(row) for row in rows]
        self._faults = [{} for _ in copies]
        self.set_records(copies)

    def lines(self) -> list[Row]:
        """Copies of the rows a clerk filled, in order."""
        return [dict(row) for row in self.table.records if not self.is_blank(row)]

    def is_blank(self, row: Cells) -> bool:
        """Whether no editable cell differs from its default (what a new line takes over does not count)."""
        return all(row.get(c.key) in (None, "", c.default) for c in self.columns if c.editable and not c.sticky)

    def blank_row(self) -> Row:
        """A new row with the columns' defaults and what sticky columns take over from the last line."""
        row = {column.key: column.default for column in self.columns}
        last = self.table.records[-1] if self.table.records else {}
        for column in self.columns:
            if column.sticky and last.get(column.key) is not None:
                row.update({key: last.get(key) for key in (column.key, *column.fills)})
        if self.new_row is not None:
            row.update(self.new_row())
        return row

    def append_blank(self) -> int:
        """Adds a line at the end; its row number."""
        self.insert_rows(len(self.table.records), [self.blank_row()])
        return len(self.table.records) - 1

    def insert_rows(self, at: int, rows: Sequence[Row]) -> None:
        """Inserts lines (can be undone)."""
        self.undo.push(_InsertRows(self, at, rows))

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Deletes lines (can be undone)."""
        wanted = sorted({row for row in rows if 0 <= row < len(self.table.records)}, reverse=True)
        if not wanted:
            return
        self.undo.beginMacro(tr("删除行"))
        for row in wanted:
            self.undo.push(_RemoveRow(self, row))
        self.undo.endMacro()

    # cells

    def change(self, row: int, cells: Cells) -> None:
        """Sets cells of one line as one step; derived cells follow."""
        self.change_many({row: cells})

    def change_many(self, cells: Mapping[int, Cells]) -> None:
        """Sets cells of several lines as one step; every changed column's derive rule is asked in column order."""
        step: list[tuple[int, str, Any, Any]] = []
        for row, changes in cells.items():
            before = self.table.records[row]
            after = dict(before)
            after.update(changes)
            for column in self.columns:
                if column.derive is not None and column.key in changes:
                    after.update(column.derive(after))
            step += [(row, key, before.get(key), value) for key, value in after.items() if before.get(key) != value]
        if step:
            self.undo.push(_ChangeCells(self, step))

    # faults

    def set_fault(self, row: int, key: str, sentence: str, *, typed: str = "") -> None:
        """Marks a cell as wrong with its sentence and keeps the text that was typed in view; "" clears it."""
        if not 0 <= row < len(self._faults):
            return
        if sentence:
            self._faults[row][key] = (sentence, typed)
        elif self._faults[row].pop(key, None) is None:
            return
        cell = self.index(row, self.section(key))
        self.dataChanged.emit(cell, cell)
        self.faults_changed.emit()

    def faults(self) -> list[tuple[int, str, str]]:
        """(row, column key, sentence) of every wrong cell."""
        return [(row, key, found[0]) for row, cells in enumerate(self._faults) for key, found in cells.items()]

    # steps, called by the undo commands below

    def put_cells(self, step: Sequence[tuple[int, str, Any]]) -> None:
        """Writes values without a history entry."""
        touched: dict[int, list[str]] = {}
        for row, key, value in step:
            self.table.records[row][key] = value
            touched.setdefault(row, []).append(key)
        for row, keys in touched.items():
            self._renew(row)
            for key in keys:
                if key in self._sections:
                    self.edited.emit(row, key)
        self.rows_changed.emit()

    def put_rows(self, at: int, rows: Sequence[Row], faults: Sequence[CellFaults] | None = None) -> None:
        """Inserts rows without a history entry."""
        self.beginInsertRows(ROOT, at, at + len(rows) - 1)
        self.table.insert(at, rows)
        self._faults[at:at] = list(faults) if faults is not None else [{} for _ in rows]
        self.table.arrange()
        self.endInsertRows()
        self.rows_changed.emit()

    def take_row(self, at: int) -> tuple[Row, CellFaults]:
        """Removes a row without a history entry and returns it with its faults."""
        self.beginRemoveRows(ROOT, at, at)
        row: Row = self.table.remove(at)
        fault = self._faults.pop(at)
        self.table.arrange()
        self.endRemoveRows()
        self.rows_changed.emit()
        return row, fault

    def _renew(self, row: int) -> None:
        self.table.renew(row)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))


class _ChangeCells(QUndoCommand):
    """Cells set by one typing, paste or fill."""

    def __init__(self, model: LineRows, step: Sequence[tuple[int, str, Any, Any]]) -> None:
        super().__init__()
        self._model = model
        self._step = list(step)

    def redo(self) -> None:
        """Writes the new values."""
        self._model.put_cells([(row, key, after) for row, key, _, after in self._step])

    def undo(self) -> None:
        """Writes the old values back."""
        self._model.put_cells([(row, key, before) for row, key, before, _ in self._step])


class _InsertRows(QUndoCommand):
    """Lines added by Enter, Insert or a paste that grew."""

    def __init__(self, model: LineRows, at: int, rows: Sequence[Row]) -> None:
        super().__init__()
        self._model = model
        self._at = at
        self._rows = list(rows)

    def redo(self) -> None:
        """Adds them."""
        self._model.put_rows(self._at, self._rows)

    def undo(self) -> None:
        """Takes them out again."""
        self._rows = [self._model.take_row(self._at)[0] for _ in self._rows]


class _RemoveRow(QUndoCommand):
    """A line deleted."""

    def __init__(self, model: LineRows, at: int) -> None:
        super().__init__()
        self._model = model
        self._at = at
        self._row: Row = {}
        self._fault: CellFaults = {}

    def redo(self) -> None:
        """Takes it out."""
        self._row, self._fault = self._model.take_row(self._at)

    def undo(self) -> None:
        """Puts it back."""
        self._model.put_rows(self._at, [self._row], [self._fault])
