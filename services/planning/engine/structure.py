"""The real components of an order, by parent and validity: phantoms and skipped levels passed through, exactly."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from services.planning.engine.exact import LIMIT, fits, group_starts, round_column, spread
from services.planning.engine.model import (
    I64,
    NONE,
    OPEN_FROM,
    BomLines,
    Columns,
    Issue,
    ItemKind,
    Mask,
    PlanInput,
    column,
    empty,
)
from services.planning.engine.passing import Passing, Piece
from services.planning.engine.rounding import round_number
from services.planning.engine.usage import UsageColumns, usage_columns

_SPAN = 2**22
"""More than any day; a segment's key is parent × _SPAN + first day."""


@dataclass(frozen=True)
class Structure:
    """Segments (parent, first day, version) and their lines: requirement = (quantity × factor + constant) ÷ divisor.

    version NONE: no version is valid. wide: lines whose integers leave 64 bits. barren: segments that pass through
    phantoms without BOM. loops: phantoms that contain themselves.
    """

    parent: I64
    first_day: I64
    version: I64
    line_start: I64
    component: I64
    factor: I64
    constant: I64
    divisor: I64
    output_start: I64
    output_item: I64
    output_factor: I64
    output_divisor: I64
    wide: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    barren: dict[int, tuple[int, ...]] = field(default_factory=dict)
    loops: tuple[int, ...] = ()

    def segments(self, item: I64, day: I64) -> I64:
        """The segment each (item, day) explodes by; NONE without BOM."""
        if not len(self.parent):
            return np.full(len(item), NONE, dtype=np.int64)
        keys = self.parent * _SPAN + self.first_day
        found = np.searchsorted(keys, item * _SPAN + day, side="right") - 1
        return np.where((found >= 0) & (self.parent[np.maximum(found, 0)] == item), found, NONE)

    def segment(self, item: int, day: int) -> int:
        """segments for one item and day."""
        return int(self.segments(column([item]), column([day]))[0])

    def explode(self, segment: I64, quantity: I64, *, half_up: bool) -> tuple[I64, I64, I64]:
        """Components of orders: (row of the order, component, requirement rounded to the component's unit)."""
        row, line = _rows(self.line_start, segment)
        return row, self.component[line], self.requirements(line, quantity[row], half_up=half_up)

    def requirements(self, line: I64, quantity: I64, *, half_up: bool) -> I64:
        """What lines ask for, each for its order's quantity; rounded once."""
        factor, constant, divisor = self.factor[line], self.constant[line], self.divisor[line]
        estimate = quantity.astype(np.float64) * factor + constant
        large = estimate >= LIMIT
        if self.wide:
            large |= np.isin(line, list(self.wide))
        made = round_column(quantity * factor + constant, divisor, half_up=half_up)
        for at in np.flatnonzero(large).tolist():
            a, b, c = self.line(int(line[at]))
            made[at] = round_number(int(quantity[at]) * a + b, c, half_up=half_up)
        return made

    def line(self, row: int) -> tuple[int, int, int]:
        """(factor, constant, divisor) of a line, as Python integers."""
        narrow = (int(self.factor[row]), int(self.constant[row]), int(self.divisor[row]))
        return self.wide.get(row, narrow)

    def yields(self, segment: I64, quantity: I64) -> tuple[I64, I64, I64]:
        """Co- and by-products of orders: (row of the order, item, quantity rounded down)."""
        row, line = _rows(self.output_start, segment)
        factor, divisor, amount = self.output_factor[line], self.output_divisor[line], quantity[row]
        if fits(amount, factor):
            return row, self.output_item[line], amount * factor // divisor
        exact = [int(q) * int(f) // int(d) for q, f, d in zip(amount, factor, divisor, strict=True)]
        return row, self.output_item[line], column(exact)


def _rows(starts: I64, segment: I64) -> tuple[I64, I64]:
    """(position within segment, row) of all rows of the segments; NONE has none."""
    known = np.flatnonzero(segment >= 0)
    begin = starts[segment[known]]
    at, row = spread(starts[segment[known] + 1] - begin, begin)
    return known[at], row


def build_structure(data: PlanInput) -> Structure:
    """Segments of every parent; simple parents (one open version, nothing passed through) are made in columns."""
    order = np.lexsort((data.bom.component, data.bom.version, data.bom.parent))
    bom = data.bom.take(order)
    live = np.flatnonzero(bom.valid_to >= data.parameters.start)
    usages = usage_columns(data.items, bom, live, divides=data.parameters.scrap_divides)
    simple, asked = _simple_lines(data, bom, live, usages)
    parents = np.unique(bom.parent)
    plain = np.zeros(len(data.items) + 1, dtype=bool)
    plain[bom.parent[live[simple]]] = True
    passing = Passing(data, bom, live, _last_day(data))
    pieces = [piece for parent in parents[~plain[parents]].tolist() for piece in passing.pieces(parent)]
    columns = _Columns(bom, live, usages, simple, asked)
    return _assembled(data, columns, pieces, passing.loops())


def _simple_lines(data: PlanInput, bom: BomLines, live: I64, usages: UsageColumns) -> tuple[Mask, Mask]:
    """Of the live lines: those of parents with one open version and nothing special; and those that ask for material."""
    start, last = data.parameters.start, _last_day(data)
    parent, version, component = bom.parent[live], bom.version[live], bom.component[live]
    count = len(data.items)
    top = np.full(count, NONE, dtype=np.int64)
    np.maximum.at(top, parent, version)
    highest = version == top[parent]
    open_line = (bom.valid_from[live] <= start) & (bom.valid_to[live] >= last)
    kind = data.items.kind[component]
    special = ~open_line | bom.skip[live] | (kind == ItemKind.PHANTOM) | ~usages.good
    twice = np.zeros(len(live), dtype=bool)
    twice[1:] = (parent[1:] == parent[:-1]) & (version[1:] == version[:-1]) & (component[1:] == component[:-1])
    bad = np.zeros(count, dtype=bool)
    bad[parent[highest & (special | twice)]] = True
    simple = highest & ~bad[parent]
    return simple, asks(data, bom, live)


def asks(data: PlanInput, bom: BomLines, rows: I64) -> Mask:
    """Lines that ask for own material: not of issue none, not supplied by the customer, not a service."""
    service = data.items.kind[bom.component[rows]] == ItemKind.SERVICE
    made: Mask = (bom.issue[rows] != Issue.NONE) & ~bom.customer[rows] & ~service
    return made


def _last_day(data: PlanInput) -> int:
    latest = int(data.demands.day.max(initial=data.parameters.start))
    return max(data.parameters.start, min(latest, data.parameters.end))


@dataclass(frozen=True, slots=True)
class _Columns:
    bom: BomLines
    live: I64
    usages: UsageColumns
    simple: Mask
    asked: Mask


@dataclass(frozen=True)
class _Segments(Columns):
    parent: I64
    first_day: I64
    version: I64


@dataclass(frozen=True)
class _Lines(Columns):
    """owner: position of the segment."""

    owner: I64
    component: I64
    factor: I64
    constant: I64
    divisor: I64


def _of_columns(columns: _Columns) -> tuple[_Segments, _Lines]:
    """Segments and lines of the simple parents."""
    chosen = np.flatnonzero(columns.simple)
    rows = columns.live[chosen]
    parent = columns.bom.parent[rows]
    first = group_starts(parent)
    owner = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(parent))))
    segments = _Segments(parent[first], np.full(len(first), OPEN_FROM), columns.bom.version[rows][first])
    used = np.flatnonzero(columns.asked[chosen])
    usages, at = columns.usages, chosen[used]
    component = columns.bom.component[rows[used]]
    return segments, _Lines(owner[used], component, usages.factor[at], usages.constant[at], usages.divisor[at])


