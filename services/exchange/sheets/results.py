"""Sheets of results: what the program worked out and hands out, never takes in."""

from __future__ import annotations

from typing import Final

from models.kernel import vocabulary as words
from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.sheets.columns import amount_of, choice, code, day, text, whole


def _quantity(key: str, title: str) -> SheetColumn:
    return amount_of("quantity", key, title, minimum="")


def _money(key: str, title: str) -> SheetColumn:
    return amount_of("money", key, title, minimum="")


PLANNED_ORDERS: Final = Sheet(
    name="planned_orders",
    title="计划订单",
    group="result",
    key=("run", "number"),
    columns=(
        whole("run", "运算号"),
        code("number", "计划订单号"),
        code("item", "物料编码", refers_to="items"),
        choice("kind", "类型", words.PLAN_KINDS),
        _quantity("quantity", "数量"),
        _quantity("output", "产出数量"),
        day("start_date", "开始日期"),
        day("due_date", "完成日期"),
        code("supplier", "供应商", refers_to="suppliers"),
        whole("late_days", "延误天数"),
        choice("status", "状态", words.PLAN_STATUSES),
    ),
)

PEGGING: Final = Sheet(
    name="pegging",
    title="需求追溯",
    group="result",
    columns=(
        whole("run", "运算号"),
        code("planned_order", "计划订单号"),
        code("item", "物料编码", refers_to="items"),
        _quantity("quantity", "数量"),
        choice("demand_kind", "需求类型", words.DEMAND_KINDS),
        code("demand_number", "需求单号"),
        whole("demand_line", "需求行号"),
        code("demand_item", "需求物料", refers_to="items"),
        day("demand_date", "需求日期"),
    ),
)

EXCEPTIONS: Final = Sheet(
    name="exceptions",
    title="运算例外",
    group="result",
    columns=(
        whole("run", "运算号"),
        code("item", "物料编码", refers_to="items"),
        code("document", "单据编号"),
        choice("kind", "类型", words.EXCEPTION_KINDS),
        text("message", "说明"),
        _quantity("quantity", "数量"),
        day("from_date", "原日期"),
        day("to_date", "新日期"),
    ),
)

STOCK: Final = Sheet(
    name="stock",
    title="即时库存",
    group="result",
    key=("warehouse", "item", "lot"),
    columns=(
        code("warehouse", "仓库", refers_to="warehouses"),
        code("item", "物料编码", refers_to="items"),
        code("lot", "批号"),
        _quantity("quantity", "数量"),
        _quantity("reserved", "预留数量"),
        _quantity("available", "可用数量"),
        _money("amount", "金额"),
    ),
)

KITTING: Final = Sheet(
    name="kitting",
    title="齐套分析",
    group="result",
    columns=(
        code("order", "任务单号"),
        code("item", "物料编码", refers_to="items"),
        _quantity("ordered", "任务数量"),
        _quantity("complete_sets", "可齐套数"),
        code("component", "子件编码", refers_to="items"),
        _quantity("required", "应发数量"),
        _quantity("available", "可用数量"),
        _quantity("short", "缺料数量"),
    ),
)

ORDER_COSTS: Final = Sheet(
    name="order_costs",
    title="任务单成本",
    group="result",
    columns=(
        SheetColumn("period", "期间", "period"),
        code("order", "任务单号"),
        code("item", "物料编码", refers_to="items"),
        choice("output", "产出类型", words.OUTPUT_KINDS),
        _quantity("quantity", "入库数量"),
        _money("material", "材料成本"),
        _money("labor", "人工成本"),
        _money("overhead", "制造费用"),
        _money("subcontract", "委外加工费"),
        _money("total", "成本合计"),
        amount_of("price", "unit_cost", "单位成本", minimum=""),
    ),
)

RESULT_SHEETS: Final = (PLANNED_ORDERS, PEGGING, EXCEPTIONS, STOCK, KITTING, ORDER_COSTS)
