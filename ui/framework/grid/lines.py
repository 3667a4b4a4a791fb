"""What may be typed into a document's lines, and how it is read: every cell goes through its column's own reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from ui.framework.colors import tone_tint
from ui.framework.grid.columns import Column
from ui.framework.grid.line_rows import Cells, LineRows
from ui.framework.grid.model import EDIT, AnyIndex, editable_ground


class LineModel(LineRows):
    """Cells that are typed into.

    read_only          nothing is typed; cell_rule says it of single cells
    fixed_rows         lines are given: typing fills them in, none is added or taken away
    from_source        lines come from another document: a scanned code leads to the line of its item, it makes none
    unresolved(row, key, text, step)   a look-up cell got text that was not picked from the list: the editor looks it up
    """

    unresolved = Signal(int, str, str, object)

    def __init__(self, columns: Sequence[Column], *, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(columns, parent=parent)
        self.today = today
        self.read_only = False
        self.fixed_rows = False
        self.from_source = False
        self.cell_rule: Callable[[Cells, Column], bool] | None = None

    # cells

    def is_editable(self, row: int, section: int) -> bool:
        """Whether a cell takes typing now."""
        return self.takes(self.table.records[row], self.columns[section])

    def takes(self, row: Cells, column: Column) -> bool:
        """Whether a column takes typing in such a row now."""
        if self.read_only or not column.editable:
            return False
        return self.cell_rule is None or self.cell_rule(row, column)

    def type_text(self, row: int, key: str, text: str) -> bool:
        """Reads typed text into a cell; a fault marks the cell and keeps its old value. False if refused."""
        section = self.section(key)
        column = self.columns[section]
        text = self._remark(row, column, text)
        try:
            value = column.read(text, today=self.today())
        except ValueError as fault:
            self.change_many({}, {row: {key: (str(fault), text)}})
            return False
        if column.kind == "lookup":
            self._type_code(row, column, value)
        elif value != self.table.records[row].get(key):
            self.change(row, {key: value})
        else:
            self.change_many({}, {row: {key: None}})
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
        self.change_many(changes)

    def fill_from_above(self, cells: Iterable[tuple[int, str]]) -> None:
        """Ctrl+D: each cell takes the value of the cell above (with what a look-up fills).

        Of several cells below each other the first is what is copied, as in Excel.
        """
        wanted = set(cells)
        changes: dict[int, dict[str, Any]] = {}
        for row, key in sorted(wanted):
            section = self.section(key)
            begins = (row - 1, key) not in wanted and (row + 1, key) in wanted
            if row == 0 or begins or not self.is_editable(row, section):
                continue
            source = {**self.table.records[row - 1], **changes.get(row - 1, {})}
            changes.setdefault(row, {})[key] = source.get(key)
            changes[row].update({other: source.get(other) for other in self.columns[section].fills})
        self.change_many(changes)

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

    def _check(self, cell: AnyIndex) -> Any:
        """A yes/no cell that takes typing now is a box; one with a fault shows what was typed."""
        if not cell.isValid() or self.columns[cell.column()].kind != "flag":
            return super()._check(cell)
        if self.columns[cell.column()].key in self._faults[cell.row()] or not self.is_editable(
            cell.row(), cell.column()
        ):
            return None
        return Qt.CheckState.Checked if self._display(cell) else Qt.CheckState.Unchecked

    def _tooltip(self, cell: AnyIndex) -> Any:
        fault = self._faults[cell.row()].get(self.columns[cell.column()].key)
        return fault[0] if fault else super()._tooltip(cell)

    def _display(self, cell: AnyIndex) -> str | None:
        if cell.isValid() and self._faults[cell.row()]:
            fault = self._faults[cell.row()].get(self.columns[cell.column()].key)
            if fault and fault[1]:
                return fault[1]
        return super()._display(cell)

    def _type_code(self, row: int, column: Column, value: Any) -> None:
        if value is None:
            self.clear_cells([(row, column.key)])
        elif value != self.table.records[row].get(column.key):
            step = self.change(row, {column.key: value, **dict.fromkeys(column.fills)})
            self.unresolved.emit(row, column.key, str(value), step)
        elif self.fault(row, column.key) is not None:
            self.unresolved.emit(row, column.key, str(value), None)

    def _remark(self, row: int, column: Column, text: str) -> str:
        if column.remark and text.strip() in ("..", "//"):
            # The first line has none above it: what it says stays.
            source = self.table.records[max(row - 1, 0) if text.strip() == ".." else 0]
            return str(source.get(column.key) or "")
        return text
