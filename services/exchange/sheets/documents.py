"""Sheets of opening balances and documents: a document is the rows with its number, its head on the first of them."""

from __future__ import annotations

from typing import Final

from models.kernel import vocabulary as words
from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.sheets.columns import amount_of, choice, code, day, whole

_ITEM_ALIASES = ("料号", "物料", "品号", "商品编码", "存货编码", "产品编码", "物料代码")
_QUANTITY_HELP = "大于 0，小数位不超过计量单位的规定"


def _number(title: str) -> SheetColumn:
    return code(
        "number",
        title,
        "不可与已有单据重复；同一单据的各行写同一编号，也可只写首行",
        "编号",
        "单号",
        "单据编号",
        "单据号",
        required=True,
    )


def _date(title: str = "单据日期") -> SheetColumn:
    return day("date", title, "如 2026-03-05", "日期", "单据日期", "业务日期", required=True)


def _line(help_line: str = "整数，不填则依次编号") -> SheetColumn:
    return whole("line", "行号", help_line, "序号", "项次", "分录号", minimum="1", maximum="999999")


def _item() -> SheetColumn:
    return code("item", "物料编码", "“物料”表中的编码", *_ITEM_ALIASES, required=True, refers_to="items")


def _quantity(title: str = "数量") -> SheetColumn:
    return amount_of("quantity", "quantity", title, _QUANTITY_HELP, "数量", above="0", required=True)


def _price(title: str = "单价", help_line: str = "不含税，每单位，最多 8 位小数") -> SheetColumn:
    return amount_of("price", "price", title, help_line, "单价", "价格")


def _due(title: str = "交货日期", *aliases: str) -> SheetColumn:
    return day("due_date", title, "不填则与单据日期相同", "交期", "交货日", "需求日期", "到期日", *aliases)


def _warehouse() -> SheetColumn:
    return code("warehouse", "仓库", "不填用物料的默认仓库", "仓库编码", refers_to="warehouses")


def _lot() -> SheetColumn:
    return code("lot", "批号", "不用批次管理的不填", "批次", "批次号")


def _supplier() -> SheetColumn:
    return code(
        "supplier", "供应商", "“供应商”表中的编码", "供应商编码", "供应商代码", required=True, refers_to="suppliers"
    )


def _production_order(help_line: str = "生产任务单或委外加工单的编号") -> SheetColumn:
    return code(
        "order", "任务单号", help_line, "订单号", "生产任务单号", "委外加工单号", "源单编号", "工单号", required=True
    )


OPENING_STOCK: Final = Sheet(
    name="opening_stock",
    title="期初库存",
    group="document",
    document_type="opening_stock",
    columns=(
        code("warehouse", "仓库", "“仓库”表中的编码", "仓库编码", required=True, refers_to="warehouses"),
        _item(),
        _lot(),
        _quantity(),
        amount_of("money", "amount", "金额", "两位小数；不填则为数量×参考成本", "期初金额", "库存金额"),
        day("date", "日期", "启用日之前的一天，如 2025-12-31", "期初日期", "入库日期", required=True),
    ),
)

SALES_ORDERS: Final = Sheet(
    name="sales_orders",
    title="销售订单",
    group="document",
    document_type="sales_order",
    header=("number", "date", "customer"),
    key=("number", "line"),
    columns=(
        _number("订单编号"),
        _date("订单日期"),
        code("customer", "客户", "“客户”表中的编码", "客户编码", "客户代码", required=True, refers_to="customers"),
        _line(),
        _item(),
        _quantity(),
        _price(),
        _due(),
    ),
)

FORECASTS: Final = Sheet(
    name="forecasts",
    title="销售预测",
    group="document",
    document_type="forecast",
    header=("number", "date"),
    key=("number", "line"),
    columns=(_number("预测单号"), _date(), _line(), _item(), _quantity("预测数量"), _due("需求日期", "交货日期")),
)

PURCHASE_ORDERS: Final = Sheet(
    name="purchase_orders",
    title="采购订单",
    group="document",
    document_type="purchase_order",
    header=("number", "date", "supplier"),
    key=("number", "line"),
    columns=(_number("订单编号"), _date("订单日期"), _supplier(), _line(), _item(), _quantity(), _price(), _due()),
)

