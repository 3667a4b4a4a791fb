"""Picking by kit and merged, from orders in a real book (AT-10, AT-10b, AT-10c, AT-13)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.documents import api as documents
from services.platform.db import Database
from services.production import api, picking
from services.reporting.api import print_merged
from tests.support.sheets import fill

DAY = dt.date(2026, 3, 10)

ITEMS = """
code,name,unit,kind,warehouse
A,台灯,个,manufactured,W1
B,螺丝,个,purchased,W1
C,胶水,kg,purchased,W1
E,硅脂,个,purchased,W1
"""
BOM = """
parent,version,component,quantity,issue,warehouse
A,V1.0,B,20,pick,
A,V1.0,C,0.1,pick,
A,V1.0,E,5,backflush,W1
"""
ORDER = """
number,date,item,quantity,start_date,due_date,workshop
MO-1,2026-03-01,A,10,2026-03-10,2026-03-20,总装
"""


@pytest.fixture
def lamps(book: Database, tmp_path: Path) -> Database:
    """Ten lamps ordered, 150 screws and 0.65 kg of glue in the store."""
    stock = (
        "warehouse,item,quantity,amount,date\nW1,B,150,15,2026-03-01\nW1,C,0.65,6.5,2026-03-01\nW1,E,500,5,2026-03-01"
    )
    fill(book, tmp_path, items=ITEMS, bom=BOM, production_orders=ORDER, opening_stock=stock)
    return book


def order_id(db: Database, number: str) -> int:
    ref = documents.find_document(db, number)
    assert ref is not None
    return ref.id


def test_at10_kits_left_follow_the_least_drawn_material_and_backflush_does_not_count() -> None:
    plan_b, plan_c = D(200), D(1)
    assert picking.kits_left(D(10), 0, [(plan_b, D(0)), (plan_c, D(0))]) == 10
    assert picking.kits_left(D(10), 0, [(plan_b, D(20)), (plan_c, D(0))]) == 9
    assert picking.kits_left(D(10), 0, [(plan_b, D(200)), (plan_c, D(0))]) == 0


def test_at10b_kits_are_cut_to_the_products_decimals_and_the_rest_makes_no_kit() -> None:
    assert picking.kits_in_stock(D("1.00"), 2, [(D(1), D("0.4578"))]) == D("0.45")
    assert picking.kits_in_stock(D("1.00"), 2, [(D(1), D("0.0078"))]) == 0


def test_at10c_six_kits_lie_in_the_store_and_take_120_screws_and_0_6_kg(lamps: Database) -> None:
    (order,) = api.pick_orders(lamps, [order_id(lamps, "MO-1")])
    assert (order.kits_left, order.kits_in_stock) == (10, 6)
    lines = api.propose_picks([order], mode="kit")
    assert {line.material.item_code: line.quantity for line in lines} == {"B": D(120), "C": D("0.6")}
    refs, _changes = api.create_picks(lamps, "仓管", lines, day=DAY)
    documents.approve(lamps, "仓管", [ref.id for ref in refs])
    (order,) = api.pick_orders(lamps, [order_id(lamps, "MO-1")])
    assert (order.kits_left, order.kits_in_stock) == (4, 0)


def test_the_last_kit_takes_what_is_left_so_that_nothing_remains_by_rounding() -> None:
    material = picking.PickMaterial(
        1, 1, 1, "X", "", "", "个", 0, D(10), D(7), D(99), 1, key_part=False, supplied_by="own"
    )
    assert picking.kit_quantity(material, D(3), D(1), D(2)) == 3


def test_picking_as_far_as_the_store_reaches_deals_in_the_given_order(lamps: Database) -> None:
    (order,) = api.pick_orders(lamps, [order_id(lamps, "MO-1")])
    lines = api.propose_picks([order], mode="stock")
    assert {line.material.item_code: line.quantity for line in lines} == {"B": D(150), "C": D("0.65")}


def test_a_closed_order_is_refused_by_name(lamps: Database) -> None:
    key = order_id(lamps, "MO-1")
    documents.close(lamps, "计划", [key])
    with pytest.raises(Refused) as refused:
        api.pick_orders(lamps, [key])
    assert refused.value.problems[0].args["order"] == "MO-1"


def test_at13_orders_of_one_workshop_share_a_slip_and_the_print_sums_their_screws(
    book: Database, tmp_path: Path
) -> None:
    bom = "parent,version,component,quantity\nW,V1,SCREW,1\nV,V1,SCREW,1\nV,V1,CHIP,1\n"
    items = (
        "code,name,unit,kind,warehouse\nW,甲灯,个,manufactured,W1\nV,乙灯,个,manufactured,W1\n"
        "SCREW,螺丝,个,purchased,W1\nCHIP,灯珠,个,purchased,W1\n"
    )
    orders = (
        "number,date,item,quantity,start_date,due_date,workshop\n"
        "WO1,2026-03-01,V,420,2026-03-08,2026-03-20,总装\nWO2,2026-03-01,W,210,2026-03-10,2026-03-20,总装\n"
        "WO3,2026-03-01,W,5,2026-03-10,2026-03-20,冲压\n"
    )
    stock = "warehouse,item,quantity,amount,date\nW1,SCREW,500,5,2026-03-01\nW1,CHIP,1020,10,2026-03-01\n"
    fill(book, tmp_path, items=items, bom=bom, production_orders=orders, opening_stock=stock)
    ids = [order_id(book, number) for number in ("WO1", "WO2", "WO3")]
    refs, _changes = api.create_picks(book, "仓管", api.propose_picks(api.pick_orders(book, ids)), day=DAY)
    slips = [documents.get_document(book, ref.id) for ref in refs]
    assert [(slip.workshop, len(slip.lines)) for slip in slips] == [("总装", 3), ("冲压", 1)]
    from services.printing.preview import PdfPages

    printed = print_merged(book, ids[:2])
    text = PdfPages(printed.pdf).text(1)
    row = next(line for line in text.splitlines() if "SCREW" in line)
    assert row.split()[-6:] == ["630", "500", "420", "80", "※缺", "130（B）"]
