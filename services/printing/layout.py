"""Pages of a form: repeated heads, fixed rows a page, signatures on the last page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.platform.tongues import Tongue
from services.printing import furniture
from services.printing.columns import fitting_size
from services.printing.forms import Form, Table
from services.printing.grids import Grid
from services.printing.marks import Block, Page
from services.printing.paper import POINTS_PER_MM, PaperProfile

_TABLE_GAP = 4.0
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class _Item:
    """A row on its way to a page.

    counts: rows_per_page speaks of it; keep: it stays with the next; opens: it is the first of its table.
    """

    grid: Grid
    block: Block
    counts: bool = True
    keep: bool = False
    opens: bool = False


def compose(form: Form, profile: PaperProfile) -> list[Page]:
    """Lays the form out on as many pages as it needs; nothing is clipped, a row too high for a page runs on.

    Every page carries title, bar code, header fields and the heads of its tables; a legend stands where a part begins,
    summary and signatures where it ends.
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
        self._head_height = sum(block.height for block in self._head)
        self._legend = furniture.legend(form, profile)
        self._closing = furniture.closing(form, profile)
        self._closing_height = sum(block.height for block in self._closing)
        self._pages: list[Page] = []
        self._rows = 0

    def pages(self) -> list[Page]:
        """All pages, with the foot of each."""
        for items in self._parts():
            page = self._begin()
            for block in self._legend:
                page = self._added(page, block)
            page = self._place(page, items)
            for block in self._closing:
                page = self._added(page, block)
        self._number()
        return self._pages

    def _place(self, page: Page, items: list[_Item]) -> Page:
        """Puts the rows of a part on the page and those after it; returns the last page."""
        for position, item in enumerate(items):
            if self._must_break(page, items, position):
                page = self._begin()
                page.add(item.grid.head(continued=not item.opens))
            elif item.opens:
                if position:
                    page.add(Block(_TABLE_GAP, ()))
                page.add(item.grid.head(continued=False))
            last = position == len(items) - 1
            if last and not item.counts:
                self._fill(page, item.grid, after=item.block.height)
            page.add(item.block)
            self._rows += item.counts
            if last and item.counts:
                self._fill(page, item.grid, after=0)
        return page

    def _parts(self) -> list[list[_Item]]:
        """The rows of each part of the form, at least one part; a table on a new page begins the next."""
        tables = self._form.tables
        size = fitting_size(tables, self._room, self._profile.text_pt)
        parts: list[list[_Item]] = []
        for table in tables:
            if table.on_new_page or not parts:
                parts.append([])
            parts[-1].extend(self._items(table, size))
        return parts or [[]]

    def _items(self, table: Table, size: float) -> Iterator[_Item]:
        row = self._profile.row_mm * POINTS_PER_MM
        grid = Grid.of(table, room=self._room, size=size, row=row, tongue=Tongue(self._form.language))
        tallest = self._height - self._head_height - grid.head(continued=True).height - row
        rows = table.rows or (("",) * len(table.columns),)
        for i, cells in enumerate(rows):
            blocks = grid.rows(cells, tallest=tallest) if table.rows else [grid.blank()]
            keep = bool(table.totals) and i == len(rows) - 1
            for n, block in enumerate(blocks):
                yield _Item(grid, block, counts=n == 0, keep=keep, opens=i == 0 and n == 0)
        if table.totals:
            yield _Item(grid, grid.totals(), counts=False)

    def _must_break(self, page: Page, items: list[_Item], position: int) -> bool:
        """Whether the row opens a new page: by count, or because it and what must stay with it do not fit."""
        item = items[position]
        limit = self._profile.rows_per_page
        if limit is not None and item.counts and self._rows >= limit:
            return True
        needed = item.block.height
        if item.opens:
            needed += item.grid.head(continued=False).height + (_TABLE_GAP if position else 0)
        if item.keep and position + 1 < len(items):
            needed += items[position + 1].block.height
        if position == len(items) - 1 or (item.keep and position == len(items) - 2):
            needed += self._closing_height
        empty = page.bottom <= self._head_height
        return page.bottom + needed > self._height + _SLACK and not empty

    def _fill(self, page: Page, grid: Grid, *, after: float) -> None:
        """Blank rows up to the fixed number of the page, as long as the rest of the form still fits."""
        limit = self._profile.rows_per_page
        if limit is None or not self._profile.fills:
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

    def _added(self, page: Page, block: Block) -> Page:
        """Puts the block on the page, or on a new one if there is no room; returns the page it stands on."""
        if page.bottom + block.height > self._height + _SLACK and page.bottom > self._head_height:
            page = self._begin()
        page.add(block)
        return page

    def _number(self) -> None:
        bottom = self._profile.usable_height_mm * POINTS_PER_MM
        for number, page in enumerate(self._pages, start=1):
            foot = furniture.foot(self._form, self._profile, page=number, pages=len(self._pages))
            page.put(bottom - foot.height, foot)
