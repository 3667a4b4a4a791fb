"""Which rows a grid has and in what order: records, filters, sorting and colour rules as a Qt model, without what a cell looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Signal

from services.platform.api import local_today
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.rules import ColorRule, compiled
from ui.framework.grid.table import MARK, Prepared, Record, Table

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()


class RowModel(QAbstractTableModel):
    """Rows are frozen objects or dicts; key is the attribute that identifies one. What a cell shows is GridModel's."""

    rows_changed = Signal()
    sort_changed = Signal()

    def __init__(
        self, columns: Sequence[Column], *, key: str, row_tone: Callable[[Record], Tone] | None, parent: QObject | None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.markable = MARK in self.columns
        self.key = key
        self.today: Callable[[], date] = local_today
        self.table = Table(self.columns, row_tone=row_tone)
        self._rules: tuple[ColorRule, ...] = ()
        self._sections = {column.key: section for section, column in enumerate(self.columns)}

    # rows

    def set_records(self, records: Sequence[Record] | Prepared) -> None:
        """Replaces the rows; filters and sorting stay. Rules about today look at the day anew."""
        self.beginResetModel()
        if self._rules:
            self.table.set_rules(compiled(self._rules, self.columns, self.today()))
        self.table.load(records)
        self.endResetModel()
        self.rows_changed.emit()

    def add_records(self, records: Sequence[Record] | Prepared) -> None:
        """More rows behind those there; nothing else moves unless they are sorted in."""
        if self.table.sort:
            self.table.add(records)
            self._reorder(self.table.arrange)
            return
        shown = self.table.add(records)
        if shown:
            self.beginInsertRows(ROOT, len(self.table.order), len(self.table.order) + len(shown) - 1)
            self.table.order += shown
            self.endInsertRows()
        self.rows_changed.emit()

    def record(self, row: int) -> Record:
        """The record shown in a row."""
        return self.table.records[self.table.order[row]]

    def records(self) -> Iterator[Record]:
        """The records shown, in order."""
        return (self.table.records[i] for i in self.table.order)

    @property
    def total_count(self) -> int:
        """Rows before filtering."""
        return len(self.table.records)

    def value(self, row: int, section: int) -> Any:
        """The value behind a cell."""
        return self.table.values[self.table.order[row]][section]

    def text(self, row: int, section: int) -> str:
        """The text of a cell."""
        return self.table.texts(self.table.order[row])[section]

    def tone(self, row: int, section: int) -> Tone:
        """The tone of a cell."""
        return self.table.tone(self.table.order[row], section)

    def section(self, key: str) -> int:
        """Section number of a column key; KeyError if there is none."""
        return self._sections[key]

    def key_of(self, record: Record) -> Any:
        """What identifies a record: its key attribute, else its identity."""
        if not self.key:
            return id(record)
        return record.get(self.key) if isinstance(record, Mapping) else getattr(record, self.key)

    def row_of(self, key: Any) -> int:
        """Row that shows the record of that key; -1 if filtered away or gone."""
        for row, record in enumerate(self.records()):
            if self.key_of(record) == key:
                return row
        return -1

    # filter and sort

    @property
    def filters(self) -> dict[str, ColumnFilter]:
        """Active filters by column key."""
        return {self.columns[section].key: condition for section, condition in self.table.filters.items()}

    @property
    def sort_keys(self) -> tuple[SortKey, ...]:
        """Current sorting, strongest first."""
        return tuple(self.table.sort)

    def set_filter(self, key: str, condition: ColumnFilter | None) -> None:
        """Sets or clears one column's filter."""
        section = self._sections[key]
        if condition is None or not condition.active:
            self.table.filters.pop(section, None)
        else:
            self.table.filters[section] = condition
        self._reorder(self.table.arrange)

    def clear_filters(self) -> None:
        """Shows all rows again (the quick text stays)."""
        self.table.filters.clear()
        self._reorder(self.table.arrange)

    @property
    def rules(self) -> tuple[ColorRule, ...]:
        """The clerk's own colour rules."""
        return self._rules

    def set_rules(self, rules: Sequence[ColorRule]) -> None:
        """Colours cells by other rules; order and filters stay."""
        if tuple(rules) == self._rules:
            return
        self._rules = tuple(rules)
        self.table.set_rules(compiled(self._rules, self.columns, self.today()))
        if self.table.order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.table.order) - 1, len(self.columns) - 1))

    def set_quick_text(self, text: str) -> None:
        """Keeps rows that contain every word of text in any column, hidden ones too."""
        self.table.words = text.casefold().split()
        self._reorder(self.table.arrange)

    def set_sort(self, keys: Sequence[SortKey]) -> None:
        """Sorts by columns (sections); () returns to the order the records came in."""
        self._reorder(partial(self.table.set_sort, keys))
        self.sort_changed.emit()

    def distinct(self, section: int) -> list[tuple[str, int]]:
        """Texts of a column with counts, over the rows that the other columns' filters leave (for the filter popup)."""
        return self.table.distinct(section)

    def totals(self) -> dict[int, Decimal]:
        """Sums of the columns declared with total, over the rows shown, by section."""
        return self.table.totals()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self.table.order)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        """Declared columns, the tick column included."""
        return 0 if parent.isValid() else len(self.columns)

    def _reorder(self, arrange: Callable[[], None]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        sources = [self.table.order[cell.row()] for cell in before]
        arrange()
        if before:
            places = {i: row for row, i in enumerate(self.table.order)}
            after = [
                self.index(places[i], cell.column()) if i in places else QModelIndex()
                for i, cell in zip(sources, before, strict=True)
            ]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.rows_changed.emit()
