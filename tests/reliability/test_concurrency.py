"""T4: several clerks at once on the same few items: no oversell, no lost update, no deadlock that a clerk sees."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from models.documents.tables import doc
from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.documents import api, approving, reversing, saving
from services.platform import books, periods
from services.platform.db import Database, Tx
from tests.reliability.sizes import CLERKS, DEEDS_OF_A_CLERK
from tests.support.acting import done, on_hand, post, save, taking
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken
from tests.support.random_clerk import RandomClerk
from tests.support.refusing import codes
from tests.support.shops import NOW, Shop


def together(shop: Shop, work: Callable[[int, Database], Any], clerks: int = CLERKS) -> list[Any]:
    """Runs the work of several clerks at once, each with connections of his own."""

    def one(number: int) -> Any:
        db = books.open_book(shop.url, clock=lambda: NOW)
        try:
            return work(number, db)
        finally:
            db.close()

    with ThreadPoolExecutor(clerks) as pool:
        return list(pool.map(one, range(clerks)))


def approved(db: Database, ref: DocRef) -> bool:
    """Whether the approval went through; a refusal is a fair answer, anything else is not."""
    try:
        api.approve(db, USER, [ref.id])
    except Refused:
        return False
    return True


def test_the_last_goods_are_sold_once(shop: Shop) -> None:
    """100 pieces, 12 orders of 15 at once: six are delivered, six refused, 10 pieces are left."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "RARE")
    post(shop, shop.factory.opening("RARE", "100", "333.33"))
    orders = [post(shop, shop.factory.sale("15", code="RARE")) for _ in range(12)]
    slips = [save(shop, taking(shop, "delivery", order)) for order in orders]
    results = together(shop, lambda n, db: [approved(db, slip) for slip in slips[n::6]], clerks=6)
    assert Counter(ok for part in results for ok in part) == {True: 6, False: 6}
    assert on_hand(shop, "RARE") == 10
    assert broken(shop.db) == []


def test_one_order_is_received_once_however_many_try(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("50"))
    slips = [save(shop, taking(shop, "purchase_receipt", order, "10")) for _ in range(12)]
    results = together(shop, lambda n, db: [approved(db, slip) for slip in slips[n::6]], clerks=6)
    assert sum(ok for part in results for ok in part) == 5
    assert done(shop, order) == 50
    assert api.get_document(shop.db, order.id).closing == "S"
    assert broken(shop.db) == []


def test_one_slip_approved_by_all_is_approved_once(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("50"))
    slip = save(shop, taking(shop, "purchase_receipt", order, "10"))
    assert sum(together(shop, lambda _n, db: approved(db, slip), clerks=6)) == 1
    assert done(shop, order) == 10
    assert broken(shop.db) == []


@pytest.mark.parametrize("round_", range(3))
def test_a_source_is_not_reversed_past_a_receipt_that_is_being_approved(shop: Shop, round_: int) -> None:
    """Whoever comes first wins; never does an approved receipt stand on a draft order."""
    order = post(shop, shop.factory.purchase("50"))
    slip = save(shop, taking(shop, "purchase_receipt", order, "10"))

    def work(number: int, db: Database) -> bool:
        if number == 0:
            return approved(db, slip)
        time.sleep(0.002 * round_)
        try:
            api.reverse(db, USER, [order.id], with_chain=True)
        except Refused:
            return False
        return True

    together(shop, work, clerks=2)
    with shop.db.read() as conn:
        rows = conn.execute(select(doc.c.id, doc.c.status).where(doc.c.id.in_([order.id, slip.id])))
        states = {row.id: row.status for row in rows}
    assert not (states.get(slip.id) == "C" and states[order.id] == "Z")
    assert broken(shop.db) == []


@pytest.mark.parametrize("round_", range(3))
def test_a_month_is_not_closed_past_a_posting_under_way(shop: Shop, round_: int) -> None:
    slips = [save(shop, shop.factory.opening("BULB", "1", "1")) for _ in range(6)]

    def work(number: int, db: Database) -> int:
        if number == 0:
            time.sleep(0.01 * round_)
            with db.write("主管") as tx:
                periods.close(tx, f"{DAY:%Y-%m}")
            return 0
        return sum(approved(db, slip) for slip in slips[number - 1 :: 3])

    before = on_hand(shop, "BULB")
    posted = sum(together(shop, work, clerks=4))
    assert on_hand(shop, "BULB") - before == posted
    assert broken(shop.db) == []


Deed = Callable[[Tx], object]


