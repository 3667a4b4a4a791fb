"""The books beside raw SQL of the same work: one document after the other, many rows at once, a deep bill exploded.

usage: python -m tests.benchmark.books [--documents N] [--rows N]

documents  pick lists of five lines saved and approved, each in its own transaction, WAL and FULL, one writer;
           raw: head, five moves, five balances, five order lines, the same commits
rows       planned orders through the product's bulk insert; raw: executemany of the same rows
bill       1,000 items below one product, eight levels: the tree of the window, and the summed explosion;
           raw: one recursive query; processor time, and the number of statements (goal: 5 times, a statement a level and one)
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from sqlalchemy import event

import app.wiring  # noqa: F401 registers the document types
from models.planning.tables import planned_order
from services.documents import approving, saving
from services.documents.records import DocDraft, LineDraft
from services.engineering import api as engineering
from services.engineering import saving as bills
from services.masterdata import saving as masters
from services.platform import books
from services.platform.bulk import bulk_insert
from services.platform.db import Database

DAY = dt.date(2026, 3, 10)
ITEMS = 50
NODES = 1000
REPEATS = 25


def main(argv: list[str]) -> int:
    """Prints one line a comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="gongfang-", ignore_cleanup_errors=True) as folder:
        db = books.create(Path(folder) / "book.db")
        items = furnish(db)
        _documents(db, items, options.documents, Path(folder))
        _rows(db, items, options.rows, Path(folder))
        _bill(db, items)
        db.close()
    return 0


def furnish(db: Database) -> list[int]:
    """Items with stock, an order that draws them all, and a deep bill; ids of the items."""
    rng = random.Random(7)
    with db.write("bench") as tx:
        masters.upsert(tx, "units", [{"code": "个", "decimals": 0}])
        masters.upsert(tx, "warehouses", [{"code": "W1", "name": "主仓"}])
        made = [{"code": f"N{n:04}", "name": f"件{n}", "unit": "个", "kind": "manufactured"} for n in range(NODES)]
        bought = [{"code": f"X{n:04}", "name": f"料{n}", "unit": "个", "kind": "purchased"} for n in range(ITEMS)]
        masters.upsert(
            tx, "items", made + bought + [{"code": "ORDER", "name": "单", "unit": "个", "kind": "manufactured"}]
        )
        codes = dict(tx.conn.exec_driver_sql("select code, id from item").all())
        parents: dict[int, list[bills.LineDraft]] = {}
        for n in range(1, NODES):
            lines = parents.setdefault(codes[f"N{rng.randrange(max(0, n // 3 - 2), max(1, n // 3 + 1)):04}"], [])
            lines.append(bills.LineDraft(codes[f"N{n:04}"], Decimal(rng.randint(1, 4))))
        parents[codes["ORDER"]] = [bills.LineDraft(codes[f"X{n:04}"], Decimal(1)) for n in range(ITEMS)]
        saved = bills.save(tx, [bills.VersionDraft(parent, "V1.0", lines) for parent, lines in parents.items()])
        bills.set_status(tx, saved.ids, approve=True)
        stock = [LineDraft(codes[f"X{n:04}"], Decimal(10**6), amount=Decimal(10**6)) for n in range(ITEMS)]
        drafts = [DocDraft("opening_stock", DAY, stock)]
        drafts.append(
            DocDraft("production_order", DAY, [LineDraft(codes["ORDER"], Decimal(10**5), due_date=DAY)], number="MO")
        )
        for ref in saving.create(tx, drafts):
            approving.approve(tx, [ref.id])
    return [codes[f"X{n:04}"] for n in range(ITEMS)] + [codes["N0000"]]


