"""The stock page's figures: balances by store, short of safety, and movements with a running balance."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

from services.inventory import api
from services.platform.db import Database
from tests.support.sheets import fill


def furnished(db: Database, folder: Path) -> None:
    fill(
        db, folder, items="code,name,unit,kind,safety_stock\nB,螺丝,个,purchased,120\nC,胶水,kg,purchased,\n",
        opening_stock="warehouse,item,lot,quantity,amount,date\nW1,B,L1,60,6,2026-03-01\nW1,B,L2,40,4,2026-03-01\nW1,C,,2.5,5,2026-03-01\n",
        sales_orders="number,date,customer,line,item,quantity,price,due_date\nSO,2026-03-01,P1,1,B,70,1,2026-03-09\n",
        deliveries="number,date,order,line,item,quantity,warehouse\nDN,2026-03-05,SO,1,B,70,W1\n",
    )  # fmt: skip


def test_balances_show_what_lies_where_and_how_far_it_is_under_the_safety_stock(book: Database, tmp_path: Path) -> None:
    furnished(book, tmp_path)
    rows = [(row.item_code, row.lot, row.quantity, row.short) for row in api.stock(book)]
    assert rows == [("B", "L2", D(30), D(90)), ("C", "", D("2.5"), D(0))]
    assert [row.lot for row in api.stock(book, zeros=True, text="luosi")] == ["L1", "L2"]


def test_movements_come_latest_first_with_the_balance_after_each(book: Database, tmp_path: Path) -> None:
    furnished(book, tmp_path)
    row = api.stock(book, text="B")[0]
    moves = api.moves(book, row.item_id, row.warehouse_id)
    assert [(move.title, move.lot, move.quantity, move.balance) for move in moves] == [
        ("销售出库单", "L2", D(-10), D(30)), ("销售出库单", "L1", D(-60), D(40)),
        ("期初库存", "L2", D(40), D(100)), ("期初库存", "L1", D(60), D(60)),
    ]  # fmt: skip
