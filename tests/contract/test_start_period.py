"""The start period: nothing is approved before it, no opening balance after its first day, and it fits what is approved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import update

from models.masterdata.tables import parameter
from services.documents import api
from services.documents.types import registry
from services.masterdata import api as masterdata
from services.platform import periods
from services.platform.db import Tx
from services.platform.parameters import first_day
from tests.support.acting import post, save
from tests.support.factory import DAY, USER, example, type_codes
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop

TYPES = pytest.mark.parametrize("kind", type_codes())
START = dt.date(2026, 4, 1)


def begin(shop: Shop, month: str = "2026-04") -> None:
    """Sets the start as an old book may have it: without a look at what is approved."""

    def action(tx: Tx) -> None:
        if tx.conn.execute(update(parameter).where(parameter.c.key == "start_period").values(value=month)).rowcount < 1:
            tx.insert(parameter, [{"key": "start_period", "value": month}])

    shop.db.run(USER, action)


def set_start(shop: Shop, month: str) -> None:
    """As a clerk sets it."""
    masterdata.save_records(shop.db, USER, "parameters", [{"key": "start_period", "value": month}])


@TYPES
def test_what_is_dated_before_the_start_is_not_approved(shop: Shop, kind: str) -> None:
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, kind, 2)
    assert draft.business_date < START
    ref, _ = api.save_document(shop.db, USER, draft)
    begin(shop)
    before = everything(shop.db)
    if registry[kind].opening:
        api.approve(shop.db, USER, [ref.id])
        return
    problems = refused(api.approve, shop.db, USER, [ref.id])
    assert codes(problems) == {"document.before_start"}
    assert "2026-04-01" in told(problems)[0]
    assert everything(shop.db) == before
    begin(shop, "")
    api.approve(shop.db, USER, [ref.id])
    assert broken(shop.db) == []


def test_opening_stock_is_dated_at_the_latest_on_the_first_day(shop: Shop) -> None:
    begin(shop)
    post(shop, replace(shop.factory.opening("BULB", "1", "1"), business_date=START))
    late = save(shop, replace(shop.factory.opening("BULB", "1", "1"), business_date=START + dt.timedelta(days=1)))
    problems = refused(api.approve, shop.db, USER, [late.id])
    assert codes(problems) == {"document.opening_after_start"}
    assert "2026-04-01" in told(problems)[0]


def test_the_first_day_itself_is_business(shop: Shop) -> None:
    begin(shop)
    post(shop, replace(shop.factory.order("5"), business_date=START))
    assert broken(shop.db) == []


def test_a_text_that_was_no_month_in_an_old_book_checks_nothing(shop: Shop) -> None:
    begin(shop, "三月")
    post(shop, replace(shop.factory.order("5"), business_date=START - dt.timedelta(days=400)))
    assert broken(shop.db) == []


@pytest.mark.parametrize(
    "value", ["2026", "2026-13", "2026-3", "2026-00", "三月", "2026-03-01", "２０２６-03", "0026-03"]
)
def test_the_start_is_a_month(shop: Shop, value: str) -> None:
    assert codes(refused(set_start, shop, value)) == {"parameter.month"}


def test_a_month_is_read_as_its_first_day() -> None:
    assert first_day("2026-03") == dt.date(2026, 3, 1)
    assert first_day(" 2026-12 ") == dt.date(2026, 12, 1)
    assert first_day("") is None


def test_the_start_is_not_moved_past_what_is_approved(shop: Shop) -> None:
    """The opening stock of the furnished shop is of March 5, an order follows."""
    order = post(shop, shop.factory.order("5"))
    later = refused(set_start, shop, f"{DAY.year}-{DAY.month + 1:02d}")
    assert codes(later) == {"parameter.start_conflict"}
    assert order.number in told(later)[0]
    assert codes(refused(set_start, shop, f"{DAY:%Y-%m}")) == {"parameter.start_conflict"}
    set_start(shop, "")
    api.reverse(shop.db, USER, [order.id])
    set_start(shop, f"{DAY.year}-{DAY.month + 1:02d}")
    assert codes(refused(api.approve, shop.db, USER, [order.id])) == {"document.before_start"}
    assert broken(shop.db) == []


def test_the_beginning_is_fixed_by_business_and_by_a_closed_period_not_by_opening_stock(shop: Shop) -> None:
    """The furnished shop has opening stock only."""
    found = masterdata.beginning(shop.db)
    assert (found.start, found.fixed) == (None, False)
    order = post(shop, shop.factory.order("5"))
    later = post(shop, replace(shop.factory.order("5"), business_date=DAY + dt.timedelta(days=3)))
    begin(shop, f"{DAY:%Y-%m}")
    found = masterdata.beginning(shop.db)
    assert (found.start, found.number, found.date) == (DAY.replace(day=1), order.number, DAY)
    api.reverse(shop.db, USER, [later.id, order.id])
    assert not masterdata.beginning(shop.db).fixed
    with shop.db.write(USER) as tx:
        for name in ("2026-01", "2025-12"):
            periods.close(tx, name)
    found = masterdata.beginning(shop.db)
    assert (found.closed, found.number, found.fixed) == ("2026-01", "", True)
    with shop.db.write(USER) as tx:
        for name in ("2026-01", "2025-12"):
            periods.reopen(tx, name, "x")
    assert masterdata.beginning(shop.db).closed == ""
