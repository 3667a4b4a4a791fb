"""Faults on purpose: an error at the k-th statement of an action, and a fingerprint that tells whether anything changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from models.schema import metadata
from services.platform.db import Database
from tests.support.ledgers import everything


class Boom(Exception):
    """The fault that was asked for."""


@contextmanager
def fault_at(db: Database, step: int) -> Iterator[list[str]]:
    """Statements that run inside the block; the one numbered step (from 1) fails before it runs, 0 at the commit."""
    seen: list[str] = []

    def statement(_conn: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        seen.append(sql)
        if len(seen) == step:
            raise Boom(sql)

    def commit(_conn: Any) -> None:
        if step == 0:
            raise Boom("commit")

    event.listen(db.engine, "before_cursor_execute", statement)
    event.listen(db.engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", statement)
        event.remove(db.engine, "commit", commit)


def fingerprint(db: Database) -> object:
    """Equal before and after exactly when no row of any table was changed."""
    if db.dialect == "sqlite":
        return everything(db)
    parts = [
        f"select '{table.name}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from {table.name} t"
        for table in metadata.sorted_tables
    ]
    with db.read() as conn:
        return conn.execute(text(" union all ".join(parts))).all()
