"""Planning runs on real books: what is read, stored, reproduced, explained; on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from models.documents.tables import doc
from models.kernel.problems import Refused
from models.planning.tables import mrp_run, mrp_snapshot, planned_order
from services.documents import approving
from services.planning import api, release, runs
from services.planning.runs import finished, run_mrp
from services.platform import books
from services.platform.db import Database
from tests.support.sheets import fill
from tests.unit.services.planning.lamp_runs import BOM, ITEMS, PLAN, SALES, START, STOCK, lamps, of, planned


def test_at_07a_in_a_book_without_the_open_orders_of_the_case(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    run = run_mrp(book, "计划员", start=START, note="AT-07a")
    assert planned(book, run.run_id) == PLAN
    assert run.counts["planned_orders"] == 9
    assert set(run.phases) == {"read", "plan", "write"}
    (row,) = api.list_runs(book)
    assert (row.run_id, row.start, row.note, row.made_by) == (run.run_id, START, "AT-07a", "计划员")
    numbers = {r.item_code: (r.number, r.supplier_code, r.workshop) for r in api.planned_orders(book, run.run_id)}
    assert numbers["FG100"] == (f"P{run.run_id}-000001", "", "总装")
    assert numbers["SA300"][1:] == ("P2", "")


def test_a_run_is_made_again_from_its_snapshot_to_the_last_digit(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    run = run_mrp(book, "计划员", start=START)
    before = finished(book, run.run_id)
    runs._MEMORY.clear()
    again = finished(book, run.run_id)
    assert again is not before
    for table in ("orders", "findings", "substitutions"):
        one, two = getattr(before.plan, table), getattr(again.plan, table)
        for name in one.names():
            assert getattr(one, name).tolist() == getattr(two, name).tolist(), (table, name)
    assert again.reading.names.codes == before.reading.names.codes


def test_the_same_rows_in_another_order_give_the_same_plan(book: Database, tmp_path: Path) -> None:
    def turned(text: str) -> str:
        head, *rows = text.strip().splitlines()
        return "\n".join([head, *reversed(rows)])

    lamps(book, tmp_path, items=turned(ITEMS), bom=turned(BOM), opening_stock=turned(STOCK))
    run = run_mrp(book, "计划员", start=START)
    assert planned(book, run.run_id) == PLAN
    assert [r.item_code for r in api.planned_orders(book, run.run_id)] == [
        "FG100", "405", "SA200", "SA300", "401", "402", "403", "406", "407",
    ]  # fmt: skip


def test_reading_costs_the_same_number_of_statements_for_any_size(book: Database, tmp_path: Path) -> None:
    def statements() -> int:
        seen: list[str] = []
        event.listen(book.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        run_mrp(book, "计划员", start=START)
        return len(seen)

    lamps(book, tmp_path)
    first = statements()
    more = "\n".join(f"SO{n},2026-03-01,P1,1,FG100,3,80,2026-04-{n % 28 + 1:02d}" for n in range(10, 120))
    fill(book, tmp_path, sales_orders="number,date,customer,line,item,quantity,price,due_date\n" + more)
    # The listener of the first count is still there: both hear the second run.
    assert statements() == first


def test_orders_eat_the_forecast_of_their_month_delivered_or_not(book: Database, tmp_path: Path) -> None:
    lamps(
        book, tmp_path,
        forecasts="""
        number,date,line,item,quantity,due_date
        YC1,2026-02-01,1,FG100,60,2026-03-06
        YC1,,2,FG100,80,2026-03-30
        YC1,,3,FG100,48,2026-04-20
        """,
        deliveries="number,date,order,line,item,quantity,warehouse\nFH1,2026-03-01,SO1,1,FG100,20,W1\n",
    )  # fmt: skip
    run = run_mrp(book, "计划员", start=START)
    # March: 140 forecast − 100 ordered = 40 on the 30th. Of SO1 80 are still to be delivered, no stock is left.
    assert of(book, run.run_id, "FG100") == [
        (D(11), "03-02"), (D(83), "03-20"), (D(42), "03-30"), (D(50), "04-20"),
    ]  # fmt: skip


def test_open_orders_count_with_their_yield_and_draw_their_own_list(book: Database, tmp_path: Path) -> None:
    lamps(
        book, tmp_path,
        production_orders="number,date,item,quantity,start_date,due_date\nMO1,2026-03-01,FG100,50,2026-03-03,2026-03-10\n",
        material_issues="""
        number,date,order,line,item,quantity,warehouse
        LL1,2026-03-01,MO1,1,403,200,W1
        """,
        product_receipts="number,date,order,line,item,quantity,warehouse\nRK1,2026-03-01,MO1,1,FG100,10,W1\n",
    )  # fmt: skip
    run = run_mrp(book, "计划员", start=START)
    # 50 × 0.96 − 10 = 38 still to come, 30 in stock: 110 − 68 = 42 net, 43.75 started.
    assert of(book, run.run_id, "FG100") == [(D(44), "03-20")]
    item_id = next(r.item_id for r in api.planned_orders(book, run.run_id) if r.item_code == "403")
    drawn = [r for r in api.timeline(book, run.run_id, item_id) if r.origin.kind == "production_order"]
    assert [(r.quantity, r.day.isoformat(), r.origin.item_code) for r in drawn] == [(D(-10), "2026-03-03", "FG100")]


def test_a_document_closed_by_hand_asks_for_nothing_and_brings_nothing(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    with book.write("李会计") as tx:
        tx.conn.execute(update(doc).where(doc.c.number.in_(("SO1", "PO1"))).values(closing="H"))
    run = run_mrp(book, "计划员", start=START)
    assert planned(book, run.run_id) == []


def test_drafts_do_not_count(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    with book.write("李会计") as tx:
        tx.conn.execute(update(doc).where(doc.c.number == "SO1").values(status="Z"))
    assert planned(book, run_mrp(book, "计划员", start=START).run_id) == []


def test_a_run_for_some_orders_plans_only_what_they_cause(book: Database, tmp_path: Path) -> None:
    more = SALES + "SO2,2026-03-01,P2,1,FG100,24,80,2026-03-25\n"
    lamps(book, tmp_path, sales_orders=more)
    run = run_mrp(book, "计划员", start=START, orders=["SO2"])
    # SO1 keeps the stock; SO2 is made whole: 24 ÷ 0.96 = 25.
    assert of(book, run.run_id, "FG100") == [(D(25), "03-25")]
    # Of its 27 cartons 30 are in stock.
    assert of(book, run.run_id, "405") == []
    with pytest.raises(Refused) as refused:
        run_mrp(book, "计划员", start=START, orders=["SO2", "SO9", "PO1"])
    assert [(p.code, p.args["order"]) for p in refused.value.problems] == [
        ("plan.order_without_demand", "SO9"), ("plan.order_without_demand", "PO1"),
    ]  # fmt: skip


def test_an_end_before_the_start_is_refused_and_so_is_a_book_that_asks_for_nothing(book: Database) -> None:
    with pytest.raises(Refused) as refused:
        run_mrp(book, "计划员", start=START, end=dt.date(2026, 3, 1))
    assert refused.value.problems[0].code == "plan.end_before_start"
    with pytest.raises(Refused) as refused:
        run_mrp(book, "计划员", start=START)
    assert refused.value.problems[0].code == "plan.no_demand"
    assert api.list_runs(book) == []


def test_made_to_order_keeps_what_was_made_for_a_line(book: Database, tmp_path: Path) -> None:
    lamps(
        book, tmp_path, items=ITEMS.replace("FG100,LED台灯,个,manufactured,1,10,,,0.96,,", "FG100,LED台灯,个,manufactured,1,,,,,mto,"),
        sales_orders=SALES + "SO2,2026-03-01,P2,1,FG100,30,80,2026-03-25\n",
        production_orders="number,date,item,quantity,start_date,due_date,sales_order\nMO2,2026-03-01,FG100,12,2026-03-03,2026-03-10,SO2\n",
        product_receipts="number,date,order,line,item,quantity,warehouse\nRK1,2026-03-01,MO2,1,FG100,5,W1\n",
    )  # fmt: skip
    run = run_mrp(book, "计划员", start=START)
    # The 20 in stock were made for nobody: SO1 is made whole. For SO2 5 are made and 7 still to come.
    assert of(book, run.run_id, "FG100") == [(D(100), "03-20"), (D(18), "03-25")]
    rows = [r for r in api.planned_orders(book, run.run_id) if r.item_code == "FG100"]
    assert len({r.demand_line_id for r in rows} - {None}) == 2


def test_releasing_everything_and_planning_again_proposes_nothing(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path, items=ITEMS.replace("405,纸箱,个,purchased,3,,,,,,,", "405,纸箱,个,purchased,3,,,,,,P1,"))
    run = run_mrp(book, "计划员", start=START)
    with book.write("计划员") as tx:
        made = release.release(tx, run.run_id)
        approving.approve(tx, [ref.id for ref in made.documents])
    again = run_mrp(book, "计划员", start=START)
    assert planned(book, again.run_id) == []


def test_old_runs_are_forgotten_but_released_orders_stay(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path, parameters="key,value\nruns_kept,2\n")
    first = run_mrp(book, "计划员", start=START)
    with book.write("计划员") as tx:
        one = select(planned_order.c.id).where(planned_order.c.run_id == first.run_id).limit(1).scalar_subquery()
        tx.conn.execute(update(planned_order).where(planned_order.c.id == one).values(status="released"))
    later = [run_mrp(book, "计划员", start=START).run_id for _ in range(3)]
    with book.read() as conn:
        kept = conn.execute(select(planned_order.c.run_id, planned_order.c.status).distinct()).all()
        heads = conn.execute(select(mrp_run.c.id)).scalars().all()
        snapshots = set(conn.execute(select(mrp_snapshot.c.run_id)).scalars())
    assert set(heads) == {first.run_id, *later[1:]}
    assert snapshots == set(later[1:])
    assert {tuple(row) for row in kept} == {(first.run_id, "released"), *((run, "proposed") for run in later[1:])}
    runs._MEMORY.clear()
    with pytest.raises(Refused):
        finished(book, first.run_id)


def test_substitutes_calendar_versions_and_co_products_come_from_the_book(book: Database, tmp_path: Path) -> None:
    fill(
        book, tmp_path,
        items="""
        code,name,unit,kind,lead_time_days,supplier
        P,成品,个,manufactured,2,
        A,主料,个,purchased,1,P1
        B,替代,个,purchased,1,P1
        C,边料,m,purchased,0,P1
        """,
        bom="""
        parent,version,component,position,quantity,valid_from,valid_to
        P,V2,A,10,2,,
        P,V10,A,10,3,2026-03-01,2026-03-31
        """,
        bom_outputs="parent,version,item,kind,quantity,base_quantity\nP,V10,C,by,1,3\n",
        substitutes="component,substitute,parent,ratio,priority,valid_from,valid_to\nA,B,,0.5,1,2026-03-01,\n",
        calendar="date,working\n2026-03-07,no\n2026-03-08,no\n",
        opening_stock="warehouse,item,quantity,amount,date\nW1,B,4,0,2026-02-28\n",
        sales_orders="""
        number,date,customer,line,item,quantity,price,due_date
        S1,2026-03-01,P1,1,P,4,1,2026-03-09
        S1,,,2,C,3.5,1,2026-03-10
        """,
    )  # fmt: skip
    run = run_mrp(book, "计划员", start=START)
    # P starts two working days before Monday the 9th; 12 A, of which 8 are covered by 4 B; 4 P give 1.3333 m of C.
    assert planned(book, run.run_id) == [
        ("A", "purchase", D(4), D(4), "03-04", "03-05"), ("C", "purchase", D("2.1667"), D("2.1667"), "03-10", "03-10"),
        ("P", "production", D(4), D(4), "03-05", "03-09"),
    ]  # fmt: skip
    (use,) = api.exceptions(book, run.run_id, kinds=["substitute_used"])
    assert (use.item_code, use.other_code, use.quantity, use.other_quantity) == ("A", "B", D(8), D(4))
    stands_in = [p for p in api.pegging(book, run.run_id) if p.item == "B"]
    assert [(p.planned_order, p.quantity, p.demand_kind, p.demand_item) for p in stands_in] == [
        ("", D(4), "planned_order", "P")
    ]


def test_sqlite_and_postgresql_give_the_same_plan(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    made = []
    for url in (sqlite_url, postgres_url):
        db = books.create(url, clock=lambda: dt.datetime(2026, 3, 10, 1, 0, tzinfo=dt.UTC))
        lamps(db, tmp_path)
        run = run_mrp(db, "计划员", start=START)
        rows = api.planned_orders(db, run.run_id)
        made.append([(r.seq, r.item_code, r.quantity, r.output, r.start_date, r.due_date, r.late_days) for r in rows])
        db.close()
    assert made[0] == made[1]
    assert len(made[0]) == 9
