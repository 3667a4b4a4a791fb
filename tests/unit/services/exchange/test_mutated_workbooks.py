"""Three hundred damaged and hostile files: none crashes, hangs or fills the program, every refusal says where."""

from __future__ import annotations

import collections
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

import app.wiring
from models.columns import metadata
from models.kernel.problems import Problem, Refused
from services.exchange.importing import import_sources
from services.exchange.parse import parse
from services.exchange.reader.sources import read_sources
from services.platform import books
from services.platform.db import Database
from services.platform.messages import sentence
from tests.support import hostile_workbooks

assert app.wiring.AREAS

FILES = 300
PATIENCE_S = 300
"""of one file: only one that hangs takes longer, however slow the machine"""
CHILD_MIB = 400
WHOLE_ROWS = ("exchange.encoding", "exchange.csv_row", "exchange.far_cell", "exchange.too_many_cells")


def peak_mib(who: str) -> float:
    import resource

    return resource.getrusage(getattr(resource, who)).ru_maxrss / 1024


def check_told(seed: int, problems: Sequence[Problem]) -> None:
    """Every problem has a place, a row with its column or a whole file, and a whole sentence in both languages."""
    for problem in problems:
        assert problem.place.column or not problem.place.row or problem.code in WHOLE_ROWS, (seed, problem)
        assert problem.place.sheet or problem.place.document or problem.code == "exchange.more_faults", (seed, problem)
        for lang in ("zh", "en"):
            text = sentence(problem, lang)
            assert "…" not in text.removeprefix(problem.place.sheet), (seed, text)
            assert problem.code not in text, (seed, text)


def rows_in(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_the_good_files_come_in(tmp_path: Path) -> None:
    (tmp_path / "factory.xlsx").write_bytes(hostile_workbooks.good_workbook())
    (tmp_path / "units.ods").write_bytes(hostile_workbooks.good_spreadsheet())
    (tmp_path / "items.csv").write_text(hostile_workbooks.good_text(), encoding="utf-8")
    reading = read_sources([tmp_path / name for name in ("factory.xlsx", "units.ods", "items.csv")])
    assert reading.problems == []
    assert [raw.name for raw in reading.sheets] == ["units", "items", "bom", "sales_orders", "units", "items"]
    assert [problem for raw in reading.sheets for problem in parse(raw).problems] == []


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory of child processes is told on Unix only")
@pytest.mark.timeout(3600)
def test_no_mutated_file_crashes_hangs_fills_the_program_or_comes_in_partly(tmp_path: Path) -> None:
    """Each goes to a book that has the factory's customers; a refused one leaves no row behind and says where it is wrong."""
    db = books.create(f"sqlite:///{tmp_path / 'book.db'}")
    (tmp_path / "customers.csv").write_text("code\nC1\n", encoding="utf-8")
    import_sources(db, "tester", [tmp_path / "customers.csv"])
    outcome: collections.Counter[str] = collections.Counter()
    peak, before = peak_mib("RUSAGE_SELF"), rows_in(db)
    older_children = peak_mib("RUSAGE_CHILDREN")  # of earlier tests in this process
    for seed in range(FILES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        file = hostile_workbooks.make(folder, seed)
        start = time.monotonic()
        try:
            import_sources(db, "tester", [file], approve=True)
            outcome["came in"] += 1
            before = rows_in(db)
        except Refused as refused:
            outcome["by cell" if any(p.place.row and p.place.column for p in refused.problems) else "by file"] += 1
            check_told(seed, refused.problems)
            assert rows_in(db) == before, f"seed {seed} left something behind"
        seconds = time.monotonic() - start
        assert seconds < PATIENCE_S, f"seed {seed} hung for {seconds:.0f} s"
    db.close()
    print(dict(outcome), f"peak here {peak_mib('RUSAGE_SELF'):.0f} MiB, child {peak_mib('RUSAGE_CHILDREN'):.0f} MiB")
    assert outcome["by file"] > FILES / 3
    assert outcome["by cell"] > FILES / 10
    assert peak_mib("RUSAGE_CHILDREN") < max(CHILD_MIB, older_children * 1.2)
    assert peak_mib("RUSAGE_SELF") - peak < CHILD_MIB
