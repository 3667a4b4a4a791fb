"""Free stock of substitutes, taken by priority before anything is ordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.planning.engine.model import NONE, ItemKind, Mask, PlanInput
from services.planning.engine.rounding import round_number


@dataclass(frozen=True, slots=True)
class Rule:
    """One substitute: last places of the substitute for one last place of the component as num/den.

    parents: whose demand it serves; None for every parent.
    """

    substitute: int
    parents: frozenset[int] | None
    num: int
    den: int
    valid_from: int
    valid_to: int


@dataclass(frozen=True, slots=True)
class Taken:
    """quantity of the component covered by taken of the substitute, on a day counted from the start."""

    component: int
    substitute: int
    quantity: int
    taken: int
    day: int


class Shelf:
    """What substitutes have free: nettable stock less their own demand, their safety stock, and what was taken."""

    def __init__(self, data: PlanInput, usable: Mask, free: Callable[[int], int]) -> None:
        self._start = data.parameters.start
        self._rules = _rules(data, usable)
        self._free = free
        self._taken: dict[int, int] = defaultdict(int)

    def has(self, component: int) -> bool:
        """Whether any substitute may be used for the component."""
        return component in self._rules

    def cover(self, component: int, day: int, short: int, asked: dict[int, int], uses: list[Taken]) -> int:
        """Covers up to short last places that orders ask for on a day (AT-06a, AT-06c); returns what is covered.

        asked: component demand of the day by the parent whose order draws it. A rule for one parent serves only that
        parent's demand, and that of orders which pass through it where it is a phantom or skipped. Whole component
        units; the substitute's quantity is rounded up to its unit.
        """
        rules = self._rules.get(component, ())
        open_total = min(short, sum(asked.values()))
        by_parent = dict(asked) if rules else {}
        covered = 0
        for rule in rules:
            want = open_total if rule.parents is None else min(open_total, _asked_by(by_parent, rule.parents))
            if want <= 0 or not rule.valid_from <= day + self._start <= rule.valid_to:
                continue
            free = self._free(rule.substitute) - self._taken[rule.substitute]
            quantity = min(want, free * rule.den // rule.num) if free > 0 else 0
            if quantity <= 0:
                continue
            taken = round_number(quantity * rule.num, rule.den, half_up=False)
            self._taken[rule.substitute] += taken
            uses.append(Taken(component, rule.substitute, quantity, taken, day))
            open_total -= quantity
            covered += quantity
            _serve(by_parent, rule.parents, quantity)
        return covered


def _asked_by(by_parent: dict[int, int], parents: frozenset[int]) -> int:
    return sum(quantity for parent, quantity in by_parent.items() if parent in parents)


def _serve(by_parent: dict[int, int], parents: frozenset[int] | None, quantity: int) -> None:
    """Takes off what a rule for certain parents served, in order of their codes."""
    for parent in sorted(by_parent):
        if parents is not None and parent in parents:
            part = min(quantity, by_parent[parent])
            by_parent[parent] -= part
            quantity -= part


def _rules(data: PlanInput, usable: Mask) -> dict[int, list[Rule]]:
    """Rules of each component by priority; at one priority those for a parent first, then by code of the substitute."""
    table, decimals = data.substitutes, data.items.decimals
    made: dict[int, list[Rule]] = defaultdict(list)
    general = table.parent == NONE
    through = _Through(data)
    for row in np.lexsort((table.valid_from, table.parent, table.substitute, general, table.priority)).tolist():
        component, substitute = int(table.component[row]), int(table.substitute[row])
        if not usable[row] or component == substitute:
            continue
        num = int(table.num[row]) * 10 ** int(decimals[substitute])
        den = int(table.den[row]) * 10 ** int(decimals[component])
        made[component].append(
            Rule(
                substitute, None if general[row] else through.up(int(table.parent[row])), num, den,
                int(table.valid_from[row]), int(table.valid_to[row]),
            )
        )  # fmt: skip
    return dict(made)


class _Through:
    """Which parents pass through an item: by phantoms and skipped levels, in whatever version."""

    def __init__(self, data: PlanInput) -> None:
        bom = data.bom
        passes = bom.skip | (data.items.kind[bom.component] == ItemKind.PHANTOM)
        self._above: dict[int, set[int]] = defaultdict(set)
        for row in np.flatnonzero(passes).tolist() if len(data.substitutes) else ():
            self._above[int(bom.component[row])].add(int(bom.parent[row]))

    def up(self, item: int) -> frozenset[int]:
        """The item and all that pass through it."""
        found, waiting = {item}, [item]
        while waiting:
            for parent in self._above.get(waiting.pop(), set()) - found:
                found.add(parent)
                waiting.append(parent)
        return frozenset(found)
