"""The kitting desk of a real book: the clerk's own order of the rows, and a rush order that is not taken yet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest

from services.masterdata import saving as masters
from services.planning import kitting
from services.platform.db import Database
from tests.support.refusing import codes, refused
from tests.support.sheets import fill

ITEMS = "code,name,unit,kind\nA,台灯,个,manufactured\nX,灯珠,个,purchased\nC,胶水,kg,purchased\n"
ORDERS = (
    "number,date,item,quantity,start_date,due_date\n"
    "WO1,2026-03-01,A,60,2026-03-10,2026-03-20\nWO2,2026-03-01,A,50,2026-03-08,2026-03-20\n"
)
START = dt.date(2026, 3, 7)


def stocked(*rows: str) -> str:
    return "warehouse,item,quantity,amount,date\n" + "".join(f"W1,{row},0,2026-03-01\n" for row in rows)


def rush(db: Database, quantity: str, start: dt.date = START) -> kitting.RushAnswer:
    with db.read() as conn:
        structure = kitting.read_desk(conn, (), None)
        item_id = next(key for key, item in structure.items.items() if item.code == "A")
        return kitting.rush(conn, item_id, D(quantity), start)


def test_an_order_that_came_since_the_rows_were_arranged_is_served_last(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom="parent,version,component,quantity\nA,V1,X,1\n", production_orders=ORDERS,
        opening_stock=stocked("X,100"),
    )  # fmt: skip
    with book.read() as conn:
        line = {order.ref.number: order.line_id for order in kitting.analyse(conn)}
        shown = kitting.analyse(conn, order=[line["WO1"]])
    assert [(order.ref.number, order.complete_sets) for order in shown] == [("WO1", 60), ("WO2", 40)]


def test_the_last_answer_takes_the_place_of_the_one_before(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom="parent,version,component,quantity\nA,V1,X,1\n", production_orders=ORDERS,
        opening_stock=stocked("X,100"),
    )  # fmt: skip
    for numbers in ((), ("WO1",)):
        with book.write("计划") as tx:
            kitting.keep(tx, kitting.rows_of(kitting.analyse(tx.conn, numbers)))
    with book.read() as conn:
        assert [row.order for row in kitting.kept(conn)] == ["WO1"]


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5"])
def test_a_rush_order_of_nothing_or_of_parts_of_a_piece_is_refused(
    book: Database, tmp_path: Path, quantity: str
) -> None:
    fill(
        book, tmp_path, items=ITEMS, bom="parent,version,component,quantity\nA,V1,X,1\n", production_orders=ORDERS,
        opening_stock=stocked("X,100"),
    )  # fmt: skip
    assert codes(refused(rush, book, quantity)) == {"kitting.quantity"}


BOM = """
parent,version,component,quantity,issue,supplied_by,scrap_fixed,warehouse
A,V1,X,1,pick,own,,W1
A,V1,C,0.1,{issue},{by},0.05,W1
"""


def lamps(book: Database, folder: Path, issue: str = "pick", by: str = "own") -> None:
    """Lamps of one bulb and 0.1 kg of glue with 0.05 kg lost each order; 100 bulbs and 0.65 kg of glue."""
    one = "number,date,item,quantity,start_date,due_date\nWO1,2026-03-01,A,1,2026-03-10,2026-03-20\n"
    fill(
        book, folder, items=ITEMS, bom=BOM.format(issue=issue, by=by), production_orders=one,
        opening_stock=stocked("X,100", "C,0.65"),
    )  # fmt: skip


def test_a_rush_order_counts_in_the_unit_of_each_material(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    answer = rush(book, "10")
    assert (answer.verdict, answer.result.complete_sets, answer.result.deep_sets) == ("cannot", 6, 6)
    assert {c.code: (c.required, c.short) for c in answer.result.components} == {
        "X": (D(10), D(0)), "C": (D("1.05"), D("0.4")),
    }  # fmt: skip


@pytest.mark.parametrize(("issue", "by"), [("backflush", "own"), ("pick", "customer"), ("none", "own")])
def test_a_rush_order_waits_for_the_same_material_as_an_open_one(
    book: Database, tmp_path: Path, issue: str, by: str
) -> None:
    lamps(book, tmp_path, issue, by)
    answer = rush(book, "10")
    assert (answer.verdict, answer.result.complete_sets) == ("accept", 10)
    assert [c.code for c in answer.result.components] == ["X"]


def test_backflushed_material_counts_for_open_and_rush_orders_where_the_parameter_says_so(
    book: Database, tmp_path: Path
) -> None:
    lamps(book, tmp_path, "backflush")
    with book.write("主管") as tx:
        masters.upsert(tx, "parameters", [{"key": "kitting_counts_backflush", "value": "yes"}])
    with book.read() as conn:
        (open_order,) = kitting.analyse(conn)
    answer = rush(book, "10")
    assert [c.code for c in open_order.components] == [c.code for c in answer.result.components] == ["C", "X"]
    assert (answer.verdict, answer.result.complete_sets) == ("cannot", 6)


def test_a_rush_order_takes_the_bill_that_holds_on_its_start(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items=ITEMS, production_orders=ORDERS, opening_stock=stocked("X,100"),
        bom="parent,version,component,quantity,valid_from,valid_to\n"
        "A,V1,X,1,,2026-03-31\nA,V1,X,3,2026-04-01,2026-04-30\nA,V1,X,7,2026-05-01,\n",
    )  # fmt: skip
    required = [
        rush(book, "10", day).result.components[0].required for day in (START, dt.date(2026, 4, 1), dt.date(2026, 5, 1))
    ]
    assert required == [10, 30, 70]
