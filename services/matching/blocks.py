"""What was pasted, as rows of cells: a table as it is, lines of a chat taken apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from services.exchange.headings import shown
from services.matching.engine.lines import split_line

MOST_ROWS = 5000
CHAT_COLUMNS = ("text", "quantity", "unit", "price", "due_date")


@dataclass(frozen=True, slots=True)
class Block:
    """A pasted block. columns: what each column is ("" unused); first: row of the first data; titles: as pasted.

    numbers: line of the pasted text each row stood on, from 1.
    """

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    first: int = 0
    chat: bool = False
    numbers: tuple[int, ...] = ()

    def with_columns(self, columns: Sequence[str]) -> Block:
        """The same block with other columns."""
        return replace(self, columns=tuple(columns))


def read_rows(rows: Sequence[Sequence[str]]) -> Block:
    """Trims cells, drops blank rows and columns, makes rows equally long; at most 5,000 rows are taken."""
    kept = [(number, [shown(cell) for cell in row]) for number, row in enumerate(rows[:MOST_ROWS], start=1)]
    kept = [(number, row) for number, row in kept if any(row)]
    width = max((len(row) for _, row in kept), default=0)
    full = [row + [""] * (width - len(row)) for _, row in kept]
    used = [at for at in range(width) if any(row[at] for row in full)]
    return Block(tuple(tuple(row[at] for at in used) for row in full), numbers=tuple(number for number, _ in kept))


def is_chat(block: Block) -> bool:
    """Whether rows are lines of text rather than cells of a table: nearly all of them hold one cell."""
    single = sum(1 for row in block.rows if sum(1 for cell in row if cell) == 1)
    return bool(block.rows) and single >= 0.8 * len(block.rows)


def split_chat(block: Block, *, today: dt.date, units: Collection[str]) -> Block:
    """Lines of a chat as cells: item, quantity, unit, price, day."""
    made = []
    for row in block.rows:
        line = split_line(" ".join(cell for cell in row if cell), today=today, units=units)
        made.append((line.text, line.quantity, line.unit, line.price, line.day.isoformat() if line.day else ""))
    return Block(tuple(made), CHAT_COLUMNS, chat=True, numbers=block.numbers)
