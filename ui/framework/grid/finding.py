"""A code scanned where the lines are given: the cursor goes to the line of that item, into its quantity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView

from ui.framework.grid.columns import Column
from ui.framework.item_at import names_item
from ui.framework.lookup import LookupRow, exact_hits
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.line_view import LineView

SEARCH_LIMIT: Final = 5
QUANTITY: Final = "quantity"


class LineFinder(QObject):
    """Belongs to one line view."""

    def __init__(self, view: LineView) -> None:
        super().__init__(view)
        self._view = view

    def find(self, code: str) -> bool:
        """Looks up whose code or barcode it is and goes to its line; False where no column holds items."""
        source = self._view.lookups.scanned()
        if source is None or self._item_section() is None:
            return False
        search = source.search
        self._view.ops.run_query(lambda: (code, search(code, SEARCH_LIMIT)), self._found, owner=self, latest="scanned")
        return True

    def _found(self, answer: tuple[str, Sequence[LookupRow]]) -> None:
        code, hits = answer
        view, meant = self._view, exact_hits(code, hits)
        if not meant:
            view.refused.emit(tr("扫到的“{code}”不是任何物料的编码或条码，光标没有动", code=code))
            return
        row = self._row_of({hit.code for hit in meant})
        item = f"{meant[0].code} {meant[0].name}".strip()
        if row is None:
            view.refused.emit(tr("{item} 不在这里的明细里，光标没有动。扫到的是“{code}”", item=item, code=code))
        elif view.state() == QAbstractItemView.State.EditingState:
            # What is being typed belongs to the cell it was begun in.
            view.refused.emit(tr("{item} 在第 {line} 行；正在录入，光标没有动", item=item, line=row + 1))
        else:
            view.select_cell(row, view.lines.columns[self._cell_of(row)].key)

    def _row_of(self, codes: set[str]) -> int | None:
        """The first line of an item that has no quantity; where all have one, the next after the cursor, round and round."""
        section, view = self._item_section(), self._view
        assert section is not None
        rows = [row for row in range(view.lines.rowCount()) if view.lines.value(row, section) in codes]
        open_rows = [] if view.lines.read_only else rows
        blank = [row for row in open_rows if not view.lines.value(row, self._cell_of(row))]
        if blank or not rows:
            return blank[0] if blank else None
        here = view.currentIndex().row()
        return next((row for row in rows if row > here), rows[0])

    def _item_section(self) -> int | None:
        """The column that holds items, shown or not."""
        return next((at for at, column in enumerate(self._view.lines.columns) if self._holds_items(column)), None)

    def _holds_items(self, column: Column) -> bool:
        source = self._view.lookups.get(column.lookup)
        return names_item(column) or (source is not None and source.scanned)

    def _cell_of(self, row: int) -> int:
        """The cell to type into: the quantity, else the first number of the line that takes typing, else any; the item where none does."""
        lines = self._view.lines
        open_cells = [at for at in self._view.shown_sections() if lines.is_editable(row, at)]
        quantities = [at for at in open_cells if lines.columns[at].key == QUANTITY]
        numbers = [at for at in open_cells if lines.columns[at].numeric]
        shown = [at for at in self._view.shown_sections() if self._holds_items(lines.columns[at])]
        return [*quantities, *numbers, *open_cells, *shown, *self._view.shown_sections()][0]
