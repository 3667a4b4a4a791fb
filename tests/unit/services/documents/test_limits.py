"""What is just still allowed: the last piece of an order, the largest figure, the first and the last day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from services.documents import api, checks
from tests.support.acting import done, draw, material, parameter, post, save, taking
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def states(shop: Shop, doc_id: int) -> tuple[str, list[str]]:
    """Closing of a document and of its main lines."""
    view = api.get_document(shop.db, doc_id)
    return view.closing, [line.closing for line in view.lines]


def test_an_order_closes_with_its_last_piece_and_opens_when_that_is_taken_back(shop: Shop) -> None:
    purchase = post(shop, shop.factory.purchase("50"))
    post(shop, taking(shop, "purchase_receipt", purchase, "49"))
    assert states(shop, purchase.id) == ("C", ["C"])
    last = post(shop, taking(shop, "purchase_receipt", purchase, "1"))
    assert states(shop, purchase.id) == ("S", ["S"])
    api.reverse(shop.db, USER, [last.id])
    assert (states(shop, purchase.id), done(shop, purchase)) == (("C", ["C"]), D(49))


def test_a_production_order_closes_with_its_product_though_material_is_left_to_draw(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    post(shop, taking(shop, "product_receipt", order, "2"))
    assert material(shop, order, "SCREW")[1] == 0
    assert states(shop, order.id) == ("S", ["S"])


def test_of_two_lines_the_one_that_is_done_closes_and_the_order_waits_for_the_other(shop: Shop) -> None:
    draft = shop.factory.purchase("50")
    draft.lines += shop.factory.purchase("20", code="BULB").lines
    purchase = post(shop, draft)
    receipt = taking(shop, "purchase_receipt", purchase)
    receipt.lines = receipt.lines[:1]
    post(shop, receipt)
    assert states(shop, purchase.id) == ("C", ["S", "C"])


def test_what_was_closed_by_hand_stays_closed_when_something_of_it_is_taken_back(shop: Shop) -> None:
    purchase = post(shop, shop.factory.purchase("50"))
    receipt = post(shop, taking(shop, "purchase_receipt", purchase, "20"))
    api.close(shop.db, USER, [purchase.id])
    api.reverse(shop.db, USER, [receipt.id])
    assert states(shop, purchase.id) == ("H", ["H"])
    assert codes(refused(api.approve, shop.db, USER, [receipt.id])) == {"document.source_closed"}


def test_exactly_what_the_tolerance_allows_is_received_and_one_piece_more_is_not(shop: Shop) -> None:
    parameter(shop, "over_receipt_percent", "10")
    purchase = post(shop, shop.factory.purchase("50"))
    post(shop, taking(shop, "purchase_receipt", purchase, "30"))
    over = save(shop, taking(shop, "purchase_receipt", purchase, "26"))
    assert codes(refused(api.approve, shop.db, USER, [over.id])) == {"document.over_source"}
    post(shop, taking(shop, "purchase_receipt", purchase, "25"))
    assert done(shop, purchase) == 55


def test_all_that_was_drawn_comes_back_and_one_piece_more_does_not(shop: Shop) -> None:
    order = post(shop, shop.factory.order("5"))
    draw(shop, order, "SCREW", "8")
    more = save(shop, taking(shop, "material_issue", order, "9", code="SCREW", kind="return"))
    assert "document.return_exceeds" in codes(refused(api.approve, shop.db, USER, [more.id]))
    draw(shop, order, "SCREW", "8", kind="return")
    assert material(shop, order, "SCREW")[1] == 0
    assert broken(shop.db) == []


def test_the_largest_quantity_and_price_and_the_first_day_are_kept_and_the_next_are_not(shop: Shop) -> None:
    draft = shop.factory.purchase(str(checks.MOST_QUANTITY), price="1", day=checks.EARLIEST)
    save(shop, draft)
    draft.lines[0].quantity += 1
    assert codes(refused(save, shop, draft)) == {"document.quantity_too_large"}
    dear = shop.factory.purchase("1", price=str(checks.MOST_PRICE))
    save(shop, dear)
    dear.lines[0].price = checks.MOST_PRICE + 1
    assert codes(refused(save, shop, dear)) == {"document.price_range"}
    early = shop.factory.purchase("1", day=checks.EARLIEST - dt.timedelta(days=1))
    assert codes(refused(save, shop, early)) == {"document.date_too_early"}


def test_an_order_may_start_and_end_on_one_day_but_not_end_before_it_starts(shop: Shop) -> None:
    draft = shop.factory.order("1")
    draft.lines[0].due_date = draft.lines[0].start_date = DAY
    save(shop, draft)
    draft.lines[0].due_date = DAY - dt.timedelta(days=1)
    assert codes(refused(save, shop, draft)) == {"document.start_after_due"}


def test_a_slip_without_its_own_partner_takes_that_of_its_order_and_another_one_is_refused(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("5"))
    draft = taking(shop, "delivery", sale, "1")
    assert draft.partner_id is None
    assert api.get_document(shop.db, save(shop, draft).id).partner_id == shop.factory.partners["C1"]
    draft.partner_id = shop.factory.partners["C2"]
    assert codes(refused(save, shop, draft)) == {"document.source_partner"}
