"""Documents found by a part of their number: letters begin the prefix, the last digits stand at its end; rights respected."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.kernel.refs import DocRef
from services.documents import api
from tests.support.acting import post
from tests.support.factory import DAY
from tests.support.people import staff
from tests.support.shops import Shop, shop, sqlite_shop, sqlite_template

__all__ = ["shop", "sqlite_shop", "sqlite_template"]


@pytest.fixture
def made(sqlite_shop: Shop) -> Sequence[DocRef]:
    """Three production orders and a sale of one day."""
    factory = sqlite_shop.factory
    return [post(sqlite_shop, draft) for draft in (*(factory.order("1") for _ in range(3)), factory.sale("1"))]


def numbers(found: Sequence[DocRef]) -> list[str]:
    return [ref.number for ref in found]


def test_letters_and_the_end_of_a_number_find_it(sqlite_shop: Shop, made: Sequence[DocRef]) -> None:
    db = sqlite_shop.db
    assert numbers(api.find_documents(db, "scrw 0002")) == [made[1].number]
    assert numbers(api.find_documents(db, "sc02")) == [made[1].number]
    assert numbers(api.find_documents(db, made[2].number)) == [made[2].number]
    assert made[0].number in numbers(api.find_documents(db, f"{DAY:%m%d} 001"))
    assert {ref.type for ref in api.find_documents(db, "00001")} >= {"production_order", "sales_order"}
    assert len(api.find_documents(db, "scrw 00", limit=2)) == 0
    assert len(api.find_documents(db, "0001", limit=1)) == 1


@pytest.mark.parametrize("text", ["", "scrw", "1", "螺丝 0001", "scrw_0001", "%01"])
def test_what_is_no_part_of_a_number_finds_nothing(sqlite_shop: Shop, made: Sequence[DocRef], text: str) -> None:
    assert made
    assert api.find_documents(sqlite_shop.db, text) == []


def test_types_without_the_right_are_not_found(sqlite_shop: Shop, made: Sequence[DocRef]) -> None:
    picker = staff(sqlite_shop.db)["workshop"]
    assert made[3].type == "sales_order"
    found = api.find_documents(sqlite_shop.db.acting_as(picker), "00001")
    assert "sales_order" not in {ref.type for ref in found}
    assert "production_order" in {ref.type for ref in found}
