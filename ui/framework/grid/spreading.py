"""What a grid has no use for of its width goes to the columns of words, as long as nobody has set a width by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from ui.framework.grid.columns import Column
    from ui.framework.grid.view import GridView

MIN_WIDTH: Final = 24
LEAST: Final = 90
"""pixels at 100 %: a narrower column of words (a unit, a position) has all its words already"""
GROWTH: Final = 3
LONGEST: Final = 480
"""a column grows to three times its width, or to so many pixels: figures far behind the words they belong to are read wrong"""


def scaled_width(view: GridView, pixels: int) -> int:
    """A declared width (pixels at 10 pt) at the font size in use."""
    return max(MIN_WIDTH, round(pixels * view.fontMetrics().height() / 19))


def takes_room(column: Column) -> bool:
    """Whether more width shows more of what a column holds: names, specifications, partners, notes."""
    return column.kind == "text" and column.pixels >= LEAST


def spread(spare: int, widths: Mapping[int, int], most: Mapping[int, int]) -> dict[int, int]:
    """The widths grown by what is to spare, each in proportion to itself and none over its most; what no column takes is left.

    spare, widths, most: pixels, by section.
    """
    grown = dict(widths)
    growing = [section for section in widths if widths[section] < most[section]]
    while spare > 0 and growing:
        whole = sum(widths[section] for section in growing)
        shares, given, passed = {}, 0, 0
        for section in growing:
            passed += widths[section]
            shares[section] = spare * passed // whole - given
            given += shares[section]
        full = [section for section in growing if grown[section] + shares[section] >= most[section]]
        for section in full or growing:
            step = min(shares[section], most[section] - grown[section])
            grown[section] += step
            spare -= step
        if not full:
            break
        growing = [section for section in growing if section not in full]
    return grown


class Spreading(QObject):
    """Belongs to one grid. active: the widths are the declared ones and what the window has to spare, not chosen by hand."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.active = False
        self.arranging = False
        self._columns = [section for section, column in enumerate(view.grid_model.columns) if takes_room(column)]
        view.header.sectionResized.connect(self._resized)

    def arrange(self) -> None:
        """Fits the columns to the window: called when its size, the font, or which columns are shown changed."""
        if not self.active:
            return
        view, header = self._view, self._view.header
        columns = view.grid_model.columns
        shown = [section for section in range(len(columns)) if not header.isSectionHidden(section)]
        widths = {section: scaled_width(view, columns[section].pixels) for section in shown}
        takers = {section: widths[section] for section in self._columns if section in widths}
        most = {section: max(GROWTH * wide, scaled_width(view, LONGEST)) for section, wide in takers.items()}
        widths |= spread(view.viewport().width() - sum(widths.values()), takers, most)
        self.arranging = True
        for section, wide in widths.items():
            if header.sectionSize(section) != wide:
                header.resizeSection(section, wide)
        self.arranging = False

    def _resized(self, _section: int, before: int, after: int) -> None:
        """A width changed by hand: all stay as they stand now. Hiding and showing go through 0 and set none."""
        if not self.arranging and before and after:
            self.active = False
