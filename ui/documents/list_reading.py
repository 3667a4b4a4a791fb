"""Reading a long list in parts: on at its end, back at its start, straight to either edge; counted apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from services.documents import api
from ui.documents.list_rows import KEPT_ROWS, ListRows, key_of
from ui.framework.grid.grid import Grid
from ui.framework.grid.view import ListView
from ui.framework.page import Page

PAGE_ROWS: Final = 1000
AHEAD: Final = 200
"""rows before the edge of what is held at which the next part is asked for"""
Keep = Callable[[api.DocumentListRow], bool]
_Order = tuple[tuple[str, bool], ...]


class ListReader:
    """Keeps a grid filled from the list of a type.

    wanted  gives the filters asked of the database, keep whether a row that was read is shown

    What is sorted by a column is sorted by the grid where the whole list is held, else by the database and then read to KEPT_ROWS.
    total is None until the documents have been counted.
    """

    def __init__(
        self, page: Page, grid: Grid, type_code: str, wanted: Callable[[], api.DocumentFilter], keep: Callable[[], Keep]
    ) -> None:
        self.held = ListRows()
        self.total: int | None = 0
        self._page = page
        self._grid = grid
        self._type = type_code
        self._wanted = wanted
        self._keep = keep
        self._asked: api.DocumentFilter = {}
        self._order: _Order = ()
        self._shown: tuple[api.DocumentFilter, _Order] | None = None
        self._busy = False
        grid.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        grid.model.sort_changed.connect(self._sorted)
        grid.model.rows_changed.connect(self._fill)
        if isinstance(grid.view, ListView):
            grid.view.edge_wanted.connect(self.to_edge)

    def refresh(self) -> None:
        """Reads what is shown again; from the start where the filters or the order are others than before."""
        wanted, order = self._wanted(), () if self.held.whole else self._sorting()
        # What was asked and is not answered yet says nothing of the rows that are held.
        same = (wanted, order) == self._shown
        if wanted != self._asked:
            self.total = None
        self._asked, self._order = wanted, order
        after = self.held.first_again if same and not order else None
        self._ask(
            partial(self._read, after is not None),
            after=after,
            order=order,
            limit=max(PAGE_ROWS, len(self.held)) if same else PAGE_ROWS,
        )

    def forward(self) -> None:
        """The part behind the last row held."""
        held = self.held
        if self._busy or not held.more_after or (held.ordered and len(held) >= KEPT_ROWS):
            return
        if held.ordered:
            self._ask(self._followed, order=self._order, offset=len(held))
        else:
            self._ask(self._followed, after=key_of(held.rows[-1]))

    def backward(self) -> None:
        """The part before the first row held."""
        if not self._busy and self.held.more_before:
            self._ask(self._preceded, after=key_of(self.held.rows[0]), reverse=True)

    def to_edge(self, step: int) -> None:
        """Straight to the last (1) or first (-1) row of the list; with ticks set it reads on instead, for they would be lost."""
        missing = self.held.more_after if step > 0 else self.held.more_before
        if not missing or self.held.ordered or self._grid.model.marked:
            return
        self._ask(partial(self._jumped, step), reverse=step > 0)

    def _ask(self, on_done: Callable[[api.DocumentList], object], *, limit: int = PAGE_ROWS, **place: Any) -> None:
        self._busy = True
        ask = partial(
            api.list_documents,
            self._page.desk.session.db,
            self._type,
            limit=limit,
            counted=False,
            **place,
            **self._asked,
        )
        self._page.run_query(ask, on_done, latest="list")

    def _read(self, before: bool, found: api.DocumentList) -> None:
        self.held.show(found.rows, before=before, after=found.more, ordered=bool(self._order))
        self._shown = (self._asked, self._order)
        if not self.held.whole and self._sorting() != self._order:
            self.refresh()
            return
        if self.held.whole:
            self.total = len(self.held)
        self._show()
        if not self.held.whole:
            self._page.run_query(
                partial(api.count_documents, self._page.desk.session.db, self._type, **self._asked),
                self._counted,
                latest="count",
            )

    def _counted(self, total: int) -> None:
        self.total = total
        self._grid.model.rows_changed.emit()

    def _followed(self, found: api.DocumentList) -> None:
        if self.held.append(found.rows, more=found.more, keep_all=self._grid.model.marked):
            self._show(in_place=True)
            return
        keep = self._keep()
        self._grid.add_rows([row for row in found.rows if keep(row)])
        self._busy = False
        self._fill()

    def _preceded(self, found: api.DocumentList) -> None:
        self.held.prepend(found.rows, more=found.more, keep_all=self._grid.model.marked)
        self._show(in_place=True)

    def _jumped(self, step: int, found: api.DocumentList) -> None:
        last = step > 0
        self.held.show(found.rows, before=last and found.more, after=not last and found.more, ordered=False)
        self._shown = (self._asked, self._order)
        self._show()
        if self._grid.model.rowCount():
            self._grid.view.select_cell(self._grid.model.rowCount() - 1 if last else 0)

    def _show(self, *, in_place: bool = False) -> None:
        self._busy = True
        keep = self._keep()
        self._grid.set_rows([row for row in self.held.rows if keep(row)], in_place=in_place)
        self._busy = False
        self._page.state_changed.emit()
        self._fill()

    def _fill(self) -> None:
        """Where the grid's own filters leave too few rows to scroll, the list is read on by itself, up to KEPT_ROWS."""
        self._grid.totals.set_whole(self.held.whole)
        if self._grid.model.filters and self._grid.model.rowCount() < AHEAD and len(self.held) < KEPT_ROWS:
            self.forward()

    def _sorting(self) -> _Order:
        model = self._grid.model
        keys = [(model.columns[key.column].key, key.descending) for key in model.sort_keys]
        return tuple((key, descending) for key, descending in keys if key in api.LIST_ORDERS)

    def _sorted(self) -> None:
        if not self.held.whole or self.held.ordered:
            self._page.request_refresh()

    def _scrolled(self, value: int) -> None:
        bar = self._grid.view.verticalScrollBar()
        if value and value >= bar.maximum() - AHEAD:
            self.forward()
        elif value <= AHEAD:
            self.backward()
