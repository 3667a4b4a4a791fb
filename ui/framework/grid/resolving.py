"""Codes that were typed, scanned or pasted into lines without the list: looked up in one job, taken or marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPersistentModelIndex
from PySide6.QtWidgets import QApplication

from ui.framework.grid.columns import Column
from ui.framework.lookup import LookupRow, LookupSource, exact_hits, hit_of, miss_sentence
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.line_view import LineView

RESOLVE_LIMIT = 5
Hits = dict[tuple[str, str], Sequence[LookupRow]]


class CodeResolver(QObject):
    """Belongs to one line view."""

    def __init__(self, view: LineView) -> None:
        super().__init__(view)
        self._view = view
        view.lines.unresolved.connect(self._typed)

    def _typed(self, row: int, key: str, text: str) -> None:
        self.resolve([(row, key, text)])

    def resolve(self, codes: Sequence[tuple[int, str, str]]) -> None:
        """Looks typed or pasted codes up in one job; equal codes are asked once."""
        cells: list[tuple[QPersistentModelIndex, str]] = []
        wanted: dict[tuple[str, str], LookupSource] = {}
        for row, key, text in codes:
            name = self._view.lines.columns[self._view.lines.section(key)].lookup
            source = self._view.lookups.get(name)
            if source is not None:
                cells.append((QPersistentModelIndex(self._view.lines.index(row, self._view.lines.section(key))), text))
                wanted[name, text] = source
        if not cells:
            return

        def ask() -> tuple[list[tuple[QPersistentModelIndex, str]], Hits]:
            return cells, {key: source.search(key[1], RESOLVE_LIMIT) for key, source in wanted.items()}

        self._view.ops.run_query(ask, self._resolved, owner=self)

    def _took(self, column: Column, row: LookupRow) -> None:
        source = self._view.lookups.get(column.lookup)
        if source is not None and source.taken is not None:
            source.taken(row)

    def _resolved(self, answer: tuple[list[tuple[QPersistentModelIndex, str]], Hits]) -> None:
        cells, hits = answer
        changes: dict[int, dict[str, Any]] = {}
        for cell, text in cells:
            if not cell.isValid():
                continue
            column = self._view.lines.columns[cell.column()]
            if self._view.lines.record(cell.row()).get(column.key) != text:
                continue
            found = hit_of(text, hits[column.lookup, text])
            if isinstance(found, LookupRow):
                self._took(column, found)
                fills = {other: found.value(name) for other, name in column.fills.items()}
                changes.setdefault(cell.row(), {}).update({column.key: found.code, **fills})
            else:
                alike = hits[column.lookup, text]
                self._view.lines.set_fault(
                    cell.row(), column.key, miss_sentence(text, alike, tr(column.title)), typed=text
                )
                if len(cells) == 1 and exact_hits(text, alike):
                    self._choose(cell)
        self._view.lines.change_many(changes)

    def _choose(self, cell: QPersistentModelIndex) -> None:
        """A code or barcode of several: back to its cell, with the list open; not when the clerk has gone elsewhere."""
        focus = QApplication.focusWidget()
        view = self._view
        if focus is not None and (focus is view or view.isAncestorOf(focus)):
            view.finish_editing()
            view.setCurrentIndex(view.lines.index(cell.row(), cell.column()))
            view.look_up()