def second_waits(shop: Shop, first: Deed, second: Deed) -> set[str]:
    """Runs the first to its end without committing, lets the second begin, commits; what the second was refused for."""
    with ThreadPoolExecutor(1) as pool:
        with shop.db.write("甲") as tx:
            first(tx)
            waiting = pool.submit(shop.db.run, "乙", second)
            time.sleep(0.2)
            assert not waiting.done(), "the second did not wait for the first"
        try:
            waiting.result(20)
        except Refused as refusal:
            return codes(refusal.problems)
    return set()


def pairs(shop: Shop) -> dict[str, tuple[Deed, Deed, set[str]]]:
    """Two deeds that must not pass each other, and what the second is told when the first has been committed."""
    order = post(shop, shop.factory.purchase("50"))
    slip = save(shop, taking(shop, "purchase_receipt", order, "30"))
    more = save(shop, taking(shop, "purchase_receipt", order, "30"))
    draft = shop.factory.opening("BULB", "1", "1")
    ref = save(shop, draft)
    month = f"{DAY:%Y-%m}"

    def approve(one: DocRef) -> Deed:
        return lambda tx: approving.approve(tx, [one.id])

    return {
        "reverse the order, approve its receipt": (
            lambda tx: reversing.reverse(tx, [order.id], with_chain=True), approve(slip), {"document.gone"},
        ),
        "approve a receipt, reverse its order": (
            approve(slip), lambda tx: reversing.reverse(tx, [order.id]),
            {"document.later_approved", "document.later_draft"},
        ),
        "approve one receipt, approve the other": (approve(slip), approve(more), {"document.over_source"}),
        "close the month, approve in it": (
            lambda tx: periods.close(tx, month), approve(ref), {"document.period_closed"},
        ),
        "approve in the month, close it": (approve(ref), lambda tx: periods.close(tx, month), set()),
        "change a draft, approve what was seen": (
            lambda tx: saving.replace(tx, ref.id, 1, draft),
            lambda tx: approving.approve(tx, [ref.id], {ref.id: 1}), {"document.changed_meanwhile"},
        ),
        "delete a draft, change it": (
            lambda tx: reversing.delete_drafts(tx, [ref.id]),
            lambda tx: saving.replace(tx, ref.id, 1, draft), {"document.gone"},
        ),
        "close the order by hand, approve its receipt": (
            lambda tx: reversing.close(tx, [order.id]), approve(slip), {"document.source_closed"},
        ),
    }  # fmt: skip


PAIRS = [
    "reverse the order, approve its receipt", "approve a receipt, reverse its order",
    "approve one receipt, approve the other", "close the month, approve in it", "approve in the month, close it",
    "change a draft, approve what was seen", "delete a draft, change it", "close the order by hand, approve its receipt",
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_the_second_of_two_waits_and_sees_what_the_first_did(postgres_shop: Shop, pair: str) -> None:
    first, second, expected = pairs(postgres_shop)[pair]
    assert second_waits(postgres_shop, first, second) == expected
    assert broken(postgres_shop.db) == []


@pytest.mark.timeout(3600)
def test_random_clerks_on_hot_items_keep_every_invariant(postgres_shop: Shop) -> None:
    """Orders, picks, receipts, deliveries, returns, reversals and slips on five items, by several clerks at once."""
    slowest: list[float] = []

    def work(number: int, db: Database) -> RandomClerk:
        clerk = RandomClerk(db, postgres_shop.factory, 100 + number, name=f"文员{number}")
        for _ in range(DEEDS_OF_A_CLERK):
            begun = time.perf_counter()
            clerk.act()
            slowest.append(time.perf_counter() - begun)
        return clerk

    clerks = together(postgres_shop, work)
    deeds = sum((clerk.done for clerk in clerks), Counter[str]())
    told = sum((clerk.refused for clerk in clerks), Counter[str]())
    with postgres_shop.db.read() as conn:
        deadlocks = conn.execute(
            text("select deadlocks from pg_stat_database where datname = current_database()")
        ).scalar()
    ordered = sorted(slowest)
    print(
        f"{sum(deeds.values())} deeds by {len(clerks)} clerks, p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms, "
        f"{deadlocks} deadlocks solved by trying again"
    )
    print(f"done {dict(deeds)}, refused {dict(told)}")
    assert told["database.busy"] == 0
    assert sum(deeds.values()) > len(clerks) * DEEDS_OF_A_CLERK // 3
    assert broken(postgres_shop.db) == []
    assert on_hand(postgres_shop, "SCREW") >= Decimal(0)
