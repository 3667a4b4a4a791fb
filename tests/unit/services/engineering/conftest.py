"""A small engineering department: items and bills by code, statements counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select

from models.engineering.tables import bom
from models.masterdata.tables import item, warehouse
from services.engineering import api
from services.masterdata import api as masterdata
from services.platform.db import Database

DAY = dt.date(2026, 3, 10)
Line = tuple[str, object] | tuple[str, object, dict[str, Any]]


class Shop:
    """Codes in, ids and rows out."""

    def __init__(self, db: Database) -> None:
        self.db = db
        masterdata.save_records(db, "eng", "units", [{"code": "个"}, {"code": "kg", "decimals": 2}])

    def items(self, made: str = "", bought: str = "", **given: Any) -> None:
        """Items by code, blank-separated: made ones and bought ones."""
        rows = [
            {"code": code, "name": f"料{code}", "unit": "个", "kind": "manufactured", **given} for code in made.split()
        ]
        rows += [{"code": code, "name": f"料{code}", "unit": "个", **given} for code in bought.split()]
        masterdata.save_records(self.db, "eng", "items", rows)

    def id(self, code: str) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(item.c.id).where(item.c.code == code)).scalar_one())

    def warehouse(self, code: str) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(warehouse.c.id).where(warehouse.c.code == code)).scalar_one())

    def ids(self) -> dict[str, int]:
        with self.db.read() as conn:
            return {row.code: row.id for row in conn.execute(select(item.c.code, item.c.id))}

    def edit(self, parent: str, *lines: Line, code: str = "V1.0", **given: Any) -> api.VersionEdit:
        ids = self.ids()
        drafts = []
        for row, (component, usage, *rest) in enumerate(lines, start=1):
            numerator, _, denominator = str(usage).partition("/")
            extra = rest[0] if rest else {}
            drafts.append(
                api.LineDraft(ids[component], Decimal(numerator), Decimal(denominator or 1), row=row, **extra)
            )
        return api.VersionEdit(ids[parent], code, drafts, **given)

    def bom(self, parent: str, *lines: Line, version: str = "V1.0", approve: bool = True) -> int:
        saved = api.save_tree(self.db, "eng", [self.edit(parent, *lines, code=version)])
        key = saved.ids[self.id(parent), version]
        if approve:
            api.approve_bom(self.db, "eng", {key: self.head(key).version})
        return key

    def head(self, bom_id: int) -> Any:
        with self.db.read() as conn:
            return conn.execute(select(bom).where(bom.c.id == bom_id)).one()

    def tree(self, code: str, **given: Any) -> api.BomTree:
        return api.bom_tree(self.db, self.id(code), day=DAY, **given)


@pytest.fixture
def shop(book: Database) -> Shop:
    return Shop(book)


@pytest.fixture
def statements(book: Database) -> Callable[[], Any]:
    """with statements() as seen: …; len(seen) is the number of statements sent."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        event.listen(book.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(book.engine, "before_cursor_execute", note)

    return counted
