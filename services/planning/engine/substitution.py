"""Free stock of substitutes, taken by priority before anything is ordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.planning.engine.exact import round_number
from services.planning.engine.model import NONE, Mask, PlanInput


@dataclass(frozen=True, slots=True)
class Rule:
    """One substitute: last places of the substitute for one last place of the component as num/den."""

    substitute: int
    parent: int
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
        parent's demand. Whole component units; the substitute's quantity is rounded up to its unit.
        """
        rules = self._rules.get(component, ())
        open_total = min(short, sum(asked.values()))
        by_parent = dict(asked) if rules else {}
        covered = 0
        for rule in rules:
            want = open_total if rule.parent == NONE else min(open_total, by_parent.get(rule.parent, 0))
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
            if rule.parent != NONE:
                by_parent[rule.parent] -= quantity
        return covered


def _rules(data: PlanInput, usable: Mask) -> dict[int, list[Rule]]:
    """Rules of each component by priority; at one priority those for a parent first, then by code of the substitute."""
    table, decimals = data.substitutes, data.items.decimals
    made: dict[int, list[Rule]] = defaultdict(list)
    general = table.parent == NONE
    for row in np.lexsort((table.valid_from, table.parent, table.substitute, general, table.priority)).tolist():
        component, substitute = int(table.component[row]), int(table.substitute[row])
        if not usable[row] or component == substitute:
            continue
        num = int(table.num[row]) * 10 ** int(decimals[substitute])
        den = int(table.den[row]) * 10 ** int(decimals[component])
        made[component].append(
            Rule(substitute, int(table.parent[row]), num, den, int(table.valid_from[row]), int(table.valid_to[row]))
        )
    return dict(made)
