"""What can be undone, and the moves of an outline: indent, outdent, up, down, drop; each gives the new lines of the bills it touches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from ui.engineering.draft import DraftBook, DraftLine, Lines, Step, inserted, without


class ChangeBills(QUndoCommand):
    """Lines of bills before and after one action of the clerk."""

    def __init__(self, title: str, before: Step, after: Step, apply: Callable[[Step], None]) -> None:
        super().__init__(title)
        self._before = before
        self._after = after
        self._apply = apply

    def redo(self) -> None:
        """Does it (again)."""
        self._apply(self._after)

    def undo(self) -> None:
        """Takes it back."""
        self._apply(self._before)


def moved(book: DraftBook, source: int, keys: list[int], target: int, at: int, *, copy: bool = False) -> Step:
    """Lines of one bill put into a bill (the same or another) at a row; a copied line is a line of its own."""
    lines = [line for line in book.lines(source) if line.key in set(keys)]
    if copy:
        return {target: inserted(book.lines(target), at, [line.copied() for line in lines])}
    if source == target:
        before = sum(line.key in set(keys) for line in book.lines(source)[:at])
        return {source: inserted(without(book.lines(source), keys), at - before, lines)}
    return {source: without(book.lines(source), keys), target: inserted(book.lines(target), at, lines)}


def shifted(lines: Lines, key: int, by: int) -> Lines:
    """A line moved up or down within its bill."""
    at = row_of(lines, key)
    to = at + by
    if at < 0 or not 0 <= to < len(lines):
        return lines
    return inserted(without(lines, [key]), to, [lines[at]])


def row_of(lines: Lines, key: int) -> int:
    """Where a line stands; -1 if it does not."""
    return next((row for row, line in enumerate(lines) if line.key == key), -1)


def blank_after(lines: Lines, key: int) -> tuple[Lines, DraftLine]:
    """Lines with a blank one after the given one (key 0: at the end)."""
    at = row_of(lines, key) + 1 if key else len(lines)
    line = DraftLine()
    return inserted(lines, at, [line]), line