def _of_pieces(pieces: list[Piece]) -> tuple[_Segments, _Lines, dict[int, tuple[int, int, int]]]:
    """Segments and lines of the pieces, and the lines whose integers leave 64 bits."""
    segments = _Segments(
        column([p.parent for p in pieces]), column([p.first_day for p in pieces]), column([p.version for p in pieces])
    )
    triples = [usage.integers() for p in pieces for usage in p.usages.values()]
    wide = {at: triple for at, triple in enumerate(triples) if max(triple) >= LIMIT}
    narrow = np.array([(1, 0, 1) if at in wide else t for at, t in enumerate(triples)], dtype=np.int64).reshape(-1, 3)
    owner = np.repeat(np.arange(len(pieces)), [len(p.usages) for p in pieces])
    component = column([c for p in pieces for c in p.usages])
    return segments, _Lines(owner, component, narrow[:, 0], narrow[:, 1], narrow[:, 2]), wide


def _assembled(data: PlanInput, columns: _Columns, pieces: list[Piece], loops: tuple[int, ...]) -> Structure:
    """Puts simple parents and pieces together in order of parent and first day."""
    simple, simple_lines = _of_columns(columns)
    special, special_lines, wide = _of_pieces(pieces)
    segments = _Segments.joined([simple, special])
    order = np.lexsort((segments.first_day, segments.parent))
    rank = _inverse(order)
    segments = segments.take(order)
    moved = replace(special_lines, owner=special_lines.owner + len(simple))
    lines = _Lines.joined([simple_lines, moved])
    lines = replace(lines, owner=rank[lines.owner])
    line_order = np.lexsort((lines.component, lines.owner))
    place = _inverse(line_order)[len(simple_lines) :]
    lines = lines.take(line_order)
    starts = np.searchsorted(lines.owner, np.arange(len(segments) + 1))
    return Structure(
        segments.parent, segments.first_day, segments.version, starts,
        lines.component, lines.factor, lines.constant, lines.divisor,
        *_outputs(data, segments.parent, segments.version),
        wide={int(place[at]): triple for at, triple in wide.items()},
        barren={int(rank[len(simple) + at]): piece.barren for at, piece in enumerate(pieces) if piece.barren},
        loops=loops,
    )  # fmt: skip


