"""What a run says of itself: where each quantity comes from, whom it serves, what to do, and what is new since another run."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

from services.planning import api
from services.planning.runs import run_mrp
from services.platform.db import Database
from tests.support.sheets import fill
from tests.unit.services.planning.lamp_runs import PURCHASES, START, lamps


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
