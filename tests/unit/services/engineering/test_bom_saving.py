"""Saving a tree and the verbs of a version."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from models.kernel.problems import Refused
from services.engineering import api
from services.masterdata import api as masterdata
from services.platform.messages import sentence
from tests.unit.services.engineering.conftest import Shop


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_one_save_writes_every_level_that_changed(shop: Shop) -> None:
    shop.items("FG SA", "B C")
    saved = api.save_tree(shop.db, "eng", [shop.edit("FG", ("SA", 1), ("C", 2)), shop.edit("SA", ("B", 3))])
    assert set(saved.ids) == {(shop.id("FG"), "V1.0"), (shop.id("SA"), "V1.0")}
    assert "bom" in saved.changes.topics
    assert [node.item.code for node in shop.tree("FG").walk()] == ["FG", "SA", "B", "C"]


def test_a_fault_in_one_level_saves_none(shop: Shop) -> None:
    shop.items("FG SA", "B")
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [shop.edit("FG", ("SA", 1)), shop.edit("SA", ("B", 0))])
    assert codes(refused) == ["bom.usage"]
    assert shop.tree("FG").versions == {}


def test_a_version_somebody_else_changed_is_not_overwritten(shop: Shop) -> None:
    shop.items("FG", "B C")
    key = shop.bom("FG", ("B", 1), approve=False)
    api.save_tree(shop.db, "eng", [shop.edit("FG", ("C", 1), bom_id=key, version=1)])
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [shop.edit("FG", ("B", 9), bom_id=key, version=1)])
    assert codes(refused) == ["bom.stale"]
    assert "FG V1.0" in sentence(refused.value.problems[0])


def test_an_approved_version_is_changed_only_after_reversal_or_as_a_new_version(shop: Shop) -> None:
    shop.items("FG", "B C")
    key = shop.bom("FG", ("B", 1))
    edit = shop.edit("FG", ("C", 1), bom_id=key, version=shop.head(key).version)
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [edit])
    assert codes(refused) == ["bom.approved"]
    api.reverse_bom(shop.db, "eng", {key: shop.head(key).version})
    edit.version = shop.head(key).version
    api.save_tree(shop.db, "eng", [edit])
    assert shop.tree("FG").root.children[0].item.code == "C"


def test_a_new_version_takes_the_next_number_and_gaps_are_not_filled(shop: Shop) -> None:
    shop.items("FG", "B")
    shop.bom("FG", ("B", 1))
    last = shop.bom("FG", ("B", 2), version="V4.0")
    saved = api.copy_version(shop.db, "eng", last)
    ((_item, code),) = saved.ids
    assert code == "V5.0"
    assert api.versions(shop.db, shop.id("FG"))[0].lines[0].numerator == 2
    assert api.next_version([]) == "V1.0"
    assert api.next_version(["A", "B7"]) == "B8"
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [shop.edit("FG", ("B", 1), code="V4.0")])
    assert codes(refused) == ["bom.version_exists"]


def test_a_branch_is_copied_to_another_item_and_shares_what_stands_below(shop: Shop) -> None:
    shop.items("FG FG2 SA", "B")
    shop.bom("SA", ("B", 1))
    key = shop.bom("FG", ("SA", "1/3", {"note": "小心"}))
    api.copy_branch(shop.db, "eng", key, to_item_id=shop.id("FG2"))
    assert [node.item.code for node in shop.tree("FG2").walk()] == ["FG2", "SA", "B"]
    line = shop.tree("FG2").root.children[0].line
    assert line is not None
    assert (line.denominator, line.note) == (3, "小心")


def test_at_04e_a_loop_is_refused_with_its_path_unless_the_other_side_is_disabled(shop: Shop) -> None:
    shop.items("A B")
    first = shop.bom("A", ("B", 1))
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [shop.edit("B", ("A", 1))])
    assert codes(refused) == ["bom.loop"]
    assert "B → A → B" in sentence(refused.value.problems[0])
    api.disable(shop.db, "eng", first, shop.head(first).version)
    api.save_tree(shop.db, "eng", [shop.edit("B", ("A", 1))])
    with pytest.raises(Refused) as refused:
        api.enable(shop.db, "eng", first, shop.head(first).version)
    assert codes(refused) == ["bom.loop"]
    tree = shop.tree("B")
    assert [(node.item.code, node.state) for node in tree.walk()] == [("B", "draft"), ("A", "disabled"), ("B", "draft")]


def test_a_draft_is_deleted_an_approved_or_used_version_is_not(shop: Shop) -> None:
    shop.items("FG", "B")
    key = shop.bom("FG", ("B", 1))
    with pytest.raises(Refused) as refused:
        api.delete_draft(shop.db, "eng", key, shop.head(key).version)
    assert codes(refused) == ["bom.delete_approved"]
    draft = shop.bom("FG", ("B", 2), version="V2.0", approve=False)
    api.delete_draft(shop.db, "eng", draft, 1)
    assert len(api.versions(shop.db, shop.id("FG"))) == 1
    with pytest.raises(Refused) as refused:
        api.delete_draft(shop.db, "eng", draft, 1)
    assert codes(refused) == ["bom.gone"]


def test_a_version_without_lines_is_not_approved(shop: Shop) -> None:
    shop.items("FG")
    key = shop.bom("FG", approve=False)
    with pytest.raises(Refused) as refused:
        api.approve_bom(shop.db, "eng", {key: 1})
    assert codes(refused) == ["bom.empty"]


def test_a_backflushed_component_needs_a_warehouse_of_its_line_or_item(shop: Shop) -> None:
    masterdata.save_records(shop.db, "eng", "warehouses", [{"code": "W1"}, {"code": "W2", "kind": "workshop"}])
    shop.items("FG", "GLUE")
    shop.items("", "GREASE", warehouse="W2")  # backflushed from the item's own store
    store = shop.warehouse("W2")
    bare = shop.bom(
        "FG", ("GLUE", "1/100", {"issue": "backflush"}), ("GREASE", 1, {"issue": "backflush"}), approve=False
    )
    with pytest.raises(Refused) as refused:
        api.approve_bom(shop.db, "eng", {bare: 1})
    assert codes(refused) == ["bom.backflush_no_warehouse"]
    (problem,) = refused.value.problems
    assert (problem.args["position"], problem.args["item"]) == ("10", "GLUE 料GLUE")
    assert (problem.args["bom"], problem.place.field) == ("FG V1.0", "warehouse")
    assert "FG V1.0 第 10 行的 GLUE 料GLUE" in sentence(problem)
    assert shop.head(bare).status == "Z"
    for number, (text, how) in enumerate(
        (("1/100", {"issue": "backflush", "warehouse_id": store}), ("1", {"issue": "pick"}), ("1", {"issue": "none"})),
        start=2,
    ):
        key = shop.bom("FG", ("GLUE", text, how), version=f"V{number}.0")
        assert shop.head(key).status == "C"


def test_a_problem_carries_the_row_that_the_window_gave_the_line(shop: Shop) -> None:
    shop.items("FG", "B")
    edit = shop.edit("FG", ("B", 1), ("B", 2, {"position": "x"}), ("B", 1, {"position": "x"}))
    with pytest.raises(Refused) as refused:
        api.save_tree(shop.db, "eng", [edit])
    assert [(problem.code, problem.place.row) for problem in refused.value.problems] == [("bom.line_twice", 3)]


def test_dates_of_a_line_are_kept(shop: Shop) -> None:
    shop.items("FG", "B")
    start, end = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    shop.bom("FG", ("B", Decimal(1), {"valid_from": start, "valid_to": end}))
    line = shop.tree("FG").root.children[0].line
    assert line is not None
    assert (line.valid_from, line.valid_to) == (start, end)
