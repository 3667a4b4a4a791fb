"""Moving average, lots, negative warehouses and customers' goods, on both databases."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from models.ledgers.tables import stock_balance
from services.documents import api
from tests.support.acting import on_hand, post, save, taking, worth
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def new_item(shop: Shop, **more: object) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW", **more)


def sell(shop: Shop, quantity: str, store: str = "W1", lot: str = "") -> None:
    sale = post(shop, shop.factory.sale(quantity, code="NEW"))
    post(shop, taking(shop, "delivery", sale, store=store, lot=lot))


def test_an_issue_takes_its_share_and_the_last_one_takes_all_that_is_left(shop: Shop) -> None:
    new_item(shop)
    post(shop, shop.factory.opening("NEW", "3", "10.00"))
    sell(shop, "1")
    assert worth(shop, "NEW") == Decimal("6.67")
    sell(shop, "1")
    assert worth(shop, "NEW") == Decimal("3.33")
    sell(shop, "1")
    assert worth(shop, "NEW") == 0
    assert broken(shop.db) == []


def test_the_average_is_one_over_all_own_warehouses(shop: Shop) -> None:
    new_item(shop)
    post(shop, shop.factory.opening("NEW", "10", "10.00"))
    post(shop, shop.factory.opening("NEW", "10", "30.00", store="W2"))
    sell(shop, "5", "W1")
    assert worth(shop, "NEW") == 30
    assert on_hand(shop, "NEW", "W1") == 5
    assert broken(shop.db) == []


def test_without_a_lot_named_the_first_lots_go_first(shop: Shop) -> None:
    new_item(shop)
    for lot, count in (("B", "4"), ("A", "3"), ("C", "5")):
        post(shop, shop.factory.opening("NEW", count, count, lot=lot))
    sell(shop, "5")
    with shop.db.read() as conn:
        rows = conn.execute(select(stock_balance).where(stock_balance.c.item_id == shop.factory.items["NEW"]))
        assert {row.lot: row.quantity for row in rows} == {"A": 0, "B": 2, "C": 5}
    sell(shop, "5", lot="C")
    sale = post(shop, shop.factory.sale("3", code="NEW"))
    slip = save(shop, taking(shop, "delivery", sale, lot="B"))
    assert codes(refused(api.approve, shop.db, USER, [slip.id])) == {"stock.short"}
    assert broken(shop.db) == []


def test_a_warehouse_that_allows_it_goes_below_zero_and_the_receipt_settles_it(shop: Shop) -> None:
    """Five leave at the reference of 2.00, five come at 3.00: nothing is left, in quantity and in value."""
    new_item(shop, unit_cost=Decimal(2))
    sell(shop, "5", "WN")
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (-5, -10)
    assert broken(shop.db) == []
    post(shop, shop.factory.opening("NEW", "5", "15", store="WN"))
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (0, 0)
    assert broken(shop.db) == []


def test_what_is_left_after_a_negative_stock_is_worth_what_it_cost(shop: Shop) -> None:
    new_item(shop, unit_cost=Decimal(2))
    sell(shop, "5", "WN")
    receipt = post(shop, shop.factory.opening("NEW", "8", "24", store="WN"))
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (3, 9)
    api.reverse(shop.db, USER, [receipt.id])
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (-5, -10)
    assert broken(shop.db) == []


def test_what_leaves_beyond_the_stock_takes_its_value_and_the_rest_at_reference(shop: Shop) -> None:
    new_item(shop, unit_cost=Decimal(2))
    post(shop, shop.factory.opening("NEW", "3", "12", store="WN"))
    sell(shop, "5", "WN")
    assert (on_hand(shop, "NEW"), worth(shop, "NEW")) == (-2, -4)
    assert broken(shop.db) == []


def test_customers_goods_have_a_quantity_and_no_value(shop: Shop) -> None:
    new_item(shop)
    post(shop, shop.factory.opening("NEW", "7", "99", store="WC"))
    assert on_hand(shop, "NEW", "WC") == 7
    sale = post(shop, shop.factory.sale("1", code="NEW"))
    slip = save(shop, taking(shop, "delivery", sale, store="W1"))
    assert codes(refused(api.approve, shop.db, USER, [slip.id])) == {"stock.short"}
    assert broken(shop.db) == []


def test_an_opening_line_without_an_amount_is_worth_its_reference_cost(shop: Shop) -> None:
    """As an imported one: quantity × reference cost, half up to the cent; customers' goods are worth nothing."""
    factory = shop.factory
    draft = factory.opening("STEEL", "3.333", "0")
    draft.lines[0].amount = None
    before = worth(shop, "STEEL")
    post(shop, draft)
    assert worth(shop, "STEEL") - before == Decimal("25.90")
    held = factory.opening("STEEL", "5", "0", store="WC")
    held.lines[0].amount = None
    post(shop, held)
    assert worth(shop, "STEEL") - before == Decimal("25.90")
    assert broken(shop.db) == []
