"""Pegging: every supply is spent, every demand is served, on time, by pieces that add up exactly."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from services.planning.engine import pegging
from services.planning.engine.model import Need, Source
from services.planning.engine.movements import needs, sources
from services.planning.engine.plan import make_plan
from tests.property.planning import random_factory

START = random_factory.START.isoformat()


@pytest.mark.parametrize("block", range(4))
def test_links_add_up_to_every_demand_and_every_supply(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        demand, supply, links = needs(data, plan), sources(data, plan), pegging.peg(data, plan)
        served: dict[tuple[int, ...], int] = defaultdict(int)
        spent: dict[tuple[int, ...], int] = defaultdict(int)
        for item, source, s_row, need, n_row, _day, quantity in zip(
            *(getattr(links, n).tolist() for n in links.names()), strict=True
        ):
            assert quantity > 0, seed
            if need != Need.LOT_SIZE:
                served[item, need, n_row] += quantity
            if source != Source.UNPLANNED:
                spent[item, source, s_row] += quantity
        wanted: dict[tuple[int, ...], int] = defaultdict(int)
        for row in zip(
            demand.item.tolist(), demand.kind.tolist(), demand.row.tolist(), demand.quantity.tolist(), strict=True
        ):
            wanted[row[:3]] += row[3]
        given: dict[tuple[int, ...], int] = defaultdict(int)
        for row in zip(
            supply.item.tolist(), supply.kind.tolist(), supply.row.tolist(), supply.quantity.tolist(), strict=True
        ):
            if row[1] != Source.UNPLANNED:
                given[row[:3]] += row[3]
        if parameters.get("restricted"):
            assert all(quantity <= wanted[key] for key, quantity in served.items()), seed
        else:
            assert served == {k: v for k, v in wanted.items() if v}, seed
        assert spent == {k: v for k, v in given.items() if v}, seed


def test_no_demand_waits_for_a_supply_that_comes_after_it() -> None:
    for seed in range(200):
        factory, parameters = random_factory.make(seed)
        parameters.pop("restricted", None)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        links = pegging.peg(data, plan)
        for source, row, need, day in zip(
            links.source.tolist(), links.source_row.tolist(), links.need.tolist(), links.day.tolist(), strict=True
        ):
            if need == Need.LOT_SIZE or source in (Source.STOCK, Source.UNPLANNED, Source.SUBSTITUTION):
                continue
            due = plan.orders.due[row] if source == Source.PLANNED_ORDER else data.supplies.day[row]
            assert max(due, data.parameters.start) <= day, seed


def test_the_balance_never_falls_below_safety_stock() -> None:
    for seed in range(200):
        factory, parameters = random_factory.make(seed)
        parameters.pop("restricted", None)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        demand, supply = needs(data, plan), sources(data, plan)
        events: dict[tuple[int, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for table, sign in ((demand, -1), (supply, 1)):
            for item, tag, day, quantity in zip(
                table.item.tolist(), table.tag.tolist(), table.day.tolist(), table.quantity.tolist(), strict=True
            ):
                events[item, tag][day] += sign * quantity
        for pool, days in events.items():
            running = np.cumsum([days[d] for d in sorted(days)])
            assert (running >= 0).all(), (seed, pool)


def test_one_item_pegs_as_in_the_whole_run() -> None:
    for seed in range(60):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        whole = pegging.peg(data, plan)
        for item in range(len(data.items)):
            one = pegging.peg(data, plan, np.array([item]))
            hit = whole.item == item
            for name in one.names():
                assert getattr(one, name).tolist() == getattr(whole, name)[hit].tolist(), (seed, item, name)


def test_quantities_beyond_64_bits_are_pegged_link_by_link_alike() -> None:
    for seed in range(60):
        factory, parameters = random_factory.make(seed)
        data = factory.build(START, **parameters)
        plan = make_plan(data)
        demand, supply = needs(data, plan), sources(data, plan)
        wide = pegging._join_wide(demand, supply, demand.item * 1000 + demand.tag, supply.item * 1000 + supply.tag)
        fast = pegging.join(demand, supply)
        for name in fast.names():
            assert getattr(wide, name).tolist() == getattr(fast, name).tolist(), (seed, name)
