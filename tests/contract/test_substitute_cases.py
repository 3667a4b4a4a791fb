"""The worked cases of substitutes at picking: domain §6, and what they imply for limits, returns, values and reversals."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from services.masterdata import saving as masters
from services.production.api import pick_orders
from tests.support.acting import done, draw, in_place, in_progress, material, on_hand, post, save, taking, worth
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop


def allow(shop: Shop, component: str, substitute: str, ratio: str = "1", **more: Any) -> None:
    """A substitute in the master data."""
    row = {"component": component, "substitute": substitute, "ratio": Decimal(ratio), **more}
    masterdata.save_records(shop.db, USER, "substitutes", [row])


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
    assert codes(refused(api.approve, shop.db, USER, [more.id])) == {"document.over_in_place"}
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


def test_a_return_of_two_lines_gives_up_all_with_its_last_unit(shop: Shop, order: DocRef) -> None:
    """3 and 7 at two for one cover 1 and 3; the 5 and 5 of one return give up 2 and the other 2, whatever else it holds."""
    allow(shop, "BULB", "BULB2", "2")
    for quantity in ("3", "7"):
        post(shop, in_place(shop, order, "BULB", "BULB2", quantity))
    assert material(shop, order, "BULB")[1] == 4
    back = in_place(shop, order, "BULB", "BULB2", "5", kind="return")
    back.lines += in_place(shop, order, "BULB", "BULB2", "5", kind="return").lines
    for number, line in enumerate(back.lines, 1):
        line.line_no = number
    post(shop, back)
    assert (material(shop, order, "BULB")[1], in_progress(shop, "BULB2")) == (0, (0, 0))
    assert broken(shop.db) == []


def test_two_returns_approved_at_once_give_up_all(shop: Shop, order: DocRef) -> None:
    allow(shop, "BULB", "BULB2", "2")
    post(shop, in_place(shop, order, "BULB", "BULB2", "9"))
    backs = [save(shop, in_place(shop, order, "BULB", "BULB2", some, kind="return")) for some in ("4", "5")]
    api.approve(shop.db, USER, [back.id for back in backs])
    assert (material(shop, order, "BULB")[1], in_progress(shop, "BULB2")) == (0, (0, 0))
    assert broken(shop.db) == []


def test_a_pick_that_covers_nothing_stands_while_it_has_come_back(shop: Shop, order: DocRef) -> None:
    """1 at two for one covers nothing, and so does its return: the pick is reversed after the return all the same."""
    allow(shop, "BULB", "BULB2", "2")
    pick = post(shop, in_place(shop, order, "BULB", "BULB2", "1"))
    back = post(shop, in_place(shop, order, "BULB", "BULB2", "1", kind="return"))
    before = everything(shop.db)
    refused(api.reverse, shop.db, USER, [pick.id])
    assert everything(shop.db) == before
    api.reverse(shop.db, USER, [back.id])
    api.reverse(shop.db, USER, [pick.id])
    assert (material(shop, order, "BULB")[1], in_progress(shop, "BULB2"), on_hand(shop, "BULB2")) == (0, (0, 0), 100)
    assert broken(shop.db) == []


@dataclass
class _Live:
    """An approved pick or return and what it covers of the material, below zero for a return."""

    ref: DocRef
    item: str
    quantity: int
    share: int


_RATIOS = {"BULB2": Fraction(2), "BULB3": Fraction(13, 10)}
_STEPS = st.lists(
    st.tuples(st.sampled_from(["pick", "pick", "return", "reverse"]), st.sampled_from(sorted(_RATIOS)), st.integers(1, 9)),
    min_size=3, max_size=9,
)  # fmt: skip


@settings(max_examples=15)
@given(steps=_STEPS)
def test_what_is_covered_is_the_sum_of_what_stands_in_any_order(shop: Shop, steps: list[tuple[str, str, int]]) -> None:
    """Every document covers what it covered on its day; reversing takes exactly that away, whatever came before or after."""
    _substitutes_in_store(shop)
    order = post(shop, shop.factory.order("40", code="C"))
    live: list[_Live] = []
    for what, code, number in steps:
        if what == "reverse":
            _reverse_one(shop, live, number)
        else:
            _post_one(shop, order, live, code, number, back=what == "return")
        covered = sum(one.share for one in live)
        assert material(shop, order, "BULB")[1] == covered
        (bench,) = pick_orders(shop.db, [order.id])
        assert (bench.materials[0].left, bench.kits_left) == (40 - covered, 40 - covered)
        for item in _RATIOS:
            if sum(one.quantity for one in live if one.item == item) == 0:
                assert sum(one.share for one in live if one.item == item) == 0
    assert broken(shop.db) == []
    while live:
        api.reverse(shop.db, USER, [live.pop().ref.id])
    assert material(shop, order, "BULB")[1] == 0
    assert [in_progress(shop, code) for code in sorted(_RATIOS)] == [(0, 0), (0, 0)]


def _key(shop: Shop, code: str) -> int:
    (found,) = [row for row in masterdata.list_records(shop.db, "substitutes").rows if row.values["substitute"] == code]
    return found.id


def _substitutes_in_store(shop: Shop) -> None:
    """C is made of one BULB, for which 2 of BULB2 or 1.3 of BULB3 may stand in; made once a book."""
    factory = shop.factory
    if "BULB3" in factory.items:
        return
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "C", kind="manufactured")
        for code in _RATIOS:
            factory.add_item(tx, code)
        factory.add_bill(tx, "C", factory.component("BULB"))
    for code, ratio in _RATIOS.items():
        allow(shop, "BULB", code, str(float(ratio)))
        post(shop, factory.opening(code, "400", "200"))


def _post_one(shop: Shop, order: DocRef, live: list[_Live], code: str, number: int, *, back: bool) -> None:
    """Picks or returns so many, at most what is out; the share is reckoned here once more, from the documents that stand."""
    drawn = sum(one.quantity for one in live if one.item == code)
    covered = sum(one.share for one in live if one.item == code)
    if back:
        number = min(number, drawn)
        share = -(covered if number == drawn else covered * number // max(drawn, 1))
    else:
        left, ratio = 40 - sum(one.share for one in live), _RATIOS[code]
        number = min(number, math.floor(left * ratio))
        share = left if number == math.ceil(left * ratio) else math.floor(number / ratio)
    if number > 0:
        ref = post(shop, in_place(shop, order, "BULB", code, str(number), kind="return" if back else "normal"))
        live.append(_Live(ref, code, -number if back else number, share))


def _reverse_one(shop: Shop, live: list[_Live], number: int) -> None:
    """Reverses one of the documents; a pick from which something may have come back later stands in the way."""
    if not live:
        return
    at = number % len(live)
    if live[at].quantity > 0 and any(one.quantity < 0 for one in live[at:]):
        before = everything(shop.db)
        refused(api.reverse, shop.db, USER, [live[at].ref.id])
        assert everything(shop.db) == before
    else:
        api.reverse(shop.db, USER, [live.pop(at).ref.id])
