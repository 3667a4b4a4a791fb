"""Pages of a form: repeated heads, fixed rows a page, signatures on the last page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.printing import furniture
from services.printing.columns import fitting_size
from services.printing.forms import Form
from services.printing.grids import Grid
from services.printing.marks import Block, Page
from services.printing.paper import POINTS_PER_MM, PaperProfile

_TABLE_GAP = 4.0


@dataclass(frozen=True, slots=True)
class _Item:
    """A row on its way to a page; counts: it is one of the rows that rows_per_page speaks of; keep: stays with the next."""

    grid: Grid
    block: Block
    counts: bool = True
    keep: bool = False
    opens: bool = False
    breaks: bool = False


def compose(form: Form, profile: PaperProfile) -> list[Page]:
    """Lays the form out on as many pages as it needs; nothing is clipped, a row too high for a page runs on.

    Every page carries title, bar code, header fields and the heads of its table; summary and signatures stand on the last.
    """
    return _Composer(form, profile).pages()


class _Composer:
    """Fills page after page from a list of rows."""

    def __init__(self, form: Form, profile: PaperProfile) -> None:
        self._form = form
        self._profile = profile
        self._room = profile.usable_width_mm * POINTS_PER_MM
        self._height = profile.usable_height_mm * POINTS_PER_MM - furniture.foot(form, profile, page=1, pages=1).height
        self._head = [furniture.head(form, profile), furniture.fields(form, profile)]
        self._closing = furniture.closing(form, profile)
        self._closing_height = sum(block.height for block in self._closing)
        self._pages: list[Page] = []
        self._rows = 0

    def pages(self) -> list[Page]:
        """All pages, with the foot of each."""
        page = self._begin()
        for block in furniture.legend(self._form, self._profile):
            if page.bottom + block.height > self._height:
                page = self._begin()
            page.add(block)
        items = list(self._items())
        grid: Grid | None = None
        for position, item in enumerate(items):
            last = position == len(items) - 1
            if self._must_break(page, item, items, position, fresh=grid is None):
                page = self._begin()
                page.add(item.grid.head(continued=not item.opens))
            elif item.opens:
                if grid is not None:
                    page.add(Block(_TABLE_GAP, ()))
                page.add(item.grid.head(continued=False))
            grid = item.grid
            if last:
                self._fill(page, grid, after=0 if item.counts else item.block.height)
            page.add(item.block)
            self._rows += item.counts
            if last and item.counts:
                self._fill(page, grid, after=0)
        self._close(page)
        return self._pages

    def _items(self) -> Iterator[_Item]:
        tables = self._form.tables
        size = fitting_size(tables, self._room, self._profile.text_pt)
        row = self._profile.row_mm * POINTS_PER_MM
        for table in tables:
            grid = Grid.of(table, room=self._room, size=size, row=row)
            tallest = self._height - sum(block.height for block in self._head) - grid.head(continued=True).height - row
            rows = table.rows or (("",) * len(table.columns),)
            for i, cells in enumerate(rows):
                blocks = grid.rows(cells, tallest=tallest) if table.rows else [grid.blank()]
                keep = bool(table.totals) and i == len(rows) - 1
                for n, block in enumerate(blocks):
                    opens = i == 0 and n == 0
                    yield _Item(grid, block, counts=n == 0, keep=keep, opens=opens, breaks=opens and table.on_new_page)
            if table.totals:
                yield _Item(grid, grid.totals(), counts=False)

    def _must_break(self, page: Page, item: _Item, items: list[_Item], position: int, *, fresh: bool) -> bool:
        """Whether the item opens a new page: by order, by count, or because it and what must stay with it do not fit."""
        if fresh and not page.blocks:
            return False
        if item.breaks and not fresh:
            return True
        limit = self._profile.rows_per_page
        if limit is not None and item.counts and self._rows >= limit:
            return True
        needed = item.block.height
        if item.opens:
            needed += item.grid.head(continued=False).height + (0 if fresh else _TABLE_GAP)
        if item.keep and position + 1 < len(items):
            needed += items[position + 1].block.height
        if position == len(items) - 1 or (item.keep and position == len(items) - 2):
            needed += self._closing_height
        alone = self._rows == 0 and not fresh
        return page.bottom + needed > self._height + 0.01 and not alone

    def _fill(self, page: Page, grid: Grid, *, after: float) -> None:
        """Blank rows up to the fixed number of the page, as long as the rest of the form still fits."""
        limit = self._profile.rows_per_page
        if limit is None:
            return
        blank = grid.blank()
        while self._rows < limit and page.bottom + blank.height + after + self._closing_height <= self._height:
            page.add(blank)
            self._rows += 1

    def _begin(self) -> Page:
        page = Page()
        for block in self._head:
            page.add(block)
        self._pages.append(page)
        self._rows = 0
        return page

    def _close(self, page: Page) -> None:
        for block in self._closing:
            if page.bottom + block.height > self._height + 0.01:
                page = self._begin()
            page.add(block)
        bottom = self._profile.usable_height_mm * POINTS_PER_MM
        for number, one in enumerate(self._pages, start=1):
            foot = furniture.foot(self._form, self._profile, page=number, pages=len(self._pages))
            one.put(bottom - foot.height, foot)
