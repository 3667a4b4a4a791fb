"""The worked cases of substitutes at picking: domain §6, and what they imply for limits, returns, values and reversals."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft
from services.masterdata import api as masterdata
from services.masterdata import saving as masters
from tests.support.acting import done, draw, in_progress, material, on_hand, post, save, taking, worth
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop


def allow(shop: Shop, component: str, substitute: str, ratio: str = "1", **more: Any) -> None:
    """A substitute in the master data."""
    row = {"component": component, "substitute": substitute, "ratio": Decimal(ratio), **more}
    masterdata.save_records(shop.db, USER, "substitutes", [row])


def in_place(shop: Shop, order: DocRef, code: str, other: str, quantity: str, **more: Any) -> DocDraft:
    """A pick of another item for a material."""
    draft = taking(shop, "material_issue", order, quantity, code=code, **more)
    draft.lines[0].item_id = shop.factory.items[other]
    return draft


@pytest.fixture
def order(shop: Shop) -> DocRef:
    """10 of A, made of one BULB each; BULB2 and BULB3 lie in the store."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_item(tx, "BULB2")
        factory.add_item(tx, "BULB3")
        factory.add_bill(tx, "A", factory.component("BULB"))
    post(shop, factory.opening("BULB2", "100", "50"))
    post(shop, factory.opening("BULB3", "100", "70"))
    return post(shop, factory.order("10", code="A"))


def test_a_substitute_is_drawn_for_the_material_only_if_it_is_approved(shop: Shop, order: DocRef) -> None:
    pick = save(shop, in_place(shop, order, "BULB", "BULB2", "3"))
    before = everything(shop.db)
    problems = refused(api.approve, shop.db, USER, [pick.id])
    assert codes(problems) == {"issue.other_item"}
    assert "替代料" in told(problems)[0]
    assert everything(shop.db) == before
    allow(shop, "BULB", "BULB2")
    api.approve(shop.db, USER, [pick.id])
    assert material(shop, order, "BULB")[:2] == (10, 3)
    assert on_hand(shop, "BULB2") == 97
    assert in_progress(shop, "BULB2") == (3, Decimal("1.5"))
    assert broken(shop.db) == []


def test_it_must_hold_on_the_day_and_for_the_product(shop: Shop, order: DocRef) -> None:
    allow(shop, "BULB", "BULB2", valid_to=DAY)
    allow(shop, "BULB", "BULB3", parent="LAMP")
    for other in ("BULB2", "BULB3"):
        pick = save(shop, in_place(shop, order, "BULB", other, "3", day=DAY + dt.timedelta(days=1)))
        assert codes(refused(api.approve, shop.db, USER, [pick.id])) == {"issue.other_item"}
    post(shop, in_place(shop, order, "BULB", "BULB2", "3", day=DAY))
    assert material(shop, order, "BULB")[1] == 3
    assert broken(shop.db) == []


def test_at_06a_mixed_five_of_one_two_of_the_next_three_of_the_last(shop: Shop, order: DocRef) -> None:
    allow(shop, "BULB", "BULB2", priority=1)
    allow(shop, "BULB", "BULB3", priority=2)
    draft = taking(shop, "material_issue", order, "5", code="BULB")
    draft.lines += in_place(shop, order, "BULB", "BULB2", "2").lines + in_place(shop, order, "BULB", "BULB3", "3").lines
    post(shop, draft)
    assert material(shop, order, "BULB")[1] == 10
    more = save(shop, in_place(shop, order, "BULB", "BULB2", "1"))
    assert codes(refused(api.approve, shop.db, USER, [more.id])) == {"document.over_source"}
    assert broken(shop.db) == []


def test_at_06c_five_at_one_point_two_cover_four_of_the_material(shop: Shop) -> None:
    """5 ÷ 1.2 = 4.1666…: whole units of the material's decimals, rounded down; what is left is asked for as before."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        masters.upsert(tx, "units", [{"code": "M4", "name": "米", "decimals": 4}])
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_item(tx, "TAPE", unit="M4")
        factory.add_item(tx, "TAPE2", unit="PCS")
        factory.add_bill(tx, "A", factory.component("TAPE"))
    allow(shop, "TAPE", "TAPE2", "1.2")
    post(shop, factory.opening("TAPE2", "50", "50"))
    order = post(shop, factory.order("6", code="A"))
    post(shop, in_place(shop, order, "TAPE", "TAPE2", "5"))
    assert material(shop, order, "TAPE")[:2] == (6, Decimal("4.1666"))
    # 1.8334 × 1.2 = 2.2001, so 3 whole pieces: the least that suffices covers exactly what is left.
    post(shop, in_place(shop, order, "TAPE", "TAPE2", "3"))
    assert material(shop, order, "TAPE")[1] == 6
    assert broken(shop.db) == []


def test_what_comes_back_gives_up_its_share_and_its_own_value(shop: Shop, order: DocRef) -> None:
    """BULB2 at 0.50 and BULB3 at 0.70 stood in; each comes back at its own value, the last unit with all that is left."""
    allow(shop, "BULB", "BULB2", "2.5")
    allow(shop, "BULB", "BULB3")
    post(shop, in_place(shop, order, "BULB", "BULB2", "10"))
    post(shop, in_place(shop, order, "BULB", "BULB3", "6"))
    assert material(shop, order, "BULB")[1] == 10
    assert [in_progress(shop, code)[1] for code in ("BULB2", "BULB3")] == [5, Decimal("4.2")]
    over = save(shop, in_place(shop, order, "BULB", "BULB3", "7", kind="return"))
    assert codes(refused(api.approve, shop.db, USER, [over.id])) == {"issue.return_item"}
    never = save(shop, taking(shop, "material_issue", order, "1", code="BULB", kind="return"))
    assert codes(refused(api.approve, shop.db, USER, [never.id])) == {"issue.return_item"}
    for _ in range(10):
        post(shop, in_place(shop, order, "BULB", "BULB2", "1", kind="return"))
    assert material(shop, order, "BULB")[1] == 6
    assert (on_hand(shop, "BULB2"), worth(shop, "BULB2")) == (100, 50)
    masterdata.delete_record(shop.db, USER, "substitutes", _key(shop, "BULB3"))
    post(shop, in_place(shop, order, "BULB", "BULB3", "6", kind="return"))
    assert (material(shop, order, "BULB")[1], in_progress(shop, "BULB3")) == (0, (0, 0))
    assert broken(shop.db) == []


def test_a_reversal_gives_the_material_back_to_the_order(shop: Shop, order: DocRef) -> None:
    allow(shop, "BULB", "BULB2", "2")
    first = post(shop, in_place(shop, order, "BULB", "BULB2", "5"))
    assert material(shop, order, "BULB")[1] == 2
    post(shop, in_place(shop, order, "BULB", "BULB2", "5"))
    api.reverse(shop.db, USER, [first.id])
    assert material(shop, order, "BULB")[1] == 2
    assert broken(shop.db) == []
    api.approve(shop.db, USER, [first.id])
    draw(shop, order, "BULB", "6")
    post(shop, taking(shop, "product_receipt", order, "10"))
    assert done(shop, order) == 10
    assert broken(shop.db) == []


def _key(shop: Shop, code: str) -> int:
    (found,) = [row for row in masterdata.list_records(shop.db, "substitutes").rows if row.values["substitute"] == code]
    return found.id
