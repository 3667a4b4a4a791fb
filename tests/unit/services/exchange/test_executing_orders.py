"""Rows of receipts, picks and deliveries find their order lines: in which order, how much of each, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.exchange.importing import import_sources
from services.exchange.totals import control_totals
from services.platform import books
from services.platform.db import Database
from tests.unit.services.exchange.lamp_books import (
    FACTORY,
    NOW,
    USER,
    brought,
    contents,
    fingerprint,
    folder,
    refused,
    told,
)


@pytest.fixture
def lamps(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """The lamp factory with its opening stock and a bill that takes screws on two lines, the first of them backflushed."""
    made = books.create(sqlite_url, clock=lambda: NOW)
    masters = {name: FACTORY[name] for name in list(FACTORY)[:10]}
    masters["bom"] = (
        "parent,version,component,position,quantity,issue,warehouse\n"
        "LAMP,V1.0,SCREW,10,1,倒冲,W1\nLAMP,V1.0,SCREW,20,2,,\nLAMP,V1.0,SCREW,30,3,,\n"
    )
    brought(made, tmp_path / "masters", masters)
    yield made
    made.close()


ORDER = {"production_orders": "number,date,item,quantity\nSC1,2026-03-02,LAMP,10\n"}
HEAD = "number,date,order,item,quantity,warehouse,kind\n"


def drawn(db: Database, where: Path, rows: str) -> list[tuple[str, str, str, str]]:
    """Number, line, quantity and kind of every pick row as an export shows them after rows came in."""
    brought(db, where, ORDER | {"material_issues": HEAD + rows})
    table = contents(db, where / "out")["material_issues"].splitlines()
    names = table[0].split(",")
    found = [dict(zip(names, line.split(","), strict=True)) for line in table[1:]]
    return [(row["number"], row["line"], row["quantity"], row["kind"]) for row in found]


def test_picked_lines_are_filled_before_backflushed_ones_each_no_further_than_its_plan(
    lamps: Database, tmp_path: Path
) -> None:
    """20 and 30 screws are picked, 10 are drawn by themselves."""
    rows = drawn(lamps, tmp_path / "in", "LL1,2026-03-03,SC1,SCREW,25,W1,\nLL2,2026-03-04,SC1,SCREW,24,W1,\n")
    assert [(number, quantity) for number, _line, quantity, _kind in rows] == [
        ("LL1", "20"),
        ("LL1", "5"),
        ("LL2", "24"),
    ]


def test_rows_are_taken_by_date_and_number_whatever_their_place_in_the_sheet(lamps: Database, tmp_path: Path) -> None:
    rows = drawn(lamps, tmp_path / "in", "LL1,2026-03-05,SC1,SCREW,30,W1,\nLL2,2026-03-04,SC1,SCREW,20,W1,\n")
    assert sorted((number, line, quantity) for number, line, quantity, _kind in rows) == [
        ("LL1", "3", "30"), ("LL2", "2", "20"),
    ]  # fmt: skip


def test_what_comes_back_comes_from_a_line_of_which_so_much_was_drawn(lamps: Database, tmp_path: Path) -> None:
    rows = drawn(
        lamps, tmp_path / "in",
        "LL1,2026-03-03,SC1,SCREW,50,W1,\nTL1,2026-03-04,SC1,SCREW,30,W1,退料\nTL2,2026-03-05,SC1,SCREW,20,W1,退料\n",
    )  # fmt: skip
    assert [(number, line, quantity) for number, line, quantity, kind in rows if number != "LL1"] == [
        ("TL1", "3", "30"), ("TL2", "2", "20"),
    ]  # fmt: skip


def test_a_delivery_runs_over_to_the_next_line_of_its_order_at_that_lines_price(
    lamps: Database, tmp_path: Path
) -> None:
    orders = "number,date,customer,line,item,quantity,price\nXS1,2026-03-01,C1,1,SCREW,10,5\n,,,2,SCREW,20,7\n"
    deliveries = "number,date,order,item,quantity\nCK1,2026-03-02,XS1,SCREW,15\n"
    brought(lamps, tmp_path / "in", {"sales_orders": orders, "deliveries": deliveries})
    rows = [line.split(",") for line in contents(lamps, tmp_path / "out")["deliveries"].splitlines()[1:]]
    assert [(row[3], row[5]) for row in rows] == [("1", "10"), ("2", "5")]


def test_the_price_of_the_receipt_goes_before_that_of_its_order(lamps: Database, tmp_path: Path) -> None:
    sheets = {
        "purchase_orders": "number,date,supplier,line,item,quantity,price\nCG1,2026-03-01,S1,1,SCREW,500,0.12\n",
        "purchase_receipts": "number,date,order,line,item,quantity,price,warehouse\n"
        "RK1,2026-03-04,CG1,1,SCREW,200,0.15,W1\nRK2,2026-03-05,CG1,1,SCREW,100,,W1\n",
    }
    brought(lamps, tmp_path / "in", sheets)
    rows = [line.split(",")[6] for line in contents(lamps, tmp_path / "out")["purchase_receipts"].splitlines()[1:]]
    assert rows == ["0.15", "0.12"]


def test_the_same_opening_stock_again_is_refused_row_by_row(lamps: Database, tmp_path: Path) -> None:
    again = "warehouse,item,quantity,amount,date\nW1,LAMP,1,1,2026-02-28\nW1,SCREW,1,1,2026-02-28\n"
    assert told(refused(lamps, tmp_path / "in", {"opening_stock": again})) == [
        ("exchange.opening_exists", "opening_stock", 3, "item")
    ]


def test_one_number_in_two_files_is_refused_and_neither_comes_in(lamps: Database, tmp_path: Path) -> None:
    head = "number,date,customer,item,quantity\n"
    files = [
        folder(tmp_path / name, {"sales_orders": f"{head}XS1,2026-03-01,C1,LAMP,{quantity}\n"})
        for name, quantity in (("one", 2), ("two", 3))
    ]
    before = fingerprint(lamps)
    with pytest.raises(Refused) as caught:
        import_sources(lamps, USER, files)
    assert [problem.code for problem in caught.value.problems] == ["exchange.document_twice"]
    assert fingerprint(lamps) == before


def test_control_totals_count_rows_quantities_and_amounts_by_store_and_leave_faults_out(tmp_path: Path) -> None:
    stock = (
        "warehouse,item,quantity,amount,date\nW2,A,1,2,2026-02-28\nW1,A,10,20,2026-02-28\nW1,B,5,,2026-02-28\n"
        "W1,C,x,1,2026-02-28\n"
    )
    costs = "period,cost_item,kind,amount\n2026-03,水电,overhead,100\n"
    found = control_totals([folder(tmp_path / "in", {"opening_stock": stock, "period_costs": costs})])
    assert [
        (total.sheet, total.group, total.rows, total.quantity, total.amount, total.without_amount) for total in found
    ] == [
        ("opening_stock", "", 3, 16, 22, 1), ("opening_stock", "W1", 2, 15, 20, 1), ("opening_stock", "W2", 1, 1, 2, 0),
        ("period_costs", "", 1, None, 100, 0),
    ]  # fmt: skip
