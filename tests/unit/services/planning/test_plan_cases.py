"""Worked cases of planning, by their names."""

from __future__ import annotations

from tests.unit.services.planning.factory import Factory, sums


def lamp() -> Factory:
    f = Factory()
    f.item("FG100", "manufactured", yield_rate="0.96", safety=10, stock=20)
    f.item("SA200", "manufactured", stock=9).item("SA300", "subcontracted")
    f.item("401", stock=500, policy="minimum", lot_multiple=500).item("402", stock=70)
    f.item("403", stock=300, safety=50, policy="minimum", lot_multiple=100).item("404", decimals=2, stock=5)
    f.item("405", stock=30).item("406", stock=60).item("407", stock=20)
    f.bom("FG100", "SA200").bom("FG100", "SA300").bom("FG100", "403", 4, scrap="0.05").bom("FG100", "405", 1, fixed=2)
    f.bom("SA200", "401", 12, scrap="0.02").bom("SA200", "402").bom("SA200", "403", 2, scrap="0.05")
    f.bom("SA200", "404", 1, base=100, issue="backflush").bom("SA300", "406").bom("SA300", "407")
    f.supply("FG100", 15, "2026-03-01", kind="production_order").supply(
        "SA300", 29, "2026-03-01", kind="subcontract_order"
    )
    f.supply("403", 100, "2026-03-01").supply("401", 200, "2026-03-01")
    f.demand("FG100", 100, "2026-03-10")
    return f


def test_at_07a_shared_screws_are_netted_once_and_ordered_in_one_lot() -> None:
    made = sums(lamp().planned("2026-03-01"))
    assert made == {"401": "500", "403": "200", "405": "51", "407": "30", "FG100": "79", "SA200": "70", "SA300": "50"}


def test_at_07b_yield_divides_and_loss_multiplies_or_divides() -> None:
    f = Factory().item("A", "manufactured", decimals=2, yield_rate="0.9").item("B", "manufactured", yield_rate="0.8")
    f.item("C", "manufactured").item("D").bom("C", "D", 5, scrap="0.1")
    f.demand("A", 20, "2026-03-10").demand("B", 100, "2026-03-10").demand("C", 10, "2026-03-10")
    assert sums(f.planned("2026-03-01")) == {"A": "2223/100", "B": "125", "C": "10", "D": "55"}
    f.items["D"]["decimals"] = 2
    assert sums(f.planned("2026-03-01", scrap_divides=True))["D"] == "1389/25"
    assert sums(f.planned("2026-03-01", scrap_divides=True, half_up=True))["D"] == "1389/25"


def test_at_04a_three_reels_for_sixty_seven_pairs_round_up_only_at_the_end() -> None:
    f = Factory().item("SHOE", "manufactured").item("REEL", decimals=2).bom("SHOE", "REEL", 3, base=67)
    assert sums(f.demand("SHOE", 200, "2026-03-10").planned("2026-03-01"))["REEL"] == "224/25"
    f.items["REEL"]["decimals"] = 0
    assert sums(f.planned("2026-03-01"))["REEL"] == "9"


def test_at_04b_two_loss_formulas() -> None:
    f = Factory().item("P", "manufactured").item("M").bom("P", "M", 1, scrap="0.2").demand("P", 100, "2026-03-10")
    assert sums(f.planned("2026-03-01"))["M"] == "120"
    assert sums(f.planned("2026-03-01", scrap_divides=True))["M"] == "125"


def test_at_04d_the_same_screw_on_two_levels_adds_up() -> None:
    f = Factory().item("FG", "manufactured").item("SA", "manufactured").item("BEAD").item("SCREW")
    f.bom("FG", "SA").bom("FG", "SCREW", 4).bom("SA", "BEAD", 12).bom("SA", "SCREW", 2)
    assert sums(f.demand("FG", 1, "2026-03-10").planned("2026-03-01")) == {
        "BEAD": "12",
        "FG": "1",
        "SA": "1",
        "SCREW": "6",
    }


def test_at_06a_substitutes_are_taken_by_priority_before_anything_is_bought() -> None:
    f = Factory().item("P", "manufactured").item("A", stock=5).item("B", stock=2).item("C", stock=4).bom("P", "A")
    f.substitute("A", "B", priority=1).substitute("A", "C", priority=2).demand("P", 10, "2026-03-10")
    plan = f.plan("2026-03-01")
    assert f.shown(plan) == [("P", "10", "2026-03-10", "2026-03-10")]
    assert plan.substitutions.taken.tolist() == [2, 3]


def test_at_06c_a_ratio_covers_whole_units_of_the_component() -> None:
    f = Factory().item("P", "manufactured").item("A", decimals=4, stock=4).item("B", decimals=4, stock=5).bom("P", "A")
    plan = f.substitute("A", "B", "1.2").demand("P", 10, "2026-03-10").plan("2026-03-01")
    assert sums(f.shown(plan))["A"] == "9167/5000"
    assert plan.substitutions.quantity.tolist() == [41666]
    assert plan.substitutions.taken.tolist() == [50000]


def test_at_11_skipped_levels_ask_for_what_is_below_them() -> None:
    def made(*, ring: bool, charm: bool) -> dict[str, str]:
        f = Factory().item("KEY", "manufactured").item("RING", "manufactured").item("CHARM", "manufactured")
        f.item("WIRE").item("BEAD").item("CLOTH", decimals=1)
        f.bom("KEY", "RING", skip=ring).bom("KEY", "CHARM", skip=charm).bom("RING", "WIRE", 2)
        f.bom("CHARM", "BEAD", 3).bom("CHARM", "CLOTH", "0.5").demand("KEY", 10, "2026-03-10")
        return {code: n for code, n in sums(f.planned("2026-03-01")).items() if code != "KEY"}

    assert made(ring=True, charm=True) == {"BEAD": "30", "CLOTH": "5", "WIRE": "20"}
    assert made(ring=False, charm=False) == {"BEAD": "30", "CHARM": "10", "CLOTH": "5", "RING": "10", "WIRE": "20"}
    assert made(ring=True, charm=False) == {"BEAD": "30", "CHARM": "10", "CLOTH": "5", "WIRE": "20"}
