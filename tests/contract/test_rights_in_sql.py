"""T15 on PostgreSQL: every clerk under a log-in role of his own, through the services and round them in plain SQL."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
import pytest
from sqlalchemy import make_url, text

from models.kernel.problems import Refused
from models.schema import metadata
from services.documents import api as documents
from services.documents import rights
from services.platform import server_roles
from services.platform.access.holding import Access
from services.platform.access.rights import SEE_COST, SEE_PRICE
from services.platform.db import Database
from tests.contract.test_rights_matrix import LET, VERBS, WORDS, Sample, Table, attempt, declared, different
from tests.support.served import Raw, Served


class Undo(Exception):
    """Ends a trial: nothing of it stays."""


def outcome(db: Database, verb: str, sample: Sample, access: Access) -> str:
    """What came of a verb, up to the checks of the commit."""
    try:
        if verb == "read":
            documents.get_document(db, sample.saved.id)
            raise Undo
        with db.write(access) as tx:
            attempt(tx, verb, sample, access)
            tx.finish()
            tx.conn.execute(text("set constraints all immediate"))
            raise Undo
    except Undo:
        return "done"
    except Refused as refused:
        codes = {problem.code for problem in refused.problems}
        return next((word for code, word in WORDS.items() if code in codes), "refused")


def test_the_services_under_a_clerks_log_in_do_what_the_table_says(served: Served) -> None:
    table: Table = {}
    for role, access in served.people.items():
        with served.book(role) as db:
            for kind, sample in served.samples.items():
                for verb in VERBS:
                    table[role, kind, verb, False] = outcome(db, verb, sample, access)

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        return LET if declared(role, kind, verb) else ("denied",)

    assert different(table, expected) == []
    assert all(found == "done" for (role, _, verb, _), found in table.items() if role == "admin" and verb != "close")


# Round the program, in plain SQL: the same table once more.

STATEMENTS: Mapping[str, tuple[str, ...]] = {
    "save": (
        (
            "insert into doc (type, number, business_date, created_by, created_at) "
            "values (%(kind)s, 'SQL-1', '2026-03-10', session_user, now())"
        ),
    ),
    "change": ("update doc set note = 'SQL', version = version + 1 where id = %(saved)s",),
    "approve": (
        (
            "update doc set status = 'C', approved_by = session_user, approved_at = now(), version = version + 1 "
            "where id = %(saved)s"
        ),
    ),
    "reverse": (
        "update doc set status = 'Z', approved_by = '', approved_at = null, version = version + 1 where id = %(approved)s",
    ),
    "close": ("update doc set closing = 'H' where id = %(approved)s",),
    "delete": (
        "delete from material_line where line_id in (select id from doc_line where doc_id = %(saved)s)",
        "delete from order_line where line_id in (select id from doc_line where doc_id = %(saved)s)",
        "delete from doc_line where doc_id = %(saved)s",
        "delete from doc where id = %(saved)s",
    ),
    "print": ("update doc set print_count = print_count + 1 where id = %(saved)s",),
}
MORE: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "a line added": (
        "save",
        (
            (
                "insert into doc_line (doc_id, line_no, item_id, quantity) "
                "select doc_id, 99, item_id, quantity from doc_line where doc_id = %(saved)s and role = 'main' limit 1"
            ),
        ),
    ),
    "a quantity changed": ("save", ("update doc_line set quantity = quantity + 1 where doc_id = %(saved)s",)),
    "stock moved": (
        "approve",
        (
            (
                "insert into stock_move (doc_id, line_id, move_date, warehouse_id, item_id, lot, quantity, value, posted_at) "
                "select d.id, l.id, d.business_date, coalesce(l.warehouse_id, 1), l.item_id, '', 1, 0, now() "
                "from doc d join doc_line l on l.doc_id = d.id where d.id = %(saved)s and l.role = 'main' limit 1"
            ),
        ),
    ),
    "stock moved back": (
        "reverse",
        (
            (
                "insert into stock_move (doc_id, line_id, move_date, warehouse_id, item_id, lot, owner_id, quantity, value, "
                "reversal_of, posted_at) select doc_id, line_id, move_date, warehouse_id, item_id, lot, owner_id, -quantity, "
                "-value, id, now() from stock_move where doc_id = %(approved)s and reversal_of is null limit 1"
            ),
        ),
    ),
    "a template kept": (
        "save",
        (
            (
                "insert into document_template (type, name, body, saved_by, saved_at) "
                "values (%(kind)s, 'SQL too', '{}', session_user, now())"
            ),
        ),
    ),
}


def tried(raw: Raw, kind: str, sample: Sample, statements: tuple[str, ...]) -> str:
    """What the server says to statements, commit and all: done, denied for want of a right, or refused for another reason."""
    given = {"kind": kind, "saved": sample.saved.id, "approved": sample.approved.id}
    with raw.transaction(force_rollback=True):
        try:
            touched = 0
            for statement in statements:
                touched += max(raw.execute(statement.encode(), given).rowcount, 0)
            raw.execute("set constraints all immediate")
        except psycopg.errors.InsufficientPrivilege as error:
            return "denied" if "needs" in str(error) or "permission denied" in str(error) else "refused"
        except psycopg.errors.FeatureNotSupported:
            return "denied"  # a view that hides a figure is not written through
        except psycopg.IntegrityError:
            return "refused"
        return "done" if touched else "nothing"


def test_no_verb_is_open_in_sql_that_the_table_denies(served: Served) -> None:
    """As the session role of who writes, where the guards speak; nothing passes the commit without its audit event."""
    table: Table = {}
    for role in served.people:
        with served.session(role, writing=True) as raw:
            for kind, sample in served.samples.items():
                for verb, statements in STATEMENTS.items():
                    table[role, kind, verb, False] = tried(raw, kind, sample, statements)

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        if not declared(role, kind, verb):
            return ("denied",)
        return ("done",) if verb == "print" else ("refused",)

    assert len(table) == len(served.people) * len(served.samples) * len(STATEMENTS)
    assert different(table, expected) == []


def test_lines_ledgers_and_templates_follow_the_same_table(served: Served) -> None:
    wrong = []
    for role in served.people:
        with served.session(role, writing=True) as raw:
            for kind, sample in served.samples.items():
                for what, (verb, statements) in MORE.items():
                    found = tried(raw, kind, sample, statements)
                    if found != "nothing" and (found == "denied") == declared(role, kind, verb):
                        wrong.append(f"{role or 'nobody'} {what} {kind}: {found}")
    assert wrong == []


def test_without_the_session_role_nothing_is_written_at_all(served: Served) -> None:
    """A spreadsheet or report tool that a clerk connects by his log-in reads, and that is all."""
    for role in served.people:
        with served.session(role) as raw:
            for kind, sample in served.samples.items():
                for statements in (*STATEMENTS.values(), *(statements for _, statements in MORE.values())):
                    assert tried(raw, kind, sample, statements) == "denied", (role, kind, statements)


MASTERS: Mapping[str, str] = {
    "insert into unit (code) values ('SQL')": "master.units.change",
    "update warehouse set name = 'SQL'": "master.warehouses.change",
    "update item set name = 'SQL'": "master.items.change",
    "delete from partner where role = 'customer'": "master.customers.change",
    "update partner set phone = '1' where role = 'supplier'": "master.suppliers.change",
    "insert into calendar_day values ('2026-03-10', 0)": "master.calendar.change",
    "insert into parameter values ('four_eyes', 'no')": "admin.parameters",
    "insert into period (period, closed) values ('2026-01', 1)": "admin.period",
    "update bom set note = 'SQL'": "bom.change",
    "update bom set status = 'Z', approved_by = ''": "bom.approve",
    "delete from bom_line": "bom.change",
    "insert into mrp_run (start_date, made_by, made_at, parameters, counts, phases) "
    "values ('2026-03-10', session_user, now(), '{}', '{}', '{}')": "plan.run",
    "insert into release_batch (run_id, made_by, made_at) values (1, session_user, now())": "plan.release",
    "insert into role (code, title) values ('sql', 'SQL')": "admin.users",
    "insert into role_right select id, 'sql' from role": "admin.users",
    "insert into user_role select u.id, r.id from app_user u, role r where u.login = session_user "
    "on conflict do nothing": "admin.users",
    "update app_user set active = 0 where login <> session_user": "admin.users",
    "insert into setting values ('print/x', '')": "admin.templates",
}


def test_masters_bills_plans_users_and_periods_ask_for_their_right(served: Served) -> None:
    sample = next(iter(served.samples.values()))
    wrong = []
    for role, access in served.people.items():
        with served.session(role, writing=True) as raw:
            for statement, right in MASTERS.items():
                found = tried(raw, "", sample, (statement,))
                if (found == "denied") == access.allows(right):
                    wrong.append(f"{role or 'nobody'} {statement}: {found}")
    assert wrong == []


LINES = "select count(l.price) + count(l.amount) from {}doc_line l join {}doc d on d.id = l.doc_id where d.type = %s"
FIGURES: Mapping[str, str] = {
    "select count(unit_cost) from {}item": SEE_COST,
    "select count(value) from {}stock_value": SEE_COST,
    "select count(value) from {}stock_move": SEE_COST,
    "select count(value) from {}wip_move": SEE_COST,
    "select count(*) from {}audit_event where entity = 'items' and after like '%12.5%'": SEE_COST,
    "select count(*) from {}audit_event where entity = 'sales_order' and after like '%77.13%'": SEE_PRICE,
    "select count(*) from {}document_template where body like '%77.13%'": SEE_PRICE,
}


def test_prices_and_costs_read_in_sql_are_those_of_the_table(served: Served) -> None:
    """As a clerk's own session reads, from a spreadsheet as well; the tables behind the views are closed to it."""
    with served.cluster.connect(make_url(served.url).database or "") as owner:
        every = {kind: _count(owner, LINES.format("", ""), kind) for kind in served.samples}
        assert all(_count(owner, query.format("")) for query in FIGURES)
    assert sum(every.values())
    for role, access in served.people.items():
        with served.session(role) as raw:
            for kind, count in every.items():
                seen = _count(raw, LINES.format("", ""), kind)
                assert seen == (count if access.allows(rights.figures(kind)) else 0), (role, kind)
            for query, right in FIGURES.items():
                assert (_count(raw, query.format("")) > 0) == access.allows(right), (role, query)
            for query in (LINES.replace("%s", "'sales_order'"), *FIGURES):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
                    raw.execute(query.format("public.", "public.").encode())


