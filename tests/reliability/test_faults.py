"""T2: an error at any statement of any verb of any document type leaves the book as it was, and the next try succeeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text

from models.kernel.refs import DocRef
from services.costing import api as costing
from services.costing.period_costs import CostDraft
from services.documents import api
from tests.support.acting import post, save
from tests.support.factory import USER, example, type_codes
from tests.support.faults import Boom, fault_at, fingerprint
from tests.support.ledgers import broken, statements
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

TYPES = pytest.mark.parametrize("kind", type_codes())


def every_step_fails_cleanly(shop: Shop, action: Callable[[], object], *, stride: int = 1) -> int:
    """Tries the action with a fault at each statement in turn and at the commit, then for good; how many faults."""
    before = fingerprint(shop.db)
    step, tried = 1, 0
    while True:
        with fault_at(shop.db, step) as seen:
            try:
                action()
            except Boom:
                assert fingerprint(shop.db) == before, f"step {step}: {seen[-1]}"
                tried += 1
            else:
                break
        step += stride
        if step == 1 + stride:
            with fault_at(shop.db, 0), pytest.raises(Boom):
                action()
            assert fingerprint(shop.db) == before, "commit"
            tried += 1
    return tried


@TYPES
def test_a_fault_at_any_statement_leaves_the_book_as_it_was(shop: Shop, kind: str) -> None:
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, kind, 2)
    saved: list[DocRef] = []
    # A fault at every statement on SQLite; on PostgreSQL, where looking costs more, at every third.
    stride = 1 if shop.db.dialect == "sqlite" else 3
    tried = every_step_fails_cleanly(shop, lambda: saved.append(save(shop, draft)), stride=stride)
    (ref,) = saved
    tried += every_step_fails_cleanly(shop, lambda: api.approve(shop.db, USER, [ref.id]), stride=stride)
    tried += every_step_fails_cleanly(shop, lambda: api.reverse(shop.db, USER, [ref.id]), stride=stride)
    tried += every_step_fails_cleanly(shop, lambda: api.delete(shop.db, USER, [ref.id]), stride=stride)
    assert tried > 20 // stride
    assert broken(shop.db) == []


def test_a_fault_in_the_middle_of_a_chain_reverses_nothing(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    for target in ("material_issue", "product_receipt"):
        (draft,) = api.push_down(shop.db, order.id, target)
        post(shop, draft)
    every_step_fails_cleanly(shop, lambda: api.reverse(shop.db, USER, [order.id], with_chain=True), stride=2)
    assert broken(shop.db) == []


def test_a_fault_in_a_costing_leaves_the_book_uncosted(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    for target in ("material_issue", "product_receipt"):
        (draft,) = api.push_down(shop.db, order.id, target)
        post(shop, draft)
    costing.enter_costs(shop.db, USER, [CostDraft("2026-03", "工资", "labor", Decimal(100))])
    tried = every_step_fails_cleanly(shop, lambda: costing.cost_period(shop.db, USER, "2026-03"), stride=2)
    assert tried > 10
    assert broken(shop.db) == []


def test_a_full_disk_is_told_in_a_sentence_and_changes_nothing(sqlite_shop: Shop) -> None:
    draft = sqlite_shop.factory.order("1")

    def narrow(raw: Any, *_rest: object) -> None:
        raw.execute("PRAGMA max_page_count=1")  # no page more than there are

    def fill() -> None:
        while True:
            post(sqlite_shop, draft)

    event.listen(sqlite_shop.db.engine, "checkout", narrow)
    try:
        assert codes(refused(fill)) == {"database.unwritable"}
        before = fingerprint(sqlite_shop.db)
        for step in (lambda: save(sqlite_shop, sqlite_shop.factory.order("3")), fill):
            assert codes(refused(step)) == {"database.unwritable"}
        assert fingerprint(sqlite_shop.db) == before
    finally:
        event.remove(sqlite_shop.db.engine, "checkout", narrow)
        sqlite_shop.db.close()
    post(sqlite_shop, draft)
    assert broken(sqlite_shop.db) == []


@pytest.mark.parametrize("after", [1, 3, 10, 40, 150])
def test_an_interrupted_statement_leaves_the_book_as_it_was(sqlite_shop: Shop, after: int) -> None:
    """SQLite's own interrupt, after so many hundred steps of its machine."""
    ref = save(sqlite_shop, sqlite_shop.factory.order("2"))
    before = fingerprint(sqlite_shop.db)
    left = [after]

    def stop() -> int:
        left[0] -= 1
        return int(left[0] == 0)

    def arm(raw: Any, *_rest: object) -> None:
        raw.set_progress_handler(stop, 100)

    event.listen(sqlite_shop.db.engine, "checkout", arm)
    try:
        api.approve(sqlite_shop.db, USER, [ref.id])
        done = True
    except Exception:
        done = False
    finally:
        event.remove(sqlite_shop.db.engine, "checkout", arm)
        sqlite_shop.db.close()
    if not done:
        assert fingerprint(sqlite_shop.db) == before
        api.approve(sqlite_shop.db, USER, [ref.id])
    assert broken(sqlite_shop.db) == []


def test_a_cut_connection_is_told_in_a_sentence_and_the_next_try_succeeds(postgres_shop: Shop) -> None:
    """The server ends the session in the middle of an approval, at one statement after the other."""
    ref = save(postgres_shop, postgres_shop.factory.order("2"))
    other = save(postgres_shop, postgres_shop.factory.order("2"))
    with statements(postgres_shop.db) as needed:
        api.approve(postgres_shop.db, USER, [other.id])
    before = fingerprint(postgres_shop.db)
    for step in range(2, len(needed), 5):
        with cut_at(postgres_shop, step):
            problems = refused(api.approve, postgres_shop.db, USER, [ref.id])
        assert codes(problems) == {"database.cut_off"}
        assert fingerprint(postgres_shop.db) == before
    api.approve(postgres_shop.db, USER, [ref.id])
    assert broken(postgres_shop.db) == []


@contextmanager
def cut_at(shop: Shop, step: int) -> Iterator[None]:
    """The server ends the session before its statement of that number."""
    seen = 0

    def cut(conn: Any, *_rest: object) -> None:
        nonlocal seen
        seen += 1
        if seen == step:
            pid = conn.connection.dbapi_connection.info.backend_pid
            with psycopg.connect(**conn.connection.dbapi_connection.info.get_parameters()) as admin:
                admin.execute("select pg_terminate_backend(%s)", [pid])

    event.listen(shop.db.engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        event.remove(shop.db.engine, "before_cursor_execute", cut)


def test_a_book_held_by_another_is_told_in_a_sentence(shop: Shop) -> None:
    draft = shop.factory.order("1")
    with shop.db.engine.connect().execution_options(gongfang_write=True) as other, other.begin():
        if shop.db.dialect != "sqlite":
            other.execute(text("lock table audit_event"))
        assert codes(refused(save, shop, draft)) == {"database.busy"}
    save(shop, draft)