PRODUCTION_ORDERS: Final = Sheet(
    name="production_orders",
    title="生产任务单",
    group="document",
    document_type="production_order",
    header=("number",),
    key=("number",),
    columns=(
        _number("任务单编号"),
        _date(),
        _item(),
        _quantity("计划数量"),
        day("start_date", "开工日期", "不填则取单据日期与完工日期中较早的", "计划开工日期", "开工日"),
        _due("完工日期", "计划完工日期", "交货日期"),
        code("bom_version", "BOM版本", "不填用最高的已审核版本", "版本"),
        code("workshop", "生产车间", "不填用物料的默认车间", "车间"),
        choice("kind", "任务单类型", words.ORDER_KINDS, "不填为普通", "类型", default="normal"),
        code("sales_order", "销售订单号", "为哪张销售订单生产", "来源订单", "源单编号"),
    ),
)

SUBCONTRACT_ORDERS: Final = Sheet(
    name="subcontract_orders",
    title="委外加工单",
    group="document",
    document_type="subcontract_order",
    header=("number", "date", "supplier"),
    key=("number", "line"),
    columns=(
        _number("加工单编号"),
        _date(),
        _supplier(),
        _line(),
        _item(),
        _quantity(),
        _price("加工单价", "每单位加工费，最多 8 位小数"),
        day("start_date", "开工日期", "不填则取单据日期与交货日期中较早的", "发料日期", "计划开工日期"),
        _due(),
    ),
)

PURCHASE_RECEIPTS: Final = Sheet(
    name="purchase_receipts",
    title="采购入库单",
    group="document",
    document_type="purchase_receipt",
    header=("number", "date"),
    carried=("order",),
    columns=(
        _number("入库单编号"),
        _date("入库日期"),
        code("order", "采购订单号", "入的是哪张采购订单", "订单号", "源单编号", required=True),
        _line("采购订单的行号，可不填"),
        _item(),
        _quantity(),
        _price("单价", "不填用订单的单价"),
        _warehouse(),
        _lot(),
    ),
)

MATERIAL_ISSUES: Final = Sheet(
    name="material_issues",
    title="生产领料单",
    group="document",
    document_type="material_issue",
    header=("number", "date", "kind"),
    carried=("order",),
    columns=(
        _number("领料单编号"),
        _date("领料日期"),
        _production_order(),
        _line("任务单用料表的行号，可不填；领替代料时写它代替的那一行"),
        _item(),
        _quantity(),
        _warehouse(),
        _lot(),
        choice("kind", "领料类型", words.ISSUE_KINDS, "不填为普通领料", "类型", default="normal"),
    ),
)

PRODUCT_RECEIPTS: Final = Sheet(
    name="product_receipts",
    title="产品入库单",
    group="document",
    document_type="product_receipt",
    header=("number", "date"),
    carried=("order",),
    columns=(
        _number("入库单编号"),
        _date("入库日期"),
        _production_order(),
        _line("任务单的行号，可不填"),
        _item(),
        _quantity(),
        amount_of("quantity", "hours", "工时", "小时", "实际工时"),
        _warehouse(),
        _lot(),
    ),
)

DELIVERIES: Final = Sheet(
    name="deliveries",
    title="销售出库单",
    group="document",
    document_type="delivery",
    header=("number", "date"),
    carried=("order",),
    columns=(
        _number("出库单编号"),
        _date("出库日期"),
        code("order", "销售订单号", "出的是哪张销售订单", "订单号", "源单编号", required=True),
        _line("销售订单的行号，可不填"),
        _item(),
        _quantity(),
        _warehouse(),
        _lot(),
    ),
)

PERIOD_COSTS: Final = Sheet(
    name="period_costs",
    title="期间费用",
    group="document",
    document_type="period_cost",
    columns=(
        SheetColumn("period", "期间", "period", required=True, help="如 2026-03", aliases=("月份", "会计期间")),
        code("cost_item", "费用项目", "如 工资、折旧、水电", "费用", "项目", required=True),
        choice("kind", "费用类型", words.COST_KINDS, "人工或制造费用", "类型", required=True),
        code("workshop", "生产车间", "不填为全部车间", "车间"),
        code("order", "任务单号", "不填由各任务单分摊", "订单号"),
        amount_of("money", "amount", "金额", "两位小数", "费用金额", minimum="", required=True),
        choice("basis", "分摊依据", words.COST_BASES, "不填按数量", "分配依据", "分配标准", default="quantity"),
    ),
)

DOCUMENT_SHEETS: Final = (
    OPENING_STOCK,
    SALES_ORDERS,
    FORECASTS,
    PURCHASE_ORDERS,
    PRODUCTION_ORDERS,
    SUBCONTRACT_ORDERS,
    PURCHASE_RECEIPTS,
    MATERIAL_ISSUES,
    PRODUCT_RECEIPTS,
    DELIVERIES,
    PERIOD_COSTS,
)
