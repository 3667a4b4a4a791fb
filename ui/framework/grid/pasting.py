"""The clipboard's block put into the lines from the top left of the selection on; one that fits into a larger selection fills it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QObject
from PySide6.QtGui import QGuiApplication

from ui.framework.grid.clipboard import pasted
from ui.framework.grid.columns import Column
from ui.framework.grid.jumping import selection_of
from ui.framework.grid.line_steps import Fault
from ui.framework.grid.resolving import CodeResolver
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.line_view import LineView

Texts = Sequence[Sequence[str]]


class Paster(QObject):
    """Belongs to one line view. Cells are read as typed ones are, bad ones are marked; what has no place is told."""

    def __init__(self, view: LineView) -> None:
        super().__init__(view)
        self._view = view
        self._codes = CodeResolver(view)

    def paste(self) -> None:
        """Pastes the clipboard's block, into editable columns; lines grow."""
        block = pasted(QGuiApplication.clipboard().text())
        if not block or not self._view.currentIndex().isValid():
            return
        if self._view.lines.read_only:
            self._view.refused.emit(tr("粘贴的内容没有填：这里的行现在不能修改"))
        else:
            self.put(block)

    def put(self, block: Texts) -> None:
        """One undo step: cells go to shown sections to the right and down; read-only ones are passed over. They are selected after it."""
        view, model = self._view, self._view.lines
        sections = view.shown_sections()
        top, start, high, wide = self._area(sections)
        block = filled_up(block, high, wide)
        if model.fixed_rows:
            self._tell_cut(block[model.rowCount() - top :], "粘贴的最后 {count} 行没有填：这里的行是给定的，不能加行")
            block = block[: model.rowCount() - top]
        beyond = zip_longest(*(cells[len(sections) - start :] for cells in block), fillvalue="")
        self._tell_cut(list(beyond), "粘贴的最后 {count} 列没有填：右边没有这么多列")
        model.undo.beginMacro(tr("粘贴"))
        missing = top + len(block) - model.rowCount()
        if missing > 0:
            model.insert_rows(model.rowCount(), [model.blank_row() for _ in range(missing)])
        changes: dict[int, dict[str, Any]] = {}
        faults: dict[int, dict[str, Fault | None]] = {}
        codes: list[tuple[int, str, str]] = []
        for offset, cells in enumerate(block):
            row = top + offset
            for section, text in zip(sections[start:], cells, strict=False):
                if model.is_editable(row, section):
                    self._read(row, model.columns[section], text, changes, faults, codes)
        step = model.change_many(changes, faults)
        model.undo.endMacro()
        self._select(top, sections[start:], block)
        self._codes.resolve(codes, step)

    def _area(self, sections: Sequence[int]) -> tuple[int, int, int, int]:
        """Row and place among the shown sections of the top left of the selection, its height and width.

        A selection with gaps, or one that the cursor has left, is that of the current cell.
        """
        view, here = self._view, self._view.currentIndex()
        cells = {(row, view.lines.section(key)) for row, key in view.selected_cells()}
        rows = sorted({row for row, _ in cells})
        places = [
            place
            for place, section in enumerate(sections)
            if any(part.left() <= section <= part.right() for part in view.parts())
        ]
        if (here.row(), here.column()) in cells and len(cells) == len(rows) * len(places) == (
            rows[-1] - rows[0] + 1
        ) * (places[-1] - places[0] + 1):
            return rows[0], places[0], len(rows), len(places)
        # The cursor may stand in a column that was hidden under it.
        return here.row(), sections.index(here.column()) if here.column() in sections else 0, 1, 1

    def _select(self, top: int, sections: Sequence[int], block: Texts) -> None:
        wide = list(sections[: max((len(cells) for cells in block), default=0)])
        if not block or not wide:
            return
        view, flag = self._view, QItemSelectionModel.SelectionFlag
        view.select_cell(top, view.lines.columns[wide[0]].key)
        chosen = selection_of(view, range(top, top + len(block)), wide)
        view.selectionModel().select(chosen, flag.ClearAndSelect)

    def _tell_cut(self, cut: Texts, sentence: str) -> None:
        """Nothing of a block is left out without a word, blank cells apart."""
        if count := sum(1 for cells in cut if any(text.strip() for text in cells)):
            self._view.refused.emit(tr(sentence, count=count))

    def _read(
        self,
        row: int,
        column: Column,
        text: str,
        changes: dict[int, dict[str, Any]],
        faults: dict[int, dict[str, Fault | None]],
        codes: list[tuple[int, str, str]],
    ) -> None:
        lines = self._view.lines
        try:
            value = column.read(text, today=lines.today())
        except ValueError as fault:
            faults.setdefault(row, {})[column.key] = (str(fault), text)
            return
        cells = changes.setdefault(row, {})
        if column.kind == "lookup" and value != lines.record(row).get(column.key):
            # What the code before brought along goes with it; what is pasted beside it stays.
            cells.update({key: None for key in column.fills if key not in cells})
        cells[column.key] = value
        if column.kind == "lookup" and value is not None:
            codes.append((row, column.key, str(value)))


def filled_up(block: Texts, high: int, wide: int) -> Texts:
    """The block, again and again, where a selection is a multiple of its height or width: one value fills a whole selection."""
    broad = max((len(cells) for cells in block), default=0)
    if not broad:
        return block
    down = high // len(block) if high % len(block) == 0 else 1
    across = wide // broad if wide % broad == 0 else 1
    if max(down, across) <= 1:
        return block
    even = [[*cells, *[""] * (broad - len(cells))] * across for cells in block]
    return even * down
