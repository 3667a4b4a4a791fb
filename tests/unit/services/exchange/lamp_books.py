"""The lamp factory as sheets, and what an import of them leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import func, select

import app.wiring
from models.columns import metadata
from models.kernel.problems import Problem, Refused
from services.exchange.exporting import export_sheets
from services.exchange.importing import ImportReport, import_sources
from services.platform.db import Database
from services.platform.messages import sentence

assert app.wiring.AREAS

USER = "李会计"
NOW = dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
FACTORY: Mapping[str, str] = {
    "units": "code,decimals\nPCS,0\nKG,3\n",
    "customers": "code,name\nC1,明亮商贸\n",
    "suppliers": "code,name\nS1,五金厂\nS2,冲压厂\n",
    "warehouses": "code,name,kind,partner\nW1,主仓,,\nW2,车间仓,workshop,\nWC,客户料仓,customer,C1\n",
    "items": "code,name,unit,kind,unit_cost,price,yield_rate,warehouse\n"
    "LAMP,台灯,PCS,manufactured,12.5,80,0.95,W1\nSHADE,灯罩,PCS,subcontracted,3,,,W1\n"
    "SCREW,螺丝,PCS,purchased,0.1,,,W1\nGLUE,胶水,KG,purchased,10,,,W2\nSTEEL,钢板,KG,purchased,7.77,,,W1\n",
    "bom": "parent,version,component,position,quantity,scrap_rate,issue,warehouse\n"
    "LAMP,V1.0,SCREW,10,4,0.05,,\nLAMP,V1.0,SHADE,20,1,,,\nLAMP,V1.0,GLUE,30,0.01,,倒冲,W2\nSHADE,V1.0,STEEL,10,0.25,,,\n",
    "substitutes": "component,substitute,ratio\nSTEEL,GLUE,2\n",
    "calendar": "date,working\n2026-03-08,no\n2026-03-07,否\n",
    "parameters": "key,value\nscrap_formula,multiply\n",
    "opening_stock": "warehouse,item,quantity,amount,date\nW1,SCREW,1000,100,2026-02-28\n"
    "W2,GLUE,5,,2026-02-28\nW1,STEEL,100,777,2026-02-28\nW1,SHADE,20,60,2026-02-28\n",
    "sales_orders": "number,date,customer,line,item,quantity,price,due_date\n"
    "XS1,2026-03-01,C1,1,LAMP,10,,2026-04-01\n,,,2,LAMP,5,75,2026-04-10\nXS2,2026-03-02,C1,1,LAMP,1,80,\n",
    "forecasts": "number,date,item,quantity,due_date\nYC1,2026-03-01,LAMP,100,2026-05-01\n",
    "purchase_orders": "number,date,supplier,line,item,quantity,price,due_date\nCG1,2026-03-01,S1,1,SCREW,500,0.12,2026-03-10\n",
    "production_orders": "number,date,item,quantity,start_date,due_date,sales_order\nSC1,2026-03-02,LAMP,10,2026-03-03,2026-03-20,XS1\n",
    "subcontract_orders": "number,date,supplier,item,quantity,price\nWW1,2026-03-02,S2,SHADE,8,1.5\n",
    "purchase_receipts": "number,date,order,line,item,quantity,price,warehouse\nRK1,2026-03-04,CG1,1,SCREW,200,,W1\n",
    "material_issues": "number,date,order,item,quantity,warehouse,kind\n"
    "LL1,2026-03-04,SC1,SCREW,42,W1,\n,,,SHADE,10,,\nLL2,2026-03-05,SC1,SCREW,2,W1,退料\nLL3,2026-03-04,WW1,STEEL,2,,\n",
    "product_receipts": "number,date,order,item,quantity,hours\nCP1,2026-03-05,SC1,LAMP,9,4.5\nCP2,2026-03-05,WW1,SHADE,8,\n",
    "deliveries": "number,date,order,line,item,quantity\nCK1,2026-03-05,XS1,1,LAMP,6\n,,,2,LAMP,3\n",
}
EXPORTED = [*FACTORY, "stock"]


def folder(where: Path, sheets: Mapping[str, str]) -> Path:
    where.mkdir(exist_ok=True)
    for name, content in sheets.items():
        (where / f"{name}.csv").write_text(content, encoding="utf-8")
    return where


def brought(db: Database, where: Path, sheets: Mapping[str, str], *, approve: bool = True) -> ImportReport:
    return import_sources(db, USER, [folder(where, sheets)], approve=approve)


def refused(db: Database, where: Path, sheets: Mapping[str, str], *, approve: bool = False) -> list[Problem]:
    before = fingerprint(db)
    with pytest.raises(Refused) as caught:
        brought(db, where, sheets, approve=approve)
    assert fingerprint(db) == before, "a refused import left something behind"
    for problem in caught.value.problems:
        for lang in ("zh", "en"):
            assert not sentence(problem, lang).startswith(problem.code)
    return list(caught.value.problems)


def told(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    return [(p.code, p.place.sheet, p.place.row, p.place.column) for p in problems]


def fingerprint(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def contents(db: Database, where: Path) -> dict[str, str]:
    export_sheets(db, EXPORTED, where)
    return {name: (where / f"{name}.csv").read_text(encoding="utf-8") for name in EXPORTED}
