"""A code scanned at a list: the row it is about becomes the current one, by the codes in it or by the item whose barcode it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.framework.lookup import LookupRow, exact_hits

if TYPE_CHECKING:
    from ui.framework.grid.view import ListView

SEARCH_LIMIT = 5


class RowFinder(QObject):
    """Belongs to one list."""

    def __init__(self, view: ListView) -> None:
        super().__init__(view)
        self._view = view

    def find(self, code: str) -> None:
        """Goes to the row, after a look for whose barcode it is; the list says missed(code) where no row is about it."""
        source = self._view.lookups.scanned()
        if self._go({code}):
            return
        if source is None:
            self._view.missed.emit(code)
            return
        search = source.search
        self._view.ops.run_query(lambda: (code, search(code, SEARCH_LIMIT)), self._found, owner=self, latest="scanned")

    def _found(self, answer: tuple[str, Sequence[LookupRow]]) -> None:
        code, hits = answer
        meant = {hit.code for hit in exact_hits(code, hits)}
        if not meant or not self._go(meant):
            self._view.missed.emit(next(iter(meant)) if len(meant) == 1 else code)

    def _go(self, codes: set[str]) -> bool:
        """The next row after the current one that holds one of the codes, round and round."""
        model, here = self._view.grid_model, self._view.currentIndex().row()
        # As written, in capitals, in small letters: 50,000 rows are gone through without folding each of their codes.
        wanted = {form for code in codes for form in (code, code.upper(), code.lower())}
        sections = [at for at, column in enumerate(model.columns) if column.kind == "code" or column.lookup]
        values, order = model.table.values, model.table.order
        found = sorted({row for at in sections for row, i in enumerate(order) if values[i][at] in wanted})
        if not found:
            return False
        self._view.select_cell(next((row for row in found if row > here), found[0]))
        return True
