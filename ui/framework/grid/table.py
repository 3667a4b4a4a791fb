"""The rows of a grid without Qt: values and texts prepared once, filters, search and sorting on an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Final

from ui.framework.colors import Tone
from ui.framework.grid import index
from ui.framework.grid.columns import Column
from ui.framework.grid.index import ColumnFilter, SortKey

if TYPE_CHECKING:
    from ui.framework.grid.rules import Compiled

Record = Any
MARK: Final = Column("_mark", "", kind="flag", width=26)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows with the values of their cells already taken out, as Table.prepare does on any thread."""

    records: list[Record]
    values: list[Sequence[Any]]


class Table:
    """records, values and order are lists beside each other; order holds the numbers of the records shown, in order.

    Texts and tones of a record are prepared when it is first asked for: a list of 50,000 opens without formatting 50,000 rows.
    """

    def __init__(self, columns: Sequence[Column], *, row_tone: Callable[[Record], Tone] | None = None) -> None:
        self.columns = tuple(columns)
        self.row_tone = row_tone
        self.records: list[Record] = []
        self.values: list[Sequence[Any]] = []
        self.order: list[int] = []
        self.filters: dict[int, ColumnFilter] = {}
        self.sort: list[SortKey] = []
        self.words: list[str] = []
        self.rules: Compiled = {}
        self._texts: list[tuple[str, ...] | None] = []
        self._tones: list[tuple[Tone, ...] | None] = []
        self._haystacks: list[str] | None = None
        self._sorted: list[int] | None = None
        self._sort_cells: dict[int, list[Any]] = {}

    def prepare(self, records: Sequence[Record]) -> Prepared:
        """What load and add spend their time on; for long lists on a thread of the pool."""
        return Prepared(list(records), self._extract(records))

    def load(self, rows: Sequence[Record] | Prepared) -> None:
        """Replaces the rows; filters and sorting stay."""
        ready = rows if isinstance(rows, Prepared) else self.prepare(rows)
        self.records, self.values = ready.records, ready.values
        self._texts = [None] * len(self.records)
        self._tones = [None] * len(self.records)
        self._forget()
        self.arrange()

    def add(self, rows: Sequence[Record] | Prepared) -> list[int]:
        """Takes in rows behind those there, without showing them; the numbers of those the filters let through."""
        ready = rows if isinstance(rows, Prepared) else self.prepare(rows)
        first = len(self.records)
        self.records += ready.records
        self.values += ready.values
        self._texts += [None] * len(ready.records)
        self._tones += [None] * len(ready.records)
        self._forget()
        return self._searched(self._matching(self.filters, range(first, len(self.records))))

    def insert(self, at: int, records: Sequence[Record]) -> None:
        """Adds rows in the middle."""
        self.records[at:at] = list(records)
        self.values[at:at] = self._extract(records)
        self._texts[at:at] = [None] * len(records)
        self._tones[at:at] = [None] * len(records)
        self._forget()

    def remove(self, at: int, count: int) -> list[Record]:
        """Takes rows out that stand together."""
        records = self.records[at : at + count]
        for cells in (self.records, self.values, self._texts, self._tones):
            del cells[at : at + count]
        self._forget()
        return records

    def renew(self, at: int) -> None:
        """Prepares a row again after its record changed."""
        self.values[at] = self._extract([self.records[at]])[0]
        self._texts[at] = self._tones[at] = None
        self._forget()

    def arrange(self) -> None:
        """Works out the order again from filters, words and sorting."""
        if self._sorted is None:
            self._sorted = index.sorted_order(range(len(self.values)), self.sort, self._keys_of)
        self.order = self._searched(self._matching(self.filters, self._sorted))

    def filtered(self, numbers: Sequence[int]) -> list[int]:
        """Which of these records the columns' filters let through, whatever is searched for."""
        return self._matching(self.filters, numbers)

    def set_sort(self, keys: Sequence[SortKey]) -> None:
        """Sorts by columns; () returns to the order of the records."""
        self.sort = list(keys)
        self._sorted = None
        self.arrange()

    def texts(self, i: int) -> tuple[str, ...]:
        """Texts of record number i."""
        found = self._texts[i]
        return self._prepare(i) if found is None else found

    def tone(self, i: int, section: int) -> Tone:
        """Tone of a cell of record number i."""
        tones = self._tones[i]
        if tones is None:
            self._prepare(i)
            tones = self._tones[i]
        return tones[section] if tones is not None else ""

    def set_rules(self, rules: Compiled) -> None:
        """The clerk's own colour rules, asked before the columns' own; each record is coloured when it is next shown."""
        self.rules = rules
        self._tones = [None] * len(self.records)

    def rule_tone(self, i: int, section: int) -> Tone:
        """What the clerk's rules say of a cell of record number i; "" if none holds."""
        value, text = self.values[i][section], self.texts(i)[section]
        return next((tone for test, tone in self.rules.get(section, ()) if test(value, text)), "")

    def distinct(self, section: int) -> list[tuple[str, int]]:
        """Texts of a column with counts, over the rows that the other columns' filters leave."""
        others = {other: condition for other, condition in self.filters.items() if other != section}
        order = self._searched(self._matching(others, range(len(self.values))))
        shown = self.columns[section].shown
        if shown is None:
            return index.distinct_texts(self.values, section, order, self._show)
        texts = [(shown(self.records[i]),) for i in order]
        return index.distinct_texts(texts, 0, range(len(texts)), lambda _section, text: text)

    def totals(self) -> dict[int, Decimal]:
        """Sums of the columns declared with total, over the rows shown."""
        sums: dict[int, Decimal] = {}
        for section, column in enumerate(self.columns):
            if column.total:
                cells = [self.values[i][section] for i in self.order]
                sums[section] = sum((Decimal(cell) for cell in cells if cell is not None and cell != ""), Decimal(0))
        return sums

    def _prepare(self, i: int) -> tuple[str, ...]:
        record = self.records[i]
        pairs = list(zip(self.columns, self.values[i], strict=True))
        texts = tuple([c.show(value) if c.shown is None else c.shown(record) for c, value in pairs])
        row_tone: Tone = self.row_tone(record) if self.row_tone is not None else ""
        self._texts[i] = texts
        tones = [column.tone_of(value, record) or row_tone for column, value in pairs]
        for section in self.rules:
            tones[section] = self.rule_tone(i, section) or tones[section]
        self._tones[i] = tuple(tones)
        return texts

    def _extract(self, records: Sequence[Record]) -> list[Sequence[Any]]:
        if not records:
            return []
        if any(column.get is not None for column in self.columns):
            return [tuple([_value(column, record) for column in self.columns]) for record in records]
        keys = [column.key for column in self.columns if column is not MARK]
        lead: tuple[Any, ...] = (None,) * (len(self.columns) - len(keys))
        if isinstance(records[0], Mapping):
            if len(keys) > 1 and all(key in records[0] for key in keys):
                taken = itemgetter(*keys)
                try:
                    return [(*lead, *taken(record)) for record in records]
                except KeyError:
                    pass  # a record that lacks a key shows a blank, below
            return [(*lead, *[record.get(key) for key in keys]) for record in records]
        getter = attrgetter(*keys)
        if len(keys) == 1:
            return [(*lead, getter(record)) for record in records]
        return [(*lead, *getter(record)) for record in records] if lead else [getter(record) for record in records]

    def _show(self, section: int, value: Any) -> str:
        return self.columns[section].show(value)

    def _matching(self, filters: Mapping[int, ColumnFilter], order: Sequence[int]) -> list[int]:
        """What the filters leave of an order; a column that shows more than its value is filtered by what it shows."""
        by_value = {section: found for section, found in filters.items() if self.columns[section].shown is None}
        left = index.matching(self.values, by_value, self._show, order=order)
        for section, found in filters.items():
            shown = self.columns[section].shown
            if shown is not None:
                left = [i for i in left if index.accepts(found, self.values[i][section], shown(self.records[i]))]
        return left

    def _searched(self, order: list[int]) -> list[int]:
        if not self.words:
            return order
        if self._haystacks is None:
            self._haystacks = self._build_haystacks()
        return index.containing(self._haystacks, self.words, order)

    def _build_haystacks(self) -> list[str]:
        parts: list[list[str]] = []
        for section, column in enumerate(self.columns):
            if column.shown is not None and not column.numeric:
                parts.append([column.shown(record).casefold() for record in self.records])
            elif not column.numeric and column is not MARK:
                cells = [values[section] for values in self.values]
                texts = {value: column.show(value).casefold() for value in set(cells)}
                parts.append([texts[value] for value in cells])
        return ["\n".join(cells) for cells in zip(*parts, strict=True)] if parts else [""] * len(self.values)

    def _keys_of(self, section: int) -> list[Any]:
        keys = self._sort_cells.get(section)
        if keys is None:
            keys = self._sort_cells[section] = index.column_keys(self.values, section)
        return keys

    def _forget(self) -> None:
        self._haystacks = None
        self._sorted = None
        self._sort_cells = {}


def _value(column: Column, record: Record) -> Any:
    if column is MARK:
        return None
    if column.get is not None:
        return column.get(record)
    return record.get(column.key) if isinstance(record, Mapping) else attrgetter(column.key)(record)
