"""The tree as the window reads it, explosion, where-used and comparison."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil
from string import ascii_uppercase
from typing import Any

import pytest

from models.kernel.numbers import round_half_up
from models.kernel.problems import Refused
from services.engineering import api
from services.masterdata import api as masterdata
from tests.unit.services.engineering.conftest import DAY, Shop

Counted = Callable[[], Any]


def numbers(tree: api.BomTree, depth: int = 99) -> list[tuple[str, str]]:
    return [(node.number, node.item.code) for node in tree.walk(depth)]


@pytest.fixture
def lamp(shop: Shop) -> Shop:
    shop.items("FG100 SA200 SA300", "RM401 RM403")
    shop.bom("SA200", ("RM401", 12, {"scrap_rate": Decimal("0.02")}), ("RM403", 2))
    shop.bom("FG100", ("SA200", 1), ("SA300", 1), ("RM403", 4))
    return shop


def test_the_tree_shows_levels_numbers_and_the_state_of_each_bill(lamp: Shop) -> None:
    tree = lamp.tree("FG100")
    assert numbers(tree) == [
        ("", "FG100"), ("1", "SA200"), ("1.1", "RM401"), ("1.2", "RM403"), ("2", "SA300"), ("3", "RM403"),
    ]  # fmt: skip
    assert [node.item.code for node in tree.walk(1)] == ["FG100", "SA200", "SA300", "RM403"]
    states = {node.item.code: node.state for node in tree.walk()}
    assert states == {"FG100": "approved", "SA200": "approved", "RM401": "leaf", "RM403": "leaf", "SA300": "none"}
    assert api.used_in(lamp.db, lamp.id("RM403")) == 2


def test_at_04a_numerator_and_denominator_are_kept_as_given(shop: Shop) -> None:
    shop.items("鞋", "线")
    shop.bom("鞋", ("线", "3/67"))
    (node,) = shop.tree("鞋").root.children
    assert node.line is not None
    assert (node.line.numerator, node.line.denominator) == (3, 67)
    (row,) = api.summarised(shop.db, shop.id("鞋"), Decimal(200), day=DAY)
    assert row.quantity == Decimal("8.955224")
    assert row.planned == 9


def test_at_04b_the_loss_follows_the_formula_in_force(shop: Shop) -> None:
    shop.items("A", "B")
    shop.bom("A", ("B", 1, {"scrap_rate": Decimal("0.2")}))
    assert [row.planned for row in api.summarised(shop.db, shop.id("A"), Decimal(100), day=DAY)] == [120]
    masterdata.save_records(shop.db, "eng", "parameters", [{"key": "scrap_formula", "value": "divide"}])
    assert [row.planned for row in api.summarised(shop.db, shop.id("A"), Decimal(100), day=DAY)] == [125]


@pytest.mark.parametrize("divide", [False, True])
def test_an_explosion_is_exact_over_odd_usages_losses_and_fixed_losses(shop: Shop, divide: bool) -> None:
    def lossy(exact: Fraction, rate: str) -> Fraction:
        return exact / (1 - Fraction(rate)) if divide else exact * (1 + Fraction(rate))

    if divide:
        masterdata.save_records(shop.db, "eng", "parameters", [{"key": "scrap_formula", "value": "divide"}])
    shop.items("FG SA", "RM")
    shop.bom("SA", ("RM", "2/9", {"scrap_rate": Decimal("0.13"), "scrap_fixed": Decimal("0.25")}))
    shop.bom("FG", ("SA", "3/7", {"scrap_rate": Decimal("0.02"), "scrap_fixed": Decimal("0.5")}), ("RM", "1/3"))
    for quantity in ("1", "100", "0.000001", "333.333333"):
        ordered = Fraction(quantity)
        middle = lossy(ordered * Fraction(3, 7), "0.02") + Fraction(1, 2)
        needed = lossy(middle * Fraction(2, 9), "0.13") + Fraction(1, 4) + ordered / 3
        (row,) = api.summarised(shop.db, shop.id("FG"), Decimal(quantity), day=DAY)
        assert row.quantity == round_half_up(needed, 6)
        assert row.planned == ceil(needed)


def test_at_04c_where_used_knows_levels_and_end_products(shop: Shop) -> None:
    shop.items("A B D", "C")
    shop.bom("B", ("C", 3))
    shop.bom("A", ("B", 2))
    shop.bom("D", ("C", 5))
    multi = api.where_used(shop.db, shop.id("C"), mode="multi", day=DAY)
    assert {row.item.code: row.level for row in multi} == {"B": 1, "A": 2, "D": 1}
    assert {row.item.code: row.total for row in multi} == {"B": 3, "A": 6, "D": 5}
    assert {row.item.code for row in api.where_used(shop.db, shop.id("C"), mode="single", day=DAY)} == {"B", "D"}
    assert {row.item.code for row in api.where_used(shop.db, shop.id("C"), mode="top", day=DAY)} == {"A", "D"}


def test_at_04d_the_summary_adds_a_shared_part_once_per_parent(shop: Shop) -> None:
    shop.items("FG SA", "螺丝 灯珠")
    shop.bom("SA", ("灯珠", 12), ("螺丝", 2))
    shop.bom("FG", ("SA", 1), ("螺丝", 4))
    rows = api.summarised(shop.db, shop.id("FG"), Decimal(1), day=DAY)
    assert {row.item.code: (row.quantity, row.level) for row in rows} == {"灯珠": (12, 2), "螺丝": (6, 2)}
    assert {row.item.code: row.short for row in rows} == {"灯珠": 12, "螺丝": 6}


def test_at_11_a_skipped_level_is_marked_and_passed_through_in_the_summary(shop: Shop) -> None:
    shop.items("钥匙扣 钥匙环 挂饰", "钢丝 珠子 布料")
    shop.bom("钥匙环", ("钢丝", 2))
    shop.bom("挂饰", ("珠子", 3), ("布料", "1/2"))
    shop.bom("钥匙扣", ("钥匙环", 1, {"skip_level": True}), ("挂饰", 1))
    tree = shop.tree("钥匙扣")
    assert [(node.item.code, node.line.skip_level) for node in tree.root.children if node.line] == [
        ("钥匙环", True), ("挂饰", False),
    ]  # fmt: skip
    rows = api.summarised(shop.db, shop.id("钥匙扣"), Decimal(10), day=DAY)
    assert {row.item.code: row.planned for row in rows} == {"钢丝": 20, "珠子": 30, "布料": 5}


def test_lesson_25_the_same_part_on_two_lines_stays_two_lines(shop: Shop) -> None:
    shop.items("A", "B")
    shop.bom("A", ("B", 1, {"position": "左"}), ("B", 2, {"position": "右"}))
    assert [node.line.position for node in shop.tree("A").root.children if node.line] == ["左", "右"]


def test_lesson_29_26_items_that_each_use_all_later_ones_open_and_explode_in_few_statements(
    shop: Shop, statements: Counted
) -> None:
    shop.items(" ".join(ascii_uppercase[:-1]), "Z")
    edits = [
        shop.edit(code, *[(below, 1) for below in ascii_uppercase[place + 1 :]])
        for place, code in enumerate(ascii_uppercase[:-1])
    ]
    saved = api.save_tree(shop.db, "eng", edits)
    api.approve_bom(shop.db, "eng", dict.fromkeys(saved.ids.values(), 0))
    started = time.perf_counter()
    with statements() as seen:
        tree = shop.tree("A")
        first = [node.item.code for node in tree.walk(2)]
    with statements() as more:
        (row,) = api.summarised(shop.db, shop.id("A"), Decimal(1), day=DAY)
    print(f"A…Z: {(time.perf_counter() - started) * 1000:.0f} ms, {len(seen)} + {len(more)} statements")
    assert len(first) == 1 + 25 + 25 * 24 // 2
    assert row.item.code == "Z"
    assert row.planned == 2**24
    assert len(seen) <= 10
    assert len(more) <= 11


def test_lesson_30_a_bill_of_1800_lines_opens_in_as_many_statements_as_one_of_two(
    shop: Shop, statements: Counted
) -> None:
    parts = [f"P{number}" for number in range(1800)]
    shop.items("BIG SMALL", " ".join(parts))
    shop.bom("SMALL", ("P1", 1), ("P2", 1))
    shop.bom("BIG", *[(part, 1) for part in parts])
    with statements() as few:
        shop.tree("SMALL")
    started = time.perf_counter()
    with statements() as many:
        tree = shop.tree("BIG")
        assert len(tree.root.children) == 1800
    print(f"1,800 lines: {(time.perf_counter() - started) * 1000:.0f} ms, {len(many)} statements")
    assert len(many) == len(few)


def test_statements_do_not_grow_with_the_depth(shop: Shop, statements: Counted) -> None:
    shop.items("L0 L1 L2 L3 L4 L5 L6 L7", "L8")
    for level in range(8):
        shop.bom(f"L{level}", (f"L{level + 1}", 1))
    with statements() as deep:
        assert len(list(shop.tree("L0").walk())) == 9
    with statements() as flat:
        shop.tree("L7")
    assert len(deep) == len(flat)


def test_the_highest_version_in_force_is_shown_and_a_wanted_one_when_asked(shop: Shop) -> None:
    shop.items("A", "B C D")
    shop.bom("A", ("B", 1))
    shop.bom("A", ("C", 1), version="V10.0")
    shop.bom("A", ("D", 1), version="V11.0", approve=False)
    shop.bom("A", ("D", 1, {"valid_from": dt.date(2026, 5, 1)}), version="V12.0")
    tree = shop.tree("A")
    assert tree.chosen[shop.id("A")].version_code == "V10.0"
    assert [head.version_code for head in tree.versions[shop.id("A")]] == ["V12.0", "V11.0", "V10.0", "V1.0"]
    assert shop.tree("A", version="V1.0").root.children[0].item.code == "B"
    assert shop.tree("A", version="V12.0").root.children[0].in_force is False
    with pytest.raises(Refused):
        shop.tree("A", version="V99")


def test_customers_material_and_lines_not_issued_stand_apart_in_the_summary(shop: Shop) -> None:
    shop.items("A S", "B")
    shop.bom("S", ("B", 1))
    shop.bom(
        "A", ("S", 1, {"supplied_by": "customer"}), ("B", 2), ("B", 3, {"position": "p", "issue": "none"}),
    )  # fmt: skip
    rows = api.summarised(shop.db, shop.id("A"), Decimal(10), day=DAY)
    assert [(row.item.code, row.supplied_by, row.drawn, row.planned) for row in rows] == [
        ("B", "own", True, 20), ("B", "own", False, 30), ("S", "customer", True, 10),
    ]  # fmt: skip


def test_substitutes_and_costs_come_with_the_tree(shop: Shop) -> None:
    shop.items("A", "B")
    shop.items(bought="B2 N", unit_cost=Decimal(3))
    shop.items(bought="B", unit_cost=Decimal("0.5"))
    masterdata.save_records(
        shop.db, "eng", "substitutes", [{"component": "B", "substitute": "B2", "ratio": Decimal(2)}]
    )
    shop.bom("A", ("B", 10, {"scrap_rate": Decimal("0.1")}), ("N", 1))
    tree = shop.tree("A")
    assert [(sub.code, sub.ratio) for sub in tree.root.children[0].item.substitutes] == [("B2", 2)]
    costs = api.costs(shop.db, tree)
    assert costs[shop.id("A")] == api.CostRow(Decimal("8.50000000"), complete=True)


def test_comparing_names_added_removed_and_changed_lines(shop: Shop) -> None:
    shop.items("A", "B C D")
    first = shop.bom("A", ("B", 2), ("C", 1))
    second = shop.bom("A", ("B", 3), ("D", 1, {"scrap_rate": Decimal("0.05")}), version="V2.0")
    rows = api.compare(shop.db, first, second)
    assert {(row.change, row.item.code, row.fields) for row in rows} == {
        ("changed", "B", ("usage",)), ("removed", "C", ()), ("added", "D", ()),
    }  # fmt: skip


def test_typed_texts_are_resolved_by_code_name_or_pinyin_that_is_the_only_one(shop: Shop) -> None:
    shop.items("SA", "RM1 RM2")
    shop.bom("SA", ("RM1", 1))
    masterdata.save_records(shop.db, "eng", "items", [{"code": "X1", "name": "硅脂", "unit": "个"}])
    found = api.items_of(shop.db, ["rm1", "硅脂", "gz", "guizhi", "nothing", ""])
    assert {text: row.code for text, row in found.items()} == {"rm1": "RM1", "硅脂": "X1", "gz": "X1", "guizhi": "X1"}
    branch = api.branch(shop.db, ["SA", "gz", "?"], day=DAY)
    assert branch.found == {"SA": shop.id("SA"), "gz": shop.id("X1")}
    assert branch.tree is not None
    assert set(branch.tree.items) == {shop.id("SA"), shop.id("X1"), shop.id("RM1")}
    assert api.branch(shop.db, ["?"], day=DAY).tree is None