def _documents(db: Database, items: list[int], count: int, folder: Path) -> None:
    with db.read() as conn:
        sources = dict(conn.exec_driver_sql("select item_id, id from doc_line where role = 'material'").all())
    rng = random.Random(11)
    picks = [rng.sample(items[:ITEMS], 5) for _ in range(count)]

    def ours() -> None:
        for pick in picks:
            with db.write("bench") as tx:
                lines = [LineDraft(key, Decimal(2), source_line_id=sources[key]) for key in pick]
                (ref,) = saving.create(tx, [DocDraft("material_issue", DAY, lines)])
                approving.approve(tx, [ref.id])

    raw = _raw_book(folder / "raw.db", items)

    def floor() -> None:
        for pick in picks:
            raw.execute("begin immediate")
            key = raw.execute("insert into doc (number) values ('x')").lastrowid
            for item in pick:
                raw.execute("insert into move (doc, item, quantity) values (?, ?, -2)", (key, item))
                raw.execute("update balance set quantity = quantity - 2 where item = ?", (item,))
                raw.execute("update line set done = done + 2 where item = ?", (item,))
            raw.execute("commit")

    mine, least = _paired(ours, floor, 3)
    rates = f"{count / mine:8.1f}/s   raw {count / least:8.1f}/s   ratio {least / mine:.3f}"
    print(f"documents   {rates}   {1000 * mine / count:.1f} ms a document")


def _raw_book(file: Path, items: list[int]) -> sqlite3.Connection:
    raw = sqlite3.connect(file, isolation_level=None)
    raw.execute("pragma journal_mode=wal")
    raw.execute("pragma synchronous=full")
    raw.execute("create table doc (id integer primary key, number text)")
    raw.execute("create table move (id integer primary key, doc integer, item integer, quantity integer)")
    raw.execute("create table balance (item integer primary key, quantity integer)")
    raw.execute("create table line (item integer primary key, done integer)")
    raw.executemany("insert into balance values (?, 1000000000)", [(key,) for key in items])
    raw.executemany("insert into line values (?, 0)", [(key,) for key in items])
    return raw


def _rows(db: Database, items: list[int], count: int, folder: Path) -> None:
    rows = [
        {
            "run_id": 1, "seq": n, "part": 0, "item_id": items[n % ITEMS], "kind": "purchase", "quantity": Decimal(n % 977),
            "output": Decimal(n % 977), "start_date": DAY, "due_date": DAY, "late_days": 0, "status": "proposed",
        }
        for n in range(1, count + 1)
    ]  # fmt: skip
    stored = [
        (
            1,
            n,
            0,
            items[n % ITEMS],
            "purchase",
            n % 977 * 10**6,
            n % 977 * 10**6,
            DAY.isoformat(),
            DAY.isoformat(),
            0,
            "proposed",
        )
        for n in range(1, count + 1)
    ]

    def ours() -> None:
        with db.write("bench") as tx:
            bulk_insert(tx.conn, planned_order, rows)

    raw = sqlite3.connect(folder / "rows.db")
    raw.execute("pragma journal_mode=wal")
    raw.execute("pragma synchronous=full")
    names = ", ".join(rows[0])
    raw.execute(f"create table planned (id integer primary key, {names})")
    raw.execute("create index planned_run on planned (run_id, item_id)")

    def floor() -> None:
        raw.executemany(f"insert into planned ({names}) values (?,?,?,?,?,?,?,?,?,?,?)", stored)
        raw.commit()

    mine, least = _paired(ours, floor, 3)
    print(f"rows        {count / mine:8.0f}/s   raw {count / least:8.0f}/s   ratio {mine / least:.2f}")


def _bill(db: Database, items: list[int]) -> None:
    top = items[-1]
    recursive = (
        "with recursive below (id) as (select ? union select l.component_id from below join bom b on b.parent_id = below.id"
        " join bom_line l on l.bom_id = b.id) select count(*) from below"
    )

    def floor() -> None:
        with db.read() as conn:
            conn.exec_driver_sql(recursive, (top,)).scalar()

    for name, work in (
        ("bill, tree", lambda: engineering.bom_tree(db, top, day=DAY)),
        ("bill, summed", lambda: engineering.summarised(db, top, Decimal(1), day=DAY)),
    ):
        seen = _statements(db, work)
        mine, least = _paired(work, floor, REPEATS, clock=time.thread_time)
        figures = f"{mine * 1000:8.1f} ms  one query {least * 1000:6.1f} ms   ratio {mine / least:.2f}"
        print(f"{name:<12}{figures}   {seen} statements")


def _statements(db: Database, work: Callable[[], object]) -> int:
    """How many statements the database gets."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _paired(
    ours: Callable[[], object],
    floor: Callable[[], object],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Medians of both, measured in turn."""
    mine: list[float] = []
    least: list[float] = []
    for _ in range(repeats):
        for work, times in ((ours, mine), (floor, least)):
            started = clock()
            work()
            times.append(clock() - started)
    return statistics.median(mine), statistics.median(least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
