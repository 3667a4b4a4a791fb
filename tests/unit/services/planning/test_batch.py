"""Production orders made in batches from sales orders and for stock (AT-09B)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

from services.documents import api as documents
from services.planning import batch
from services.planning.batch import Wanted
from services.platform.db import Database
from tests.support.sheets import fill

DAY = dt.date(2026, 3, 10)


def furnished(db: Database, folder: Path, shop_of_p: str = "总装") -> list[batch.Producible]:
    fill(
        db, folder,
        items=f"code,name,unit,kind,workshop\nP,台灯,个,manufactured,{shop_of_p}\nQ,吊灯,个,manufactured,总装\n",
        sales_orders=(
            "number,date,customer,line,item,quantity,price,due_date\n"
            "SO1,2026-03-01,P1,1,P,100,10,2026-03-20\nSO2,2026-03-01,P2,1,Q,50,10,2026-03-22\n"
        ),
        production_orders="number,date,item,quantity,start_date,due_date,sales_order\nMO0,2026-03-01,P,40,2026-03-05,2026-03-20,SO1\n",
    )  # fmt: skip
    with db.read() as conn:
        return batch.producible(conn)


def rows(found: list[batch.Producible]) -> list[Wanted]:
    wanted = [Wanted(row.item_id, row.producible, row.line_id, row.due_date) for row in found]
    stock = next(row.item_id for row in found if row.item_code == "P")
    return [*wanted, Wanted(stock, D(30))]


def test_at09b_one_order_a_row_for_what_can_still_be_made_and_one_for_stock(book: Database, tmp_path: Path) -> None:
    found = furnished(book, tmp_path)
    assert [(row.order.number, row.producible) for row in found] == [("SO1", 60), ("SO2", 50)]
    made = batch.create(book, "计划", rows(found), day=DAY)
    views = [documents.get_document(book, ref.id) for ref in made.made]
    assert [(view.lines[0].item_code, view.lines[0].quantity, view.status) for view in views] == [
        ("P", 60, "Z"), ("Q", 50, "Z"), ("P", 30, "Z"),
    ]  # fmt: skip
    assert [line.demand.number if line.demand else "" for view in views for line in view.lines] == ["SO1", "SO2", ""]
    with book.read() as conn:
        assert batch.producible(conn) == []


def test_at09b_merging_by_item_keeps_rows_for_orders_and_rows_for_stock_apart(book: Database, tmp_path: Path) -> None:
    made = batch.create(book, "计划", rows(furnished(book, tmp_path)), day=DAY, mode="item")
    assert len(made.made) == 3


def test_at09b_what_has_no_workshop_is_listed_and_the_rest_stands(book: Database, tmp_path: Path) -> None:
    made = batch.create(book, "计划", rows(furnished(book, tmp_path, shop_of_p="")), day=DAY)
    assert len(made.made) == 1
    assert [problems[0].code for _row, problems in made.failed] == ["batch.no_workshop"] * 2


def test_more_than_can_be_made_for_the_order_is_refused_with_what_is_left(book: Database, tmp_path: Path) -> None:
    (row, _other) = furnished(book, tmp_path)
    made = batch.create(book, "计划", [Wanted(row.item_id, D(61), row.line_id)], day=DAY)
    ((_wanted, (problem,)),) = made.failed
    assert (problem.code, problem.args["left"]) == ("batch.over_order", 60)
