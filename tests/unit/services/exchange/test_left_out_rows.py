"""Rows of a document that is left out for one fault still show their other faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.exchange.importing import import_sources
from services.platform.db import Database
from tests.support.sheets import fill


def test_a_bad_date_does_not_hide_unknown_codes_and_surplus_decimals(book: Database, tmp_path: Path) -> None:
    fill(book, tmp_path, items="code,name,unit,kind\nA,灯,个,manufactured\n")
    file = tmp_path / "sales_orders.csv"
    file.write_text(
        "number,date,customer,line,item,quantity,price,due_date\n"
        "S1,2026-13-01,P1,1,A,1.5,1,2026-03-09\nS2,2026-03-01,C9,1,Z,0,1,2026-03-09\nS2,,,2,Y,1,1,2026-03-09\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        import_sources(book, "测试", [str(file)])
    found = [(p.place.row, p.place.column) for p in refused.value.problems]
    assert sorted(found) == [(2, "date"), (2, "quantity"), (3, "customer"), (3, "item"), (3, "quantity"), (4, "item")]
