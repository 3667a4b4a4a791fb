"""Two runs side by side: planned orders that are new, changed or gone, and what caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.planning.engine.exact import group_starts
from services.planning.engine.model import I64, Items, PlanInput
from services.planning.engine.movements import dependent
from services.planning.engine.plan import Plan

Reason = Literal["demand", "supply", "stock", "master", "bom", "parent", "substitute", "calendar", "start"]
Row = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Side:
    """One of the two runs. codes: item codes by rank. labels: document numbers by their rank."""

    data: PlanInput
    plan: Plan
    codes: Sequence[str]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason. name: document, field or parent item; before and after: its quantity (last places) or value, None if absent."""

    reason: Reason
    name: str
    before: int | None
    after: int | None
    day_before: int = 0
    day_after: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Total planned of an item for a day: new (nothing before), gone (nothing after), changed (quantity or day)."""

    kind: Literal["new", "changed", "gone"]
    item: str
    due_before: int
    due_after: int
    quantity_before: int
    quantity_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes by item and day; causes by item code."""

    changes: tuple[Change, ...]
    causes: dict[str, tuple[Cause, ...]]


def compare(before: Side, after: Side) -> Comparison:
    """Joins on item and due day; what remains of one item is joined in order of days as moved orders."""
    codes = sorted({*before.codes, *after.codes})
    rank = {code: at for at, code in enumerate(codes)}
    old, new = _totals(before, rank), _totals(after, rank)
    changes = _changes(old, new, codes)
    wanted = sorted({change.item for change in changes})
    return Comparison(tuple(changes), _causes(before, after, wanted))


def _totals(side: Side, rank: dict[str, int]) -> tuple[I64, I64]:
    """(item rank × 2²² + due day, total quantity), sorted."""
    places = np.array([rank[code] for code in side.codes], dtype=np.int64)
    orders = side.plan.orders
    key = (places[orders.item] << 22) + orders.due if len(orders) else np.zeros(0, dtype=np.int64)
    order = np.argsort(key, kind="stable")
    key, quantity = key[order], orders.quantity[order]
    first = group_starts(key)
    return key[first], np.add.reduceat(quantity, first) if len(first) else quantity


def _changes(old: tuple[I64, I64], new: tuple[I64, I64], codes: list[str]) -> list[Change]:
    keys = np.union1d(old[0], new[0])
    a, b = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    a[np.searchsorted(keys, old[0])] = old[1]
    b[np.searchsorted(keys, new[0])] = new[1]
    differ = np.flatnonzero(a != b)
    by_item: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for key, x, y in zip(keys[differ].tolist(), a[differ].tolist(), b[differ].tolist(), strict=True):
        by_item[key >> 22].append((key & (2**22 - 1), x, y))
    made: list[Change] = []
    for item in sorted(by_item):
        rows = by_item[item]
        both = [(d, d, x, y) for d, x, y in rows if x and y]
        left, right = [(d, x) for d, x, y in rows if not y], [(d, y) for d, x, y in rows if not x]
        moved = min(len(left), len(right))
        both += [(d1, d2, x, y) for (d1, x), (d2, y) in zip(left[:moved], right[:moved], strict=True)]
        both += [(d, 0, x, 0) for d, x in left[moved:]] + [(0, d, 0, y) for d, y in right[moved:]]
        for d1, d2, x, y in sorted(both, key=lambda row: (row[1] or row[0], row[0])):
            made.append(Change("changed" if x and y else "gone" if x else "new", codes[item], d1, d2, x, y))
    return made


def _causes(before: Side, after: Side, items: list[str]) -> dict[str, tuple[Cause, ...]]:
    """Reasons at the item itself, then what its parents did; the run's own settings where nothing else differs."""
    old, new = _Facts(before, items), _Facts(after, items)
    general = _general(before, after)
    made = {}
    for item in items:
        causes = [*_master(before, after, item)]
        causes += _rows_differ("demand", old.demand.get(item, {}), new.demand.get(item, {}))
        causes += _rows_differ("supply", old.supply.get(item, {}), new.supply.get(item, {}))
        causes += _parents(old, new, item)
        made[item] = tuple(causes or general)
    return made


