"""T12: whatever is changed in the audit chain behind the program's back is found, and the first bad event is named."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, select

from models.platform.tables import audit_event
from services.platform import audit
from tests.reliability.sizes import TAMPERINGS
from tests.support.acting import post
from tests.support.random_clerk import RandomClerk
from tests.support.shops import Shop

SEED = 20260310
COLUMNS = [column.name for column in audit_event.columns]


@pytest.fixture
def long_book(sqlite_shop: Shop) -> Shop:
    """A book with some hundred events."""
    clerk = RandomClerk(sqlite_shop.db, sqlite_shop.factory, SEED)
    for _ in range(40):
        clerk.act()
    return sqlite_shop


@contextmanager
def behind_the_back(shop: Shop) -> Iterator[Connection]:
    """A connection for which the chain is not append-only; what it does is taken back."""
    with shop.db.engine.connect() as conn, conn.begin() as transaction:
        for event in ("update", "delete"):
            conn.exec_driver_sql(f"drop trigger audit_event_no_{event}")
        yield conn
        transaction.rollback()


def tamper(conn: Connection, chance: random.Random, length: int) -> tuple[str, int]:
    """One change by hand; what it was and the first event that no longer fits."""
    seq = chance.randint(1, length)
    what = chance.choice(["change", "delete", "swap", "insert"])
    if what == "change":
        name = chance.choice(COLUMNS[1:])
        value = conn.execute(select(audit_event.c[name]).where(audit_event.c.seq == seq)).scalar_one()
        other = value + 1 if isinstance(value, int) else _other(name, value)
        conn.execute(audit_event.update().where(audit_event.c.seq == seq).values({name: other}))
        return f"{what} {name} of {seq}", seq
    if what == "delete":
        seq = min(seq, length - 1)
        conn.execute(audit_event.delete().where(audit_event.c.seq == seq))
        return f"{what} {seq}", seq
    if what == "swap":
        seq = min(seq, length - 1)
        for old, new in ((seq, -1), (seq + 1, seq), (-1, seq + 1)):
            conn.execute(audit_event.update().where(audit_event.c.seq == old).values(seq=new))
        return f"{what} {seq}", seq
    row = dict(conn.execute(select(audit_event).where(audit_event.c.seq == seq)).mappings().one())
    conn.execute(audit_event.insert(), {**row, "seq": length + 1})
    return f"{what} a copy of {seq}", length + 1


def _other(name: str, value: object) -> object:
    import datetime as dt

    return value + dt.timedelta(seconds=1) if isinstance(value, dt.datetime) else f"{value}0"


def test_every_tampering_is_found_and_the_first_bad_event_named(long_book: Shop) -> None:
    chance = random.Random(SEED)
    with long_book.db.read() as conn:
        length, fault = audit.verify(conn)
    assert fault is None
    missed = []
    for number in range(TAMPERINGS):
        with behind_the_back(long_book) as conn:
            what, first = tamper(conn, chance, length)
            _, fault = audit.verify(conn)
        if fault is None or fault.seq != first:
            missed.append(f"{number}: {what}: {fault}")
    assert not missed, f"seed {SEED}"
    with long_book.db.read() as conn:
        assert audit.verify(conn) == (length, None)


def test_a_tail_that_was_cut_off_is_seen_by_the_head_kept_outside(long_book: Shop) -> None:
    """The chain that is left is sound in itself; only the anchored head tells that something is missing."""
    with long_book.db.read() as conn:
        anchor, (length, _) = audit.head(conn), audit.verify(conn)
    with behind_the_back(long_book) as conn:
        conn.execute(audit_event.delete().where(audit_event.c.seq > length - 3))
        assert audit.verify(conn) == (length - 3, None)
        assert audit.head(conn) != anchor


def test_the_chain_itself_refuses_changes(shop: Shop) -> None:
    post(shop, shop.factory.order("1"))
    for statement in ("update audit_event set reason = 'x'", "delete from audit_event"):
        with shop.db.engine.connect() as conn, pytest.raises(Exception, match="append-only"):
            conn.exec_driver_sql(statement)
