"""Collects the faults of a sheet in the order of its rows, so many as a clerk can use, and counts the rest."""

from __future__ import annotations

from models.kernel.problems import Place, Problem
from services.exchange.parsed import PROBLEMS_SHOWN

_KEPT = 20 * PROBLEMS_SHOWN


class Faults:
    """Faults by row and column; memory stays bounded however wrong a sheet is."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, Problem]] = []
        self._more = 0

    @property
    def full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self._found) >= _KEPT

    def add(self, row: int, column: int, problem: Problem) -> None:
        """One fault at a row of the file and a position of the declaration."""
        if self.full:
            self._more += 1
        else:
            self._found.append((row, column, problem))

    def count(self, number: int = 1) -> None:
        """Faults that are known but not described."""
        self._more += number

    def ordered(self) -> list[Problem]:
        """The first PROBLEMS_SHOWN by row and column, then one problem that counts the rest."""
        self._found.sort(key=lambda entry: entry[:2])
        shown = [problem for _row, _column, problem in self._found[:PROBLEMS_SHOWN]]
        rest = len(self._found) - len(shown) + self._more
        if rest:
            shown.append(Problem("exchange.more_faults", {"count": rest}, Place(shown[0].place.sheet)))
        return shown
