"""What may leave a store: neither lots that are used up nor what another store owes count, nor are they offered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from services.inventory import api as inventory
from services.ledgers.stock import free_on
from services.production import api as production
from tests.support.acting import draw, post, save, substitutes, taking
from tests.support.factory import DAY, USER, lines_of
from tests.support.shops import Shop

TOMORROW = DAY + dt.timedelta(days=1)


def new_items(shop: Shop, *codes: str) -> None:
    with shop.db.write(USER) as tx:
        for code in codes:
            shop.factory.add_item(tx, code)


def sell(shop: Shop, code: str, quantity: str, store: str, day: dt.date = TOMORROW) -> None:
    sale = post(shop, shop.factory.sale(quantity, code=code))
    post(shop, taking(shop, "delivery", sale, quantity, store=store, day=day))


def offered(shop: Shop, order: object, store: str = "W1") -> list[tuple[str, str, D]]:
    """Substitutes for bulbs a clerk is shown at an order's line: code, store and what is free there."""
    with shop.db.read() as conn:
        (line,) = lines_of(conn, order, "material")  # type: ignore[arg-type]
    found = production.substitute_offers(shop.db, line.id, TOMORROW, store_id=shop.factory.stores[store])
    return [(offer.code, offer.warehouse_code, offer.free) for offer in found]


def lamp_of_bulbs(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "A", kind="manufactured")
        shop.factory.add_bill(tx, "A", shop.factory.component("BULB"))


def test_a_store_that_was_emptied_is_not_offered_beside_one_that_has_some(shop: Shop) -> None:
    new_items(shop, "B1", "B2")
    lamp_of_bulbs(shop)
    substitutes(shop, "BULB", B1="1", B2="1")
    post(shop, shop.factory.opening("B1", "7", "7", store="W2"))
    post(shop, shop.factory.opening("B1", "5", "5"))
    post(shop, shop.factory.opening("B2", "3", "3", store="W2"))
    order = post(shop, shop.factory.order("10", code="A"))
    assert offered(shop, order) == [("B1", "W1", D(5)), ("B1", "W2", D(7)), ("B2", "W2", D(3))]
    sell(shop, "B1", "7", "W2")
    sell(shop, "B2", "3", "W2")
    # What has nothing anywhere is listed once, in the store that was asked, never where it was used up.
    assert offered(shop, order) == [("B1", "W1", D(5)), ("B2", "W1", D(0))]


def test_a_store_below_zero_neither_lowers_what_is_free_nor_is_offered(shop: Shop) -> None:
    new_items(shop, "B1")
    lamp_of_bulbs(shop)
    substitutes(shop, "BULB", B1="1")
    post(shop, shop.factory.opening("B1", "5", "5"))
    sell(shop, "B1", "2", "WN")
    order = post(shop, shop.factory.order("10", code="A"))
    assert offered(shop, order) == [("B1", "W1", D(5))]
    with shop.db.read() as conn:
        free = free_on(conn, [shop.factory.items["B1"]], TOMORROW)
    assert {key[1]: quantity for key, quantity in free.items()} == {shop.factory.stores["W1"]: D(5)}


def test_lots_that_are_used_up_leave_no_row_and_those_that_leave_later_hold_their_part(shop: Shop) -> None:
    new_items(shop, "B1")
    for lot, quantity in (("L1", "4"), ("L2", "6")):
        post(shop, shop.factory.opening("B1", quantity, quantity, lot=lot))
    sell(shop, "B1", "4", "W1")
    sell(shop, "B1", "5", "W1", DAY + dt.timedelta(days=9))
    item, store = shop.factory.items["B1"], shop.factory.stores["W1"]
    with shop.db.read() as conn:
        assert free_on(conn, [item], TOMORROW) == {(item, store, "L2", 0): D(1)}
        assert free_on(conn, [item], DAY) == {(item, store, "L2", 0): D(1)}
    found = inventory.holding(shop.db, item, store, TOMORROW)
    assert (found.on_hand, found.free) == (D(1), D(1))
    assert [(row.kind, row.lot, row.quantity) for row in found.rows] == [("here", "L2", D(1)), ("later", "L2", D(5))]


def test_a_draft_that_will_bring_something_back_holds_nothing(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    draw(shop, order, "SCREW", "20")
    save(shop, taking(shop, "material_issue", order, "5", code="SCREW", kind="return"))
    pick = save(shop, taking(shop, "material_issue", order, "8", code="SCREW"))
    found = inventory.holding(shop.db, shop.factory.items["SCREW"], shop.factory.stores["W1"], TOMORROW)
    drafts = [(row.ref.number if row.ref else "", row.quantity) for row in found.rows if row.kind == "draft"]
    assert drafts == [(pick.number, D(8))]
