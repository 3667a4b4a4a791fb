"""A list of a million documents beside raw SQL of the same pages, in one run: open, page 500, the end, a partner, a number.

usage: python -m tests.benchmark.million [DOCUMENTS] [--keep FILE]

DOCUMENTS (1,000,000 unless told) sales orders of two lines over ten years, the newest hundredth still open, written with raw SQL;
--keep makes the book at FILE and uses it again when it is there. Each figure is the median of five, product and floor in turn.
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
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import app.wiring  # noqa: F401 registers the document types
from services.documents import api
from services.masterdata import saving as masters
from services.platform import books
from services.platform.db import Database

PARTNERS, ITEMS, PAGE, REPEATS = 1000, 2000, 1000, 5
FIRST_DAY, DAYS = dt.date(2016, 1, 4), 3650
HEADS = "d.*, p.code, p.name from doc d left join partner p on p.id = d.partner_id where d.type = 'sales_order'"
NEWEST, OLDEST = (f"order by d.business_date {way}, d.id {way} limit {PAGE}" for way in ("desc", "asc"))
SUMS = (
    "select l.doc_id, count(*), count(distinct l.item_id), min(i.name), sum(l.quantity), sum(l.done), sum(l.amount), "
    "min(l.start_date), min(l.due_date) from doc_line l join item i on i.id = l.item_id "
    "where l.role = 'main' and l.doc_id in ({}) group by l.doc_id"
)


@dataclass(frozen=True)
class Case:
    """A page: what the product is asked, the WHERE and order of the raw query, its arguments, the goal in seconds."""

    name: str
    product: Callable[[], object]
    where: str
    order: str = NEWEST
    args: tuple[Any, ...] = ()
    goal: float | None = None


def main(argv: list[str]) -> int:
    """Prints the figures; 0 when every goal is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="gongfang-", ignore_cleanup_errors=True) as folder:
        file: Path = options.keep or Path(folder) / "million.db"
        if not file.exists():
            started = time.perf_counter()
            furnish(file, options.documents)
            print(f"{options.documents:,} documents written in {time.perf_counter() - started:.0f} s")
        db = books.open_book(file)
        with closing(sqlite3.connect(file)) as raw:
            kept = [_told(raw, case) for case in _cases(db, raw)]
        db.close()
    return 0 if all(kept) else 1


def furnish(file: Path, documents: int) -> None:
    """The book, its documents and lines written with raw SQL."""
    db = books.create(file)
    with db.write("bench") as tx:
        masters.upsert(tx, "units", [{"code": "个", "decimals": 0}])
        masters.upsert(tx, "customers", [{"code": f"C{n:04}", "name": f"客户{n:04}"} for n in range(PARTNERS)])
        goods = [{"code": f"X{n:04}", "name": f"料{n:04}", "unit": "个", "kind": "purchased"} for n in range(ITEMS)]
        masters.upsert(tx, "items", goods)
    db.close()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("pragma synchronous = off")
        partners = [row[0] for row in raw.execute("select id from partner")]
        items = [row[0] for row in raw.execute("select id from item")]
        heads = (
            "insert into doc (id, type, number, status, closing, business_date, partner_id, created_by, created_at)"
            " values (?, 'sales_order', ?, ?, ?, ?, ?, 'bench', ?)"
        )
        lines = (
            "insert into doc_line (doc_id, line_no, item_id, quantity, done, price, amount, due_date)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        raw.executemany(heads, _heads(documents, partners))
        raw.executemany(lines, _lines(documents, items))
        raw.commit()
        raw.execute("pragma wal_checkpoint(truncate)")


def _day(number: int, documents: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=number * DAYS // documents)


def _heads(documents: int, partners: list[int]) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(5)
    for n in range(1, documents + 1):
        day = _day(n, documents).isoformat()
        status, closed = "Z" if n > documents * 0.999 else "C", "C" if n > documents * 0.99 else "S"
        yield n, f"SO{n:08}", status, closed, day, dice.choice(partners), f"{day}T08:00:00+00:00"


def _lines(documents: int, items: list[int]) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(6)
    for n in range(1, documents + 1):
        done = 0 if n > documents * 0.99 else 1
        due = (_day(n, documents) + dt.timedelta(days=7)).isoformat()
        for line in (1, 2):
            count = dice.randrange(1, 500)
            yield n, line, dice.choice(items), count * 10**6, done * count * 10**6, 10**8, count * 100, due


def _cases(db: Database, raw: sqlite3.Connection) -> list[Case]:
    place = raw.execute(
        f"select business_date, id from doc where type = 'sales_order' order by business_date desc, id desc limit 1 offset {499 * PAGE}"
    ).fetchone()
    after = (dt.date.fromisoformat(place[0]), place[1])
    ask = partial(api.list_documents, db, "sales_order", limit=PAGE, counted=False)
    keyed = "and (d.business_date, d.id) < (?, ?)"
    number = raw.execute("select number from doc where id = ?", (place[1] // 3,)).fetchone()[0]
    bought = "and d.id in (select doc_id from doc_line where item_id in (select id from item where name like ?))"
    return [
        Case("open", ask, "", goal=0.3),
        Case("open, open ones only", partial(ask, closings=("C",)), "and d.closing = 'C'", goal=0.3),
        Case("page 500", partial(ask, after=after), keyed, args=place, goal=0.1),
        Case("End", partial(ask, reverse=True), "", OLDEST, goal=0.1),
        Case("a partner by its name", partial(ask, text="客户0042"), "and p.name like ?", args=("%客户0042%",)),
        Case("an item by its name", partial(ask, text="料0042"), bought, args=("%料0042%",)),
        Case("a text in every document", partial(ask, text="SO"), "and d.number like ?", args=("%SO%",)),
        Case("a number", partial(ask, text=number), "and d.number = ?", args=(number,)),
        Case("a number opened", partial(api.find_document, db, number), "and d.number = ?", args=(number,)),
    ]


def _raw(raw: sqlite3.Connection, case: Case) -> int:
    heads = raw.execute(f"select {HEADS} {case.where} {case.order}", case.args).fetchall()
    keys = [head[0] for head in heads]
    return len(raw.execute(SUMS.format(",".join("?" * len(keys))), keys).fetchall())


def _told(raw: sqlite3.Connection, case: Case) -> bool:
    ours, floor = [], []
    for _ in range(REPEATS):
        ours.append(_seconds(case.product))
        floor.append(_seconds(partial(_raw, raw, case)))
    mine, least = statistics.median(ours), statistics.median(floor)
    goal = f" (goal {case.goal * 1000:.0f} ms)" if case.goal else ""
    print(f"{case.name}: {mine * 1000:.0f} ms{goal}, raw SQL {least * 1000:.0f} ms, {mine / least:.1f} times")
    return case.goal is None or mine <= case.goal


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
