"""Import and planning of a generated factory, beside the physical floor of the same rows.

usage: python -m tests.benchmark.factory S M L [--sheets DIR] [--generator DIR] [--keep]

For each size the sheets are taken from DIR/<size>, or written by the generator (generate.py and sheets.py in
--generator). Import and planning run each in a process of its own, so that peak memory is theirs. Floors:
import   csv read and executemany of every row into plain tables, one transaction, WAL, FULL
planning raw read of the columns a plan needs, and insert of the same planned orders with one index
sketch   a vectorised planner without the product's rules, where the generator folder has one (mrp_numpy.py)
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "benchmark"
START = "2026-01-05"
REPEATS = 3


def main(argv: list[str]) -> int:
    """Runs the sizes and prints one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=["S", "M"])
    parser.add_argument("--sheets", type=Path, default=BUILD / "sheets")
    parser.add_argument("--generator", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--keep", action="store_true", help="keep the books")
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.step:
        print(json.dumps(STEPS[options.step[0]](Path(options.step[1]))))
        return 0
    BUILD.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        sheets = options.sheets / size
        if not sheets.is_dir() and not _generate(options.generator, size, sheets):
            print(f"{size}: no sheets in {sheets} and no generator in {options.generator}")
            continue
        _report(size, sheets, options.generator)
        if not options.keep:
            shutil.rmtree(BUILD / size, ignore_errors=True)
    return 0


def _generate(generator: Path, size: str, sheets: Path) -> bool:
    if not (generator / "generate.py").exists():
        return False
    data = BUILD / "data" / size
    for command in (["generate.py", size, str(data)], ["sheets.py", str(data), str(sheets)]):
        subprocess.run(
            [sys.executable, str(generator / command[0]), *command[1:]], check=True, stdout=subprocess.DEVNULL
        )
    return True


def _report(size: str, sheets: Path, generator: Path) -> None:
    work = BUILD / size
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "sheets").symlink_to(sheets.resolve())
    floor_import = _step("floor_import", work)
    imported = _step("import", work)
    print(f"\n== {size} ==")
    _row("import and approve", imported["seconds"], floor_import["seconds"], "raw csv and bulk insert", imported)
    runs = []
    for _ in range(REPEATS):
        run, floor = _step("plan", work), _step("floor_plan", work)
        runs.append((run["seconds"] / floor["seconds"], run, floor))
    runs.sort(key=lambda r: r[0])
    _ratio, run, floor = runs[len(runs) // 2]
    _row("plan, orders written", run["seconds"], floor["seconds"], "raw read and insert", run)
    for name, seconds in run["phases"].items():
        print(f"      {name:<24}{seconds:8.3f} s")
    print(
        f"      planned orders {run['orders']}, explanation of one: {run['explain_ms']:.1f} ms, all pegging {run['pegging_s']:.2f} s"
    )
    sketch = _sketch(size, generator)
    if sketch:
        print(f"      the vectorised sketch plans in {sketch:.3f} s: ratio {run['phases'].get('plan', 0) / sketch:.2f}")


def _row(what: str, ours: float, floor: float, name: str, figures: dict[str, Any]) -> None:
    print(
        f"{what:<24}{ours:8.2f} s   floor {floor:7.2f} s ({name})   ratio {ours / floor:5.2f}   peak {figures['peak_mb']} MB"
    )


def _step(name: str, work: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmark.factory", "--step", name, str(work)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _measured(started: float, **figures: Any) -> dict[str, Any]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": time.perf_counter() - started, "peak_mb": peak, **figures}


def floor_import(work: Path) -> dict[str, Any]:
    """csv rows into plain tables, nothing looked at."""
    started = time.perf_counter()
    raw = _fresh(work / "floor.db")
    rows = 0
    for file in sorted((work / "sheets").resolve().glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle)
            head = next(reader)
            table = list(reader)
        raw.execute(f"create table {file.stem} ({', '.join(head)})")
        raw.executemany(f"insert into {file.stem} values ({', '.join('?' * len(head))})", table)
        rows += len(table)
    raw.commit()
    return _measured(started, rows=rows)


def import_book(work: Path) -> dict[str, Any]:
    """The product's import with approval."""
    import app.wiring  # noqa: F401 registers the document types
    from services.exchange.importing import import_sources
    from services.platform import books

    db = books.create(work / "book.db")
    started = time.perf_counter()
    import_sources(db, "bench", [str((work / "sheets").resolve())], approve=True)
    figures = _measured(started)
    db.close()
    return figures


def plan(work: Path) -> dict[str, Any]:
    """The product's run, written; then one explanation and all pegging, on demand."""
    import datetime as dt

    import app.wiring  # noqa: F401 registers the document types
    from services.planning import api
    from services.platform import books

    book = work / "book.db"
    db = books.open_book(book)
    started = time.perf_counter()
    run = api.run_mrp(db, "bench", start=dt.date.fromisoformat(START))
    figures = _measured(started, phases=run.phases)
    orders = api.planned_orders(db, run.run_id)
    api.explain(db, run.run_id, orders[0].id)
    one = time.perf_counter()
    api.explain(db, run.run_id, orders[len(orders) // 2].id)
    figures["explain_ms"] = (time.perf_counter() - one) * 1000
    every = time.perf_counter()
    api.pegging(db, run.run_id)
    figures["pegging_s"] = time.perf_counter() - every
    figures["orders"] = run.counts["planned_orders"]
    db.close()
    return figures


READS = (
    "select id, code, kind, lead_time_days, safety_stock, lot_policy, lot_minimum, lot_multiple, yield_rate from item",
    (
        "select b.parent_id, l.component_id, l.numerator, l.denominator, l.scrap_rate, l.scrap_fixed"
        " from bom_line l join bom b on b.id = l.bom_id"
    ),
    "select item_id, quantity from stock_balance",
    (
        "select d.type, l.item_id, l.role, l.quantity, l.done, l.start_date, l.due_date"
        " from doc_line l join doc d on d.id = l.doc_id where d.status = 'C'"
    ),
)


def floor_plan(work: Path) -> dict[str, Any]:
    """Raw reads of what a plan needs, and the insert of the newest run's planned orders with an index."""
    book = sqlite3.connect(work / "book.db")
    columns = "run_id, seq, item_id, kind, quantity, output, start_date, due_date, late_days, supplier_id"
    newest = "(select max(run_id) from planned_order)"
    orders = book.execute(f"select {columns} from planned_order where run_id = {newest}").fetchall()
    started = time.perf_counter()
    for query in READS:
        book.execute(query).fetchall()
    book.close()
    raw = _fresh(work / "floor_plan.db")
    raw.execute(f"create table planned (id integer primary key, {columns})")
    raw.executemany(f"insert into planned ({columns}) values (?,?,?,?,?,?,?,?,?,?)", orders)
    raw.execute("create index planned_item on planned (item_id, due_date)")
    raw.commit()
    return _measured(started)


def _fresh(file: Path) -> sqlite3.Connection:
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    raw = sqlite3.connect(file)
    raw.execute("pragma journal_mode=wal")
    raw.execute("pragma synchronous=full")
    return raw


def _sketch(size: str, generator: Path) -> float:
    data = BUILD / "data" / size
    if not (generator / "mrp_numpy.py").exists() or not data.is_dir():
        return 0.0
    python = [sys.executable]
    env_path = str(generator)
    subprocess.run(
        [*python, str(generator / "floor_db.py"), size, "--build-only"],
        cwd=BUILD,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    sketch = str(generator / "mrp_numpy.py")
    code = (
        f"import runpy, sys; sys.path.insert(0, {env_path!r}); sys.argv = ['sketch', {size!r}]; "
        f"runpy.run_path({sketch!r}, run_name='__main__')"
    )
    done = subprocess.run([*python, "-c", code], cwd=BUILD, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.strip().splitlines()[-1])["plan_s"])


STEPS = {"floor_import": floor_import, "import": import_book, "plan": plan, "floor_plan": floor_plan}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
