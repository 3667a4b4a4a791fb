"""Who bears a cost, and what of an order's cost its receipts take; quantities as pieces, money in cents."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

import pytest

from services.costing.engine.orders import cost_order
from services.costing.engine.shapes import Amount, Cost, Key, Material, Methods, Order, OrderCost, Rule, allocated
from services.costing.engine.sharing import share_costs
from tests.support.refusing import codes, refused

LAMP, SHADE, DUST = 1, 2, 3
WIRE, STEEL = 11, 12


def order(key: int = 1, ordered: int = 10, **more: Any) -> Order:
    return Order(key, more.pop("number", f"WO-{key}"), 1, key, LAMP, ordered, F(ordered), **more)


def costed(one: Order, inputs: dict[Key, int], given: dict[int, int] | None = None, **methods: Any) -> OrderCost:
    amounts = {key: Amount(value, value) for key, value in inputs.items()}
    return cost_order(one, amounts, given or {}, Methods(**methods))


def by_item(cost: OrderCost) -> dict[int, int]:
    """What each product bears in all."""
    return {output.item: output.total for output in cost.outputs}


def finished(cost: OrderCost) -> dict[Key, int]:
    """What receipts took of each cost."""
    return {row.key: row.finished.value for row in cost.progress}


def shares(orders: list[Order], cost: Cost, methods: Methods | None = None, **material: int) -> dict[str, int]:
    """order number -> what it bears."""
    took = {int(key[1:]): value for key, value in material.items()}
    found = share_costs([cost], {each.id: each for each in orders}, methods or Methods(), took)
    numbers = {each.id: each.number for each in orders}
    return {numbers[share.order]: share.amount for share in found}


def test_the_last_order_by_number_takes_the_remainder() -> None:
    orders = [order(1, number="C", hours=1), order(2, number="A", hours=1), order(3, number="B", hours=1)]
    assert shares(orders, Cost(1, "labor", 100, "hours")) == {"A": 33, "B": 33, "C": 34}


def test_the_remainder_never_goes_to_an_order_without_a_basis() -> None:
    orders = [order(1, hours=1), order(2, hours=2), order(3, hours=0)]
    assert shares(orders, Cost(1, "labor", 100, "hours")) == {"WO-1": 33, "WO-2": 67}
    assert allocated(100, [1, 1, 1, 0]) == [33, 33, 34, 0]


def test_a_subcontract_order_bears_only_what_names_it() -> None:
    orders = [order(1, received=5), order(2, received=5, subcontract=True)]
    assert shares(orders, Cost(1, "overhead", 100, "quantity")) == {"WO-1": 100}
    assert shares(orders, Cost(1, "overhead", 100, "quantity", doc=2)) == {"WO-2": 100}


def test_a_cost_that_names_an_order_without_receipts_falls_on_it_all_the_same() -> None:
    assert shares([order(1), order(2, received=5)], Cost(1, "overhead", 100, "hours", doc=1)) == {"WO-1": 100}
    problems = refused(shares, [order(1), order(2)], Cost(1, "overhead", 100, "hours"))
    assert codes(problems) == {"costing.no_basis"}


def test_an_order_closed_by_hand_shares_by_what_it_received_alone() -> None:
    orders = [order(1, received=5, closed=True), order(2, 5, received=5)]
    assert shares(orders, Cost(1, "labor", 100, "quantity")) == {"WO-1": 50, "WO-2": 50}


def test_what_is_in_progress_counts_as_far_along_as_it_is_and_not_at_all_where_it_keeps_nothing() -> None:
    orders = [order(1, received=10), order(2, 20, received=10)]
    cost = Cost(1, "labor", 250, "quantity")
    assert shares(orders, cost) == {"WO-1": 100, "WO-2": 150}
    assert shares(orders, cost, Methods(cost="none")) == {"WO-1": 125, "WO-2": 125}


def test_an_order_that_gave_more_material_back_than_it_took_bears_nothing_by_material() -> None:
    orders = [order(1, received=5), order(2, received=5)]
    assert shares(orders, Cost(1, "overhead", 100, "material"), o1=-5, o2=10) == {"WO-2": 100}


def test_the_fee_of_a_receipt_and_backflushed_material_go_whole_others_in_proportion() -> None:
    materials = {1: Material(100, backflush=False), 2: Material(100, backflush=True)}
    one = order(received=5, materials=materials)
    inputs = {Key("material", 1, WIRE): 100, Key("material", 2, STEEL): 60, Key("subcontract"): 40, Key("labor"): 90}
    assert finished(costed(one, inputs)) == {
        Key("material", 1, WIRE): 50, Key("material", 2, STEEL): 60, Key("subcontract"): 40, Key("labor"): 60,
    }  # fmt: skip


def test_an_order_closed_by_hand_keeps_nothing() -> None:
    inputs = {Key("material", 1, WIRE): 100, Key("labor"): 90}
    assert sum(finished(costed(order(received=5, closed=True), inputs)).values()) == 190


@pytest.mark.parametrize(("received_before", "consumed", "takes"), [(0, 0, 50), (2, 20, 50), (2, 60, 10), (2, 70, 0)])
def test_by_quota_receipts_take_what_the_list_says_of_all_received_less_what_earlier_ones_took(
    received_before: int, consumed: int, takes: int
) -> None:
    """Ten lamps take 100 of wire; five are received now, and 100 of wire are in progress."""
    one = order(
        received=5, received_before=received_before, materials={1: Material(100, backflush=False)},
        consumed={1: consumed},
    )  # fmt: skip
    assert finished(costed(one, {Key("material", 1, WIRE): 100}, material="quota")) == {Key("material", 1, WIRE): takes}


def test_shares_of_exactly_everything_leave_the_main_product_nothing_and_more_is_refused() -> None:
    rules = [Rule(SHADE, "co", share=F(1, 2)), Rule(DUST, "by", share=F(1, 2))]
    one = order(received=10, rules=rules)
    assert by_item(costed(one, {Key("labor"): 90}, {SHADE: 1, DUST: 1})) == {LAMP: 0, SHADE: 45, DUST: 45}
    one.rules = [*rules, Rule(STEEL, "co", share=F(1, 100))]
    assert codes(refused(costed, one, {Key("labor"): 90}, {SHADE: 1, DUST: 1, STEEL: 1})) == {"costing.shares_exceed"}


def test_a_fixed_amount_leaves_the_dearest_material_first_and_labor_only_after_all_material() -> None:
    one = order(received=10, rules=[Rule(DUST, "by", quota=F(30))])
    inputs = {Key("material", 1, WIRE): 40, Key("material", 2, STEEL): 50, Key("labor"): 100}
    made = {output.item: output.cost for output in costed(one, inputs, {DUST: 2}).outputs}
    assert (made[DUST]["material"], made[DUST]["labor"]) == (60, 0)
    made = {output.item: output.cost for output in costed(one, inputs, {DUST: 4}).outputs}
    assert (made[DUST]["material"], made[DUST]["labor"]) == (90, 30)
    assert codes(refused(costed, one, inputs, {DUST: 7})) == {"costing.quota_exceeds"}


def test_before_anything_is_finished_a_fixed_amount_leaves_what_the_dearest_material_has_in_progress() -> None:
    one = order(rules=[Rule(DUST, "by", quota=F(30))])
    inputs = {Key("material", 1, WIRE): 40, Key("material", 2, STEEL): 50}
    assert finished(costed(one, inputs, {DUST: 1})) == {Key("material", 1, WIRE): 0, Key("material", 2, STEEL): 30}
    assert finished(costed(one, inputs, {DUST: 2})) == {Key("material", 1, WIRE): 10, Key("material", 2, STEEL): 50}


def test_a_cent_that_weights_leave_over_falls_on_the_last_product_with_a_weight() -> None:
    rules = [Rule(SHADE, "co", weight=F(1)), Rule(STEEL, "co", weight=F(1)), Rule(DUST, "by", weight=F(0))]
    done = order(received_before=10, rules=rules)
    assert by_item(costed(done, {Key("labor"): 91}, {SHADE: 1, STEEL: 1, DUST: 1})) == {SHADE: 46, STEEL: 45, DUST: 0}


def test_without_the_main_product_weights_leave_only_when_nothing_is_in_progress() -> None:
    rules = [Rule(SHADE, "co", weight=F(2)), Rule(DUST, "by", weight=F(0))]
    inputs = {Key("labor"): 90}
    inputs[Key("material", 2, STEEL)] = 60
    open_order, done = order(rules=rules), order(received_before=10, rules=rules)
    for each in (open_order, done):
        each.materials = {2: Material(100, backflush=True)}
    assert by_item(costed(open_order, inputs, {SHADE: 1, DUST: 1})) == {SHADE: 0, DUST: 0}
    assert by_item(costed(done, inputs, {SHADE: 1, DUST: 1})) == {SHADE: 150, DUST: 0}


def test_a_product_that_was_not_received_bears_nothing() -> None:
    one = order(received=10, rules=[Rule(SHADE, "co", weight=F(1))])
    assert by_item(costed(one, {Key("labor"): 90})) == {LAMP: 90}
