"""下推: drafts are of the working day, take what is left, and name where they came from before they are saved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from services.documents import api
from services.platform import periods
from tests.support.acting import draw, post, save, taking
from tests.support.factory import DAY, USER
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

LATER = DAY + dt.timedelta(days=20)


def close(shop: Shop, *months: str) -> None:
    with shop.db.write(USER) as tx:
        for month in months:
            periods.close(tx, month)


def test_a_pushed_draft_is_of_the_working_day(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("10"))
    (draft,) = api.push_down(shop.db, order.id, "purchase_receipt", day=LATER)
    assert draft.business_date == LATER
    (same,) = api.push_down(shop.db, order.id, "purchase_receipt")
    assert same.business_date == DAY


def test_it_is_never_before_what_it_comes_from(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("10"))
    (draft,) = api.push_down(shop.db, order.id, "purchase_receipt", day=DAY - dt.timedelta(days=1))
    assert draft.business_date == DAY


def test_where_the_period_of_that_day_is_closed_it_is_of_the_first_open_day(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("10", day=dt.date(2026, 10, 5)))
    close(shop, "2026-10", "2026-11", "2026-12")
    (draft,) = api.push_down(shop.db, order.id, "purchase_receipt", day=dt.date(2026, 11, 30))
    assert draft.business_date == dt.date(2027, 1, 1)
    assert post(shop, draft).id


def test_an_order_pushed_to_production_twice_is_not_made_twice(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("10"))
    (first,) = api.push_down(shop.db, sale.id, "production_order")
    assert first.lines[0].quantity == 10
    first.lines[0].quantity = Decimal(4)
    order = save(shop, first)
    (second,) = api.push_down(shop.db, sale.id, "production_order")
    assert second.lines[0].quantity == 6, "a draft counts too"
    save(shop, second)
    assert codes(refused(api.push_down, shop.db, sale.id, "production_order")) == {"document.nothing_left"}
    api.delete(shop.db, USER, [order.id])
    (again,) = api.push_down(shop.db, sale.id, "production_order")
    assert again.lines[0].quantity == 4


def test_what_was_delivered_from_stock_is_not_made(shop: Shop) -> None:
    post(shop, shop.factory.opening("LAMP", "8", "80"))
    sale = post(shop, shop.factory.sale("10"))
    post(shop, taking(shop, "delivery", sale, "8"))
    (draft,) = api.push_down(shop.db, sale.id, "production_order")
    assert draft.lines[0].quantity == 2


def test_a_pushed_draft_names_its_order_and_its_amount_before_it_is_saved(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("10"))
    (made,) = api.push_down(shop.db, sale.id, "production_order")
    (line,) = api.describe(shop.db, made).lines
    assert line.demand == sale
    order = post(shop, shop.factory.purchase("10", price="1.25"))
    (receipt,) = api.push_down(shop.db, order.id, "purchase_receipt")
    (line,) = api.describe(shop.db, receipt).lines
    assert (line.source, line.amount) == (order, Decimal("12.50"))


def test_a_document_around_another_is_called_by_its_deed_and_says_when_it_is_void(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    draw(shop, order, "SCREW", "42")
    back = draw(shop, order, "SCREW", "2", kind="return")
    api.reverse(shop.db, USER, [back.id])
    api.delete(shop.db, USER, [back.id])
    rows = api.get_document(shop.db, order.id).downstream
    assert {(row.title, row.status, row.closing) for row in rows} == {("生产领料单", "C", "C"), ("退料", "Z", "H")}
    nodes = api.document_flow(shop.db, order.id).nodes
    assert {row for row in nodes if row.ref != order} == set(rows)


def test_the_days_of_a_copy_lie_as_far_from_its_date_as_they_did(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("10"))
    (line,) = api.get_document(shop.db, sale.id).lines
    assert line.due_date is not None
    copy = api.copy_document(shop.db, sale.id, day=LATER)
    assert copy.business_date == LATER
    assert copy.lines[0].due_date == line.due_date + (LATER - DAY)
