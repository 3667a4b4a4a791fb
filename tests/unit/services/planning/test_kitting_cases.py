"""Worked cases of complete sets, by their names."""

from __future__ import annotations

from fractions import Fraction

from services.planning.engine.kitting import (
    KitOrder,
    KitStatus,
    KitStock,
    Part,
    Verdict,
    by_start,
    kit,
    open_sets,
    shortages,
    simulate,
)
from services.planning.engine.slopes import Usage
from tests.unit.services.planning.kit_orders import A, B, C, D, X, line, order


def test_at_02a_the_scarcest_component_decides_and_shortages_are_for_the_whole_order() -> None:
    # C counts in hundredths: 0.1 a set is 10, 0.65 in stock is 65.
    made = kit([order("A", 10, line(B, 20), line(C, 10))], KitStock({B: 150, C: 65}))[0]
    assert (made.sets, [c.short for c in made.components], made.bottleneck) == (6, [50, 35], (C,))
    assert made.status is KitStatus.SHORT


def test_at_02c_a_rush_order_takes_first_and_names_who_loses_complete_sets() -> None:
    orders = [order("WO1", 60, line(X, 1), start=10), order("WO2", 50, line(X, 1), start=8)]
    rush = order("RUSH", 40, line(X, 1), start=7)
    answer = simulate(orders, rush, KitStock({X: 100}))
    assert (answer.verdict, answer.affected) == (Verdict.ACCEPT, ())
    answer = simulate(orders, rush, KitStock({X: 110}))
    assert answer.verdict is Verdict.ACCEPT_AFFECTING
    assert [(r.order.number, r.components[0].available, r.components[0].short) for r in answer.affected] == [
        ("WO1", 20, 40)
    ]
    answer = simulate(orders, order("RUSH", 140, line(X, 1), start=7), KitStock({X: 110}))
    assert (answer.verdict, answer.lacking[0].missing) == (Verdict.CANNOT, 30)


def test_at_10_sets_still_to_be_drawn_follow_the_component_drawn_most() -> None:
    def open_for(b: int = 0, c: int = 0, d: int = 0) -> int:
        lines = (line(B, 20, drawn=b), line(C, 1, drawn=c), line(D, 5, drawn=d, counts=False))
        return open_sets(order("A", 10, *lines))

    assert (open_for(), open_for(b=20), open_for(b=200), open_for(d=50)) == (10, 9, 0, 10)


def test_what_is_drawn_already_need_not_be_in_stock() -> None:
    made = kit([order("A", 10, line(B, 20, drawn=20))], KitStock({B: 180}))[0]
    assert (made.sets, made.components[0].required, made.components[0].short) == (10, 200, 0)


def test_at_10b_sets_are_rounded_down_to_the_product_unit() -> None:
    # The product counts in hundredths; 0.4578 of a set is possible.
    assert open_sets(order("A", 100, line(B, 100, drawn=5422))) == 45
    first = kit([order("A", 100, line(B, 100))], KitStock({B: 4578}))[0]
    assert first.sets == 45
    assert kit([order("A", 55, line(B, 100))], KitStock({B: 78}))[0].sets == 0


def test_at_10c_stock_for_six_and_a_half_sets_makes_six() -> None:
    made = kit([order("A", 10, line(B, 20), line(C, 10))], KitStock({B: 150, C: 65}))[0]
    assert made.sets == 6


def test_lessons_27_the_least_of_the_floors_names_its_bottleneck() -> None:
    made = kit([order("A", 100, line(B, 2), line(C, 3), line(D, 1))], KitStock({B: 10, C: 9, D: 100}))[0]
    assert (made.sets, made.bottleneck) == (3, (C,))


def test_a_component_on_two_lines_counts_once() -> None:
    made = kit([order("A", 10, line(B, 2, 1), line(B, 3))], KitStock({B: 31}))[0]
    assert [(c.required, c.short) for c in made.components] == [(51, 20)]
    assert made.sets == 6


def test_each_order_takes_what_the_earlier_ones_left() -> None:
    orders = by_start([order("2", 1, line(B, 1), start=9), order("1", 1, line(B, 1), start=5)])
    made = kit(orders, KitStock({B: 1}))
    assert [(r.order.number, r.sets, r.components[0].short) for r in made] == [("1", 1, 0), ("2", 0, 1)]


def test_fractions_of_a_unit_are_counted_exactly() -> None:
    # 0.1 a piece in a unit with one decimal: 1 last place a piece, 40 in stock.
    made = kit([order("MO-1", 50, line(B, 1))], KitStock({B: 40}))[0]
    assert (made.sets, made.components[0].required, made.components[0].short) == (40, 50, 10)


def test_fixed_scrap_is_taken_off_before_dividing() -> None:
    made = kit([order("A", 10, line(B, 4, 2))], KitStock({B: 21}))[0]
    assert (made.sets, made.components[0].required) == (4, 42)


def test_open_supply_makes_an_order_expected_and_names_the_day() -> None:
    given = KitStock({B: 5}, supply={B: [(40, 3), (30, 4)]})
    first, second = kit([order("1", 8, line(B, 1)), order("2", 5, line(B, 1))], given)
    assert (first.status, first.ready_day, first.sets) == (KitStatus.EXPECTED, 30, 5)
    assert (second.status, second.components[0].missing) == (KitStatus.SHORT, 1)


def test_safety_stock_may_come_first() -> None:
    assert kit([order("1", 8, line(B, 1))], KitStock({B: 8}, reserve={B: 3}))[0].sets == 5


def test_an_order_without_material_to_pick_is_abnormal_and_a_done_one_is_ready() -> None:
    none, done = kit([order("1", 8, line(B, 1, counts=False)), KitOrder("2", A, 8, 1, (), done=True)], KitStock({}))
    assert (none.status, none.sets) == (KitStatus.ABNORMAL, 0)
    assert (done.status, done.sets) == (KitStatus.READY, None)


def test_parts_that_can_be_made_share_their_material_once() -> None:
    # A = B + C; B and C are each made of one D. Two D make one A, never two.
    parts = {
        B: Part(1, 1, 1, ((D, Usage(Fraction(1), Fraction(0))),)),
        C: Part(1, 1, 1, ((D, Usage(Fraction(1), Fraction(0))),)),
    }
    one = order("A", 5, line(B, 1), line(C, 1))
    made = kit([one], KitStock({D: 2, B: 1}, parts=parts))[0]
    assert (made.sets, made.deep_sets) == (0, 1)
    assert kit([one], KitStock({D: 3, B: 1}, parts=parts))[0].deep_sets == 2
    lacking = shortages(one, KitStock({D: 2, B: 1}, parts=parts))
    assert [(s.component, s.required, s.short) for s in lacking] == [(D, 9, 7)]


def test_the_next_order_finds_only_what_a_made_part_left() -> None:
    parts = {B: Part(1, 1, 2, ((D, Usage(Fraction(2), Fraction(1))),))}
    orders = [order("1", 3, line(B, 1)), order("2", 3, line(B, 1))]
    # 3 B at a yield of one half: start 6, draw 6 × 2 + 1 = 13 D.
    made = kit(orders, KitStock({D: 18}, parts=parts))
    assert [r.deep_sets for r in made] == [3, 1]
