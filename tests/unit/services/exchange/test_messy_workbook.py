"""U11: a messy list of items: every fault told at its cell, nothing written; the mended file comes in, and again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import app.wiring
from models.kernel.problems import Refused
from services.exchange.importing import MasterCount, import_sources
from services.platform.db import Database
from tests.support.messy_workbook import FAULTS, write_messy

assert app.wiring.AREAS
COUNT = 700


def test_a_messy_workbook_is_refused_exactly_then_comes_in_then_changes_nothing(book: Database, tmp_path: Path) -> None:
    planted = write_messy(tmp_path / "坏.xlsx", COUNT, faults=60)
    assert {code for code, _row, _title in planted} == {code for _title, _value, code in FAULTS.values()}
    with pytest.raises(Refused) as caught:
        import_sources(book, "李会计", [tmp_path / "坏.xlsx"])
    assert [(p.code, p.place.row, p.place.column) for p in caught.value.problems] == planted

    write_messy(tmp_path / "好.xlsx", COUNT, faults=0)
    first = import_sources(book, "李会计", [tmp_path / "好.xlsx"])
    assert first.masters["items"] == MasterCount(new=COUNT)
    assert import_sources(book, "李会计", [tmp_path / "好.xlsx"]).masters["items"] == MasterCount(unchanged=COUNT)
