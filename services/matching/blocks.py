"""What was pasted, as rows of cells: a table as it is, lines of a chat taken apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from services.exchange.headings import shown
from services.matching.engine.lines import SplitLine, split_line

MOST_ROWS = 5000
_ITEM_LINES = 2
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
    """Lines of a chat as cells: item, quantity, unit, price, day. A line that is only a quantity belongs to the item above it."""
    made: list[tuple[SplitLine, int]] = []
    for at, row in enumerate(block.rows):
        line = split_line(" ".join(cell for cell in row if cell), today=today, units=units)
        number = block.numbers[at] if at < len(block.numbers) else at + 1
        begun = _begun(made) if line.quantity and not line.text else []
        if begun:
            line = _joined([*(other for other, _ in begun), line])
            number = begun[0][1]
            del made[-len(begun) :]
        made.append((line, number))
    rows = tuple(
        (line.text, line.quantity, line.unit, line.price, line.day.isoformat() if line.day else "") for line, _ in made
    )
    return Block(rows, CHAT_COLUMNS, chat=True, numbers=tuple(number for _, number in made))


def _begun(made: Sequence[tuple[SplitLine, int]]) -> list[tuple[SplitLine, int]]:
    """The lines at the end that name an item and have no quantity yet, at most two: a name and its specification."""
    begun: list[tuple[SplitLine, int]] = []
    for line, number in reversed(made[-_ITEM_LINES:]):
        if line.quantity or not line.text:
            break
        begun.insert(0, (line, number))
    return begun


def _joined(lines: Sequence[SplitLine]) -> SplitLine:
    price = next((line.price for line in reversed(lines) if line.price), "")
    day = next((line.day for line in reversed(lines) if line.day), None)
    text = " ".join(line.text for line in lines if line.text)
    return replace(lines[-1], text=text, price=price, day=day)
