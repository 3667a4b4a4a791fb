"""Units, warehouses, workshops, calendar and parameters of the demonstration factory."""

from __future__ import annotations

from typing import Any

from app.demo.days import days_off

RAW, GOODS, PARTS = "W01", "W02", "W03"
STAMPING_STORE, ASSEMBLY_STORE, SMT_STORE = "W11", "W12", "W13"
INSPECTION, SCRAP, CUSTOMER_STORE = "W21", "W22", "W31"
STAMPING, SMT, ASSEMBLY = "冲压车间", "SMT车间", "总装车间"
STORE_OWNER = "C012"
"""the customer whose material lies in CUSTOMER_STORE"""

UNITS: list[dict[str, Any]] = [
    {"code": code, "name": name, "decimals": decimals}
    for code, name, decimals in (
        ("个", "个", 0), ("台", "台", 0), ("套", "套", 0), ("颗", "颗", 0), ("条", "条", 0), ("张", "张", 0),
        ("卷", "卷", 0), ("片", "片", 0), ("kg", "千克", 3), ("m", "米", 2),
    )
]  # fmt: skip

WAREHOUSES: list[dict[str, Any]] = [
    {"code": code, "name": name, "kind": kind, "partner": partner, "nettable": None, "negative": False}
    for code, name, kind, partner in (
        (RAW, "原料仓", "own", None),
        (GOODS, "成品仓", "own", None),
        (PARTS, "半成品仓", "own", None),
        (STAMPING_STORE, "冲压车间仓", "workshop", None),
        (ASSEMBLY_STORE, "总装车间仓", "workshop", None),
        (SMT_STORE, "SMT车间仓", "workshop", None),
        (INSPECTION, "待检仓", "inspection", None),
        (SCRAP, "废品仓", "scrap", None),
        (CUSTOMER_STORE, "客供料仓（好学文具）", "customer", STORE_OWNER),
    )
]

PARAMETERS: list[dict[str, Any]] = [
    {"key": "company_name", "value": "示范灯具厂"},
    {"key": "default_warehouse", "value": RAW},
]


def calendar() -> list[dict[str, Any]]:
    """Rows of the sheet calendar: the days off."""
    return [{"date": day, "working": False} for day in days_off()]
