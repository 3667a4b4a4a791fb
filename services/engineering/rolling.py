"""Reference cost of a structure, rolled up from the lowest level; each item once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from models.kernel.numbers import RATE_PLACES, round_half_up
from services.engineering.structure import Usage, ratio_of
from services.engineering.views import BomTree


@dataclass(frozen=True, slots=True)
class CostRow:
    """Material cost of one unit; complete: every component below has a cost."""

    cost: Decimal
    complete: bool


def roll_costs(tree: BomTree, usage: Usage) -> Mapping[int, CostRow]:
    """Cost of one unit of every item shown: Σ usage with loss × cost of the component ÷ yield; without a bill, its own unit cost.

    Customers' material and lines that are not issued cost nothing; fixed losses belong to orders and are left out.
    """
    exact: dict[int, tuple[Fraction, bool]] = {}
    for item_id in _upwards(tree):
        row = tree.items[item_id]
        head = tree.chosen.get(item_id)
        if head is None or not head.lines:
            known = row.unit_cost is not None
            exact[item_id] = (Fraction(row.unit_cost or 0), known)
            continue
        total, complete = Fraction(0), True
        for line in head.lines:
            if line.issue == "none" or line.supplied_by != "own" or not line.holds_on(tree.day):
                continue
            cost, known = exact.get(line.component_id, (Fraction(0), False))
            if cost:
                total += usage.consumed(ratio_of(line.numerator, line.denominator), line.scrap_rate) * cost
            complete = complete and known
        exact[item_id] = (total if row.yield_rate == 1 else total / Fraction(row.yield_rate), complete)
    return {key: CostRow(round_half_up(cost, RATE_PLACES), complete) for key, (cost, complete) in exact.items()}


def _upwards(tree: BomTree) -> list[int]:
    """Items below the root, components before their parents; what stands in a loop is left out."""
    above: dict[int, list[int]] = defaultdict(list)
    waiting: dict[int, int] = {}
    stack = [tree.root_id]
    while stack:
        item_id = stack.pop()
        if item_id in waiting:
            continue
        head = tree.chosen.get(item_id)
        components = [line.component_id for line in head.lines] if head is not None else []
        waiting[item_id] = len(components)
        for component in components:
            above[component].append(item_id)
            stack.append(component)
    order = []
    ready = [item_id for item_id, count in waiting.items() if not count]
    while ready:
        item_id = ready.pop()
        order.append(item_id)
        for parent in above[item_id]:
            waiting[parent] -= 1
            if not waiting[parent]:
                ready.append(parent)
    return order
