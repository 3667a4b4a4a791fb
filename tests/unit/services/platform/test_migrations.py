"""Books of every released schema open in this program with all that stands in them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from models.documents.tables import doc
from models.platform.tables import kept_view
from models.schema import metadata
from services.documents import api as documents
from services.platform import books
from services.platform.db import Database, connect
from tests.support.faults import Boom, fault_at
from tests.support.ledgers import broken
from tests.support.shops import NOW

DATA = Path(__file__).resolve().parents[3] / "data"
RELEASED = ("0001",)


def old_book(url: str, revision: str) -> Database:
    """A book as the program of that schema left it, from the rows kept in tests/data."""
    db = connect(url, clock=lambda: NOW)
    config = Config()
    config.set_main_option("script_location", str(books.MIGRATIONS))
    with db.engine.connect().execution_options(gongfang_write=True) as conn, conn.begin():
        config.attributes["connection"] = conn
        command.upgrade(config, revision)
    kept = json.loads((DATA / f"schema_{revision}.json").read_text(encoding="utf-8"))
    with db.engine.connect().execution_options(gongfang_write=True) as conn, conn.begin():
        if db.dialect == "sqlite":
            conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            # As a replica, foreign keys do not ask for the order of tables.
            conn.exec_driver_sql("set local session_replication_role = replica")
        for table, found in kept.items():
            _fill(conn, table, found["columns"], found["rows"])
    return db


def _fill(conn: Any, table: str, columns: list[str], rows: list[list[Any]]) -> None:
    quote = conn.dialect.identifier_preparer.quote
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    statement = (
        f"insert into {quote(table)} ({', '.join(map(quote, columns))}) values ({', '.join([mark] * len(columns))})"
    )
    blob = columns.index("data") if "data" in columns else -1
    made = [tuple(bytes.fromhex(value) if place == blob else value for place, value in enumerate(row)) for row in rows]
    conn.exec_driver_sql(statement, made)
    if conn.dialect.name != "sqlite" and "id" in columns:
        last = max(row[columns.index("id")] for row in rows)
        conn.execute(text("select setval(pg_get_serial_sequence(:t, 'id'), :n)"), {"t": table, "n": last})


def contents(db: Database, known: Mapping[str, set[str]] | None = None) -> Mapping[str, list[str]]:
    """Every row of every table, by column name; known: only these columns of these tables."""
    found = {}
    with db.engine.connect() as conn:
        for table in inspect(conn).get_table_names():
            if table != "alembic_version":
                quote = conn.dialect.identifier_preparer.quote
                rows = conn.execute(text(f"select * from {quote(table)}")).mappings()
                kept = known.get(table) if known is not None else None
                found[table] = sorted(
                    str(sorted((name, value) for name, value in row.items() if kept is None or name in kept))
                    for row in rows
                )
    return found


def columns(db: Database) -> Mapping[str, set[str]]:
    """Names of the columns of every table."""
    look = inspect(db.engine)
    return {table: {column["name"] for column in look.get_columns(table)} for table in look.get_table_names()}


@pytest.mark.parametrize("revision", RELEASED)
def test_a_book_of_an_older_schema_keeps_every_row_and_works(database_url: str, revision: str) -> None:
    old = old_book(database_url, revision)
    before, known = contents(old), columns(old)
    assert {"audit_event", "stock_move", "app_user"} <= set(before)
    old.close()
    asked: list[str | None] = []
    db = books.open_book(
        database_url, clock=lambda: NOW, before_upgrade=lambda db: asked.append(books.schema_revision(db))
    )
    assert asked == [revision]
    after = contents(db, known)
    assert {table: after[table] for table in before} == before
    assert books.schema_revision(db) == books.revisions()[-1]
    assert broken(db) == []
    with db.read() as conn:
        drafts = conn.execute(doc.select().where(doc.c.type == "sales_order", doc.c.status == "Z")).all()
    documents.approve(db, "admin员", [drafts[0].id])
    with db.write("admin员") as tx:
        row = {"owner": "admin员", "page": "sales_order/list", "kind": "filter", "name": "急单", "content": "{}"}
        tx.insert(kept_view, [row | {"changed_at": dt.datetime(2026, 3, 10, tzinfo=dt.UTC)}])
    assert broken(db) == []
    db.close()


def test_the_revisions_make_the_schema_that_the_models_declare(database_url: str) -> None:
    db = old_book(database_url, RELEASED[0])
    books.upgrade(db)
    with db.engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    db.close()


def test_every_released_schema_has_a_book_in_the_tests() -> None:
    assert list(RELEASED) == books.revisions()[: len(RELEASED)]
    assert sorted(file.stem for file in DATA.glob("schema_*.json")) == [f"schema_{revision}" for revision in RELEASED]


def test_an_upgrade_that_breaks_off_at_any_step_leaves_the_old_book(database_url: str) -> None:
    old = old_book(database_url, RELEASED[-1])
    before, known = contents(old), columns(old)
    steps = _statements_of_an_upgrade(old, before)
    assert any("kept_view" in statement for statement in steps)
    assert books.schema_revision(old) == books.revisions()[-1]
    assert {table: rows for table, rows in contents(old, known).items() if table in before} == before
    old.close()


def _statements_of_an_upgrade(old: Database, before: Mapping[str, list[str]]) -> list[str]:
    """Tries the upgrade with a fault at the commit, then at each of its statements, until none is left to fail."""
    for step in itertools.count():
        with fault_at(old, step) as seen:
            try:
                books.upgrade(old)
            except Boom:
                pass
            else:
                return seen
        if step and seen[-1] == "BEGIN":
            # The upgrade is committed; what follows marks the file as a book, which it was before.
            return seen
        assert books.schema_revision(old) == RELEASED[-1], seen[-1]
        assert contents(old) == before
    raise AssertionError
