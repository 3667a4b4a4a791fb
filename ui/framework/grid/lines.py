"""Editable rows of a document: typed and pasted cells go through the column's own reading, every step can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ui.framework.colors import tone_tint
from ui.framework.grid.columns import Column
from ui.framework.grid.model import EDIT, ROOT, AnyIndex, GridModel, editable_ground
from ui.framework.texts import tr

Row = dict[str, Any]
Cells = Mapping[str, Any]
CellFaults = dict[str, tuple[str, str]]


class LineModel(GridModel):
    """Rows are dicts that this model owns; lines() hands out copies without the blank ones.

    fixed_rows         lines are given: typing fills them in, none is added or taken away
    edited(row, key)   after a cell was changed by typing, pasting, undo
    faults_changed()   a cell became wrong or right
    unresolved(row, key, text)   a look-up cell got text that was not picked from the list: the editor looks it up
    """

    edited = Signal(int, str)
    unresolved = Signal(int, str, str)
    faults_changed = Signal()

    def __init__(self, columns: Sequence[Column], *, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(columns, parent=parent)
        self.undo = QUndoStack(self)
        self.today = today
        self.read_only = False
        self.fixed_rows = False
        self.cell_rule: Callable[[Cells, Column], bool] | None = None
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

    def is_editable(self, row: int, section: int) -> bool:
        """Whether a cell takes typing now."""
        return self.takes(self.table.records[row], self.columns[section])

    def takes(self, row: Cells, column: Column) -> bool:
        """Whether a column takes typing in such a row now."""
        if self.read_only or not column.editable:
            return False
        return self.cell_rule is None or self.cell_rule(row, column)

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

    def type_text(self, row: int, key: str, text: str) -> bool:
        """Reads typed text into a cell; a fault marks the cell and keeps its old value. False if refused."""
        section = self.section(key)
        column = self.columns[section]
        text = self._remark(row, column, text)
        try:
            value = column.read(text, today=self.today())
        except ValueError as fault:
            self.set_fault(row, key, str(fault), typed=text)
            return False
        self.set_fault(row, key, "")
        if column.kind == "lookup":
            self._type_code(row, column, value)
        elif value != self.table.records[row].get(key):
            self.change(row, {key: value})
        return True

    def clear_cells(self, cells: Iterable[tuple[int, str]]) -> None:
        """Empties editable cells as one step."""
        changes: dict[int, dict[str, Any]] = {}
        for row, key in cells:
            section = self.section(key)
            if self.is_editable(row, section):
                column = self.columns[section]
                changes.setdefault(row, {})[key] = None
                changes[row].update(dict.fromkeys(column.fills))
                self.set_fault(row, key, "")
        self.change_many(changes)

    def fill_from_above(self, cells: Iterable[tuple[int, str]]) -> None:
        """Ctrl+D: each cell takes the value of the cell above (with what a look-up fills)."""
        changes: dict[int, dict[str, Any]] = {}
        for row, key in sorted(cells):
            section = self.section(key)
            if row == 0 or not self.is_editable(row, section):
                continue
            source = {**self.table.records[row - 1], **changes.get(row - 1, {})}
            changes.setdefault(row, {})[key] = source.get(key)
            changes[row].update({other: source.get(other) for other in self.columns[section].fills})
        self.change_many(changes)

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

    # Qt

    def setData(self, cell: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """Editors and tests commit text here."""
        if role != EDIT or not cell.isValid() or not self.is_editable(cell.row(), cell.column()):
            return False
        return self.type_text(cell.row(), self.columns[cell.column()].key, str(value))

    def flags(self, cell: AnyIndex) -> Qt.ItemFlag:
        """Editable cells say so."""
        flags = super().flags(cell)
        if cell.isValid() and self.is_editable(cell.row(), cell.column()):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _background(self, cell: AnyIndex) -> Any:
        if not cell.isValid():
            return None
        if self.columns[cell.column()].key in self._faults[cell.row()]:
            return tone_tint("danger")
        found = super()._background(cell)
        if found is None and self.is_editable(cell.row(), cell.column()):
            return editable_ground()
        return found

    def _tooltip(self, cell: AnyIndex) -> Any:
        fault = self._faults[cell.row()].get(self.columns[cell.column()].key)
        return fault[0] if fault else super()._tooltip(cell)

    def _display(self, cell: AnyIndex) -> str | None:
        if cell.isValid() and self._faults[cell.row()]:
            fault = self._faults[cell.row()].get(self.columns[cell.column()].key)
            if fault and fault[1]:
                return fault[1]
        return super()._display(cell)

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

    def _type_code(self, row: int, column: Column, value: Any) -> None:
        if value is None:
            self.clear_cells([(row, column.key)])
        elif value != self.table.records[row].get(column.key):
            self.change(row, {column.key: value, **dict.fromkeys(column.fills)})
            self.unresolved.emit(row, column.key, str(value))

    def _remark(self, row: int, column: Column, text: str) -> str:
        if column.remark and row > 0 and text.strip() in ("..", "//"):
            source = self.table.records[row - 1 if text.strip() == ".." else 0]
            return str(source.get(column.key) or "")
        return text


class _ChangeCells(QUndoCommand):
    """Cells set by one typing, paste or fill."""

    def __init__(self, model: LineModel, step: Sequence[tuple[int, str, Any, Any]]) -> None:
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

    def __init__(self, model: LineModel, at: int, rows: Sequence[Row]) -> None:
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

    def __init__(self, model: LineModel, at: int) -> None:
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
