"""The arithmetic that explains a planned order gives exactly that order."""

from __future__ import annotations

import math
from fractions import Fraction

from services.planning.engine.explain import Explainer, Explanation
from services.planning.engine.lots import lot_rule
from services.planning.engine.model import Need, PlanInput
from services.planning.engine.plan import Plan, make_plan
from tests.property.planning import random_factory

START = random_factory.START.isoformat()


def check(data: PlanInput, plan: Plan, told: Explanation, seed: int) -> None:
    sizes = sorted(plan.orders.quantity[list(told.orders)].tolist())
    need = math.ceil(told.net / told.yield_rate)
    assert sizes == sorted(lot_rule(plan.scales.rules, told.item).orders(need)), seed
    assert told.steps[0].quantity == need, seed
    assert told.steps[-1].quantity == sum(sizes), seed
    if not told.grouped_until:
        left = told.carried + sum(t.quantity for t in told.supplies) - sum(t.quantity for t in told.demands)
        assert left == -told.net, seed


def check_paths(data: PlanInput, told: Explanation, seed: int, *, divides: bool) -> None:
    decimals = data.items.decimals
    for term in told.demands:
        if term.kind != Need.PLANNED_ORDER:
            continue
        assert term.paths, seed
        total = Fraction(0)
        for path in term.paths:
            amount = Fraction(term.started, 10 ** int(decimals[path[0].parent]))
            for step in path:
                amount *= step.usage
                amount = amount / (1 - step.scrap_rate) if divides else amount * (1 + step.scrap_rate)
                amount += step.scrap_fixed
            total += amount
        assert total * 10 ** int(decimals[told.item]) == term.exact, seed


def test_terms_add_up_to_the_order_and_its_paths_to_each_term() -> None:
    for seed in range(150):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        explainer = Explainer(data, plan)
        for row in range(0, len(plan.orders), max(1, len(plan.orders) // 25)):
            told = explainer.explain(row)
            assert row in told.orders
            check(data, plan, told, seed)
            check_paths(data, told, seed, divides=parameters["scrap_divides"])
