"""Brings the rows that Qt knows in line with the lines of a bill: what is kept keeps its state, the rest goes or comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.engineering.draft import DraftLine, Lines
from ui.engineering.fields import COLUMNS
from ui.engineering.look import Place
from ui.engineering.places import Places

if TYPE_CHECKING:
    from ui.engineering.tree_model import BomModel


class TreeSync:
    """Serves one model: announces removals, insertions and changes of its rows."""

    def __init__(self, model: BomModel, places: Places) -> None:
        self._model = model
        self._places = places

    def sync(self, place: Place, lines: Lines) -> None:
        """Brings the places below one place in line with a bill: removals, insertions, values; the rest keeps its state."""
        children = self._places.below(place)
        wanted = {line.key: at for at, line in enumerate(lines)}
        kept = _ascending([wanted.get(below.line.key, -1) for below in children])
        parent = self._model.index_of(place)
        row = len(children)
        while row > 0:
            last = row - 1
            if last in kept:
                row = last
                continue
            first = last
            while first > 0 and first - 1 not in kept:
                first -= 1
            self._model.beginRemoveRows(parent, first, last)
            for gone in children[first : last + 1]:
                self._places.forget(gone)
            del children[first : last + 1]
            self._number(children)
            self._model.endRemoveRows()
            row = first
        self._insert_missing(place, lines)
        for below, line in zip(children, lines, strict=True):
            if below.line is not line:
                self._set_line(below, line)

    def _insert_missing(self, place: Place, lines: Lines) -> None:
        children = self._places.below(place)
        have = {below.line.key for below in children}
        row = 0
        while row < len(lines):
            if lines[row].key in have:
                row += 1
                continue
            end = row
            while end < len(lines) and lines[end].key not in have:
                end += 1
            self._model.beginInsertRows(self._model.index_of(place), row, end - 1)
            children[row:row] = [
                self._places.make(place, line, at) for at, line in enumerate(lines[row:end], start=row)
            ]
            self._number(children)
            self._model.endInsertRows()
            row = end

    def _set_line(self, place: Place, line: DraftLine) -> None:
        same = place.line.text == line.text
        if not same:
            self._places.below(place)
        place.line = line
        if same:
            self.renew(place)
        else:
            self.reopen(place)

    def reopen(self, place: Place) -> None:
        """The component of a place changed: what is below goes, what belongs there comes."""
        children = place.children = place.children or []
        if children:
            self._model.beginRemoveRows(self._model.index_of(place), 0, len(children) - 1)
            for gone in children:
                self._places.forget(gone)
            children.clear()
            self._model.endRemoveRows()
        self._places.register(place)
        self._insert_missing(place, self._places.lines_below(place))
        self.renew(place)

    @staticmethod
    def _number(children: Sequence[Place]) -> None:
        for row, place in enumerate(children):
            place.row = row

    def renew(self, place: Place) -> None:
        """The texts of a place are made again."""
        if self._places.numbered(place.number):
            place.texts = None
            self._model.dataChanged.emit(self._model.index_of(place, 0), self._model.index_of(place, len(COLUMNS) - 1))


def _ascending(places: Sequence[int]) -> set[int]:
    """Rows of the longest run that already stands in the wanted order; -1 stands for what is not wanted at all."""
    best: list[int] = []
    came: list[int] = [-1] * len(places)
    for row, at in enumerate(places):
        if at < 0:
            continue
        low, high = 0, len(best)
        while low < high:
            middle = (low + high) // 2
            if places[best[middle]] < at:
                low = middle + 1
            else:
                high = middle
        came[row] = best[low - 1] if low else -1
        best[low : low + 1] = [row]
    kept: set[int] = set()
    row = best[-1] if best else -1
    while row >= 0:
        kept.add(row)
        row = came[row]
    return kept
