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

START = dt.date(2026, 3, 2)
ITEMS = """
code,name,unit,kind,lead_time_days,safety_stock,lot_policy,lot_multiple,yield_rate,strategy,supplier,workshop
FG100,LED台灯,个,manufactured,1,10,,,0.96,,,总装
SA200,灯头,个,manufactured,1,,,,,,,总装
SA300,灯座,个,subcontracted,2,,,,,,P2,
401,灯珠,个,purchased,3,,minimum,500,,,P1,
402,铝壳,个,purchased,3,,,,,,P1,
403,螺丝,个,purchased,3,50,minimum,100,,,P1,
404,硅脂,kg,purchased,3,,,,,,P1,
405,纸箱,个,purchased,3,,,,,,,
406,毛坯,个,purchased,3,,,,,,P1,
407,电源线,个,purchased,3,,,,,,P1,
"""
BOM = """
parent,version,component,position,quantity,base_quantity,scrap_rate,scrap_fixed,issue,warehouse
FG100,V1.0,SA200,10,1,,,,,
FG100,V1.0,SA300,20,1,,,,,
FG100,V1.0,403,30,4,,0.05,,,
FG100,V1.0,405,40,1,,,2,,
SA200,V1.0,401,10,12,,0.02,,,
SA200,V1.0,402,20,1,,,,,
SA200,V1.0,403,30,2,,0.05,,,
SA200,V1.0,404,40,1,100,,,backflush,W1
SA300,V1.0,406,10,1,,,,,
SA300,V1.0,407,20,1,,,,,
"""
STOCK = """
warehouse,item,quantity,amount,date
W1,FG100,20,0,2026-02-28
W1,SA200,9,0,2026-02-28
W1,401,500,0,2026-02-28
W1,402,70,0,2026-02-28
W1,403,300,0,2026-02-28
W1,404,5,0,2026-02-28
W1,405,30,0,2026-02-28
W1,406,60,0,2026-02-28
W1,407,20,0,2026-02-28
"""
SALES = "number,date,customer,line,item,quantity,price,due_date\nSO1,2026-03-01,P1,1,FG100,100,80,2026-03-20\n"
PURCHASES = """
number,date,supplier,line,item,quantity,price,due_date
PO1,2026-03-01,P1,1,403,100,0.1,2026-03-04
PO1,,,2,401,200,0.2,2026-03-04
"""


def lamps(db: Database, folder: Path, **more: str) -> None:
    standing = {"items": ITEMS, "bom": BOM, "opening_stock": STOCK, "sales_orders": SALES, "purchase_orders": PURCHASES}
    fill(db, folder, **{**standing, **more})


def planned(db: Database, run_id: int) -> list[tuple[str, str, D, D, str, str]]:
    return sorted(
        (r.item_code, r.kind, r.quantity, r.output, r.start_date.isoformat()[5:], r.due_date.isoformat()[5:])
        for r in api.planned_orders(db, run_id)
    )


def of(db: Database, run_id: int, code: str) -> list[tuple[D, str]]:
    return sorted(((q, due) for item, _, q, _, _, due in planned(db, run_id) if item == code), key=lambda row: row[1])


PLAN = [
    ("401", "purchase", D(500), D(500), "03-15", "03-18"),
    ("402", "purchase", D(15), D(15), "03-15", "03-18"),
    ("403", "purchase", D(300), D(300), "03-16", "03-19"),
    ("405", "purchase", D(66), D(66), "03-16", "03-19"),
    ("406", "purchase", D(34), D(34), "03-14", "03-17"),
    ("407", "purchase", D(74), D(74), "03-14", "03-17"),
    ("FG100", "production", D(94), D(90), "03-19", "03-20"),
    ("SA200", "production", D(85), D(85), "03-18", "03-19"),
    ("SA300", "subcontract", D(94), D(94), "03-17", "03-19"),
]


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