def _inverse(order: I64) -> I64:
    made = np.empty(len(order), dtype=np.int64)
    made[order] = np.arange(len(order))
    return made


def _outputs(data: PlanInput, parent: I64, version: I64) -> tuple[I64, I64, I64, I64]:
    """Outputs of each segment's version: starts, item, factor, divisor in last places, summed for an item."""
    made: dict[tuple[int, int], dict[int, tuple[int, int]]] = {}
    table = data.outputs
    decimals = data.items.decimals
    for row in np.lexsort((table.item, table.version, table.parent)).tolist():
        item, owner = int(table.item[row]), int(table.parent[row])
        if item == owner or data.items.kind[item] in (ItemKind.PHANTOM, ItemKind.SERVICE):
            continue
        num = int(table.num[row]) * 10 ** int(decimals[item])
        den = int(table.den[row]) * 10 ** int(decimals[owner])
        before = made.setdefault((owner, int(table.version[row])), {}).get(item, (0, 1))
        both = (before[0] * den + num * before[1], before[1] * den)
        common = int(np.gcd(*both)) if max(both) < 2**62 else 1
        made[owner, int(table.version[row])][item] = (both[0] // common, both[1] // common)
    starts, rows = [0], []
    for key in zip(parent.tolist(), version.tolist(), strict=True) if made else ():
        rows += [(item, num, den) for item, (num, den) in sorted(made.get(key, {}).items())]
        starts.append(len(rows))
    if not made:
        return empty(len(parent) + 1), empty(), empty(), empty()
    table_rows = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return column(starts), table_rows[:, 0], table_rows[:, 1], table_rows[:, 2]
