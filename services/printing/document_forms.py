"""The forms of the everyday documents, declared: 任务单, 入库单, 送货单, 采购订单, 销售订单 and what resembles them.

Keys of a line: item, name, spec, unit, quantity and, where shown, place, lot, price, amount, due_date, note.
"""

from __future__ import annotations

from services.printing.declared import ColumnSpec, FormSpec, TableSpec, head

_ITEM = ColumnSpec("物料编码", "item", weight=0.4, whole=True)
_NAME = ColumnSpec("名称", "name", weight=2)
_SPEC = ColumnSpec("规格型号", "spec", weight=2)
_UNIT = ColumnSpec("单位", "unit", weight=0, whole=True, align="center")
_QUANTITY = ColumnSpec("数量", "quantity", "number", weight=0.4, strong=True, total=True)
_PLACE = ColumnSpec("仓库/仓位", "place", weight=0.8)
_LOT = ColumnSpec("批次", "lot", weight=0.4, whole=True)
_PRICE = ColumnSpec("含税单价", "price", "price", weight=0.4)
_AMOUNT = ColumnSpec("价税合计", "amount", "money", weight=0.4, total=True)
_DUE = ColumnSpec("交货日期", "due_date", weight=0.2, whole=True)
_NOTE = ColumnSpec("备注", "note", weight=1.5)
_GOODS = (_ITEM, _NAME, _SPEC, _UNIT)

_MATERIALS = TableSpec(
    "materials",
    (
        *_GOODS,
        ColumnSpec("用量", "usage", "number", weight=0.2),
        ColumnSpec("计划投料", "quantity", "number", weight=0.4, strong=True),
        ColumnSpec("发料方式", "issue", weight=0.2, whole=True),
        _PLACE,
        _NOTE,
    ),
    title="材料",
)

PRODUCTION_ORDER = FormSpec(
    "生产任务单",
    head=(
        (head("日期", "date"), head("生产车间", "workshop"), head("类型", "kind"), head("计划员", "planner")),
        (head("客户", "customer", weight=2), head("销售订单", "sales_order", weight=2)),
    ),
    tables=(
        TableSpec(
            "products",
            (
                *_GOODS,
                ColumnSpec("生产数量", "quantity", "number", weight=0.4, strong=True),
                ColumnSpec("BOM", "bom", weight=0.4, whole=True),
                ColumnSpec("计划开工", "start_date", weight=0.2, whole=True),
                ColumnSpec("计划完工", "due_date", weight=0.2, whole=True),
                _PLACE,
            ),
            title="产品",
            counted=False,
        ),
        _MATERIALS,
    ),
    signatures=("制单", "审核", "计划员", "车间主管", "仓管"),
)

SUBCONTRACT_ORDER = FormSpec(
    "委外加工单",
    head=(
        (
            head("供应商", "supplier", "supplier_name", weight=2, strong=True),
            head("日期", "date"),
            head("类型", "kind"),
        ),
        (head("地址", "address", weight=2), head("联系人", "contact"), head("电话", "phone")),
        (head("销售订单", "sales_order", weight=2),),
    ),
    tables=(
        TableSpec(
            "products",
            (
                *_GOODS,
                _QUANTITY,
                _PRICE,
                _AMOUNT,
                ColumnSpec("BOM", "bom", weight=0.4, whole=True),
                ColumnSpec("计划开工", "start_date", weight=0.2, whole=True),
                _DUE,
            ),
            title="产品",
        ),
        _MATERIALS,
    ),
    signatures=("制单", "审核", "采购员", "供应商确认"),
    copies="白供应商 红财务 黄采购",
    in_words="amount",
)

PRODUCT_RECEIPT = FormSpec(
    "产品入库单",
    head=(
        (head("日期", "date"), head("交货车间", "workshop"), head("收货仓库", "warehouse"), head("类型", "kind")),
        (head("任务单号", "order", weight=2), head("源单", "source", weight=2)),
    ),
    tables=(TableSpec("lines", (*_GOODS, _LOT, _PLACE, _QUANTITY, _NOTE)),),
    signatures=("制单", "审核", "交货人", "检验员", "仓管"),
)

