"""Codes that were typed, scanned or pasted into lines without the list: looked up in one job, taken or marked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPersistentModelIndex
from PySide6.QtWidgets import QApplication

from ui.framework.grid.columns import Column
from ui.framework.grid.line_steps import ChangeCells, Fault
from ui.framework.lookup import LookupRow, LookupSource, exact_hits, hit_of, miss_sentence
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.line_view import LineView

RESOLVE_LIMIT = 5
Code = tuple[QPersistentModelIndex, int, str]
Hits = dict[tuple[str, str], Sequence[LookupRow]]


class CodeResolver(QObject):
    """Belongs to one line view."""

    def __init__(self, view: LineView) -> None:
        super().__init__(view)
        self._view = view
        view.lines.unresolved.connect(self._typed)

    def _typed(self, row: int, key: str, text: str, step: ChangeCells | None) -> None:
        self.resolve([(row, key, text)], step)

    def resolve(self, codes: Sequence[tuple[int, str, str]], step: ChangeCells | None) -> None:
        """Looks typed or pasted codes up in one job; equal codes are asked once. What they bring is part of the step that set them."""
        cells: list[Code] = []
        wanted: dict[tuple[str, str], LookupSource] = {}
        for row, key, text in codes:
            section = self._view.lines.section(key)
            name = self._view.lines.columns[section].lookup
            source = self._view.lookups.get(name)
            if source is not None:
                cells.append((QPersistentModelIndex(self._view.lines.index(row, section)), row, text))
                wanted[name, text] = source
        if not cells:
            return

        def ask() -> tuple[list[Code], Hits]:
            return cells, {key: source.search(key[1], RESOLVE_LIMIT) for key, source in wanted.items()}

        self._view.ops.run_query(ask, partial(self._resolved, step), owner=self)

    def _took(self, column: Column, row: LookupRow) -> None:
        source = self._view.lookups.get(column.lookup)
        if source is not None and source.taken is not None:
            source.taken(row)

    def _resolved(self, step: ChangeCells | None, answer: tuple[list[Code], Hits]) -> None:
        cells, hits = answer
        lines = self._view.lines
        changes: dict[int, dict[str, Any]] = {}
        faults: dict[int, dict[str, Fault | None]] = {}
        places: dict[int, int] = {}
        for cell, place, text in cells:
            if not cell.isValid() or lines.record(cell.row()).get(lines.columns[cell.column()].key) != text:
                continue
            row, column = cell.row(), lines.columns[cell.column()]
            places[row] = place
            found = hit_of(text, hits[column.lookup, text])
            if isinstance(found, LookupRow):
                self._took(column, found)
                changes.setdefault(row, {}).update({column.key: found.code, **self._brought(row, column, found)})
                continue
            alike = hits[column.lookup, text]
            faults.setdefault(row, {})[column.key] = (miss_sentence(text, alike, tr(column.title)), text)
            if len(cells) == 1 and exact_hits(text, alike):
                self._choose(cell)
        lines.follow(step, places, changes, faults)

    def _brought(self, row: int, column: Column, found: LookupRow) -> dict[str, Any]:
        """What a hit fills in; a cell that the clerk may type into and has filled is the clerk's."""
        lines = self._view.lines
        typed = {
            other.key
            for at, other in enumerate(lines.columns)
            if other.key in column.fills and lines.is_editable(row, at) and lines.record(row).get(other.key) is not None
        }
        return {key: found.value(name) for key, name in column.fills.items() if key not in typed}

    def _choose(self, cell: QPersistentModelIndex) -> None:
        """A code or barcode of several: back to its cell, with the list open; not when the clerk has gone elsewhere."""
        focus = QApplication.focusWidget()
        view = self._view
        if focus is not None and (focus is view or view.isAncestorOf(focus)):
            view.finish_editing()
            view.setCurrentIndex(view.lines.index(cell.row(), cell.column()))
            view.look_up()
