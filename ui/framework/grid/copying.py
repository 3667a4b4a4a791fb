"""A copied block of cells: each different value of a column is put into words once; a large block on a thread, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtGui import QGuiApplication

from ui.framework.grid.clipboard import Forms, carrier, forms_of, html_page, to_tsv
from ui.framework.grid.columns import Column
from ui.framework.grid.table import Table
from ui.framework.ops import Progress
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

AT_ONCE: Final = 20_000
"""cells that are copied within the key press"""
CHUNK: Final = 5_000
Report = Callable[[int, int], object]


class Block:
    """Cells of a table as they were when copied: rows of record numbers, sections, and for each section the rows that are chosen."""

    def __init__(
        self, table: Table, sections: Sequence[int], rows: Sequence[int], chosen: Sequence[frozenset[int] | None]
    ) -> None:
        self.columns = [table.columns[section] for section in sections]
        self._sections = list(sections)
        self._rows = list(rows)
        self._chosen = list(chosen)
        self._numbers = [table.order[row] for row in rows]
        # The lists are the clerk's to change while a thread reads these.
        self._values, self._records = list(table.values), list(table.records)

    @property
    def rows(self) -> int:
        """Rows."""
        return len(self._rows)

    @property
    def size(self) -> int:
        """Cells."""
        return len(self._rows) * len(self._sections)

    def forms(self, *, titles: bool, report: Report | None = None) -> Forms:
        """The block as tab separated text and as HTML."""
        parts = len(self.columns)
        texts: list[list[str]] = []
        pages: list[list[str]] = []
        for place in range(parts):
            if report is not None:
                report(place, 2 * parts)
            made = self._column(place)
            texts.append([forms.text for forms in made])
            pages.append([forms.page for forms in made])
        heads = [tr(column.title) for column in self.columns] if titles else []
        lines, body = [to_tsv([heads])] if titles else [], []
        for start in range(0, len(self._rows), CHUNK):
            if report is not None:
                report(parts + parts * start // self.rows, 2 * parts)
            cut = slice(start, start + CHUNK)
            lines += ["\t".join(row) for row in zip(*[cells[cut] for cells in texts], strict=True)]
            body += [f"<tr>{''.join(row)}</tr>" for row in zip(*[cells[cut] for cells in pages], strict=True)]
        return Forms("\r\n".join(lines), html_page("".join(body), heads))

    def _column(self, place: int) -> list[Forms]:
        """One column's cells; blank where the row is only selected elsewhere."""
        column, section, chosen = self.columns[place], self._sections[place], self._chosen[place]
        kind = _kind(column)
        made = _all_forms(column, kind, self._cells(column, section))
        if chosen is not None:
            blank = forms_of("", kind)
            made = [forms if row in chosen else blank for forms, row in zip(made, self._rows, strict=True)]
        return made

    def _cells(self, column: Column, section: int) -> list[Any]:
        if column.shown is not None and _kind(column) == "text":
            return [column.shown(self._records[i]) for i in self._numbers]
        return [self._values[i][section] for i in self._numbers]


def _kind(column: Column) -> str:
    return "number" if column.numeric else "date" if column.kind == "date" else "text"


def _all_forms(column: Column, kind: str, cells: Sequence[Any]) -> list[Forms]:
    """Forms of each cell. Values that are equal but of another type (1 and True) are shown apart."""
    words: Callable[[Any], str] = column.edit_text if kind != "text" else str if column.shown else column.show
    kinds = set(map(type, cells)) - {type(None)}
    if len(kinds) > 1:
        known = {key: forms_of(words(key[1]), kind) for key in {(type(cell), cell) for cell in cells}}
        return [known[type(cell), cell] for cell in cells]
    single = {cell: forms_of(words(cell), kind) for cell in set(cells)}
    return [single[cell] for cell in cells]


class Copier(QObject):
    """Puts a view's selected block on the clipboard; of two the later one stays there."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self._under_way: Progress | None = None
        self._turn = 0

    def copy(self, *, titles: bool = False) -> None:
        """The selected block, or the current cell; gaps of a ragged selection are blank."""
        block = self._block()
        if block is None:
            return
        if self._under_way is not None:
            self._under_way.cancel()
        self._under_way = None
        if block.size <= AT_ONCE:
            made = block.forms(titles=titles)
            data = carrier()
            data.setText(made.text)
            data.setHtml(made.page)
            QGuiApplication.clipboard().setMimeData(data)
            return
        self._turn += 1
        self._under_way = self._view.ops.run_long(
            partial(_large, block, titles),
            owner=self,
            title="复制",
            on_done=partial(self._put, self._turn),
            writes=False,
        )

    def _block(self) -> Block | None:
        view = self._view
        shown, parts, rows = view.shown_sections(), view.parts(), view.selected_rows()
        sections = [s for s in shown if any(p.left() <= s <= p.right() for p in parts)]
        if sections:
            covered = [tuple((p.top(), p.bottom()) for p in parts if p.left() <= s <= p.right()) for s in sections]
            # Most columns of a selection are chosen in the same rows.
            known = {ranges: _covered(ranges, rows) for ranges in set(covered)}
            chosen = [known[ranges] for ranges in covered]
            return Block(view.grid_model.table, sections, rows, chosen)
        current = view.currentIndex().column()
        return Block(view.grid_model.table, [current], rows, [None]) if current in shown else None

    def _put(self, turn: int, found: tuple[QByteArray, QByteArray, int]) -> None:
        if self._under_way is None or turn != self._turn:
            return
        self._under_way = None
        text, page, rows = found
        data = carrier()
        data.setData("text/plain", text)
        data.setData("text/html", page)
        QGuiApplication.clipboard().setMimeData(data)
        self._view.ops.told.emit(tr("已复制 {count} 行", count=f"{rows:,}"))


def _large(block: Block, titles: bool, report: Progress) -> tuple[QByteArray, QByteArray, int]:
    """On a thread of the pool: both forms as the clipboard keeps them, and the number of rows."""
    made = block.forms(titles=titles, report=report)
    return QByteArray(made.text.encode()), QByteArray(made.page.encode()), block.rows


def _covered(ranges: Iterable[tuple[int, int]], rows: Sequence[int]) -> frozenset[int] | None:
    """The rows of some ranges; None for all there are."""
    found = frozenset[int]().union(*(range(top, bottom + 1) for top, bottom in ranges))
    return None if len(found) == len(rows) else found
