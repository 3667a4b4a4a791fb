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
_NARROWEST_EM = 3


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

    Every column gets its least width; the rest first goes in equal parts to columns that would wrap, so that what lacks
    little does not wrap at all, then to all by weight. If even the least widths are too wide, texts and codes give way,
    the widest first, and figures stay whole as long as they can.
    """
    wanted = needs(table, size)
    least = [need.least for need in wanted]
    rest = room - sum(least)
    if rest < 0:
        return _narrowed(table, least, room, size)
    lacking = [max(0.0, need.natural - need.least) for need in wanted]
    given = _level(lacking, min(rest, sum(lacking)))
    rest -= sum(given)
    weights = [0.0 if column.width_mm else column.weight for column in table.columns]
    spare = rest / (sum(weights) or 1)
    if not sum(weights):
        weights, spare = [1.0] * len(least), rest / len(least)
    return [one + more + weight * spare for one, more, weight in zip(least, given, weights, strict=True)]


def _narrowed(table: Table, least: Sequence[float], room: float, size: float) -> list[float]:
    """The least widths cut to fill room: only columns of texts and codes where that is enough, else all of them alike."""
    pad = 2 * CELL_PAD
    gives = [column.align == "left" and column.kind == "text" and not column.width_mm for column in table.columns]
    kept = sum(one for one, gave in zip(least, gives, strict=True) if not gave)
    left = [one if gave else 0.0 for one, gave in zip(least, gives, strict=True)]
    if room - kept < sum(gives) * (_NARROWEST_EM * size + pad):
        return [one * room / sum(least) for one in least]
    cut = _level(left, room - kept)
    return [part if gave else one for one, part, gave in zip(least, cut, gives, strict=True)]


def _level(wanted: Sequence[float], given: float) -> list[float]:
    """Shares of what is given: equal ones, none more than is wanted."""
    shares = [0.0] * len(wanted)
    waiting = sorted((i for i, want in enumerate(wanted) if want > 0), key=lambda i: wanted[i])
    while waiting:
        first = waiting[0]
        shares[first] = min(wanted[first], given / len(waiting))
        given -= shares[first]
        waiting = waiting[1:]
    return shares


def least_widths(table: Table) -> list[float]:
    """The least width of each column in points, in the least letters."""
    return [need.least for need in needs(table, _LEAST_SIZE)]
