"""Table heads and rows as blocks of text and thin lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from services.platform.tongues import CHINESE, Tongue
from services.printing.columns import CELL_PAD, column_widths
from services.printing.forms import Column, Table
from services.printing.lettering import printable, wrapped
from services.printing.marks import Block, Box, Line, Mark, Text

_LEADING = 1.22
_ASCENT = 0.86
_TICK = 0.95


@dataclass(frozen=True, slots=True)
class Grid:
    """A table at fixed column widths; edges are the x of its vertical lines, all lengths in points."""

    table: Table
    edges: tuple[float, ...]
    size: float
    row: float
    tongue: Tongue = CHINESE

    @staticmethod
    def of(table: Table, *, room: float, size: float, row: float, tongue: Tongue = CHINESE) -> Grid:
        """The table spread over room, rows at least row high."""
        return Grid(table, (0.0, *accumulate(column_widths(table, room, size))), size, row, tongue)

    def head(self, *, continued: bool) -> Block:
        """Title line if the table has one, and the column titles."""
        titles = tuple(self._balanced(i, column.title) for i, column in enumerate(self.table.columns))
        grid = self._cells(titles, bold=True, align="center", top=True)
        if not self.table.title:
            return grid
        caption = self.table.title + (self.tongue("（续）") if continued else "")
        lead = self.size * 1.9
        text = Text(0, self.size * 1.35, printable(caption), self.size, bold=True)
        return Block(lead + grid.height, (text, *(moved(mark, lead) for mark in grid.marks)))

    def rows(self, cells: Sequence[str], *, tallest: float) -> list[Block]:
        """The blocks of one row; more than one only if it is higher than tallest."""
        columns = self.table.columns
        lines = [
            self._lines(cell, i, bold=column.strong)
            for i, (cell, column) in enumerate(zip(cells, columns, strict=True))
        ]
        fitting = max(1, int((tallest - 2 * self._pad) // self._leading))
        pieces = max(1, -(-max(map(len, lines)) // fitting))
        blocks = []
        for piece in range(pieces):
            part = [one[piece * fitting : (piece + 1) * fitting] for one in lines]
            blocks.append(self._block(part, [c.align for c in columns], [c.strong for c in columns], ticks=piece == 0))
        return blocks

    def blank(self) -> Block:
        """An empty row, without boxes to tick."""
        count = len(self.table.columns)
        return self._block([()] * count, ["left"] * count, [False] * count, ticks=False)

    def totals(self) -> Block:
        """The totals row: the label in the first cell runs on over the empty cells right of it."""
        totals, columns = self.table.totals, self.table.columns
        label = next((i for i, cell in enumerate(totals) if i and cell), len(totals))
        plain = (Column(""), *(Column("", align=column.align) for column in columns[label:]))
        merged = Grid(Table(plain, ()), (0.0, *self.edges[label:]), self.size, self.row)
        return merged._cells((totals[0], *totals[label:]), bold=True, align="", top=False)

    @property
    def _leading(self) -> float:
        return self.size * _LEADING

    @property
    def _pad(self) -> float:
        return self.size * 0.28

    def _balanced(self, position: int, title: str) -> str:
        """A title that needs two lines, broken after its / or in the middle, not before its last character."""
        if "\n" in title or len(self._lines(title, position, bold=True)) < 2 or title.isascii():
            return title
        middle = title.find("/") + 1 or -(-len(title) // 2)
        return f"{title[:middle]}\n{title[middle:]}"

    def _lines(self, cell: str, position: int, *, bold: bool) -> tuple[str, ...]:
        if not cell:
            return ()
        room = self.edges[position + 1] - self.edges[position] - 2 * CELL_PAD + 0.01
        return wrapped(printable(cell), room, self.size, bold=bold)

    def _cells(self, cells: Sequence[str], *, bold: bool, align: str, top: bool) -> Block:
        lines = [self._lines(cell, i, bold=bold) for i, cell in enumerate(cells)]
        aligns = [align or column.align for column in self.table.columns]
        return self._block(lines, aligns, [bold] * len(cells), ticks=False, top=top)

    def _block(
        self,
        lines: Sequence[Sequence[str]],
        aligns: Sequence[str],
        bolds: Sequence[bool],
        *,
        ticks: bool,
        top: bool = False,
    ) -> Block:
        height = max(self.row, max(map(len, lines), default=0) * self._leading + 2 * self._pad)
        marks: list[Mark] = [Line(0, height, self.edges[-1], height)]
        marks.extend(Line(x, 0, x, height) for x in self.edges)
        if top:
            marks.append(Line(0, 0, self.edges[-1], 0))
        for i, column in enumerate(self.table.columns):
            left, right = self.edges[i], self.edges[i + 1]
            if column.kind == "tick" and ticks:
                side = self.size * _TICK
                marks.append(Box((left + right - side) / 2, (height - side) / 2, side, side))
                continue
            start = (height - len(lines[i]) * self._leading) / 2 + self._leading - self.size * (_LEADING - _ASCENT)
            x = {"left": left + CELL_PAD, "right": right - CELL_PAD, "center": (left + right) / 2}[aligns[i]]
            for number, line in enumerate(lines[i]):
                marks.append(Text(x, start + number * self._leading, line, self.size, bolds[i], aligns[i]))
        return Block(height, tuple(marks))


def moved(mark: Mark, down: float = 0, *, right: float = 0) -> Mark:
    """The same mark, lower and farther right by so many points."""
    if isinstance(mark, Line):
        return Line(mark.x1 + right, mark.y1 + down, mark.x2 + right, mark.y2 + down)
    return replace(mark, x=mark.x + right, y=mark.y + down)
