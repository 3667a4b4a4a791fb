"""Rules of planning, one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from services.planning.engine.forecasts import DatedQuantities, consume
from services.planning.engine.model import column
from services.planning.engine.plan import make_plan
from tests.unit.services.planning.factory import Factory, day, sums

START = "2026-03-02"


def test_net_requirements_follow_a_scheduled_receipt() -> None:
    f = Factory().item("PART", stock=23).supply("PART", 30, "2024-01-15")
    for quantity, due in ((20, "2024-01-08"), (25, "2024-01-22"), (15, "2024-02-05"), (12, "2024-02-12")):
        f.demand("PART", quantity, due)
    assert sorted((d, q) for _, q, _, d in f.planned("2024-01-01")) == [("2024-02-05", "7"), ("2024-02-12", "12")]


def test_minimum_and_multiple_size_one_order() -> None:
    f = Factory().item("MIN", policy="minimum", lot_minimum=50, lot_multiple=1)
    f.item("MULT", policy="minimum", lot_minimum=50, lot_multiple=25, lot_maximum=500)
    f.item("S1", policy="minimum", lot_multiple=5).supply("S1", 87, "2024-03-07")
    f.demand("MIN", 16, "2024-03-13").demand("MULT", 112, "2024-03-13")
    f.demand("S1", 124, "2024-03-07").demand("S1", 90, "2024-03-07").demand("S1", 18, "2024-03-18")
    assert [(i, q, d) for i, q, _, d in f.planned("2024-03-04")] == [
        ("MIN", "50", "2024-03-13"), ("MULT", "125", "2024-03-13"), ("S1", "130", "2024-03-07"), ("S1", "15", "2024-03-18"),
    ]  # fmt: skip


def test_yield_with_lots_brings_what_it_brings() -> None:
    f = Factory().item("LFL", "manufactured", yield_rate="0.99").item("RM", stock=1000)
    f.item("ROUND", "manufactured", yield_rate="0.99", policy="minimum", lot_multiple=40)
    f.item("FIX", "manufactured", yield_rate="0.99", policy="fixed", lot_size=30)
    f.item("APO", "manufactured", yield_rate="0.8")
    for code, quantity in (("LFL", 20), ("ROUND", 20), ("FIX", 20), ("APO", 100)):
        f.bom(code, "RM").demand(code, quantity, "2024-01-15")
    assert sums(f.planned("2024-01-01")) == {"APO": "125", "FIX": "30", "LFL": "21", "ROUND": "40"}


def test_a_component_on_two_levels_is_netted_once() -> None:
    f = Factory().item("BRACKET", "manufactured").item("BASE", "manufactured", stock=25)
    f.item("CLAMP", "manufactured", stock=100).item("HOUSING", "manufactured").item("SPRING").item("HANDLE")
    f.item("CASTING").item("BEARING").item("SHAFT")
    for parent, child, quantity in (
        ("BRACKET", "BASE", 1), ("BRACKET", "SPRING", 2), ("BRACKET", "CLAMP", 4), ("BASE", "CLAMP", 1),
        ("BASE", "HOUSING", 2), ("CLAMP", "HANDLE", 1), ("CLAMP", "CASTING", 1), ("HOUSING", "BEARING", 2),
        ("HOUSING", "SHAFT", 1),
    ):  # fmt: skip
        f.bom(parent, child, quantity)
    assert sums(f.demand("BRACKET", 50, "2024-01-29").planned("2024-01-01")) == {
        "BASE": "25", "BEARING": "100", "BRACKET": "50", "CASTING": "125", "CLAMP": "125", "HANDLE": "125",
        "HOUSING": "50", "SHAFT": "50", "SPRING": "100",
    }  # fmt: skip


def weekends() -> list[str]:
    first = dt.date(2024, 2, 1)
    return [d.isoformat() for d in (first + dt.timedelta(n) for n in range(120)) if d.weekday() >= 5]


def test_three_levels_with_an_open_order_a_phantom_and_a_calendar() -> None:
    f = Factory(holidays=weekends())
    for code, lead in (("FP-1", 2), ("FP-2", 1), ("FP-3", 3), ("SF-1", 1), ("SF-2", 3)):
        f.item(code, "manufactured", lead=lead)
    f.item("SF-3", "phantom")
    for code, lead in (("PP-1", 4), ("PP-2", 2), ("PP-3", 2), ("PP-4", 3)):
        f.item(code, lead=lead)
    f.items["SF-2"]["stock"], f.items["PP-1"]["stock"], f.items["PP-2"]["stock"] = 15, 10, 20
    for parent, child, quantity in (
        ("FP-1", "PP-1", 2), ("FP-1", "PP-2", 3), ("FP-2", "SF-1", 2), ("FP-2", "SF-2", 3), ("FP-3", "SF-3", 2),
        ("FP-3", "PP-3", 2), ("SF-1", "PP-1", 3), ("SF-1", "PP-2", 2), ("SF-2", "PP-2", 3), ("SF-3", "PP-3", 1),
        ("SF-3", "PP-4", 3),
    ):  # fmt: skip
        f.bom(parent, child, quantity)
    f.demand("FP-1", 100, "2024-03-13").demand("FP-2", 15, "2024-03-13").demand("FP-3", 5, "2024-03-13")
    f.supply("PP-2", 5, "2024-03-05").supply("FP-2", 12, "2024-03-18", kind="production_order")
    f.demand("SF-1", 24, "2024-03-15", kind="production_order", parent="FP-2")
    f.demand("SF-2", 36, "2024-03-15", kind="production_order", parent="FP-2")
    assert sorted((i, q, s[5:], d[5:]) for i, q, s, d in f.planned("2024-03-04")) == sorted(
        [
            ("FP-1", "100", "03-11", "03-13"), ("FP-2", "15", "03-12", "03-13"), ("FP-3", "5", "03-08", "03-13"),
            ("SF-1", "30", "03-11", "03-12"), ("SF-1", "24", "03-14", "03-15"), ("SF-2", "30", "03-07", "03-12"),
            ("SF-2", "36", "03-12", "03-15"), ("PP-1", "280", "03-05", "03-11"), ("PP-1", "72", "03-08", "03-14"),
            ("PP-2", "65", "03-05", "03-07"), ("PP-2", "360", "03-07", "03-11"), ("PP-2", "108", "03-08", "03-12"),
            ("PP-2", "48", "03-12", "03-14"), ("PP-3", "20", "03-06", "03-08"), ("PP-4", "30", "03-05", "03-08"),
        ]
    )  # fmt: skip


def test_substitutes_by_priority_and_ratio_before_a_new_order() -> None:
    f = Factory().item("PRODUCT", "manufactured", lead=2)
    for code, stock in (("A", 1), ("B", 4), ("C", 5), ("D", 0), ("E", 0), ("F", 5), ("G", 5)):
        f.item(code, lead=7, stock=stock)
    f.bom("PRODUCT", "A").bom("PRODUCT", "C").bom("PRODUCT", "F")
    f.substitute("A", "B", 2).substitute("C", "D").substitute("C", "E", priority=2).substitute("F", "G")
    assert f.demand("PRODUCT", 10, "2009-01-04").planned("2009-01-01") == [
        ("A", "7", "2008-12-26", "2009-01-02"), ("C", "5", "2008-12-26", "2009-01-02"), ("PRODUCT", "10", "2009-01-02", "2009-01-04"),
    ]  # fmt: skip


def test_safety_stock_without_demand_is_planned_on_the_start() -> None:
    f = Factory().item("A", lead=4, safety=10).item("B", "manufactured", lead=4, safety=20)
    f.item("C", lead=4, safety=20, policy="minimum", lot_minimum=50, lot_multiple=3).bom("B", "A")
    assert f.planned("2009-01-01") == [
        ("A", "30", "2008-12-28", "2009-01-01"), ("B", "20", "2008-12-28", "2009-01-01"), ("C", "51", "2008-12-28", "2009-01-01"),
    ]  # fmt: skip


def test_yields_are_rounded_up_to_the_unit() -> None:
    f = Factory()
    for code, rate in (("X", "0.7"), ("Y", "0.8"), ("Z", "1")):
        f.item(code, "manufactured", decimals=3, yield_rate=rate).demand(code, 100, "2024-01-15")
    assert [q for _, q, _, _ in f.planned("2024-01-01")] == ["142.858", "125", "100"]


def test_lessons_1_a_part_of_two_subassemblies_adds_up() -> None:
    f = Factory().item("P", "manufactured").item("S1", "manufactured").item("S2", "manufactured").item("A")
    f.bom("P", "S1").bom("P", "S2").bom("S1", "A").bom("S2", "A").demand("P", 1, "2026-03-10")
    assert sums(f.planned(START))["A"] == "2"


def test_lessons_5_a_batch_of_the_exact_quantity_is_one_order() -> None:
    f = Factory().item("PASTE", "manufactured", decimals=2, policy="fixed", lot_size="362.15")
    assert [q for _, q, _, _ in f.demand("PASTE", "362.15", "2026-03-10").planned(START)] == ["362.15"]


def test_lessons_7_ten_percent_scrap_of_a_hundred_is_ten() -> None:
    f = Factory().item("P", "manufactured").item("M").bom("P", "M", 1, scrap="0.1").demand("P", 100, "2026-03-10")
    assert sums(f.planned(START))["M"] == "110"


def test_lessons_9_a_fraction_of_a_unit_stays_a_fraction() -> None:
    f = (
        Factory()
        .item("P", "manufactured")
        .item("GLUE", decimals=1)
        .bom("P", "GLUE", "0.2")
        .demand("P", 1, "2026-03-10")
    )
    assert [q for i, q, _, _ in f.planned(START) if i == "GLUE"] == ["0.2"]


@pytest.mark.parametrize(("usage", "base", "pipes"), [("0.24", 1, "24"), (1, 4, "25")])
def test_lessons_10_a_yield_of_four_pieces_a_pipe_is_one_per_four(usage: object, base: int, pipes: str) -> None:
    f = (
        Factory()
        .item("P", "manufactured")
        .item("PIPE")
        .bom("P", "PIPE", usage, base=base)
        .demand("P", 100, "2026-03-10")
    )
    assert sums(f.planned(START))["PIPE"] == pipes


def test_lessons_29_twenty_six_items_that_use_all_later_ones_explode_at_once() -> None:
    f = Factory()
    letters = [chr(ord("A") + n) for n in range(26)]
    for at, code in enumerate(letters):
        f.item(code, "manufactured" if at < 25 else "purchased")
        for child in letters[at + 1 :]:
            f.bom(code, child)
    made = sums(f.demand("A", 1, "2026-03-10").planned(START))
    assert (made["B"], made["C"], made["Z"]) == ("1", "2", str(2**24))


def test_twenty_five_phantoms_in_each_other_explode_at_once() -> None:
    f = Factory()
    letters = [chr(ord("A") + n) for n in range(26)]
    for at, code in enumerate(letters):
        f.item(code, "manufactured" if at == 0 else "phantom" if at < 25 else "purchased")
        for child in letters[at + 1 :]:
            f.bom(code, child)
    assert sums(f.demand("A", 1, "2026-03-10").planned(START)) == {"A": "1", "Z": str(2**24)}


def test_numbers_beyond_64_bits_are_planned_exactly() -> None:
    f = Factory().item("P", "manufactured", decimals=6, yield_rate="0.99999999").item("M", decimals=6)
    f.bom("P", "M", "999999.99999999", base="0.00000003").demand("P", 3000000, "2026-03-10")
    data = f.build(START)
    f.items["M"]["stock"] = 0
    with pytest.raises(OverflowError):
        make_plan(data)
    f.lines[0].update(quantity="33333.33333333", base="99999.99999999")
    made = sums(f.planned(START))
    assert made["P"] == "3000000030001/1000000"


def test_the_version_is_that_of_the_start_of_the_order() -> None:
    f = Factory().item("P", "manufactured", lead=2).item("A").item("B").item("C")
    f.bom("P", "A", version="V2").bom("P", "B", version="V10", valid_from="2026-03-10", valid_to="2026-03-12")
    for due in ("2026-03-11", "2026-03-12", "2026-03-14", "2026-03-15"):
        f.demand("P", 1, due)
    assert [(i, d) for i, _, _, d in f.planned(START) if i != "P"] == [
        ("A", "2026-03-09"), ("A", "2026-03-13"), ("B", "2026-03-10"), ("B", "2026-03-12"),
    ]  # fmt: skip


def test_a_late_start_is_kept_and_its_components_are_due_on_the_start() -> None:
    f = Factory().item("P", "manufactured", lead=10).item("A").bom("P", "A").demand("P", 1, "2026-03-05")
    plan = f.plan(START)
    assert f.shown(plan) == [("A", "1", START, START), ("P", "1", "2026-02-23", "2026-03-05")]
    assert plan.orders.late.tolist() == [7, 0]


def test_made_to_order_meets_only_what_is_made_for_its_line() -> None:
    f = Factory().item("P", "manufactured", mto=True, stock=50).item("S", "manufactured", mto=True).bom("P", "S")
    f.demand("P", 10, "2026-03-10", tag=0).demand("P", 7, "2026-03-11", tag=1)
    f.supply("P", 4, "2026-03-09", kind="production_order", tag=1).supply(
        "S", 2, "2026-03-05", kind="production_order", tag=0
    )
    plan = f.plan(START)
    assert sorted((i, q, d) for i, q, _, d in f.shown(plan)) == [
        ("P", "10", "2026-03-10"), ("P", "3", "2026-03-11"), ("S", "3", "2026-03-11"), ("S", "8", "2026-03-10"),
    ]  # fmt: skip
    assert plan.orders.tag.tolist() == [0, 1, 0, 1]


def test_a_restricted_run_plans_what_the_orders_cause_and_leaves_the_rest_what_it_holds() -> None:
    f = Factory().item("P", stock=10, safety=3)
    f.demand("P", 6, "2026-03-10", selected=False).demand("P", 5, "2026-03-12", selected=True)
    f.demand("P", 8, "2026-03-14", selected=False)
    plan = f.plan(START, restricted=True)
    assert f.shown(plan) == [("P", "4", "2026-03-12", "2026-03-12")]
    assert plan.unplanned.quantity.tolist() == [8]


def test_what_a_run_reports_besides_its_orders() -> None:
    f = Factory().item("P", "manufactured", safety=5, stock=2).item("Q", supplier=False).item("R", stock=9)
    f.demand("P", 3, "2026-02-20").supply("R", 4, "2026-02-25").supply("R", 6, "2026-03-20")
    f.demand("Q", 5, "2026-03-10").supply("Q", 7, "2026-03-15").demand("R", 14, "2026-03-21")
    assert f.found(f.plan(START)) == [
        ("below_safety", "P", "3"), ("expedite", "Q", "5"), ("no_bom", "P", "6"), ("no_supplier", "Q", "5"),
        ("past_due_demand", "P", "3"), ("past_due_supply", "R", "4"), ("surplus", "Q", "7"), ("surplus", "R", "5"),
    ]  # fmt: skip


def test_a_circle_is_cut_and_named() -> None:
    f = (
        Factory()
        .item("A", "manufactured")
        .item("B", "manufactured")
        .item("C")
        .bom("A", "B")
        .bom("B", "A")
        .bom("B", "C")
    )
    plan = f.demand("A", 2, "2026-03-10").plan(START)
    assert sums(f.shown(plan)) == {"A": "2", "B": "2", "C": "2"}
    assert f.found(plan)[0] == ("cycle", "A", "0")
    g = Factory().item("A", "manufactured").item("X", "phantom").item("Y", "phantom").item("Z")
    g.bom("A", "X").bom("X", "Y").bom("Y", "X").bom("Y", "Z").demand("A", 2, "2026-03-10")
    assert ("cycle", "X", "0") in g.found(g.plan(START))


def test_mutual_substitutes_do_not_loop() -> None:
    f = Factory().item("P", "manufactured").item("A", stock=2).item("B", stock=3).bom("P", "A").bom("P", "B")
    f.substitute("A", "B").substitute("B", "A").demand("P", 2, "2026-03-10")
    assert sums(f.planned(START)) == {"P": "2"}
    f.demand("P", 2, "2026-03-12")
    assert sums(f.planned(START)) == {"A": "2", "B": "1", "P": "4"}


def test_co_products_are_supply_on_the_due_day_rounded_down() -> None:
    f = (
        Factory()
        .item("OIL", "manufactured")
        .item("TAR")
        .item("CRUDE")
        .bom("OIL", "CRUDE")
        .output("OIL", "TAR", 1, base=3)
    )
    f.demand("OIL", 10, "2026-03-10").demand("TAR", 5, "2026-03-11").demand("TAR", 1, "2026-03-09")
    assert [(i, q, d) for i, q, _, d in f.planned(START) if i == "TAR"] == [
        ("TAR", "1", "2026-03-09"),
        ("TAR", "2", "2026-03-11"),
    ]


def test_a_period_groups_requirements_from_the_first_one_on() -> None:
    f = Factory().item("P", policy="period", period_days=7, lot_multiple=10)
    for quantity, due in ((3, "2026-03-03"), (4, "2026-03-09"), (5, "2026-03-10"), (6, "2026-03-16")):
        f.demand("P", quantity, due)
    assert [(q, d) for _, q, _, d in f.planned(START)] == [("10", "2026-03-03"), ("10", "2026-03-10")]


def test_a_period_of_two_days_is_the_day_and_the_next() -> None:
    f = Factory().item("P", policy="period", period_days=2)
    for quantity, due in ((3, "2026-03-03"), (4, "2026-03-04"), (5, "2026-03-05")):
        f.demand("P", quantity, due)
    assert [(q, d) for _, q, _, d in f.planned(START)] == [("5", "2026-03-05"), ("7", "2026-03-03")]


def test_lots_above_the_maximum_are_split_and_the_rest_is_sized_again() -> None:
    f = (
        Factory()
        .item("P", policy="minimum", lot_minimum=20, lot_multiple=15, lot_maximum=50)
        .demand("P", 100, "2026-03-10")
    )
    assert [q for _, q, _, _ in f.planned(START)] == ["30", "45", "45"]


def test_at_01_and_at_03_orders_eat_the_forecast_of_their_month() -> None:
    def left(forecast: list[tuple[str, int]], ordered: list[tuple[str, int]]) -> list[int]:
        tables = [
            DatedQuantities(column([0] * len(rows)), column([day(d) for d, _ in rows]), column([q for _, q in rows]))
            for rows in (forecast, ordered)
        ]
        return consume(*tables).tolist()  # type: ignore[no-any-return]

    assert left([("2026-05-31", 150)], [("2026-05-10", 80)]) == [70]
    assert left([("2026-05-31", 100)], [("2026-05-10", 120)]) == [0]
    assert left([("2026-05-20", 50), ("2026-05-05", 30), ("2026-06-01", 40)], [("2026-05-31", 45)]) == [35, 0, 40]
    assert left([("2026-05-20", 50)], []) == [50]


def test_a_substitute_for_one_parent_serves_only_that_parents_demand() -> None:
    f = Factory().item("P", "manufactured").item("Q", "manufactured").item("A").item("B", stock=100)
    f.bom("P", "A").bom("Q", "A").substitute("A", "B", parent="P")
    f.demand("P", 4, "2026-03-10").demand("Q", 5, "2026-03-10")
    assert sums(f.planned(START))["A"] == "5"


def test_a_substitute_for_a_phantom_serves_the_orders_that_pass_through_it() -> None:
    f = Factory().item("P", "manufactured").item("X", "phantom").item("A").item("B", stock=100)
    f.bom("P", "X").bom("X", "A", 2).substitute("A", "B", parent="X").demand("P", 4, "2026-03-10")
    assert sums(f.planned(START)) == {"P": "4"}


def test_what_one_substitute_served_of_a_parent_the_next_does_not_serve_again() -> None:
    """C may stand in for what P asks for, not for what Q asks for, even when B has covered P already."""
    f = Factory().item("P", "manufactured").item("Q", "manufactured").item("A").item("B", stock=4).item("C", stock=4)
    f.bom("P", "A").bom("Q", "A").substitute("A", "B", parent="P").substitute("A", "C", priority=2, parent="P")
    f.demand("P", 4, "2026-03-10").demand("Q", 5, "2026-03-10")
    assert sums(f.planned(START))["A"] == "5"


@pytest.mark.parametrize(
    ("first", "last", "bought"),
    [("2026-03-10", "2026-03-10", "0"), ("2026-03-11", None, "5"), (None, "2026-03-09", "5")],
)
def test_a_substitute_is_taken_on_the_first_and_the_last_day_of_its_validity(
    first: str | None, last: str | None, bought: str
) -> None:
    f = Factory().item("P", "manufactured").item("A").item("B", stock=9).bom("P", "A")
    f.substitute("A", "B", valid_from=first, valid_to=last).demand("P", 5, "2026-03-10")
    assert sums(f.planned(START)).get("A", "0") == bought
