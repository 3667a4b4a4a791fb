"""Planned orders released, undone, edited, split and merged in a real book (AT-08, I24)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.documents import api as documents
from services.planning import api as planning
from services.planning.api import PlannedChange
from services.platform.db import Database
from tests.support.sheets import fill

START = dt.date(2026, 3, 10)
USER = "计划"
ITEMS = """
code,name,unit,kind,lead_time_days,safety_stock,lot_policy,lot_minimum,lot_multiple,yield_rate,supplier,strategy
FG,台灯,个,manufactured,3,10,,,,0.96,,
SA,灯板,个,manufactured,2,,minimum,50,10,,,
SC,底座,个,subcontracted,4,,,,,,P2,
M3,螺丝,个,purchased,5,50,minimum,100,100,,P1,
GL,胶水,kg,purchased,5,,,,,,P1,
ME,定制灯,个,manufactured,2,,,,,,,mto
"""
BOM = """
parent,version,component,quantity,base_quantity,scrap_rate,scrap_fixed
FG,V1,SA,1,,,
FG,V1,SC,1,,,
FG,V1,M3,4,,0.05,
FG,V1,GL,1,30,,0.01
SA,V1,M3,2,,0.05,2
ME,V1,M3,3,,,
"""
SALES = """
number,date,customer,line,item,quantity,price,due_date
SO1,2026-03-01,P1,1,FG,100,10,2026-03-25
SO1,2026-03-01,P1,2,ME,7,10,2026-03-26
SO2,2026-03-02,P2,1,FG,60,10,2026-04-02
SO3,2026-03-02,P2,1,ME,5,10,2026-04-02
"""


@pytest.fixture
def planned(book: Database, tmp_path: Path) -> Database:
    """Two products, four order lines, planned once."""
    fill(
        book, tmp_path, items=ITEMS, bom=BOM, sales_orders=SALES,
        opening_stock="warehouse,item,quantity,amount,date\nW1,FG,20,200,2026-03-01\nW1,M3,300,3,2026-03-01\n",
    )  # fmt: skip
    planning.run_mrp(book, USER, start=START)
    return book


def orders(db: Database) -> list[planning.PlannedOrderRow]:
    return planning.planned_orders(db, planning.newest_run(db))


@pytest.mark.parametrize("merge", [False, True])
def test_releasing_everything_and_planning_again_proposes_nothing_new(planned: Database, merge: bool) -> None:
    result, _changes = planning.release_orders(planned, USER, merge=merge)
    assert result.planned == len(orders(planned)) > 8
    documents.approve(planned, USER, [ref.id for ref in result.documents])
    again = planning.run_mrp(planned, USER, start=START)
    assert [(row.item_code, row.quantity, row.due_date) for row in planning.planned_orders(planned, again.run_id)] == []


def test_at08_merged_release_sums_one_item_of_one_supplier_into_one_line(planned: Database) -> None:
    screws = [row for row in orders(planned) if row.item_code == "M3"]
    assert len(screws) > 1
    result, _changes = planning.release_orders(planned, USER, kind="purchase", merge=True)
    (order,) = [documents.get_document(planned, ref.id) for ref in result.documents]
    line = next(line for line in order.lines if line.item_code == "M3")
    assert line.quantity == sum(row.quantity for row in screws)
    assert line.due_date == min(row.due_date for row in screws)
    assert order.partner_code == "P1"


def test_at08_deleting_the_released_document_makes_its_planned_orders_proposals_again(planned: Database) -> None:
    result, _changes = planning.release_orders(planned, USER, kind="purchase", merge=True)
    documents.delete(planned, USER, [ref.id for ref in result.documents])
    assert {row.status for row in orders(planned)} == {"proposed"}


def test_orders_made_for_one_sales_line_are_never_merged_with_others(planned: Database) -> None:
    result, _changes = planning.release_orders(planned, USER, kind="production", merge=True)
    views = [documents.get_document(planned, ref.id) for ref in result.documents]
    made = [
        (line.item_code, line.quantity, line.demand.number if line.demand else "")
        for view in views
        for line in view.lines
    ]
    assert sorted(row for row in made if row[0] == "ME") == [("ME", 5, "SO3"), ("ME", 7, "SO1")]


def test_a_release_is_undone_as_a_whole_unless_one_of_its_orders_is_approved(planned: Database) -> None:
    result, _changes = planning.release_orders(planned, USER)
    first = result.documents[0]
    documents.approve(planned, USER, [first.id])
    with pytest.raises(Refused) as refused:
        planning.undo_release(planned, USER, result.batch_id)
    assert refused.value.problems[0].place.document == first.number
    documents.reverse(planned, USER, [first.id])
    gone, _changes = planning.undo_release(planned, USER, result.batch_id)
    assert len(gone) == len(result.documents)
    assert {row.status for row in orders(planned)} == {"proposed"}
    assert documents.list_documents(planned, "purchase_order").total == 0


def test_a_released_order_is_not_released_twice(planned: Database) -> None:
    planning.release_orders(planned, USER)
    with pytest.raises(Refused) as refused:
        planning.release_orders(planned, USER)
    assert refused.value.problems[0].code == "release.nothing"


def test_an_order_without_supplier_is_refused_by_item_before_anything_is_made(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path, items="code,name,unit,kind\nX,螺母,个,purchased\n",
        sales_orders="number,date,customer,line,item,quantity,price,due_date\nSO,2026-03-01,P1,1,X,5,1,2026-03-20\n",
    )  # fmt: skip
    planning.run_mrp(book, USER, start=START)
    with pytest.raises(Refused) as refused:
        planning.release_orders(book, USER)
    assert refused.value.problems[0].args["item"] == "X 螺母"
    assert documents.list_documents(book, "purchase_order").total == 0


def test_ten_split_by_three_and_seven_stay_and_even_parts_leave_the_rest_to_the_last(planned: Database) -> None:
    row = next(row for row in orders(planned) if row.item_code == "ME" and row.quantity == 7)
    planning.split_planned(planned, USER, row.id, [D(3)])
    parts = [r for r in orders(planned) if r.item_code == "ME" and r.demand_line_id == row.demand_line_id]
    assert sorted(part.quantity for part in parts) == [3, 4]
    planning.merge_planned(planned, USER, [part.id for part in parts])
    planning.split_planned_evenly(planned, USER, row.id, 3)
    parts = [r for r in orders(planned) if r.item_code == "ME" and r.demand_line_id == row.demand_line_id]
    assert sorted(part.quantity for part in parts) == [2, 2, 3]


def test_an_edited_quantity_moves_the_output_by_the_yield(planned: Database) -> None:
    row = next(row for row in orders(planned) if row.item_code == "FG")
    planning.edit_planned(planned, USER, row.id, PlannedChange(quantity=D(79)))
    changed = next(r for r in orders(planned) if r.id == row.id)
    assert (changed.quantity, changed.output) == (79, 75)
    with pytest.raises(Refused) as refused:
        planning.edit_planned(planned, USER, row.id, PlannedChange(quantity=D("1.5")))
    assert refused.value.problems[0].code == "plan.quantity"


def test_a_plan_without_any_demand_is_refused_and_stores_nothing(book: Database, tmp_path: Path) -> None:
    fill(book, tmp_path, items="code,name,unit,kind\nX,螺母,个,purchased\n")
    with pytest.raises(Refused) as refused:
        planning.run_mrp(book, USER, start=START)
    assert refused.value.problems[0].code == "plan.no_demand"
    assert planning.list_runs(book) == []
