"""A messy workbook of items (U11): refused with every fault, taken in when mended, unchanged the third time.

usage: python -m tests.benchmark.messy [ITEMS]

The floor, measured in the same run, reads the same workbook with python-calamine and writes its rows with one executemany. 0 when each
of the three imports ends within 10 s.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import app.wiring
from models.kernel.problems import Refused
from services.exchange.importing import import_sources
from services.platform.books import create
from tests.support.messy_workbook import write_messy

assert app.wiring.AREAS
GOAL = 10.0
FAULTS = 300


def main(argv: list[str]) -> int:
    """Prints the three imports beside the floor."""
    count = int(argv[0]) if argv else 10_000
    with tempfile.TemporaryDirectory() as folder:
        bad, good = Path(folder) / "bad.xlsx", Path(folder) / "good.xlsx"
        planted = write_messy(bad, count, faults=FAULTS)
        write_messy(good, count, faults=0)
        floor = raw(good, Path(folder) / "raw.db")
        db = create(Path(folder) / "book.db")
        started = time.perf_counter()
        try:
            import_sources(db, "bench", [bad])
            told = 0
        except Refused as refused:
            told = len(refused.problems)
        took = [time.perf_counter() - started]
        for _ in range(2):
            started = time.perf_counter()
            report = import_sources(db, "bench", [good])
            took.append(time.perf_counter() - started)
        db.close()
    names = (
        f"refused, {told} of {len(planted)} faults",
        "taken in",
        f"again, {report.masters['items'].unchanged:,} unchanged",
    )
    print(f"{count:,} items; floor (read and write the rows) {floor:.2f} s")
    for name, seconds in zip(names, took, strict=True):
        print(f"{name}: {seconds:.2f} s, {seconds / floor:.1f} × the floor, goal {GOAL:.0f} s")
    return 0 if max(took) <= GOAL and told == len(planted) else 1


def raw(file: Path, target: Path) -> float:
    """Seconds to read the rows of the items and to write them to a table without any check."""
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    rows = CalamineWorkbook.from_path(file).get_sheet_by_name("物料").to_python()
    with sqlite3.connect(target) as conn:
        conn.execute("create table item (a, b, c, d, e, f, g, h, i, j)")
        conn.executemany("insert into item values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [row[:10] for row in rows])
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
