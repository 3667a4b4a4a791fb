"""Why a planned order is what it is: its terms in documents and planned orders, and the arithmetic of each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from services.planning.engine.lots import lot_rule
from services.planning.engine.model import I64, RATE, BomLines, Issue, ItemKind, LotPolicy, Need, PlanInput, Source
from services.planning.engine.movements import Movements, needs, sources
from services.planning.engine.plan import Plan
from services.planning.engine.rounding import ceil_div

_DEEPEST = 50
"""Levels of phantoms below phantoms after which a chain must be a circle."""


@dataclass(frozen=True, slots=True)
class UsageStep:
    """One BOM line on the way: component units for one parent unit, scrap rate, fixed scrap (in the component's unit)."""

    parent: int
    component: int
    usage: Fraction
    scrap_rate: Fraction
    scrap_fixed: Fraction


class _Line(NamedTuple):
    parent: int
    version: int
    component: int
    num: int
    den: int
    scrap_rate: int
    scrap_fixed: int
    issue: int
    skip: bool
    customer: bool
    valid_from: int
    valid_to: int
    phantom: bool

    def step(self) -> UsageStep:
        rate, fixed = Fraction(self.scrap_rate, RATE), Fraction(self.scrap_fixed, RATE)
        return UsageStep(self.parent, self.component, Fraction(self.num, self.den), rate, fixed)


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity in the sum, in last places of the item. kind: Need or Source; row: as in Movements; day: when it counts.

    paths: for what a planned order asks, the BOM lines that lead to the component; started: that order's quantity, and
    exact what the lines give before rounding.
    """

    kind: int
    row: int
    day: int
    quantity: Fraction
    started: int = 0
    exact: Fraction = Fraction(0)
    paths: tuple[tuple[UsageStep, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LotStep:
    """One step from the net quantity to orders: rule (yield, minimum, multiple, fixed, maximum), its value, the quantity after it."""

    rule: str
    value: Fraction
    quantity: Fraction


@dataclass(frozen=True, slots=True)
class Explanation:
    """carried + supplies − demands = −net; net ÷ yield, sized by the steps, makes the orders (rows of the plan).

    carried: what was left after the orders due on carried_day (0: the terms begin with stock and safety stock).
    grouped_until: last day of the period whose requirements the order groups; 0 if it groups none.
    """

    item: int
    tag: int
    due: int
    carried_day: int
    carried: Fraction
    supplies: tuple[Term, ...]
    demands: tuple[Term, ...]
    grouped_until: int
    net: Fraction
    yield_rate: Fraction
    steps: tuple[LotStep, ...]
    orders: tuple[int, ...]


class Explainer:
    """Explains the planned orders of one run."""

    def __init__(self, data: PlanInput, plan: Plan) -> None:
        self._data = data
        self._plan = plan
        self._bom_order = np.argsort(data.bom.parent, kind="stable")
        self._bom_parent = data.bom.parent[self._bom_order]
        self._known: dict[int, list[_Line]] = {}
        self._paths: dict[tuple[int, int], tuple[tuple[UsageStep, ...], ...]] = {}

    def explain(self, row: int) -> Explanation:
        """The sum behind a planned order and those made with it on the same day; terms since the orders before it."""
        orders = self._plan.orders
        item, tag, due = int(orders.item[row]), int(orders.tag[row]), int(orders.due[row])
        family = np.flatnonzero((orders.item == item) & (orders.tag == tag))
        together = family[orders.due[family] == due]
        earlier = orders.due[family][orders.due[family] < due]
        since = int(earlier.max(initial=0))
        one = np.array([item], dtype=np.int64)
        demand = _of(needs(self._data, self._plan, one), tag)
        supply = _of(sources(self._data, self._plan, one), tag)
        supply = _without(supply, set(together.tolist()), item, orders.item)
        net, until = self._net(item, due, demand, supply)
        scale = int(self._plan.scales.scale[item])
        carried = Fraction(_total(supply, until=since) - _total(demand, until=since), scale) if since else Fraction(0)
        last = until or due
        return Explanation(
            item, tag, due, since, carried,
            tuple(self._source(supply, at, scale) for at in _between(supply, since, last)),
            tuple(self._need(demand, at, scale) for at in _between(demand, since, last)),
            until, Fraction(net, scale), Fraction(int(self._data.items.yield_num[item]), int(self._data.items.yield_den[item])),
            self._steps(item, net), tuple(together.tolist()),
        )  # fmt: skip

    def _net(self, item: int, due: int, demand: Movements, supply: Movements) -> tuple[int, int]:
        """(net requirement in balance units, last day that the period groups)."""
        lowest = _total(supply, until=due) - _total(demand, until=due)
        period = int(self._plan.scales.period[item])
        until = 0
        if period > 1:
            days = np.unique(np.concatenate((demand.day, supply.day)))
            for day in days[(days > due) & (days < due + period)].tolist():
                balance = _total(supply, until=day) - _total(demand, until=day)
                if balance < lowest:
                    lowest, until = balance, day
        return -lowest, until

    def _steps(self, item: int, net: int) -> tuple[LotStep, ...]:
        items, rule = self._data.items, lot_rule(self._plan.scales.rules, item)
        rate = Fraction(int(items.yield_num[item]), int(items.yield_den[item]))
        need = ceil_div(net, int(self._plan.scales.good[item]))
        steps = [LotStep("yield", rate, Fraction(need))]
        policy = int(items.policy[item])
        if policy == LotPolicy.FIXED and rule.whole:
            return (*steps, LotStep("fixed", Fraction(rule.piece), Fraction(sum(rule.orders(need)))))
        quantity = need
        if rule.least > quantity:
            quantity = rule.least
            steps.append(LotStep("minimum", Fraction(rule.least), Fraction(quantity)))
        if rule.multiple > 1 and quantity % rule.multiple:
            quantity = ceil_div(quantity, rule.multiple) * rule.multiple
            steps.append(LotStep("multiple", Fraction(rule.multiple), Fraction(quantity)))
        if rule.piece and quantity > rule.piece:
            steps.append(LotStep("maximum", Fraction(rule.piece), Fraction(sum(rule.orders(need)))))
        return tuple(steps)

    def _source(self, supply: Movements, at: int, scale: int) -> Term:
        return Term(
            int(supply.kind[at]), int(supply.row[at]), int(supply.day[at]), Fraction(int(supply.quantity[at]), scale)
        )

    def _need(self, demand: Movements, at: int, scale: int) -> Term:
        kind, row, day = int(demand.kind[at]), int(demand.row[at]), int(demand.day[at])
        quantity = Fraction(int(demand.quantity[at]), scale)
        if kind == Need.PLANNED_ORDER:
            started, segment = int(self._plan.orders.quantity[row]), int(self._plan.orders.segment[row])
            return self._asked(Term(kind, row, day, quantity, started), segment, int(demand.item[at]), day)
        return Term(kind, row, day, quantity)

    def _asked(self, term: Term, segment: int, component: int, day: int) -> Term:
        key = (segment, component)
        structure = self._plan.structure
        if key not in self._paths:
            parent, version = int(structure.parent[segment]), int(structure.version[segment])
            self._paths[key] = tuple(self.paths(parent, version, component, day))
        low, high = structure.line_start[segment], structure.line_start[segment + 1]
        line = int(low + np.searchsorted(structure.component[low:high], component))
        factor, constant, divisor = structure.line(line)
        exact = Fraction(term.started * factor + constant, divisor)
        return Term(term.kind, term.row, term.day, term.quantity, term.started, exact, self._paths[key])

    def paths(self, parent: int, version: int, component: int, day: int, depth: int = 0) -> list[tuple[UsageStep, ...]]:
        """Chains of BOM lines from a parent to a real component on a day, through phantoms and skipped levels."""
        found: list[tuple[UsageStep, ...]] = []
        for line in self._lines(parent):
            if line.version != version or line.issue == Issue.NONE or line.customer:
                continue
            if not line.valid_from <= day <= line.valid_to:
                continue
            child = line.component
            below = self._version(child, day) if line.phantom or line.skip else -1
            if not (line.phantom or below >= 0):
                found += [(line.step(),)] if child == component else []
            elif below >= 0 and depth < _DEEPEST:
                found += [(line.step(), *rest) for rest in self.paths(child, below, component, day, depth + 1)]
        return found

    def _lines(self, parent: int) -> list[_Line]:
        if parent not in self._known:
            low, high = np.searchsorted(self._bom_parent, [parent, parent + 1])
            rows = self._bom_order[low:high]
            phantom = self._data.items.kind[self._data.bom.component[rows]] == ItemKind.PHANTOM
            columns = [getattr(self._data.bom, name)[rows].tolist() for name in BomLines.names()]
            self._known[parent] = [_Line(*line) for line in zip(*columns, phantom.tolist(), strict=True)]
        return self._known[parent]

    def _version(self, parent: int, day: int) -> int:
        return max(
            (line.version for line in self._lines(parent) if line.valid_from <= day <= line.valid_to), default=-1
        )


def _of(table: Movements, tag: int) -> Movements:
    return table.take(table.tag == tag)


def _without(supply: Movements, rows: set[int], item: int, owner: I64) -> Movements:
    """Supply other than the orders that are being explained."""
    planned = (supply.kind == Source.PLANNED_ORDER) & np.isin(supply.row, sorted(rows))
    own = np.zeros(len(supply), dtype=bool)
    own[planned] = owner[supply.row[planned]] == item
    return supply.take(~own)


def _total(table: Movements, *, until: int) -> int:
    return sum(table.quantity[table.day <= until].tolist())


def _between(table: Movements, since: int, until: int) -> list[int]:
    return np.flatnonzero((table.day > since) & (table.day <= until)).tolist()
