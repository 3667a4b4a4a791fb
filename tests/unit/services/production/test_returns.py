"""A return comes back at the value it left with, also when both are approved together."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

from sqlalchemy import select

from models.ledgers.tables import stock_value
from services.platform.db import Database
from tests.support.sheets import fill


def test_a_pick_and_its_return_of_one_day_leave_the_value_of_what_stayed_out(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path,
        items="code,name,unit,kind\nA,台灯,个,manufactured\nB,螺丝,个,purchased\n",
        bom="parent,version,component,quantity\nA,V1,B,4\n",
        opening_stock="warehouse,item,quantity,amount,date\nW1,B,500,50,2026-03-01\n",
        production_orders="number,date,item,quantity,start_date,due_date\nMO,2026-03-01,A,100,2026-03-05,2026-03-09\n",
        material_issues=(
            "number,date,order,item,quantity,warehouse,kind\n"
            "I1,2026-03-06,MO,B,400,W1,normal\nI0,2026-03-06,MO,B,100,W1,return\n"
        ),
    )  # fmt: skip
    with book.read() as conn:
        row = conn.execute(select(stock_value.c.quantity, stock_value.c.value).where(stock_value.c.quantity > 0)).one()
    assert tuple(row) == (D(200), D("20.00"))
