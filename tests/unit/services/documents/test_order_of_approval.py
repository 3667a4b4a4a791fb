"""Many documents approved at once enter the books in the order of the business, however they were marked in the list."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest
from sqlalchemy import func, select

from models.kernel.refs import DocRef
from models.ledgers.tables import stock_move
from services.documents import api
from tests.support.acting import on_hand, post, save, taking, worth
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken
from tests.support.shops import Shop


def numbered(shop: Shop, number: str, target: str, source: DocRef, quantity: str, **more: object) -> DocRef:
    """A draft with a number of the clerk's own."""
    draft = taking(shop, target, source, quantity, **more)
    draft.number = number
    return save(shop, draft)


def taken(shop: Shop, ref: DocRef) -> D:
    """What a document's movements are worth."""
    query = select(func.sum(stock_move.c.value, type_=stock_move.c.value.type)).where(stock_move.c.doc_id == ref.id)
    with shop.db.read() as conn:
        value: D = conn.execute(query).scalar_one()
    return value


def new_item(shop: Shop, quantity: str = "", amount: str = "0") -> None:
    """An item NEW with what lies in the store."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW")
    if quantity:
        post(shop, shop.factory.opening("NEW", quantity, amount))


@pytest.mark.parametrize("marked_last_first", [False, True])
def test_a_return_finds_the_pick_it_takes_back_whatever_their_numbers(shop: Shop, marked_last_first: bool) -> None:
    order = post(shop, shop.factory.order("5"))
    before = on_hand(shop, "SCREW"), worth(shop, "SCREW")
    back = numbered(shop, "A-1", "material_issue", order, "8", code="SCREW", kind="return")
    pick = numbered(shop, "B-1", "material_issue", order, "8", code="SCREW")
    marked = [back.id, pick.id]
    api.approve(shop.db, USER, marked[::-1] if marked_last_first else marked)
    assert (on_hand(shop, "SCREW"), worth(shop, "SCREW")) == before
    assert broken(shop.db) == []


def test_what_comes_in_on_a_day_may_leave_on_it(shop: Shop) -> None:
    new_item(shop)
    sale, purchase = (post(shop, make("10", code="NEW")) for make in (shop.factory.sale, shop.factory.purchase))
    delivery = numbered(shop, "A-1", "delivery", sale, "10")
    receipt = numbered(shop, "B-1", "purchase_receipt", purchase, "10")
    api.approve(shop.db, USER, [delivery.id, receipt.id])
    assert on_hand(shop, "NEW") == 0
    assert broken(shop.db) == []


def test_goods_of_an_earlier_day_leave_at_the_average_before_dearer_ones_came(shop: Shop) -> None:
    new_item(shop, "10", "10")
    sale = post(shop, shop.factory.sale("5", code="NEW"))
    purchase = post(shop, shop.factory.purchase("10", code="NEW", price="3"))
    receipt = numbered(shop, "A-1", "purchase_receipt", purchase, "10", day=DAY + dt.timedelta(days=3))
    delivery = numbered(shop, "B-1", "delivery", sale, "5", day=DAY + dt.timedelta(days=1))
    api.approve(shop.db, USER, [receipt.id, delivery.id])
    assert (taken(shop, delivery), worth(shop, "NEW")) == (D(-5), D(35))


def test_slips_of_one_day_enter_by_number_so_that_cents_fall_the_same_way_each_time(shop: Shop) -> None:
    """A yuan over three pieces: 0.33 with the first slip, 0.34 with the second, also where the second was typed first."""
    new_item(shop, "3", "1")
    sale = post(shop, shop.factory.sale("2", code="NEW"))
    second = numbered(shop, "A-2", "delivery", sale, "1")
    first = numbered(shop, "A-1", "delivery", sale, "1")
    api.approve(shop.db, USER, [second.id, first.id])
    assert (taken(shop, first), taken(shop, second)) == (D("-0.33"), D("-0.34"))
