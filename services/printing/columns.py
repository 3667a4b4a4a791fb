"""Widths of table columns: codes and numbers stay whole, what is left goes to the texts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.printing.forms import Column, Table
from services.printing.lettering import printable, width
from services.printing.paper import POINTS_PER_MM

CELL_PAD = 2.2
_LEAST_SIZE = 6.5
_STEP = 0.5
_TICK_MM = 6
_WIDEST_TEXT_MM = 58


@dataclass(frozen=True, slots=True)
class Need:
    """Least width of a column and the width at which nothing in it wraps, in points."""

    least: float
    natural: float


def needs(table: Table, size: float) -> list[Need]:
    """What each column needs at a text size."""
    return [
        _need(column, [row[i] for row in table.rows], _total(table, i), size) for i, column in enumerate(table.columns)
    ]


def _total(table: Table, position: int) -> str:
    """The totals cell if its column must hold it alone; the label in the first cell runs on to the right."""
    if not table.totals or position == 0:
        return ""
    return table.totals[position]


def _need(column: Column, cells: Sequence[str], total: str, size: float) -> Need:
    if column.width_mm:
        return Need(column.width_mm * POINTS_PER_MM, column.width_mm * POINTS_PER_MM)
    pad = 2 * CELL_PAD
    title = max(_title_width(part, size) for part in column.title.split("\n"))
    floor = max(title + pad, column.minimum_mm * POINTS_PER_MM)
    if column.kind == "tick":
        return Need(max(floor, _TICK_MM * POINTS_PER_MM), 0)
    lines = [line for cell in set(cells) for line in printable(cell).split("\n")]
    widest = max((width(line, size, bold=column.strong) for line in lines), default=0.0)
    widest = max(widest, width(printable(total), size, bold=True)) + pad
    if column.whole:
        return Need(max(floor, widest), max(floor, widest))
    natural = min(widest, _WIDEST_TEXT_MM * POINTS_PER_MM)
    return Need(max(floor, min(natural, 5 * size + pad)), max(floor, natural))


def _title_width(title: str, size: float) -> float:
    """Titles of up to three characters stay on one line, longer ones may take two; words and codes stay whole."""
    if title.isascii():
        return min(max(width(line, size, bold=True) for line in lines) for lines in _halves(title))
    if len(title) <= 3:
        return width(title, size, bold=True)
    return width("　" * math.ceil(len(title) / 2), size, bold=True)


def _halves(title: str) -> list[tuple[str, ...]]:
    """A title on one line, and on two in every way its words allow."""
    gaps = [i for i, char in enumerate(title) if char in " /" and 0 < i < len(title) - 1]
    return [(title,), *((title[: i + 1].rstrip(), title[i + 1 :]) for i in gaps)]


def fitting_size(tables: Sequence[Table], room: float, size: float) -> float:
    """The largest text size, from size down in half points, at which every table fits into room; else the least."""
    while size > _LEAST_SIZE:
        if all(sum(need.least for need in needs(table, size)) <= room for table in tables):
            return size
        size -= _STEP
    return _LEAST_SIZE


def column_widths(table: Table, room: float, size: float) -> list[float]:
    """Widths in points that fill room exactly.

    Every column gets its least width; the rest first goes to columns that would wrap, then to all by weight.
    If even the least widths are too wide, all shrink alike and whatever is in them breaks.
    """
    wanted = needs(table, size)
    least = [need.least for need in wanted]
    rest = room - sum(least)
    if rest < 0:
        return [one * room / sum(least) for one in least]
    lacking = [max(0.0, need.natural - need.least) for need in wanted]
    given = min(rest, sum(lacking))
    share = given / sum(lacking) if given else 0.0
    weights = [0.0 if column.width_mm else column.weight for column in table.columns]
    spare = (rest - given) / (sum(weights) or 1)
    if not sum(weights):
        weights, spare = [1.0] * len(least), (rest - given) / len(least)
    return [one + lack * share + weight * spare for one, lack, weight in zip(least, lacking, weights, strict=True)]


def least_widths(table: Table) -> list[float]:
    """The least width of each column in points, in the least letters."""
    return [need.least for need in needs(table, _LEAST_SIZE)]