def test_explanation_names_documents_and_shows_the_arithmetic(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    run = run_mrp(book, "计划员", start=START)
    rows = {r.item_code: r.id for r in api.planned_orders(book, run.run_id)}
    lamp = api.explain(book, run.run_id, rows["FG100"])
    assert [(t.origin.kind, t.quantity) for t in lamp.supplies] == [("stock", D(20))]
    assert [(t.origin.kind, t.origin.document.number if t.origin.document else "", t.quantity) for t in lamp.demands] == [
        ("safety_stock", "", D(10)), ("sales_order", "SO1", D(100)),
    ]  # fmt: skip
    assert (lamp.net, lamp.yield_rate, [(s.rule, s.quantity) for s in lamp.steps]) == (
        D(90),
        D("0.96"),
        [("yield", D(94))],
    )
    screw = api.explain(book, run.run_id, rows["403"])
    asked = [t for t in screw.demands if t.origin.kind == "planned_order"]
    assert [(t.origin.item_code, t.arithmetic, t.day.isoformat()) for t in asked] == [
        ("SA200", "85×2×1.05 = 178.5 → 179", "2026-03-18"), ("FG100", "94×4×1.05 = 394.8 → 395", "2026-03-19"),
    ]  # fmt: skip
    assert [t.origin.document.number for t in screw.supplies if t.origin.document] == ["PO1"]
    assert (screw.net, [s.rule for s in screw.steps]) == (D(224), ["yield", "multiple"])
    carton = api.explain(book, run.run_id, rows["405"])
    assert carton.demands[0].arithmetic == "94×1+2 = 96"


def test_pegging_adds_up_to_the_planned_order(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    run = run_mrp(book, "计划员", start=START)
    rows = {r.item_code: r for r in api.planned_orders(book, run.run_id)}
    screw = list(api.pegging(book, run.run_id, rows["403"].id))
    assert [(p.demand_kind, p.demand_item, p.quantity) for p in screw] == [
        ("planned_order", "FG100", D(224)), ("lot_size", "403", D(76)),
    ]  # fmt: skip
    everything = list(api.pegging(book, run.run_id))
    assert len(api.pegging(book, run.run_id)) == len(everything)
    for row in rows.values():
        mine = [p.quantity for p in everything if p.planned_order == row.number]
        assert int(sum(mine)) == row.output
    assert [(p.demand_kind, p.demand_number, p.demand_line) for p in everything if p.item == "FG100"] == [
        ("sales_order", "SO1", 1), ("lot_size", "", 0),
    ]  # fmt: skip


def test_exceptions_name_document_date_and_way_out(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path, purchase_orders=PURCHASES.replace("2026-03-04", "2026-02-20"))
    run = run_mrp(book, "计划员", start=dt.date(2026, 3, 18))
    found = api.exceptions(book, run.run_id)
    kinds = {(e.kind, e.item_code) for e in found}
    assert {("past_due_supply", "401"), ("past_due_supply", "403"), ("no_supplier", "405")} <= kinds
    late = [e for e in found if e.kind == "late_start" and e.item_code == "SA300"]
    assert [(e.late_days, e.from_date) for e in late] == [(1, dt.date(2026, 3, 17))]
    for row in found:
        for lang in ("zh", "en"):
            sentence = api.exception_sentence(row, lang)
            assert row.item_code in sentence
            assert "…" not in sentence
    assert run.counts["late_start"] == sum(e.kind == "late_start" for e in found)


def test_an_item_is_shown_day_by_day_with_its_balance(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    run = run_mrp(book, "计划员", start=START)
    item_id = next(r.item_id for r in api.planned_orders(book, run.run_id) if r.item_code == "403")
    rows = api.timeline(book, run.run_id, item_id)
    assert [(r.origin.kind, r.quantity, r.balance) for r in rows] == [
        ("stock", D(300), D(300)), ("purchase_order", D(100), D(400)), ("planned_order", D(-179), D(221)),
        ("planned_order", D(300), D(521)), ("planned_order", D(-395), D(126)),
    ]  # fmt: skip


def test_two_runs_are_compared_with_their_causes(book: Database, tmp_path: Path) -> None:
    lamps(book, tmp_path)
    one = run_mrp(book, "计划员", start=START)
    fill(
        book, tmp_path,
        sales_orders="number,date,customer,line,item,quantity,price,due_date\nSO2,2026-03-02,P2,1,FG100,48,80,2026-03-27\n",
    )  # fmt: skip
    two = run_mrp(book, "计划员", start=START)
    changes = api.compare(book, one.run_id, two.run_id)
    lamp = [c for c in changes if c.item_code == "FG100"]
    assert [(c.kind, c.quantity_after, c.due_after) for c in lamp] == [("new", D(50), dt.date(2026, 3, 27))]
    assert [(c.reason, c.name, c.after) for c in lamp[0].causes] == [("demand", "SO2", D(48))]
    carton = next(c for c in changes if c.item_code == "405")
    assert [(c.reason, c.name) for c in carton.causes] == [("parent", "FG100")]
    assert api.compare(book, two.run_id, two.run_id) == []


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
