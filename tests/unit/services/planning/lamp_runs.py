"""The lamp factory of the worked case as sheets, and what a run of it proposes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D
from pathlib import Path

from services.planning import api
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
