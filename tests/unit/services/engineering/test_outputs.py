"""Co- and by-products of a version and its note, saved beside the tree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from models.kernel.problems import Refused
from services.engineering import api
from services.masterdata import api as masterdata
from services.platform.messages import sentence
from tests.unit.services.engineering.conftest import Shop


def made(shop: Shop, code: str, amount: str = "1", of: str = "1", **more: Any) -> api.OutputDraft:
    return api.OutputDraft(shop.id(code), numerator=Decimal(amount), denominator=Decimal(of), **more)


def save(shop: Shop, key: int, *outputs: api.OutputDraft, note: str = "") -> None:
    api.save_outputs(shop.db, "eng", key, shop.head(key).version, outputs, note=note)


def shown(shop: Shop, code: str) -> list[tuple[str, str, Decimal, Decimal]]:
    head = shop.tree(code).chosen[shop.id(code)]
    return [(output.kind, output.code, output.numerator, output.denominator) for output in head.outputs]


def test_outputs_and_note_are_saved_as_a_whole_and_stay_when_the_tree_is_saved(shop: Shop) -> None:
    shop.items("FG", "B SCRAP SHELL")
    key = shop.bom("FG", ("B", 1), approve=False)
    save(shop, key, made(shop, "SCRAP", "0.1"), made(shop, "SHELL", "1", "20", kind="co"), note="冲压连料")
    assert shown(shop, "FG") == [("co", "SCRAP", Decimal("0.1"), 1), ("co", "SHELL", 1, 20)]
    assert shop.tree("FG").chosen[shop.id("FG")].note == "冲压连料"
    api.save_tree(
        shop.db, "eng", [shop.edit("FG", ("B", 2), bom_id=key, version=shop.head(key).version, note="冲压连料")]
    )
    assert len(shown(shop, "FG")) == 2
    save(shop, key, made(shop, "SHELL", "1", "10", kind="by"))
    assert shown(shop, "FG") == [("by", "SHELL", 1, 10)]
    (event,) = [e for e in masterdata.record_history(shop.db, "bom", key) if "冲压连料" in str(e.before)][-1:]
    assert event.action == "change"


def test_what_cannot_be_made_beside_a_product_is_refused_with_its_line(shop: Shop) -> None:
    shop.items("FG", "B SCRAP")
    key = shop.bom("FG", ("B", 1), approve=False)
    rows = [
        made(shop, "SCRAP", cost_share=Decimal("0.1"), cost_quota=Decimal(2)), made(shop, "SCRAP"), made(shop, "FG"),
        made(shop, "B", "0"),
    ]  # fmt: skip
    with pytest.raises(Refused) as refused:
        save(shop, key, *rows)
    assert [(p.code, p.place.line) for p in refused.value.problems] == [
        ("bom.output_cost", 1), ("bom.output_twice", 2), ("bom.output_itself", 3), ("bom.output_usage", 4),
    ]  # fmt: skip
    assert all(sentence(p, lang) for p in refused.value.problems for lang in ("zh", "en"))
    assert shown(shop, "FG") == []


def test_an_approved_or_changed_version_keeps_its_outputs(shop: Shop) -> None:
    shop.items("FG", "B SCRAP")
    key = shop.bom("FG", ("B", 1), approve=False)
    version = shop.head(key).version
    save(shop, key, made(shop, "SCRAP"))
    with pytest.raises(Refused) as stale:
        api.save_outputs(shop.db, "eng", key, version, [], note="")
    assert [problem.code for problem in stale.value.problems] == ["bom.stale"]
    api.approve_bom(shop.db, "eng", {key: shop.head(key).version})
    with pytest.raises(Refused) as approved:
        save(shop, key)
    assert [problem.code for problem in approved.value.problems] == ["bom.approved"]
    assert shown(shop, "FG") == [("co", "SCRAP", 1, 1)]


def test_outputs_cost_one_statement_a_tree(shop: Shop, statements: Callable[[], Any]) -> None:
    shop.items("FG SA", "B SCRAP")
    key = shop.bom("SA", ("B", 1), approve=False)
    shop.bom("FG", ("SA", 1))
    with statements() as before:
        shop.tree("FG")
    save(shop, key, made(shop, "SCRAP"))
    with statements() as after:
        shop.tree("FG")
    assert len(after) == len(before)
