"""The sound rows of one sheet from all sources, as one batch that still knows where each row came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from models.kernel.problems import Place, Problem
from models.kernel.sheets import Sheet
from services.exchange.parsed import ParsedSheet, Value
from services.exchange.values import Converter, Fault


@dataclass(slots=True)
class Batch:
    """Rows of one sheet, numbered from 0 over all its parts. bad: rows that are refused already and are left out."""

    sheet: Sheet
    parts: list[ParsedSheet] = field(default_factory=list)
    bad: set[int] = field(default_factory=set)
    _ends: list[int] = field(default_factory=list)

    def add(self, part: ParsedSheet) -> None:
        """Takes in a checked sheet; rows with faults, and all rows of a sheet without its columns, are bad."""
        start = len(self)
        self.parts.append(part)
        self._ends = list(accumulate(map(len, self.parts)))
        rows = {problem.place.row for problem in part.problems}
        lost = any(p.code in ("exchange.missing_column", "exchange.more_faults") for p in part.problems)
        if lost:
            self.bad.update(range(start, len(self)))
        elif rows - {part.header_row}:
            self.bad.update(start + index for index, row in enumerate(part.rows) if row in rows)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def locate(self, index: int) -> tuple[ParsedSheet, int]:
        """The part that holds a row, and its index there."""
        at = bisect_right(self._ends, index)
        return self.parts[at], index - (self._ends[at - 1] if at else 0)

    def place(self, index: int, key: str = "") -> Place:
        """Where a row or cell stands, told as its file tells it."""
        part, at = self.locate(index)
        return replace(part.place(at, key), field=key)

    def column(self, key: str) -> list[Value]:
        """Values of a column over all parts; the default where a part has no such column."""
        default = Converter(self.sheet.column(key)).default
        blank = None if isinstance(default, Fault) else default
        values: list[Value] = []
        for part in self.parts:
            values += part.columns.get(key) or [blank] * len(part)
        return values

    def columns(self) -> dict[str, list[Value]]:
        """Every column of the sheet, defaults where a part has none."""
        return {column.key: self.column(column.key) for column in self.sheet.columns}

    def rows(self) -> Iterator[dict[str, Value]]:
        """Each row's values by key, without the columns its file does not have."""
        for part in self.parts:
            for row in part.each_row():
                yield dict(row.values)

    def good(self) -> list[int]:
        """Rows that are not refused."""
        return [index for index in range(len(self)) if index not in self.bad]

    def problem(self, code: str, index: int, key: str, /, **args: object) -> Problem:
        """A problem at a cell; its row counts as bad from now on."""
        self.bad.add(index)
        return Problem(code, args, self.place(index, key))

    def translated(self, problems: Sequence[Problem]) -> list[Problem]:
        """Problems whose place.row is a row of this batch from 1, told by file row and title; the rows become bad.

        An argument "row" or "first" that names such a row is translated too.
        """
        made = []
        for problem in problems:
            index = problem.place.row - 1
            if not 0 <= index < len(self):
                made.append(replace(problem, place=Place(self.parts[0].label) if self.parts else Place()))
                continue
            self.bad.add(index)
            args = dict(problem.args)
            for name in ("row", "first"):
                if isinstance(args.get(name), int):
                    part, at = self.locate(int(str(args[name])) - 1)
                    args[name] = part.rows[at]
            made.append(replace(problem, args=args, place=self.place(index, problem.place.column)))
        return made
