"""Rules of complete sets, one by one: what counts, what is taken, what a clerk is told of a rush order."""

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
from tests.unit.services.planning.kit_orders import B, C, D, X, line, order


def part(level: int, component: int, usage: int = 1, *, good: int = 1, of: int = 1) -> Part:
    """A made item of one component; good of each `of` started come out well."""
    return Part(level, good, of, ((component, Usage(Fraction(usage), Fraction(0))),))


def test_orders_of_one_day_are_served_by_number() -> None:
    same = [order(number, 1, line(B, 1), start=5) for number in ("3", "1", "2")]
    assert [each.number for each in by_start(same)] == ["1", "2", "3"]


def test_a_safety_stock_above_the_stock_leaves_nothing_and_no_debt() -> None:
    (made,) = kit([order("1", 8, line(B, 1))], KitStock({B: 3}, reserve={B: 5}))
    assert (made.sets, made.components[0].available, made.components[0].short) == (0, 0, 8)


def test_what_was_drawn_beyond_the_list_leaves_nothing_to_draw_never_less() -> None:
    assert open_sets(order("1", 10, line(B, 20, drawn=250), line(C, 1))) == 0


def test_what_was_drawn_for_both_lines_of_a_component_counts() -> None:
    (made,) = kit([order("1", 10, line(B, 2, drawn=12), line(B, 1, drawn=8))], KitStock({B: 10}))
    assert [(c.required, c.drawn, c.short) for c in made.components] == [(30, 20, 0)]
    assert made.status is KitStatus.READY


def test_an_order_whose_whole_requirement_is_there_is_whole_also_where_it_was_rounded_down() -> None:
    """A third of a unit each, rounded half up: ten pieces need 3, and 3 make ten."""
    ten = order("1", 10, line(B, "1/3"))
    (made,) = kit([ten], KitStock({B: 3}), half_up=True)
    assert (made.sets, made.components[0].required, made.bottleneck) == (10, 3, ())
    assert kit([ten], KitStock({B: 2}), half_up=True)[0].sets == 6


def test_a_requirement_changed_by_hand_says_what_a_set_takes() -> None:
    (made,) = kit([order("1", 10, line(B, 2, required=30))], KitStock({B: 20}))
    assert (made.sets, made.components[0].required, made.components[0].short) == (6, 30, 10)


def test_fixed_scrap_that_the_stock_does_not_even_cover_makes_no_set_and_never_fewer() -> None:
    assert kit([order("1", 10, line(B, 4, 10))], KitStock({B: 3}))[0].sets == 0
    only_fixed = order("1", 10, line(B, 0, 5))
    assert kit([only_fixed], KitStock({B: 3}))[0].sets == 0
    assert kit([only_fixed], KitStock({B: 5}))[0].sets == 10


def test_a_whole_order_names_no_bottleneck() -> None:
    (made,) = kit([order("1", 10, line(B, 1), line(C, 1))], KitStock({B: 10, C: 99}))
    assert (made.sets, made.bottleneck) == (10, ())


def test_an_order_that_waits_for_two_receipts_is_ready_with_the_later_one() -> None:
    given = KitStock({}, supply={B: [(40, 5)], C: [(30, 5)]})
    (made,) = kit([order("1", 5, line(B, 1), line(C, 1))], given)
    assert (made.status, made.ready_day) == (KitStatus.EXPECTED, 40)


def test_a_made_part_is_started_in_whole_pieces_for_its_yield() -> None:
    """Two of three come out well: for one good piece two are started, not one and a half, nor one."""
    parts = {B: part(1, D, good=2, of=3)}
    one = order("1", 1, line(B, 1))
    assert [kit([one], KitStock({D: n}, parts=parts))[0].deep_sets for n in (1, 2)] == [0, 1]
    assert [(s.component, s.required) for s in shortages(one, KitStock({}, parts=parts))] == [(D, 2)]


def test_a_part_used_on_two_levels_asks_for_its_material_once() -> None:
    """A takes one B and one C, B takes one C, C is made of one D: two D make one A."""
    parts = {B: part(1, C), C: part(2, D)}
    one = order("1", 1, line(B, 1), line(C, 1))
    assert [kit([one], KitStock({D: n}, parts=parts))[0].deep_sets for n in (1, 2)] == [0, 1]
    assert [(s.component, s.required) for s in shortages(one, KitStock({}, parts=parts))] == [(D, 2)]


def test_an_incomplete_order_keeps_what_it_finds_also_when_parts_are_made_first() -> None:
    first = order("1", 3, line(B, 1), line(X, 1))
    second = order("2", 3, line(B, 1))
    made = kit([first, second], KitStock({B: 3, X: 1}))
    assert [(r.sets, r.deep_sets) for r in made] == [(1, 1), (0, 0)]


RUSH = order("RUSH", 40, line(X, 1), start=7)


def affected(orders: list[KitOrder], rush: KitOrder, given: KitStock) -> tuple[Verdict, list[str]]:
    answer = simulate(orders, rush, given)
    return answer.verdict, [result.order.number for result in answer.affected]


def test_a_rush_order_that_open_supply_covers_can_be_taken() -> None:
    given = KitStock({X: 10}, supply={X: [(20, 30)]})
    assert affected([], RUSH, given) == (Verdict.ACCEPT, [])
    answer = simulate([], RUSH, given)
    assert (answer.result.status, answer.lacking) == (KitStatus.EXPECTED, ())


def test_an_order_that_now_waits_for_a_receipt_has_not_lost_its_sets() -> None:
    waiting = order("WO", 60, line(X, 1), start=10)
    given = KitStock({X: 60}, supply={X: [(20, 40)]})
    assert affected([waiting], RUSH, given) == (Verdict.ACCEPT, [])


def test_an_order_that_waited_for_a_receipt_and_loses_it_is_named() -> None:
    waiting = order("WO", 60, line(X, 1), start=10)
    given = KitStock({X: 30}, supply={X: [(20, 30)]})
    assert simulate([waiting], RUSH, given).result.status is KitStatus.EXPECTED
    assert affected([waiting], RUSH, given) == (Verdict.ACCEPT_AFFECTING, ["WO"])


def test_a_rush_order_that_cannot_be_made_still_tells_whom_it_would_take_from() -> None:
    waiting = order("WO", 30, line(X, 1), start=10)
    assert affected([waiting], RUSH, KitStock({X: 35})) == (Verdict.CANNOT, ["WO"])


def test_a_rush_order_comes_before_the_orders_of_its_own_day() -> None:
    same = order("WO", 60, line(X, 1), start=7)
    answer = simulate([same], RUSH, KitStock({X: 60}))
    assert (answer.result.sets, [r.order.number for r in answer.affected]) == (40, ["WO"])
