"""What nobody may do round the program on PostgreSQL, whatever his rights, and approvals that are told but not done whole (T15)."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from models.kernel.refs import DocRef
from services.platform import periods
from services.platform.db import Database
from tests.contract.test_rights_in_sql import MORE, STATEMENTS, Undo
from tests.contract.test_rights_matrix import CLOSED
from tests.support.served import Served

FORBIDDEN: Mapping[str, str] = {
    "the chain changed": "update audit_event set reason = 'SQL'",
    "the chain shortened": "delete from audit_event where seq = (select max(seq) from audit_event)",
    "the chain emptied": "truncate audit_event",
    "an event in another's name": (
        'insert into audit_event (seq, at, "user", entity, entity_id, number, action, before, after, reason, prev_hash, hash) '
        "select seq + 1, now(), 'boss', 'x', 0, '', 'x', '', '', '', hash, hash from audit_event order by seq desc limit 1"
    ),
    "an event with a made-up hash": (
        'insert into audit_event (seq, at, "user", entity, entity_id, number, action, before, after, reason, prev_hash, hash) '
        "select seq + 1, now(), session_user, 'x', 0, '', 'x', '', '', '', hash, hash from audit_event order by seq desc limit 1"
    ),
    "an event beside the chain": (
        'insert into audit_event (seq, at, "user", entity, entity_id, number, action, before, after, reason, prev_hash, hash) '
        "select seq + 7, now(), session_user, 'x', 0, '', 'x', '', '', '', hash, hash from audit_event order by seq desc limit 1"
    ),
    "a hash read": "select hash from app_user",
    "a movement changed": "update stock_move set quantity = quantity + 1",
    "a movement deleted": "delete from wip_move",
    "a balance written": "update stock_balance set quantity = quantity + 1",
    "a balance invented": "insert into stock_balance select item_id, warehouse_id, 'SQL', 0, 1 from stock_balance limit 1",
    "a value written": "update stock_value set value = value + 1",
    "a value without its quantity": "update stock_value set quantity = quantity + 1",
    "done written": "update doc_line set done = done + 1",
    "a line closed": "update doc_line set closing = 'S' where done < quantity",
    "a link changed": "update doc_link set quantity = quantity + 1",
    "a link invented": (
        "insert into doc_link (source_doc_id, source_line_id, target_doc_id, target_line_id, quantity) "
        "select source_doc_id, source_line_id, target_doc_id, target_line_id, 1 from doc_link limit 1"
    ),
    "a posted line changed": (
        "update doc_line set quantity = quantity + 1 where doc_id in (select doc_id from stock_move)"
    ),
    "a maker changed": "update doc set created_by = 'boss'",
    "a type changed": "update doc set type = 'forecast'",
    "an approval given to another": "update doc set approved_by = 'boss' where status = 'C'",
    "a document born approved": (
        "insert into doc (type, number, status, business_date, created_by, created_at) "
        "values ('sales_order', 'SQL-1', 'C', '2026-03-10', session_user, now())"
    ),
    "a document of another": (
        "insert into doc (type, number, business_date, created_by, created_at) "
        "values ('sales_order', 'SQL-1', '2026-03-10', 'boss', now())"
    ),
    "a number given again": "update number_series set last = last - 1",
    "the last administrator dismissed": "delete from user_role",
    "a trigger switched off": "alter table stock_move disable trigger all",
    "triggers switched off": "set session_replication_role = replica",
    "a table beside the periods": "create temporary table period (period text, closed int)",
    "a table of one's own": "create table public.mine (x int)",
    "a guard replaced": ("create or replace function gongfang.free() returns boolean language sql as 'select true'"),
    "the owner's role": 'set role "{database}_owner"',
    "types no longer known": "delete from gongfang.document_type",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nobody_may(served: Served, what: str) -> None:
    statement = FORBIDDEN[what].format(database=make_url(served.url).database)
    for role in ("admin", "warehouse", "viewer"):
        with served.session(role, writing=True) as raw, pytest.raises(psycopg.Error) as caught:
            raw.execute(f"{statement}; set constraints all immediate".encode())
        assert caught.value.sqlstate in ("42501", "P0001"), (role, str(caught.value))


def test_a_closed_period_is_closed_in_sql(served: Served) -> None:
    with served.owner.write("root") as tx, tx.implied():
        periods.close(tx, CLOSED)
    try:
        for statement in (MORE["stock moved"][1][0], STATEMENTS["approve"][0], STATEMENTS["reverse"][0]):
            sample = served.samples["opening_stock"]
            with served.session("admin", writing=True) as raw, pytest.raises(psycopg.Error) as caught:
                raw.execute(statement.encode(), {"saved": sample.saved.id, "approved": sample.approved.id})
            assert "closed period" in str(caught.value)
    finally:
        with served.owner.write("root") as tx, tx.implied():
            periods.reopen(tx, CLOSED, "trial")


# An approval that is told but not done, or not done whole, does not pass the commit.

HALF: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "status only": ("approve", "saved", STATEMENTS["approve"]),
    "movement only": ("approve", "saved", MORE["stock moved"][1]),
    "too much moved": ("approve", "saved", (*MORE["stock moved"][1], *STATEMENTS["approve"])),
    "more moved afterwards": ("approve", "approved", (MORE["stock moved"][1][0].replace("(saved)", "(approved)"),)),
    "status taken back only": ("reverse", "approved", STATEMENTS["reverse"]),
    "told of the wrong document": ("approve", "approved", (*MORE["stock moved"][1], *STATEMENTS["approve"])),
}


@pytest.mark.parametrize("what", HALF)
def test_half_an_approval_is_none(served: Served, what: str) -> None:
    action, which, statements = HALF[what]
    for kind in ("opening_stock", "material_issue"):
        sample = served.samples[kind]
        ref = getattr(sample, which)
        with served.book("admin") as db, pytest.raises(DBAPIError) as caught:
            told(db, ref, action, statements, {"saved": sample.saved.id, "approved": sample.approved.id})
        assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege), str(caught.value)


def told(db: Database, ref: DocRef, action: str, statements: tuple[str, ...], given: Mapping[str, int]) -> None:
    """Runs statements in a transaction of the program and tells the audit chain of an action; nothing stays."""
    with db.write("") as tx:
        raw = tx.conn.connection.driver_connection
        assert raw is not None
        for statement in statements:
            raw.execute(statement.encode(), given)
        tx.record(ref.type, ref.id, ref.number, action)
        tx.finish()
        tx.conn.execute(text("set constraints all immediate"))
        raise Undo
