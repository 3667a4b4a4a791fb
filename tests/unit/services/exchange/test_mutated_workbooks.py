"""Three hundred damaged and hostile files: none crashes, hangs or fills the program, every refusal says where."""

from __future__ import annotations

import collections
import sys
import time
from pathlib import Path

import pytest

from services.exchange.parse import parse
from services.exchange.reader.sources import read_sources
from services.platform.messages import sentence
from tests.support import hostile_workbooks

FILES = 300
SECONDS_A_FILE = 10
CHILD_MIB = 400


def peak_mib(who: str) -> float:
    import resource

    return resource.getrusage(getattr(resource, who)).ru_maxrss / 1024


def test_the_good_files_come_in(tmp_path: Path) -> None:
    (tmp_path / "factory.xlsx").write_bytes(hostile_workbooks.good_workbook())
    (tmp_path / "units.ods").write_bytes(hostile_workbooks.good_spreadsheet())
    (tmp_path / "items.csv").write_text(hostile_workbooks.good_text(), encoding="utf-8")
    reading = read_sources([tmp_path / name for name in ("factory.xlsx", "units.ods", "items.csv")])
    assert reading.problems == []
    assert [raw.name for raw in reading.sheets] == ["units", "items", "bom", "sales_orders", "units", "items"]
    assert [problem for raw in reading.sheets for problem in parse(raw).problems] == []


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory of child processes is told on Unix only")
@pytest.mark.timeout(600)
def test_no_mutated_file_crashes_hangs_or_fills_the_program(tmp_path: Path) -> None:
    outcome: collections.Counter[str] = collections.Counter()
    before = peak_mib("RUSAGE_SELF")
    for seed in range(FILES):
        folder = tmp_path / str(seed)
        folder.mkdir()
        file = hostile_workbooks.make(folder, seed)
        start = time.monotonic()
        reading = read_sources([file])
        parsed = [parse(raw) for raw in reading.sheets]
        seconds = time.monotonic() - start
        assert seconds < SECONDS_A_FILE, f"seed {seed} took {seconds:.1f} s"
        problems = reading.problems + [problem for sheet in parsed for problem in sheet.problems]
        for problem in problems:
            assert problem.place.sheet, (seed, problem)
            for lang in ("zh", "en"):
                text = sentence(problem, lang)
                assert "…" not in text.removeprefix(problem.place.sheet), (seed, text)
                assert not text.startswith("exchange."), (seed, text)
        for sheet in parsed:
            for problem in sheet.problems:
                if problem.code != "exchange.more_faults":
                    assert problem.place.row >= 1, (seed, problem)
                    assert problem.place.column, (seed, problem)
        outcome["refused file" if reading.problems else "refused rows" if problems else "came in"] += 1
    print(dict(outcome), f"peak here {peak_mib('RUSAGE_SELF'):.0f} MiB, child {peak_mib('RUSAGE_CHILDREN'):.0f} MiB")
    assert outcome["refused file"] > FILES / 3
    assert outcome["refused rows"] > FILES / 30
    assert peak_mib("RUSAGE_CHILDREN") < CHILD_MIB
    assert peak_mib("RUSAGE_SELF") - before < CHILD_MIB
