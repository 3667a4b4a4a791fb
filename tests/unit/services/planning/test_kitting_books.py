"""Kitting of orders in a real book (AT-02a, AT-02c), shared stock, and the answer that is kept for export."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.planning import kitting
from services.platform.db import Database
from tests.support.sheets import fill

ITEMS = """
code,name,unit,kind
A,台灯,个,manufactured
S,灯板,个,manufactured
X,灯珠,个,purchased
B,螺丝,个,purchased
C,胶水,kg,purchased
"""


def analysed(db: Database, *numbers: str, date: dt.date | None = None) -> list[kitting.KittingOrder]:
    with db.read() as conn:
        return kitting.analyse(conn, numbers, date=date)


def test_at02a_six_of_ten_lamps_are_complete_and_the_whole_order_lacks_fifty_and_0_35(
    book: Database, tmp_path: Path
) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom="parent,version,component,quantity\nA,V1,B,20\nA,V1,C,0.1\n",
        production_orders="number,date,item,quantity,start_date,due_date\nMO,2026-03-01,A,10,2026-03-05,2026-03-09\n",
        opening_stock="warehouse,item,quantity,amount,date\nW1,B,150,0,2026-03-01\nW1,C,0.65,0,2026-03-01\n",
    )  # fmt: skip
    (order,) = analysed(book)
    assert (order.complete_sets, order.ordered, order.status) == (6, 10, "short")
    assert {c.code: c.short for c in order.components} == {"B": D(50), "C": D("0.35")}
    assert [c.code for c in order.components if c.bottleneck] == ["C"]


RUSH_BOM = "parent,version,component,quantity\nA,V1,X,1\n"
RUSH_ORDERS = (
    "number,date,item,quantity,start_date,due_date\n"
    "WO1,2026-03-01,A,60,2026-03-10,2026-03-20\nWO2,2026-03-01,A,50,2026-03-08,2026-03-20\n"
)


@pytest.mark.parametrize(("stock", "affected"), [(100, []), (110, ["WO1"])])
def test_at02c_a_rush_order_is_accepted_and_names_who_loses_its_kits(
    book: Database, tmp_path: Path, stock: int, affected: list[str]
) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom=RUSH_BOM, production_orders=RUSH_ORDERS,
        opening_stock=f"warehouse,item,quantity,amount,date\nW1,X,{stock},0,2026-03-01\n",
    )  # fmt: skip
    with book.read() as conn:
        item_id = next(i.item_id for i in kitting.analyse(conn))
        answer = kitting.rush(conn, item_id, D(40), dt.date(2026, 3, 7))
    assert answer.verdict == ("accept_affecting" if affected else "accept")
    assert [order.ref.number for order in answer.affected] == affected
    assert answer.result.complete_sets == 40


def test_orders_take_what_earlier_ones_left_and_the_given_order_decides(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom=RUSH_BOM, production_orders=RUSH_ORDERS,
        opening_stock="warehouse,item,quantity,amount,date\nW1,X,100,0,2026-03-01\n",
    )  # fmt: skip
    assert [(o.ref.number, o.complete_sets) for o in analysed(book)] == [("WO2", 50), ("WO1", 50)]
    assert [(o.ref.number, o.complete_sets) for o in analysed(book, "WO1", "WO2")] == [("WO1", 60), ("WO2", 40)]


def test_receipts_up_to_a_date_count_when_asked_and_are_expected_otherwise(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom=RUSH_BOM,
        production_orders="number,date,item,quantity,start_date,due_date\nWO,2026-03-01,A,10,2026-03-10,2026-03-20\n",
        purchase_orders="number,date,supplier,line,item,quantity,price,due_date\nPO,2026-03-01,P1,1,X,10,1,2026-03-12\n",
    )  # fmt: skip
    (order,) = analysed(book)
    assert (order.complete_sets, order.status, order.ready_day) == (0, "expected", dt.date(2026, 3, 12))
    (order,) = analysed(book, date=dt.date(2026, 3, 12))
    assert order.complete_sets == 10


def test_parts_in_between_may_be_made_first_and_their_material_counts_once(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom="parent,version,component,quantity\nA,V1,S,1\nA,V1,X,1\nS,V1,X,2\n",
        production_orders="number,date,item,quantity,start_date,due_date\nWO,2026-03-01,A,10,2026-03-10,2026-03-20\n",
        opening_stock="warehouse,item,quantity,amount,date\nW1,X,16,0,2026-03-01\nW1,S,1,0,2026-03-01\n",
    )  # fmt: skip
    (order,) = analysed(book)
    assert order.complete_sets == 1
    assert order.deep_sets == 6


def test_an_unknown_order_is_refused_by_its_number(book: Database) -> None:
    with pytest.raises(Refused) as refused, book.read() as conn:
        kitting.analyse(conn, ["MO-404"])
    assert refused.value.problems[0].args == {"order": "MO-404"}


def test_the_last_answer_is_kept_as_it_was_shown(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom=RUSH_BOM, production_orders=RUSH_ORDERS,
        opening_stock="warehouse,item,quantity,amount,date\nW1,X,100,0,2026-03-01\n",
    )  # fmt: skip
    rows = kitting.rows_of(analysed(book))
    with book.write("计划") as tx:
        kitting.keep(tx, rows)
    with book.read() as conn:
        assert kitting.kept(conn) == rows
