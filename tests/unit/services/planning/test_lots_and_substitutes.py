"""Lots at their edges, who gets a substitute that two ask for, and what a restricted run leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from services.planning.engine.exact import round_column
from services.planning.engine.plan import make_plan
from services.planning.engine.rounding import round_number
from tests.unit.services.planning.factory import Factory, sums

START = "2026-03-02"


def quantities(f: Factory, *, exact: bool = False) -> list[tuple[str, str]]:
    """(quantity, due) of every planned order."""
    return [(quantity, due) for _, quantity, _, due in f.shown(make_plan(f.build(START), exact=exact))]


def lots(quantity: int, **policy: object) -> list[str]:
    """Order quantities for one requirement, the same however it is netted."""
    f = Factory().item("P", **policy).demand("P", quantity, "2026-03-10")  # type: ignore[arg-type]
    made = sorted((int(q) for q, _ in quantities(f)), reverse=True)
    assert sorted((int(q) for q, _ in quantities(f, exact=True)), reverse=True) == made
    return [str(q) for q in made]


def test_a_requirement_of_whole_maxima_leaves_no_rest_to_be_ordered() -> None:
    assert lots(100, policy="minimum", lot_minimum=10, lot_maximum=50) == ["50", "50"]
    assert lots(101, policy="minimum", lot_minimum=10, lot_maximum=50) == ["50", "50", "10"]
    assert lots(50, policy="minimum", lot_minimum=10, lot_maximum=50) == ["50"]


def test_a_minimum_above_the_maximum_orders_the_maximum_never_more() -> None:
    assert lots(30, policy="minimum", lot_minimum=80, lot_maximum=50) == ["50"]
    assert lots(60, policy="minimum", lot_minimum=80, lot_maximum=50) == ["50", "50"]


def test_fixed_lots_are_whole_and_lot_for_lot_knows_only_the_maximum() -> None:
    assert lots(61, policy="fixed", lot_size=30) == ["30", "30", "30"]
    assert lots(60, policy="fixed", lot_size=30) == ["30", "30"]
    assert lots(70, lot_minimum=100, lot_multiple=40, lot_maximum=30) == ["30", "30", "10"]


def test_a_period_has_its_minimum_and_multiple_too() -> None:
    assert lots(3, policy="period", period_days=7, lot_minimum=20, lot_multiple=15) == ["30"]


@pytest.mark.parametrize("exact", [False, True])
def test_a_period_ends_before_its_last_day_and_the_next_begins_with_the_next_need(exact: bool) -> None:
    f = Factory().item("P", policy="period", period_days=7)
    for quantity, due in ((3, "2026-03-03"), (4, "2026-03-09"), (5, "2026-03-10"), (6, "2026-03-16")):
        f.demand("P", quantity, due)
    assert quantities(f, exact=exact) == [("11", "2026-03-10"), ("7", "2026-03-03")]


@pytest.mark.parametrize("exact", [False, True])
def test_one_piece_below_the_safety_stock_is_ordered(exact: bool) -> None:
    f = Factory().item("P", safety=5, stock=4)
    assert quantities(f, exact=exact) == [("1", START)]


def product(*codes: str) -> Factory:
    """Products P and Q of one A each (Q of one C where it is named), bought items besides."""
    f = Factory().item("P", "manufactured").item("Q", "manufactured")
    for code in codes:
        f.item(code)
    return f


def bought(f: Factory, **parameters: object) -> dict[str, str]:
    made = sums(f.planned(START, **parameters))
    return {code: quantity for code, quantity in made.items() if code not in ("P", "Q")}


def test_priority_comes_before_whether_a_substitute_is_for_one_parent() -> None:
    f = product("A", "B", "C").bom("P", "A")
    f.items["B"]["stock"] = f.items["C"]["stock"] = 5
    f.substitute("A", "C", priority=2, parent="P").substitute("A", "B", priority=1).demand("P", 5, "2026-03-10")
    plan = f.plan(START)
    assert [f.codes()[item] for item in plan.substitutions.substitute] == ["B"]


def test_at_one_priority_the_substitute_for_the_parent_goes_first() -> None:
    f = product("A", "B", "C").bom("P", "A")
    f.items["B"]["stock"] = f.items["C"]["stock"] = 5
    f.substitute("A", "B").substitute("A", "C", parent="P").demand("P", 5, "2026-03-10")
    plan = f.plan(START)
    assert [f.codes()[item] for item in plan.substitutions.substitute] == ["C"]


def test_a_substitute_that_two_materials_ask_for_is_given_once_to_the_earlier_need_then_by_code() -> None:
    f = product("A", "C", "S").bom("P", "A").bom("Q", "C")
    f.items["S"]["stock"] = 10
    f.substitute("A", "S").substitute("C", "S").demand("P", 10, "2026-03-10").demand("Q", 10, "2026-03-10")
    assert bought(f) == {"C": "10"}
    f.demands[1]["day"] = "2026-03-09"
    assert bought(f) == {"A": "10"}


def test_two_needs_of_one_material_share_what_its_substitute_has() -> None:
    f = product("A", "S").bom("P", "A")
    f.items["S"]["stock"] = 6
    f.substitute("A", "S").demand("P", 4, "2026-03-10").demand("P", 4, "2026-03-11")
    assert bought(f) == {"A": "2"}


def test_a_substitute_keeps_its_safety_stock_and_what_is_asked_of_itself() -> None:
    f = product("A", "S").bom("P", "A").bom("Q", "S")
    f.items["S"].update(stock=10, safety=3)
    f.substitute("A", "S").demand("P", 10, "2026-03-10").demand("Q", 2, "2026-03-20")
    assert bought(f) == {"A": "5"}


def test_two_substitutes_together_cover_no_more_than_is_asked() -> None:
    f = product("A", "B", "S").bom("P", "A")
    f.items["B"]["stock"], f.items["S"]["stock"] = 4, 50
    f.substitute("A", "B", priority=1).substitute("A", "S", priority=2).demand("P", 10, "2026-03-10")
    plan = f.plan(START)
    codes = f.codes()
    taken = {
        codes[item]: int(quantity)
        for item, quantity in zip(plan.substitutions.substitute, plan.substitutions.taken, strict=True)
    }
    assert taken == {"B": 4, "S": 6}


def test_stock_kept_for_safety_is_not_filled_with_substitutes() -> None:
    """Only what orders draw may be another item: what the material lacks of its own safety stock is bought."""
    f = product("A", "S").bom("P", "A")
    f.items["A"]["safety"], f.items["S"]["stock"] = 3, 50
    f.substitute("A", "S").demand("P", 5, START)
    assert bought(f) == {"A": "3"}


def test_material_made_for_one_customers_line_is_not_replaced() -> None:
    f = Factory().item("P", "manufactured", mto=True).item("A", "manufactured", mto=True).item("S", stock=50)
    f.bom("P", "A").substitute("A", "S").demand("P", 5, "2026-03-10", tag=0)
    assert sums(f.planned(START)) == {"A": "5", "P": "5"}


def test_what_a_substitute_covers_of_a_made_part_is_not_started_for_its_yield() -> None:
    """Half of what is started comes out well: of ten needed four are covered, twelve are started."""
    f = Factory().item("P", "manufactured").item("A", "manufactured", yield_rate="0.5").item("S", stock=4)
    f.bom("P", "A").substitute("A", "S").demand("P", 10, "2026-03-10")
    assert sums(f.planned(START)) == {"A": "12", "P": "10"}


def test_a_restricted_run_leaves_open_what_others_lack_and_never_orders_it_later() -> None:
    f = Factory().item("P", stock=4)
    f.demand("P", 9, "2026-03-10", selected=False).demand("P", 6, "2026-03-12").demand("P", 1, "2026-03-20")
    plan = f.plan(START, restricted=True)
    assert [(q, d) for _, q, _, d in f.shown(plan)] == [("1", "2026-03-20"), ("6", "2026-03-12")]
    assert plan.unplanned.quantity.tolist() == [5]


def test_a_restricted_period_orders_once_for_what_is_selected_in_it() -> None:
    f = Factory().item("P", policy="period", period_days=7)
    f.demand("P", 3, "2026-03-03").demand("P", 2, "2026-03-05", selected=False).demand("P", 4, "2026-03-06")
    f.demand("P", 5, "2026-03-09").demand("P", 6, "2026-03-10")
    plan = f.plan(START, restricted=True)
    assert [(q, d) for _, q, _, d in f.shown(plan)] == [("12", "2026-03-03"), ("6", "2026-03-10")]
    assert plan.unplanned.quantity.tolist() == [2]


def test_a_substitute_for_a_skipped_level_serves_the_orders_that_pass_through_it() -> None:
    f = Factory().item("P", "manufactured").item("X", "manufactured").item("A").item("B", stock=100)
    f.bom("P", "X", skip=True).bom("X", "A", 2).substitute("A", "B", parent="X").demand("P", 4, "2026-03-10")
    assert sums(f.planned(START)) == {"P": "4"}


def test_what_a_part_is_made_of_does_not_stand_in_for_it() -> None:
    f = Factory().item("P", "manufactured").item("A", "manufactured").item("S", stock=10)
    f.bom("P", "A").bom("A", "S").substitute("A", "S").demand("P", 10, "2026-03-10")
    assert sums(f.planned(START)) == {"A": "10", "P": "10"}


def test_what_customers_lines_ask_of_a_substitute_leaves_its_free_stock_alone() -> None:
    f = Factory().item("P", "manufactured").item("A").item("S", "manufactured", mto=True, stock=10)
    f.bom("P", "A").substitute("A", "S").demand("P", 10, "2026-03-10").demand("S", 4, "2026-03-10", tag=0)
    assert sums(f.planned(START)) == {"P": "10", "S": "4"}


def test_a_co_product_is_there_when_its_order_is_done_not_when_it_begins() -> None:
    f = Factory().item("OIL", "manufactured", lead=5).item("TAR").item("CRUDE").bom("OIL", "CRUDE").output("OIL", "TAR")
    f.demand("OIL", 10, "2026-03-10").demand("TAR", 4, "2026-03-09").demand("TAR", 6, "2026-03-10")
    assert [(q, d) for i, q, _, d in f.planned(START) if i == "TAR"] == [("4", "2026-03-09")]


def test_the_last_day_of_the_horizon_counts_and_the_day_after_neither_asks_nor_brings() -> None:
    f = Factory().item("P").demand("P", 3, "2026-03-31").demand("P", 4, "2026-04-01")
    assert f.planned(START, end="2026-03-31") == [("P", "3", "2026-03-31", "2026-03-31")]
    g = Factory().item("P").demand("P", 3, "2026-03-31").supply("P", 9, "2026-04-01")
    plan = g.plan(START, end="2026-03-31")
    assert g.shown(plan) == [("P", "3", "2026-03-31", "2026-03-31")]
    assert g.found(plan) == [("expedite", "P", "3")], "what comes too late could come sooner, and is no surplus"
    assert g.supply("P", 1, "2026-03-31").planned(START, end="2026-03-31")[0][1] == "2"


def test_what_the_customer_supplies_and_what_is_never_drawn_is_not_planned_through_a_phantom_either() -> None:
    f = Factory().item("P", "manufactured").item("X", "phantom").item("A").item("B").item("C")
    f.bom("P", "X").bom("X", "A").bom("X", "B", customer=True).bom("X", "C", issue="none")
    assert sums(f.demand("P", 5, "2026-03-10").planned(START)) == {"A": "5", "P": "5"}


@pytest.mark.parametrize(
    ("above", "below", "up", "half"),
    [(10**7 + 1, 10**7, 2, 1), (10**8 + 1, 10**8, 1, 1), (5, 2, 3, 3), (7, 3, 3, 2), (6, 2, 3, 3)],
)
def test_only_noise_is_dropped_and_half_a_unit_counts_whole(above: int, below: int, up: int, half: int) -> None:
    """One ten-millionth of the last place is no noise, less is; half up: exactly half goes up."""
    assert round_number(above, below, half_up=False) == up
    assert round_number(above, below, half_up=True) == half
    columns = np.array([above], dtype=np.int64), np.array([below], dtype=np.int64)
    assert round_column(*columns, half_up=False).tolist() == [up]
    assert round_column(*columns, half_up=True).tolist() == [half]