def test_who_writes_nothing_reads_no_figures_by_a_session_role_either(served: Served) -> None:
    posting = f"{make_url(served.url).database}_posting"
    for role, access in served.people.items():
        writes = any(right.rpartition(".")[2] not in ("read", "print", "price", "cost") for right in access.rights)
        with served.session(role) as raw:
            if writes:
                raw.execute(f'set role "{posting}"')
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
                raw.execute(f'set role "{posting}"')
            raw.execute("select gongfang.enter()")
            for query in (LINES.replace("%s", "'sales_order'"), *FIGURES):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), raw.transaction():
                    raw.execute(query.format("public.", "public.").encode())
    assert not any(right.endswith(".save") for right in served.people["viewer"].rights)


def _count(raw: Raw, query: str, *given: str) -> int:
    found = raw.execute(query.encode(), given or None).fetchone()
    assert found is not None
    return int(found[0])


def test_every_table_that_is_written_has_a_guard_and_every_figure_a_view(served: Served) -> None:
    with served.cluster.connect(make_url(served.url).database or "") as owner:
        rows = owner.execute(
            "select distinct tgrelid::regclass::text from pg_trigger where tgname like 'clerk_%'"
        ).fetchall()
    guarded = {name.strip('"') for (name,) in rows}
    assert {table for table in server_roles.WRITES if table not in guarded} == set()
    figures = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.c
        if any(word in column.name for word in ("price", "amount", "unit_cost", "value", "credit", "hash"))
    }
    # The words of settings, parameters and files, and the chain's own hashes, are no figures.
    plain = {("setting", "value"), ("parameter", "value"), ("audit_event", "hash"), ("audit_event", "prev_hash")}
    hidden = {(table, column) for table, columns in server_roles.HIDDEN.items() for column in columns}
    assert figures - plain <= hidden
