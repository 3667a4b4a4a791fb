"""Rows of the pick bench: orders to choose from, materials to take, and the sums for the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from models.kernel.numbers import plain
from services.production import api
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column

ZERO: Final = Decimal(0)


def _short(value: Any, _row: Any) -> Tone:
    return "danger" if value else ""


def _kits(value: Any, row: Mapping[str, Any]) -> Tone:
    return "ok" if value and value >= row["kits_left"] else "warn" if value else "danger"


ORDER_COLUMNS: Final = (
    Column("take", "领", kind="flag", width=40, editable=True, tooltip="空格选中"),
    Column("number", "任务单", kind="code", width=168),
    Column("product", "产品", width=260),
    Column("quantity", "数量", kind="number", width=64),
    Column("start_date", "开工", kind="date"),
    Column("workshop", "车间", width=80),
    Column("kits_left", "待领套数", kind="number", width=74),
    Column("kits_in_stock", "库存可配", kind="number", width=86, tone=_kits, tooltip="现存料够配几套，不超过待领"),
    Column("kits", "本次套数", kind="number", width=74, editable=True, tooltip="配套领料时按套数领"),
    Column("partner", "加工商", width=90),
)
LINE_COLUMNS: Final = (
    Column("code", "物料", kind="code", width=96),
    Column("name", "名称规格", width=260),
    Column("order", "任务单", kind="code", width=168),
    Column("planned", "计划数", kind="number", width=72),
    Column("drawn", "已领", kind="number", width=64),
    Column("left", "未领", kind="number", width=72),
    Column("available", "现存", kind="number", width=76),
    Column("quantity", "本次", kind="number", width=80, editable=True),
    Column("short", "缺", kind="number", width=76, tone=_short),
    Column("unit", "单位", width=44),
    Column("key_part", "关键", kind="flag", width=44),
)
SUM_COLUMNS: Final = (
    Column("code", "物料", kind="code", width=96),
    Column("name", "名称规格", width=260),
    Column("unit", "单位", width=44),
    Column("quantity", "应拣合计", kind="number", width=84),
    Column("available", "现存", kind="number", width=80),
    Column("short", "缺", kind="number", width=76, tone=_short),
    Column("split", "分单", width=420),
)


@dataclass(frozen=True, slots=True)
class SumRow:
    """A material of all chosen orders together, with what belongs to which."""

    code: str
    name: str
    unit: str
    quantity: Decimal
    available: Decimal
    short: Decimal | None
    split: str


def order_row(order: api.PickOrder, *, take: bool) -> dict[str, Any]:
    """A row of the upper grid."""
    return {
        "line_id": order.line_id, "doc_id": order.ref.id, "take": take, "number": order.ref.number,
        "product": f"{order.item_code} {order.item_name}".strip(), "quantity": order.quantity,
        "start_date": order.start_date, "workshop": order.workshop, "kits_left": order.kits_left,
        "kits_in_stock": order.kits_in_stock, "kits": order.kits_in_stock, "partner": order.partner,
    }  # fmt: skip


def line_row(line: api.PickLine) -> dict[str, Any]:
    """A row of the lower grid; line is what it stands for."""
    material = line.material
    return {
        "line": line, "code": material.item_code, "name": f"{material.item_name} {material.spec}".strip(),
        "order": line.order.ref.number, "planned": material.planned, "drawn": material.drawn, "left": material.left,
        "available": material.available, "quantity": line.quantity, "short": None, "unit": material.unit,
        "key_part": material.key_part,
    }  # fmt: skip


def shortages(rows: Sequence[Mapping[str, Any]]) -> list[Decimal | None]:
    """What the store lacks for each row, dealt in the order of the rows; customers' material is not ours to count."""
    free: dict[int, Decimal] = {}
    made: list[Decimal | None] = []
    for row in rows:
        material = row["line"].material
        wanted = row.get("quantity") or ZERO
        have = free.setdefault(material.item_id, material.available)
        free[material.item_id] = max(ZERO, have - wanted)
        lack = max(ZERO, wanted - have)
        made.append(lack if lack and material.supplied_by == "own" else None)
    return made


def sums(rows: Iterable[Mapping[str, Any]]) -> list[SumRow]:
    """Materials summed over the orders, by code."""
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row.get("quantity"):
            groups.setdefault(row["line"].material.item_id, []).append(row)
    made = []
    for group in groups.values():
        material = group[0]["line"].material
        total = sum((row["quantity"] for row in group), ZERO)
        split = "  ".join(f"{row['order']} {plain(row['quantity'])}" for row in group)
        lack = max(ZERO, total - material.available) if material.supplied_by == "own" else ZERO
        made.append(
            SumRow(group[0]["code"], group[0]["name"], material.unit, total, material.available, lack or None, split)
        )
    return sorted(made, key=lambda row: row.code)