DELIVERY_NOTE = FormSpec(
    "送货单",
    head=(
        (
            head("客户", "customer", "customer_name", weight=2, strong=True),
            head("送货日期", "date"),
            head("交货方式", "method"),
        ),
        (head("地址", "address", weight=2), head("联系人", "contact"), head("电话", "phone")),
        (head("销售订单", "sales_order", weight=2), head("客户订单号", "customer_order", weight=2)),
    ),
    tables=(
        TableSpec("lines", (*_GOODS, _LOT, _QUANTITY, ColumnSpec("实收", "received", weight=0.3, write_mm=16), _NOTE)),
    ),
    signatures=("制单", "发货", "送货", "客户签收"),
    copies="白客户 红回单 黄存根",
    terms="收货时请当面点清数量、查看外观；如有不符请在“实收”与“备注”栏注明，签收后视为数量无误。",
)

PURCHASE_ORDER = FormSpec(
    "采购订单",
    head=(
        (
            head("供应商", "supplier", "supplier_name", weight=2, strong=True),
            head("日期", "date"),
            head("采购员", "buyer"),
        ),
        (head("地址", "address", weight=2), head("联系人", "contact"), head("电话", "phone")),
    ),
    tables=(TableSpec("lines", (*_GOODS, _QUANTITY, _PRICE, _AMOUNT, _DUE, _NOTE)),),
    signatures=("制单", "审核", "采购员", "供应商确认"),
    copies="白供应商 红财务 黄采购",
    in_words="amount",
)

SALES_ORDER = FormSpec(
    "销售订单",
    head=(
        (
            head("客户", "customer", "customer_name", weight=2, strong=True),
            head("日期", "date"),
            head("业务员", "salesperson"),
        ),
        (head("地址", "address", weight=2), head("联系人", "contact"), head("电话", "phone")),
        (head("客户订单号", "customer_order", weight=2), head("结算期限", "terms"), head("交货方式", "method")),
    ),
    tables=(TableSpec("lines", (*_GOODS, _QUANTITY, _PRICE, _AMOUNT, _DUE, _NOTE)),),
    signatures=("制单", "审核", "业务员", "客户确认"),
    copies="白客户 红财务 黄业务",
    in_words="amount",
)

STOCK_RECEIPT = FormSpec(
    "采购入库单",
    head=(
        (
            head("供应商", "supplier", "supplier_name", weight=2, strong=True),
            head("日期", "date"),
            head("采购订单", "source", weight=1.6),
        ),
    ),
    tables=(TableSpec("lines", (*_GOODS, _LOT, _PLACE, _QUANTITY, _NOTE)),),
    signatures=("制单", "审核", "检验员", "仓管"),
)

FORECAST = FormSpec(
    "销售预测单",
    head=((head("日期", "date"),),),
    tables=(TableSpec("lines", (*_GOODS, _QUANTITY, _DUE, _NOTE)),),
    signatures=("制单", "审核", "业务员"),
    copies="",
)

OPENING_STOCK = FormSpec(
    "期初库存",
    head=((head("日期", "date"), head("仓库", "warehouse")),),
    tables=(
        TableSpec(
            "lines",
            (*_GOODS, _LOT, _PLACE, _QUANTITY, ColumnSpec("金额", "amount", "money", weight=0.4, total=True), _NOTE),
        ),
    ),
    signatures=("制单", "审核", "仓管", "财务"),
    copies="",
)

PLAIN = FormSpec(
    "单据",
    head=((head("日期", "date"), head("往来单位", "partner", weight=2), head("部门", "department")),),
    tables=(TableSpec("lines", (*_GOODS, _LOT, _PLACE, _QUANTITY, _NOTE)),),
    signatures=("制单", "审核", "经手人"),
)
