"""The plan: level by level, net what is asked against what comes, order the rest, ask for its components."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from services.planning.engine.calendar import start_days
from services.planning.engine.exact import spread
from services.planning.engine.findings import LevelEnd, find
from services.planning.engine.independent import first_asked, first_coming, last_day
from services.planning.engine.level import LevelNetting
from services.planning.engine.levels import Levels, low_level_codes, without_circles
from services.planning.engine.lots import full_pieces
from services.planning.engine.model import (
    NONE,
    Findings,
    ItemKind,
    PlanInput,
    PlannedOrders,
    Substitutions,
    Unplanned,
    column,
    empty,
)
from services.planning.engine.pools import Asked, Coming, Pools, Required, Scales
from services.planning.engine.structure import Structure, build_structure
from services.planning.engine.substitution import Shelf, Taken

_Rows = TypeVar("_Rows", Asked, Coming)


@dataclass(frozen=True)
class Plan:
    """The result of a run. levels: low-level code of every item."""

    orders: PlannedOrders
    substitutions: Substitutions
    unplanned: Unplanned
    findings: Findings
    levels: Levels
    structure: Structure
    scales: Scales


def make_plan(data: PlanInput, *, exact: bool = False, progress: Callable[[int, int], None] | None = None) -> Plan:
    """Plans every item once, by low-level code, after all that use it.

    exact: nets everything in Python's integers (the same plan, slower). progress: called with (level, levels).
    """
    run = _Run(data, exact=exact)
    count = int(run.levels.level.max(initial=0)) + 1
    for level in range(count):
        if progress:
            progress(level, count)
        run.plan_level(level)
    return run.finish()


class _Run:
    """State of one run: what is asked and what comes, by level, and the orders made so far."""

    def __init__(self, data: PlanInput, *, exact: bool) -> None:
        self._data = data
        structure = build_structure(data)
        self.levels = low_level_codes(data, structure)
        self._structure = without_circles(data, structure, self.levels.level)
        self._scales = Scales.of(data)
        self._days = last_day(data) - data.parameters.start + 1
        count = int(self.levels.level.max(initial=0)) + 1
        planned = ~np.isin(data.items.kind, (ItemKind.PHANTOM, ItemKind.SERVICE))
        self._ids = [np.flatnonzero(planned & (self.levels.level == level)) for level in range(count)]
        self._asked = [[part] for part in self._split(first_asked(data, self._structure), count)]
        self._coming = [[part] for part in self._split(first_coming(data), count)]
        self._total = empty(len(data.items))
        self._shelf = Shelf(data, self.levels.usable, self._free)
        self._netting = LevelNetting(data, self._scales, self._shelf, days=self._days, exact=exact)
        self._orders: list[PlannedOrders] = []
        self._taken: list[Taken] = []
        self._unplanned: list[Unplanned] = []
        self._ends: list[LevelEnd] = []

    def plan_level(self, level: int) -> None:
        """Nets the items of a level, makes their orders and asks for their components."""
        asked, coming = Asked.joined(self._asked[level]), Coming.joined(self._coming[level])
        self._asked[level], self._coming[level] = [], []
        np.add.at(
            self._total, asked.item, np.where(self._data.items.mto[asked.item] & (asked.tag != NONE), 0, asked.quantity)
        )
        made = self._netting.net(self._ids[level], asked, coming)
        self._taken += made.taken
        self._unplanned.append(made.unplanned)
        orders = self._orders_of(made.pools, made.required)
        self._orders.append(orders)
        self._ends.append(LevelEnd(made.pools, made.left, made.required))
        if level + 1 < len(self._asked):
            self._explode(orders)

    def finish(self) -> Plan:
        """The plan, with its findings."""
        orders = PlannedOrders.joined(self._orders)
        unplanned = Unplanned.joined(self._unplanned)
        uses = self._uses()
        findings = find(
            self._data, self._structure, self._scales, ends=self._ends, orders=orders, uses=uses, cut=self.levels.cut
        )
        return Plan(orders, uses, unplanned, findings, self.levels, self._structure, self._scales)

    def _free(self, item: int) -> int:
        items = self._data.items
        return int(items.stock[item]) - int(items.safety[item]) - int(self._total[item])

    def _orders_of(self, pools: Pools, required: Required) -> PlannedOrders:
        """Orders of net requirements: sized, split, stepped back; by item, due day and tag."""
        order = np.lexsort((pools.tag[required.pool], required.day, pools.item[required.pool]))
        pool, day, need = required.pool[order], required.day[order], required.need[order]
        rules = self._scales.rules.take(pools.item[pool])
        full, rest = full_pieces(rules, need)
        row, piece = spread(full + (rest > 0), empty(len(full)))
        item, start = pools.item[pool][row], self._data.parameters.start
        quantity = np.where(piece < full[row], rules.piece[row], rest[row])
        due = day[row] + start
        begin = start_days(due, self._data.items.lead[item], self._data.holidays)
        late = np.maximum(start - begin, 0)
        made = np.isin(self._data.items.kind[item], (ItemKind.MANUFACTURED, ItemKind.SUBCONTRACTED))
        segment = np.where(made, self._structure.segments(item, np.maximum(begin, start)), NONE)
        return PlannedOrders(item, quantity, begin, due, late, pools.tag[pool][row], segment)

    def _explode(self, orders: PlannedOrders) -> None:
        """Asks for the components of orders on their start, and brings their co-products on their due day."""
        start, half_up = self._data.parameters.start, self._data.parameters.half_up
        row, component, quantity = self._structure.explode(orders.segment, orders.quantity, half_up=half_up)
        day = np.maximum(orders.start - start, 0)[row]
        asked = Asked(component, day, quantity, orders.item[row], orders.tag[row], np.ones(len(row), dtype=np.int64))
        for level, part in enumerate(self._split(asked, len(self._asked))):
            if len(part):
                self._asked[level].append(part)
        row, item, amount = self._structure.yields(orders.segment, orders.quantity)
        if len(row):
            none = np.full(len(row), NONE, dtype=np.int64)
            coming = Coming(item, (orders.due - start)[row], amount, np.ones(len(row), dtype=np.int64), none)
            for level, more in enumerate(self._split(coming, len(self._coming))):
                if len(more):
                    self._coming[level].append(more)

    def _split(self, rows: _Rows, count: int) -> list[_Rows]:
        """The rows by level of their item."""
        level = self.levels.level[rows.item].astype(np.int16)
        order = np.argsort(level, kind="stable")
        bounds = np.searchsorted(level[order], np.arange(count + 1)).tolist()
        return [rows.take(order[low:high]) for low, high in pairwise(bounds)]

    def _uses(self) -> Substitutions:
        rows = sorted(self._taken, key=lambda t: (t.day, t.component, t.substitute))
        return Substitutions(
            column([t.component for t in rows]),
            column([t.substitute for t in rows]),
            column([t.quantity for t in rows]),
            column([t.taken for t in rows]),
            column([t.day + self._data.parameters.start for t in rows]),
            np.full(len(rows), NONE, dtype=np.int64),
        )
