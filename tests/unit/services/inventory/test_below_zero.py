"""A store that may fall below zero: what leaves beyond its stock leaves at the reference cost, and is settled by what comes."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from sqlalchemy import func, select

from models.kernel.refs import DocRef
from models.ledgers.tables import stock_move
from services.documents import api
from services.inventory import api as inventory
from tests.support.acting import on_hand, post, taking, worth
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


@pytest.fixture
def two_for_ten(shop: Shop) -> Shop:
    """Two pieces worth 10 in a store that may be negative; the reference cost is 9."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW", unit_cost=D(9))
    post(shop, shop.factory.opening("NEW", "2", "10", store="WN"))
    return shop


def sold(shop: Shop, quantity: str) -> DocRef:
    sale = post(shop, shop.factory.sale(quantity, code="NEW"))
    return post(shop, taking(shop, "delivery", sale, store="WN"))


def taken(shop: Shop, ref: DocRef) -> D:
    query = select(func.sum(stock_move.c.value, type_=stock_move.c.value.type)).where(stock_move.c.doc_id == ref.id)
    with shop.db.read() as conn:
        value: D = conn.execute(query).scalar_one()
    return value


def test_what_is_there_leaves_at_its_value_and_only_the_rest_at_the_reference_cost(two_for_ten: Shop) -> None:
    assert taken(two_for_ten, sold(two_for_ten, "3")) == D(-19)
    assert taken(two_for_ten, sold(two_for_ten, "4")) == D(-36)
    assert (on_hand(two_for_ten, "NEW"), worth(two_for_ten, "NEW")) == (D(-5), D(-45))
    assert broken(two_for_ten.db) == []


def test_goods_that_come_settle_what_had_left_and_the_rest_lies_at_its_own_price(two_for_ten: Shop) -> None:
    shop = two_for_ten
    sold(shop, "7")
    purchase = post(shop, shop.factory.purchase("8", code="NEW", price="10"))
    first = post(shop, taking(shop, "purchase_receipt", purchase, "2", store="WN"))
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (D(-3), D(-27))
    last = post(shop, taking(shop, "purchase_receipt", purchase, "6", store="WN"))
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (D(3), D(30))
    api.reverse(shop.db, USER, [last.id])
    api.reverse(shop.db, USER, [first.id])
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (D(-5), D(-45))
    assert broken(shop.db) == []


def test_a_named_lot_goes_below_zero_itself(two_for_ten: Shop) -> None:
    shop = two_for_ten
    post(shop, shop.factory.opening("NEW", "2", "10", store="WN", lot="L1"))
    sale = post(shop, shop.factory.sale("3", code="NEW"))
    post(shop, taking(shop, "delivery", sale, store="WN", lot="L1"))
    rows = [(row.lot, row.quantity) for row in inventory.stock(shop.db, text="NEW")]
    assert rows == [("", D(2)), ("L1", D(-1))]


def test_a_receipt_and_the_delivery_that_emptied_it_are_taken_back_together(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW")
    purchase = post(shop, shop.factory.purchase("10", code="NEW", price="1"))
    receipt = post(shop, taking(shop, "purchase_receipt", purchase))
    sale = post(shop, shop.factory.sale("10", code="NEW"))
    delivery = post(shop, taking(shop, "delivery", sale))
    assert codes(refused(api.reverse, shop.db, USER, [receipt.id])) >= {"stock.reversal_short"}
    api.reverse(shop.db, USER, [receipt.id, delivery.id])
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (D(0), D(0))
    assert broken(shop.db) == []


def test_what_lies_in_other_stores_is_spent_before_the_reference_cost_is_asked(shop: Shop) -> None:
    """An item has one value over all stores: of three pieces two are worth what is there, one the reference cost."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW", unit_cost=D(9))
    post(shop, shop.factory.opening("NEW", "2", "10"))
    assert taken(shop, sold(shop, "3")) == D(-19)
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (D(-1), D(-9))
    assert broken(shop.db) == []
