"""Parents whose structure changes by date or passes through phantoms and skipped levels, line by line in fractions."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from services.planning.engine.model import I64, NONE, OPEN_FROM, BomLines, Issue, ItemKind, PlanInput
from services.planning.engine.slopes import NOTHING, Usage
from services.planning.engine.usage import line_usage


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of days over which the real components of a parent stay the same."""

    parent: int
    first_day: int
    version: int
    usages: dict[int, Usage]
    barren: tuple[int, ...] = ()


class Passing:
    """Pieces of parents, each made once; a phantom that contains itself asks for nothing."""

    def __init__(self, data: PlanInput, bom: BomLines, live: I64, last: int) -> None:
        self._data = data
        self._last = last
        self._bom = bom
        self._live = live
        self._parents = bom.parent[live]
        self._known: dict[int, list[Piece]] = {}
        self._open: set[int] = set()
        self._loops: set[int] = set()

    def loops(self) -> tuple[int, ...]:
        """Items met inside themselves while passing through."""
        return tuple(sorted(self._loops))

    def pieces(self, parent: int) -> list[Piece]:
        """The parent's pieces in order of days; the first starts at OPEN_FROM; none without a BOM."""
        if parent not in self._known:
            self._open.add(parent)
            made = self._make(parent)
            self._open.discard(parent)
            self._known[parent] = made
        return self._known[parent]

    def at(self, parent: int, day: int) -> Piece | None:
        """The piece in force on a day."""
        pieces = self.pieces(parent)
        found = bisect_right(pieces, day, key=lambda piece: piece.first_day) - 1
        return pieces[found] if found >= 0 else None

    def _rows(self, parent: int) -> list[int]:
        low, high = np.searchsorted(self._parents, [parent, parent + 1])
        rows: list[int] = self._live[low:high].tolist()
        return rows

    def _make(self, parent: int) -> list[Piece]:
        rows = self._rows(parent)
        low, high = np.searchsorted(self._bom.parent, [parent, parent + 1])
        if low == high:
            return []
        made: list[Piece] = []
        for day in self._breaks(rows):
            piece = self._piece(parent, day, rows)
            if made and (made[-1].version, made[-1].usages, made[-1].barren) == (
                piece.version, piece.usages, piece.barren,
            ):  # fmt: skip
                continue
            made.append(piece)
        return made

    def _breaks(self, rows: list[int]) -> list[int]:
        """First days on which the outcome may change: of the lines and of what they pass through."""
        start = self._data.parameters.start
        days = {OPEN_FROM}
        for row in rows:
            first, after = int(self._bom.valid_from[row]), int(self._bom.valid_to[row]) + 1
            days.update(day for day in (first, after) if start < day <= self._last)
            component = int(self._bom.component[row])
            if self._asks(row) and self._may_pass(row) and not self._in_loop(component):
                days.update(piece.first_day for piece in self.pieces(component))
        return sorted(days)

    def _piece(self, parent: int, day: int, rows: list[int]) -> Piece:
        day_inside = max(day, self._data.parameters.start)
        valid = [r for r in rows if self._bom.valid_from[r] <= day_inside <= self._bom.valid_to[r]]
        if not valid:
            return Piece(parent, day, NONE, {})
        version = max(int(self._bom.version[r]) for r in valid)
        usages: dict[int, Usage] = {}
        barren: set[int] = set()
        for row in valid:
            if self._bom.version[row] != version or not self._asks(row):
                continue
            upper = line_usage(self._data.items, self._bom, row, divides=self._data.parameters.scrap_divides)
            for component, usage in self._reached(row, day_inside, upper, barren):
                usages[component] = usages.get(component, NOTHING).plus(usage)
        return Piece(parent, day, version, dict(sorted(usages.items())), tuple(sorted(barren)))

    def _reached(self, row: int, day: int, upper: Usage, barren: set[int]) -> list[tuple[int, Usage]]:
        """Real components behind a line; a skipped item without a valid BOM stays a component itself."""
        component = int(self._bom.component[row])
        phantom = self._data.items.kind[component] == ItemKind.PHANTOM
        if not self._may_pass(row):
            return [(component, upper)]
        if self._in_loop(component):
            return [] if phantom else [(component, upper)]
        below = self.at(component, day)
        if below is None or below.version == NONE:
            if phantom:
                barren.add(component)
            return [] if phantom else [(component, upper)]
        barren.update(below.barren)
        return [(item, usage.through(upper)) for item, usage in below.usages.items()]

    def _may_pass(self, row: int) -> bool:
        component = int(self._bom.component[row])
        return bool(self._bom.skip[row]) or self._data.items.kind[component] == ItemKind.PHANTOM

    def _in_loop(self, component: int) -> bool:
        if component in self._open:
            self._loops.add(component)
            return True
        return False

    def _asks(self, row: int) -> bool:
        service = self._data.items.kind[self._bom.component[row]] == ItemKind.SERVICE
        return self._bom.issue[row] != Issue.NONE and not self._bom.customer[row] and not service