def _general(before: Side, after: Side) -> list[Cause]:
    a, b = before.data, after.data
    causes = []
    if a.parameters.start != b.parameters.start:
        causes.append(Cause("start", "", None, None, a.parameters.start, b.parameters.start))
    if not np.array_equal(np.unique(a.holidays), np.unique(b.holidays)):
        causes.append(Cause("calendar", "", len(np.unique(a.holidays)), len(np.unique(b.holidays))))
    return causes or [Cause("substitute", "", len(before.plan.substitutions), len(after.plan.substitutions))]


def _master(before: Side, after: Side, item: str) -> list[Cause]:
    places = [_place(side, item) for side in (before, after)]
    if None in places:
        return [Cause("master", "item", None if places[0] is None else 1, None if places[1] is None else 1)]
    causes = []
    for name in Items.names():
        x, y = (int(getattr(side.data.items, name)[at]) for side, at in zip((before, after), places, strict=True))
        if x != y:
            causes.append(Cause("stock" if name == "stock" else "master", name, x, y))
    return causes


def _place(side: Side, item: str) -> int | None:
    at = int(np.searchsorted(np.array(side.codes), item)) if len(side.codes) else 0
    return at if at < len(side.codes) and side.codes[at] == item else None


def _rows_differ(reason: Reason, old: dict[tuple[str, int], Row], new: dict[tuple[str, int], Row]) -> list[Cause]:
    causes = []
    for key in sorted({*old, *new}):
        a, b = old.get(key), new.get(key)
        if a != b:
            causes.append(Cause(reason, key[0], a and a[3], b and b[3], a[2] if a else 0, b[2] if b else 0))
    return causes


def _parents(old: _Facts, new: _Facts, item: str) -> list[Cause]:
    """Parents whose BOM asks otherwise for the item, and parents that are planned otherwise."""
    causes: list[Cause] = []
    a, b = old.asked.get(item, {}), new.asked.get(item, {})
    for parent in sorted({*a, *b}):
        lines = old.lines.get((parent, item), ()), new.lines.get((parent, item), ())
        if lines[0] != lines[1]:
            causes.append(Cause("bom", parent, len(lines[0]) or None, len(lines[1]) or None))
        elif a.get(parent) != b.get(parent):
            totals = [sum(q for _, q in rows.get(parent, ())) or None for rows in (a, b)]
            causes.append(Cause("parent", parent, totals[0], totals[1]))
    return causes


class _Facts:
    """What a run knows about some items: documents, supply, what planned parents ask, and the BOM lines."""

    def __init__(self, side: Side, items: list[str]) -> None:
        data, codes = side.data, side.codes
        chosen = np.isin(np.array(codes), items) if len(codes) else np.zeros(0, dtype=bool)
        self.demand = self._documents(side, data.demands.item, data.demands.quantity, data.demands, chosen)
        amount = data.supplies.num // data.supplies.den
        self.supply = self._documents(side, data.supplies.item, amount, data.supplies, chosen)
        self.asked: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        row, component, quantity = dependent(data, side.plan, chosen)
        orders = side.plan.orders
        for parent, child, day, asked in zip(
            orders.item[row].tolist(), component.tolist(), orders.start[row].tolist(), quantity.tolist(), strict=True
        ):
            self.asked[codes[child]][codes[parent]].append((day, asked))
        self.lines: dict[tuple[str, str], list[tuple[int, ...]]] = defaultdict(list)
        structure = side.plan.structure
        for at in np.flatnonzero(chosen[structure.component]).tolist():
            segment = int(np.searchsorted(structure.line_start, at, side="right")) - 1
            key = codes[structure.parent[segment]], codes[structure.component[at]]
            self.lines[key].append((int(structure.first_day[segment]), *structure.line(at)))

    def _documents(
        self, side: Side, item: I64, quantity: I64, table: object, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> dict[str, dict[tuple[str, int], Row]]:
        made: dict[str, dict[tuple[str, int], Row]] = defaultdict(dict)
        rows = np.flatnonzero(chosen[item])
        columns = (item, getattr(table, "ref"), getattr(table, "line"), getattr(table, "day"), getattr(table, "kind"))  # noqa: B009
        for at, *values in zip(rows.tolist(), *(c[rows].tolist() for c in columns), strict=True):
            code, label, line, day, kind = (
                side.codes[values[0]],
                side.labels[values[1]],
                values[2],
                values[3],
                values[4],
            )
            before = made[code].get((label, line))
            total = int(quantity[at]) + (before[3] if before else 0)
            made[code][label, line] = (label, line, day, total, kind)
        return made
