"""The planner agrees with a plain exact one on random factories."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.engine import exact, netting, structure, usage
from services.planning.engine.plan import Plan, make_plan
from tests.property.planning import random_factory
from tests.property.planning.oracle import Oracle
from tests.unit.services.planning.factory import Factory

START = random_factory.START.isoformat()


def rows_of(factory: Factory, plan: Plan) -> list[tuple[Any, ...]]:
    codes, o = factory.codes(), plan.orders
    scale = [10 ** factory.items[code].get("decimals", 0) for code in codes]
    columns = (o.item, o.quantity, o.start, o.due, o.late, o.tag)
    return sorted(
        (codes[i], Fraction(q, scale[i]), s, d, late, tag)
        for i, q, s, d, late, tag in zip(*(c.tolist() for c in columns), strict=True)
    )


def uses_of(factory: Factory, plan: Plan) -> list[tuple[Any, ...]]:
    codes, u = factory.codes(), plan.substitutions
    scale = [10 ** factory.items[code].get("decimals", 0) for code in codes]
    columns = (u.component, u.substitute, u.quantity, u.taken, u.day)
    return sorted(
        (codes[c], codes[s], Fraction(q, scale[c]), Fraction(t, scale[s]), d)
        for c, s, q, t, d in zip(*(x.tolist() for x in columns), strict=True)
    )


def agree(seed: int) -> None:
    factory, parameters = random_factory.make(seed)
    data = factory.build(START, **parameters)
    plain = Oracle(factory, START, **parameters).plan()
    fast, exact = make_plan(data), make_plan(data, exact=True)
    assert rows_of(factory, fast) == sorted(plain.orders), seed
    assert rows_of(factory, exact) == sorted(plain.orders), seed
    assert uses_of(factory, fast) == sorted(plain.uses), seed


@pytest.mark.parametrize("block", range(8))
def test_planned_orders_equal_those_of_the_plain_planner(block: int) -> None:
    for seed in range(block * 250, block * 250 + 250):
        agree(seed)


def shuffled(table: Any, order: np.ndarray) -> Any:
    return type(table)(*(getattr(table, name)[order] for name in type(table).names()))


def test_the_order_of_the_rows_changes_nothing() -> None:
    for seed in range(150):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        random = np.random.default_rng(seed)
        names = ("bom", "outputs", "demands", "supplies", "substitutes")
        other = replace(
            data,
            **{name: shuffled(getattr(data, name), random.permutation(len(getattr(data, name)))) for name in names},
        )
        one, two = make_plan(data), make_plan(other)
        for name in ("item", "quantity", "start", "due", "late", "tag"):
            assert getattr(one.orders, name).tolist() == getattr(two.orders, name).tolist(), (seed, name)
        for name in ("component", "substitute", "quantity", "taken", "day"):
            assert getattr(one.substitutions, name).tolist() == getattr(two.substitutions, name).tolist(), (seed, name)


def test_nothing_depends_on_what_fits_64_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(150):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        usual = rows_of(factory, make_plan(data))
        with monkeypatch.context() as narrow:
            for module in (netting, structure, usage):
                narrow.setattr(module, "LIMIT", 50.0 * (1 + seed % 40))
            narrow.setattr(exact, "LIMIT", 50.0 * (1 + seed % 40))
            assert rows_of(factory, make_plan(data)) == usual, seed


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=10_000, max_value=10_000_000))
def test_planned_orders_equal_those_of_the_plain_planner_anywhere(seed: int) -> None:
    agree(seed)
