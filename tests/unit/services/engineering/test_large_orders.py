"""An order whose material would not fit the books is refused with the numbers, and nothing is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.documents import api as documents
from services.platform.db import Database
from tests.support.sheets import fill


def test_a_material_beyond_what_can_be_kept_is_refused_with_the_numbers(book: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        fill(
            book, tmp_path,
            items="code,name,unit,kind\nA,台灯,个,manufactured\nB,螺丝,个,purchased\n",
            bom="parent,version,component,quantity\nA,V1,B,1000000\n",
            production_orders="number,date,item,quantity,start_date,due_date\nMO,2026-03-01,A,100000000,2026-03-05,2026-03-09\n",
        )  # fmt: skip
    assert {problem.code for problem in refused.value.problems} == {"order.material_too_large"}
    assert documents.list_documents(book, "production_order").total == 0
