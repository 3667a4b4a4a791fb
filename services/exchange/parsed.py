"""A checked sheet: values by column, the rows they came from, and everything that is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import repeat

from models.kernel.problems import Place, Problem
from models.kernel.sheets import Sheet
from services.exchange.collector import collector_paused

Value = str | Decimal | int | bool | dt.date | None

PROBLEMS_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row: its number in the file and its values by column key; columns that the file lacks are not in values."""

    row: int
    values: Mapping[str, Value]


@dataclass(slots=True)
class ParsedSheet:
    """Values of one sheet by column. columns[key][i] and rows[i] belong together; a blank cell holds the default.

    label: how the sheet is called in messages; titles: column keys with the titles that the file gives them.
    problems are ordered by row and are at most PROBLEMS_SHOWN and one that counts the rest.
    """

    sheet: Sheet
    label: str
    source: str
    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[Value]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    header_row: int = 1
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, index: int, key: str = "") -> Place:
        """Place of a cell, told as the file tells it."""
        return Place(self.label, self.rows[index], self.titles.get(key, key))

    def values(self, index: int) -> dict[str, Value]:
        """Values of one row by column key."""
        return {key: column[index] for key, column in self.columns.items()}

    def each_row(self) -> Iterator[ParsedRow]:
        """All rows in the file's order."""
        keys = tuple(self.columns)
        values = zip(*self.columns.values(), strict=True) if keys else repeat((), len(self.rows))
        for row, cells in zip(self.rows, values, strict=True):
            yield ParsedRow(row, dict(zip(keys, cells, strict=True)))


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """The rows of one document: its number, its head, and the indexes of its lines in the parsed sheet."""

    number: str
    head: Mapping[str, Value]
    lines: tuple[int, ...]


def documents(parsed: ParsedSheet) -> list[DocumentRows]:
    """Rows with the same number are one document, in the order in which the numbers first appear; none without numbers."""
    with collector_paused():
        return _grouped(parsed)


def _grouped(parsed: ParsedSheet) -> list[DocumentRows]:
    groups: dict[str, list[int]] = {}
    for index, number in enumerate(parsed.columns.get("number", ())):
        groups.setdefault(str(number), []).append(index)
    heads = [key for key in parsed.sheet.header if key in parsed.columns]
    return [
        DocumentRows(number, {key: parsed.columns[key][lines[0]] for key in heads}, tuple(lines))
        for number, lines in groups.items()
    ]
