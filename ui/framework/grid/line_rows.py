"""The lines of a document as they are kept: rows with their faults, and every change of them a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from ui.framework.grid.columns import Column
from ui.framework.grid.line_steps import CellFaults, ChangeCells, Fault, InsertRows, Marks, RemoveRows, Row, Values
from ui.framework.grid.model import ROOT, GridModel
from ui.framework.texts import tr

Cells = Mapping[str, Any]
NO_FAULTS: Final[Mapping[int, Mapping[str, Fault | None]]] = MappingProxyType({})


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
        self.undo.push(InsertRows(self, at, rows))

    def remove_rows(self, rows: Sequence[int]) -> None:
        """Deletes lines (can be undone)."""
        wanted = sorted({row for row in rows if 0 <= row < len(self.table.records)}, reverse=True)
        if not wanted:
            return
        runs: list[list[int]] = [[wanted[0]]]
        for row in wanted[1:]:
            if row == runs[-1][-1] - 1:
                runs[-1].append(row)
            else:
                runs.append([row])
        self.undo.beginMacro(tr("删除行"))
        for run in runs:
            self.undo.push(RemoveRows(self, run[-1], len(run)))
        self.undo.endMacro()

    # cells

    def change(self, row: int, cells: Cells) -> ChangeCells | None:
        """Sets cells of one line as one step; derived cells follow."""
        return self.change_many({row: cells})

    def change_many(
        self, cells: Mapping[int, Cells], faults: Mapping[int, Mapping[str, Fault | None]] = NO_FAULTS
    ) -> ChangeCells | None:
        """Sets cells of several lines as one step; every changed column's derive rule is asked in column order.

        A cell that is set is no longer wrong, unless faults says so. The step, None if nothing changed.
        """
        values, marks = self._step_of(cells, faults)
        if not values and not marks:
            return None
        step = ChangeCells(self, values, marks)
        self.undo.push(step)
        return step

    def follow(
        self,
        step: ChangeCells | None,
        places: Mapping[int, int],
        cells: Mapping[int, Cells],
        faults: Mapping[int, Mapping[str, Fault | None]],
    ) -> None:
        """Sets what follows later from a step (a code that was looked up), so that one undo takes both back.

        places: the rows of now and where they stood in the step, whose lines may have moved since.
        """
        if step is None or not step.stands:
            self.change_many(cells, faults)
            return
        values, marks = self._step_of(cells, faults)
        step.extend(
            [(places[row], key, before, after) for row, key, before, after in values],
            [(places[row], key, before, after) for row, key, before, after in marks],
        )
        self.put_faults([(row, key, after) for row, key, _, after in marks])
        self.put_cells([(row, key, after) for row, key, _, after in values])

    # faults

    def set_fault(self, row: int, key: str, sentence: str, *, typed: str = "") -> None:
        """Marks a cell as wrong with its sentence and keeps the text that was typed in view; "" clears it."""
        if 0 <= row < len(self._faults):
            self.put_faults([(row, key, (sentence, typed) if sentence else None)])

    def fault(self, row: int, key: str) -> Fault | None:
        """What is wrong with a cell, and what was typed."""
        return self._faults[row].get(key)

    def faults(self) -> list[tuple[int, str, str]]:
        """(row, column key, sentence) of every wrong cell."""
        return [(row, key, found[0]) for row, cells in enumerate(self._faults) for key, found in cells.items()]

    # steps, called by the undo commands

    def put_cells(self, step: Sequence[tuple[int, str, Any]]) -> None:
        """Writes values without a history entry."""
        if not step:
            return
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

    def put_faults(self, step: Sequence[tuple[int, str, Fault | None]]) -> None:
        """Marks cells as wrong, or as right, without a history entry."""
        changed = False
        for row, key, fault in step:
            if self._faults[row].get(key) == fault:
                continue
            changed = True
            if fault is None:
                del self._faults[row][key]
            else:
                self._faults[row][key] = fault
            cell = self.index(row, self.section(key))
            self.dataChanged.emit(cell, cell)
        if changed:
            self.faults_changed.emit()

    def take_rows(self, at: int, count: int) -> tuple[list[Row], list[CellFaults]]:
        """Removes rows without a history entry and returns them with their faults."""
        self.beginRemoveRows(ROOT, at, at + count - 1)
        rows: list[Row] = self.table.remove(at, count)
        faults = self._faults[at : at + count]
        del self._faults[at : at + count]
        self.table.arrange()
        self.endRemoveRows()
        self.rows_changed.emit()
        return rows, faults

    def _step_of(
        self, cells: Mapping[int, Cells], faults: Mapping[int, Mapping[str, Fault | None]]
    ) -> tuple[Values, Marks]:
        values: Values = []
        marks: Marks = []
        for row, changes in cells.items():
            before = self.table.records[row]
            after = dict(before)
            after.update(changes)
            for column in self.columns:
                if column.derive is not None and column.key in changes:
                    after.update(column.derive(after))
            values += [(row, key, before.get(key), value) for key, value in after.items() if before.get(key) != value]
        for row in {**cells, **faults}:
            wanted = {**dict.fromkeys(cells.get(row, ())), **faults.get(row, {})}
            found = self._faults[row]
            marks += [(row, key, found.get(key), fault) for key, fault in wanted.items() if found.get(key) != fault]
        return values, marks

    def _renew(self, row: int) -> None:
        self.table.renew(row)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
