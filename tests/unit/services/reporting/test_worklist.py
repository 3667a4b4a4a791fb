"""The work list counts what the lists show, names the cases behind each count, and asks a fixed number of statements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import event

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.masterdata import saving as masters
from services.planning.api import run_mrp
from services.platform.access.holding import Access
from services.reporting import api
from tests.support.acting import parameter, post, save, taking
from tests.support.factory import DAY, USER
from tests.support.shops import Shop

DUE = DAY + dt.timedelta(days=10)  # of Factory.order; a sale is due ten days later
LONG_AFTER = DAY + dt.timedelta(days=40)


def counts(shop: Shop, today: dt.date) -> dict[str, int]:
    return {row.key: row.count for row in api.worklist(shop.db, today)}


def cases(shop: Shop, key: str, today: dt.date) -> list[api.WorkDetail]:
    row = next(row for row in api.worklist(shop.db, today) if row.key == key)
    return api.work_details(shop.db, row, today)


def refs(found: list[api.WorkDetail]) -> list[DocRef | None]:
    return [case.ref for case in found]


def test_a_book_in_which_nothing_waits_has_an_empty_list(shop: Shop) -> None:
    assert counts(shop, DAY) == {}


def test_an_order_is_soon_due_then_late_and_gone_when_it_is_done(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    due = DAY + dt.timedelta(days=20)
    assert counts(shop, due - dt.timedelta(days=4)) == {}
    assert counts(shop, due - dt.timedelta(days=3)) == counts(shop, due) == {"soon/sales_order": 1}
    tomorrow = due + dt.timedelta(days=1)
    assert counts(shop, tomorrow) == {"late/sales_order": 1}
    (case,) = cases(shop, "late/sales_order", tomorrow)
    assert (case.ref, case.item_code, case.who, case.quantity, case.days) == (order, "LAMP", "明亮商贸", Decimal(3), -1)
    post(shop, taking(shop, "delivery", order))
    assert counts(shop, tomorrow) == {}


def test_each_count_is_the_number_of_rows_of_the_filtered_list(shop: Shop) -> None:
    for day in (DAY, DAY, DAY + dt.timedelta(days=12)):
        post(shop, shop.factory.sale("3", day=day))
    save(shop, shop.factory.sale("1"))
    today = DAY + dt.timedelta(days=30)
    found = counts(shop, today)
    assert found == {"late/sales_order": 2, "soon/sales_order": 1, "draft/sales_order": 1}
    late = documents.list_documents(
        shop.db, "sales_order", statuses=("C",), closings=("C",), due_to=today - dt.timedelta(days=1)
    )
    soon = documents.list_documents(
        shop.db, "sales_order", statuses=("C",), closings=("C",), due_from=today, due_to=today + dt.timedelta(days=3)
    )
    drafts = documents.list_documents(shop.db, "sales_order", statuses=("Z",), closings=("C",))
    assert (late.total, soon.total, drafts.total) == (2, 1, 1)
    assert sorted(row.ref for row in late.rows) == sorted(
        ref for ref in refs(cases(shop, "late/sales_order", today)) if ref
    )


def test_an_order_is_short_when_its_own_need_exceeds_the_stock(shop: Shop) -> None:
    post(shop, shop.factory.order("1500"))
    enough = post(shop, shop.factory.order("10"))
    found = cases(shop, "short/production_order", DAY)
    assert [(case.item_code, case.quantity, case.available) for case in found] == [
        ("SHADE", Decimal(1500), Decimal(1000))
    ]
    assert enough not in refs(found)
    assert counts(shop, DAY)["short/production_order"] == 1


def test_a_backflush_that_waits_is_not_counted_among_the_drafts(shop: Shop) -> None:
    parameter(shop, "backflush_failure", "pending")
    order = post(shop, shop.factory.order("6000"))
    shop.db.run(
        USER,
        lambda tx: shop.factory.post(tx, shop.factory.opening("SCREW", "30000"), shop.factory.opening("SHADE", "6000")),
    )
    post(shop, taking(shop, "material_issue", order, code="SCREW"))
    post(shop, taking(shop, "material_issue", order, code="SHADE"))
    post(shop, taking(shop, "product_receipt", order))
    found = counts(shop, DAY)
    assert found["backflush/material_issue"] == 1
    assert "draft/material_issue" not in found
    (case,) = cases(shop, "backflush/material_issue", DAY)
    assert case.item_code == "GLUE"


def test_items_below_safety_stock_are_named_with_what_there_is(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        masters.upsert(tx, "items", [{"code": "SCREW", "safety_stock": Decimal(10001)}])
    (case,) = cases(shop, "safety/items", DAY)
    assert (case.item_code, case.quantity, case.available) == ("SCREW", Decimal(10001), Decimal(10000))


def test_exceptions_are_those_of_the_newest_run(shop: Shop) -> None:
    post(shop, shop.factory.sale("2000"))
    run_mrp(shop.db, USER, start=DAY + dt.timedelta(days=30))
    first = counts(shop, DAY)
    assert first["exception/past_due_demand"] >= 1
    assert len(cases(shop, "exception/past_due_demand", DAY)) == first["exception/past_due_demand"]
    run_mrp(shop.db, USER, start=DAY)
    assert "exception/past_due_demand" not in counts(shop, DAY)


def test_what_a_reader_has_no_right_to_see_is_not_there(shop: Shop) -> None:
    post(shop, shop.factory.sale("3"))
    save(shop, shop.factory.purchase("5"))
    assert set(counts(shop, LONG_AFTER)) == {"late/sales_order", "draft/purchase_order"}
    buyer = Access("buyer", frozenset({"purchase_order.read"}))
    rows = api.worklist(shop.db.acting_as(buyer), LONG_AFTER)
    assert [row.key for row in rows] == ["draft/purchase_order"]
    (late,) = [row for row in api.worklist(shop.db, LONG_AFTER) if row.kind == "late"]
    assert api.work_details(shop.db.acting_as(buyer), late, LONG_AFTER) == []


def test_the_number_of_statements_does_not_grow_with_the_book(sqlite_shop: Shop) -> None:
    shop = sqlite_shop
    statements: list[str] = []
    event.listen(shop.db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    api.worklist(shop.db, LONG_AFTER)
    empty = len(statements)
    for _ in range(3):
        post(shop, shop.factory.sale("3"))
        save(shop, shop.factory.purchase("5"))
    statements.clear()
    api.worklist(shop.db, LONG_AFTER)
    assert len(statements) == empty <= 8
