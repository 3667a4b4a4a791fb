"""Dealing short stock and spreading a changed sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.production.engine.dealing import Need, by_workshop, deal, spread, sums

WO1, WO2, WO3 = "SCRW-20260308-00001", "SCRW-20260308-00002", "SCRW-20260308-00003"
NEEDS = [
    Need(WO2, date(2026, 3, 10), "螺丝", Decimal(210), "总装"),
    Need(WO1, date(2026, 3, 8), "螺丝", Decimal(420), "总装"),
    Need(WO1, date(2026, 3, 8), "灯珠", Decimal(1020), "总装"),
]


def test_at13_the_same_material_of_two_orders_is_summed() -> None:
    assert sums(NEEDS) == {"螺丝": Decimal(630), "灯珠": Decimal(1020)}


def test_at13_short_stock_goes_to_the_order_that_starts_earlier() -> None:
    shares = deal(NEEDS, {"螺丝": Decimal(500), "灯珠": Decimal(3000)})
    assert [(share.need.order, share.quantity, share.short) for share in shares] == [
        (WO2, Decimal(80), Decimal(130)),
        (WO1, Decimal(420), Decimal(0)),
        (WO1, Decimal(1020), Decimal(0)),
    ]


def test_at13_another_workshop_fetches_with_a_list_of_its_own() -> None:
    other = Need(WO3, date(2026, 3, 8), "螺丝", Decimal(5), "冲压")
    assert by_workshop([*NEEDS, other]) == {"总装": NEEDS, "冲压": [other]}


def test_orders_of_the_same_day_are_served_by_number() -> None:
    day = date(2026, 3, 8)
    shares = deal([Need("B", day, "x", Decimal(5)), Need("A", day, "x", Decimal(5))], {"x": Decimal(7)})
    assert [share.quantity for share in shares] == [Decimal(2), Decimal(5)]


def test_no_stock_and_negative_stock_give_nothing() -> None:
    day = date(2026, 3, 8)
    shares = deal([Need("A", day, "x", Decimal(5)), Need("A", day, "y", Decimal(5))], {"y": Decimal(-3)})
    assert [(share.quantity, share.short) for share in shares] == [(Decimal(0), Decimal(5)), (Decimal(0), Decimal(5))]


def test_a_changed_sum_goes_back_by_open_quantity_and_the_last_takes_the_rest() -> None:
    assert spread(Decimal(500), [Decimal(420), Decimal(210)], places=0) == [Decimal(333), Decimal(167)]
    assert spread(Decimal(100), [Decimal(50), Decimal(50), Decimal(50)], places=0) == [
        Decimal(33),
        Decimal(33),
        Decimal(34),
    ]
    assert spread(Decimal(700), [Decimal(420), Decimal(210)], places=0) == [Decimal(467), Decimal(233)]
    assert spread(Decimal("1.00"), [Decimal(1), Decimal(0), Decimal(2), Decimal(0)], places=2) == [
        Decimal("0.33"),
        Decimal(0),
        Decimal("0.67"),
        Decimal(0),
    ]


def test_small_sums_neither_turn_negative_nor_overfill_the_last_order() -> None:
    assert spread(Decimal(2), [Decimal(1)] * 4, places=0) == [Decimal(1), Decimal(1), Decimal(0), Decimal(0)]
    assert spread(Decimal(2), [Decimal(1)] * 5, places=0) == [
        Decimal(0),
        Decimal(0),
        Decimal(0),
        Decimal(1),
        Decimal(1),
    ]


def test_nothing_open_takes_nothing() -> None:
    assert spread(Decimal(0), [Decimal(0), Decimal(0)], places=0) == [Decimal(0), Decimal(0)]
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(Decimal(1), [Decimal(0)], places=0)
    with pytest.raises(ValueError, match="cannot be spread"):
        spread(Decimal(-1), [Decimal(3)], places=0)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8), st.integers(0, 4000))
def test_spread_is_exact_never_negative_and_never_above_what_is_open(opens: list[int], total: int) -> None:
    quantities = [Decimal(value) for value in opens]
    if not sum(opens):
        return
    shares = spread(Decimal(total), quantities, places=0)
    assert sum(shares) == total
    assert all(share >= 0 for share in shares)
    if total <= sum(opens):
        assert all(share <= quantity for share, quantity in zip(shares, quantities, strict=True))


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from("xyz"), st.integers(0, 50)), max_size=12),
    st.dictionaries(st.sampled_from("xyz"), st.integers(-5, 200)),
)
def test_dealing_gives_all_there_is_and_serves_earlier_orders_first(
    lines: list[tuple[int, str, int]], stock: dict[str, int]
) -> None:
    needs = [
        Need(f"{day:02d}-{i:02d}", date(2026, 3, day), key, Decimal(quantity))
        for i, (day, key, quantity) in enumerate(lines)
    ]
    shares = deal(needs, {key: Decimal(quantity) for key, quantity in stock.items()})
    for key, total in sums(needs).items():
        mine = sorted((share for share in shares if share.need.key == key), key=lambda share: share.need.order)
        assert sum(share.quantity for share in mine) == min(total, max(0, stock.get(key, 0)))
        first_short = next((i for i, share in enumerate(mine) if share.short), len(mine))
        assert not any(share.quantity for share in mine[first_short + 1 :])
