"""T1 for the long jobs: a process killed in the middle of an import, of closing a month, or of bringing an old book up to date."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing as closed_after
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.commands import safeguard
from models.documents.tables import doc
from models.masterdata.tables import item
from models.platform.tables import audit_event, period
from services.costing import api as costing
from services.exchange.importing import import_sources
from services.platform import books, periods
from services.platform.backup import verify_backup
from tests.reliability.killed import BEGUN, Outcome, killed_after, look, tell
from tests.support.factory import USER, Factory
from tests.support.random_clerk import RandomClerk
from tests.unit.services.platform.test_migrations import RELEASED, columns, contents, old_book

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDERS = 200
MONTH = "2026-03"


def importing(folder: Path, outcome: Outcome, count: int, _factory: Factory) -> None:
    """New items and orders of one file are in the book all together or not at all, and all when it was acknowledged."""
    file = folder / "book.db"
    chance = random.Random(outcome.seed)
    for number in range(count):
        source = _sheets(folder / f"import-{number}", number)

        def work(mouth: int, source: Path = source) -> None:
            db = books.open_book(file)
            os.write(mouth, BEGUN)
            import_sources(db, USER, [source], approve=True)
            os.write(mouth, b"imported\n")

        lines, alive = killed_after(chance.uniform(0, 220), work)
        outcome.kills += 1
        outcome.ended_before += not alive
        outcome.acknowledged += "imported" in lines
        wrong = [line for line in lines if line.startswith("failed")] + look(file, [])
        wrong += _half_imported(file, number, told="imported" in lines)
        outcome.wrong += [f"kill {number}: {line}" for line in wrong]


def _sheets(folder: Path, number: int) -> Path:
    folder.mkdir()
    (folder / "items.csv").write_text(f"code,name,unit\nNEW-{number},新料,PCS\n", encoding="utf-8")
    rows = [
        f"IMP-{number}-{order},2026-03-10,C1,{line},{code},{order + line},5,2026-03-30"
        for order in range(1, ORDERS + 1)
        for line, code in ((1, "LAMP"), (2, f"NEW-{number}"))
    ]
    head = "number,date,customer,line,item,quantity,price,due_date"
    (folder / "sales_orders.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


def _half_imported(file: Path, number: int, *, told: bool) -> list[str]:
    db = books.open_book(file)
    try:
        with db.read() as conn:
            mine = doc.c.number.like(f"IMP-{number}-%")
            orders = conn.execute(select(func.count()).where(mine)).scalar_one()
            approved = conn.execute(select(func.count()).where(mine, doc.c.status == "C")).scalar_one()
            items = conn.execute(select(func.count()).where(item.c.code == f"NEW-{number}")).scalar_one()
    finally:
        db.close()
    found = (orders, approved, items)
    if found == (ORDERS, ORDERS, 1) or (found == (0, 0, 0) and not told):
        return []
    return [f"imported {found}, told {told}"]


def closing(folder: Path, outcome: Outcome, count: int, factory: Factory) -> None:
    """A month is costed, and closed or open as its last audit event says, and as was acknowledged; no document slips past a close."""
    file = folder / "book.db"
    chance = random.Random(outcome.seed)
    for number in range(count):
        seed = chance.randrange(2**32)

        def work(mouth: int, seed: int = seed) -> None:
            db = books.open_book(file)
            clerk = RandomClerk(db, factory, seed, told=lambda deed, key: tell(mouth, deed, key))
            os.write(mouth, BEGUN)
            while True:
                clerk.act()
                costing.cost_period(db, "主管", MONTH)
                with db.write("主管") as tx:
                    periods.close(tx, MONTH)
                os.write(mouth, b"period close\n")
                clerk.act()
                with db.write("主管") as tx:
                    periods.reopen(tx, MONTH, "核对")
                os.write(mouth, b"period reopen\n")

        lines, alive = killed_after(chance.uniform(5, 200), work)
        outcome.kills += 1
        outcome.ended_before += not alive
        told = [line.partition(" ")[2] for line in lines if line.startswith("period ")]
        outcome.acknowledged += len(told)
        wrong = [line for line in lines if line.startswith("failed")]
        wrong += look(file, [line for line in lines if not line.startswith("period ")]) + _month_is_wrong(file, told)
        outcome.wrong += [f"kill {number} seed {seed}: {line}" for line in wrong]


def _month_is_wrong(file: Path, told: list[str]) -> list[str]:
    """What contradicts the chain or what was told of this round; an open month is left for the next one."""
    db = books.open_book(file)
    a = audit_event.c
    try:
        with db.read() as conn:
            chain = list(conn.execute(select(a.action).where(a.entity == "period").order_by(a.seq)).scalars())
            shut = conn.execute(select(period.c.closed).where(period.c.period == MONTH)).scalar()
        if shut:
            with db.write("主管") as tx:
                periods.reopen(tx, MONTH, "下一轮")
    finally:
        db.close()
    state = "close" if shut else "reopen"
    wrong = [f"closed {shut}, the chain says {chain[-1]}"] if chain and chain[-1] != state else []
    # One step may have been committed and not told.
    if told and told not in (chain[-len(told) :], chain[-len(told) - 1 : -1]):
        wrong.append(f"told {told[-3:]}, the chain ends {chain[-4:]}")
    return wrong


def migrating(folder: Path, outcome: Outcome, count: int, _factory: Factory) -> None:
    """An old book is old or new, with every row it had; its copy from before is whole or not there."""
    chance = random.Random(outcome.seed)
    old = {revision: _old(folder, revision) for revision in RELEASED}
    for number in range(count):
        revision = chance.choice(RELEASED)
        source, before, known = old[revision]
        file = folder / f"old-{number}.db"
        shutil.copyfile(source, file)

        def work(mouth: int, file: Path = file) -> None:
            os.write(mouth, BEGUN)
            books.open_book(file, before_upgrade=safeguard).close()

        lines, alive = killed_after(chance.uniform(0, 600), work)
        outcome.kills += 1
        outcome.ended_before += not alive
        wrong = [line for line in lines if line.startswith("failed")]
        with closed_after(sqlite3.connect(file)) as raw:
            (found,) = raw.execute("select version_num from alembic_version").fetchone()
        if found not in (revision, books.revisions()[-1]):
            wrong.append(f"stands at {found}")
        wrong += look(file, []) + _rows_lost(file, before, known)
        for copy in folder.glob(f"old-{number}.before-upgrade*"):
            verify_backup(copy)
        outcome.wrong += [f"kill {number}: {line}" for line in wrong]


def _old(folder: Path, revision: str) -> tuple[Path, Mapping[str, list[str]], Mapping[str, set[str]]]:
    """A book of an older program in one file, its rows, and the columns they have."""
    made, file = folder / f"made-{revision}.db", folder / f"schema-{revision}.db"
    db = old_book(str(made), revision)
    before, known = contents(db), columns(db)
    db.close()
    with closed_after(sqlite3.connect(made)) as raw, closed_after(sqlite3.connect(file)) as plain:
        raw.backup(plain)
    return file, before, known


def _rows_lost(file: Path, before: Mapping[str, list[str]], known: Mapping[str, set[str]]) -> list[str]:
    db = books.open_book(file)
    after = contents(db, known)
    db.close()
    return [f"{table} is not as it was" for table, rows in before.items() if after.get(table) != rows]
