"""Sheets of master data: each row stands for one thing and is told apart by its key columns."""

from __future__ import annotations

from typing import Final

from models.kernel import vocabulary as words
from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.sheets.columns import amount_of, choice, code, day, flag, text, whole

_ITEM_ALIASES = ("料号", "物料编码", "物料代码", "品号", "商品编码", "存货编码", "产品编码", "物料")

UNITS: Final = Sheet(
    name="units",
    title="计量单位",
    group="master",
    key=("code",),
    columns=(
        code("code", "单位编码", "如 PCS、KG，也可以直接写“件”", "编码", "单位", "计量单位", required=True),
        text("name", "单位名称", "不填则与编码相同", "名称"),
        whole("decimals", "小数位数", "0 至 6；件、个填 0，公斤可填 3", "小数位", "精度", default="0", maximum="6"),
    ),
)

WAREHOUSES: Final = Sheet(
    name="warehouses",
    title="仓库",
    group="master",
    key=("code",),
    columns=(
        code("code", "仓库编码", "不可重复", "编码", "仓库代码", required=True),
        text("name", "仓库名称", "不填则与编码相同", "名称"),
        choice("kind", "仓库类型", words.WAREHOUSE_KINDS, "不填为普通仓", "类型", default="own"),
        code("partner", "所属往来单位", "供应商仓填供应商编码，客户仓填客户编码", "往来单位", "供应商", "客户"),
        flag("nettable", "参与运算", "是：库存参与物料需求计算；不填时普通仓为是", "参与MRP", "可用"),
        flag("negative", "允许负库存", "不填为否", "负库存", default="no"),
    ),
)


def _partners(name: str, title: str, noun: str, code_aliases: tuple[str, ...]) -> Sheet:
    return Sheet(
        name=name,
        title=title,
        group="master",
        key=("code",),
        columns=(
            code("code", f"{noun}编码", "不可重复", "编码", *code_aliases, required=True),
            text("name", f"{noun}名称", "不填则与编码相同", "名称", noun),
            text("contact", "联系人"),
            text("phone", "电话", "", "联系电话", "手机"),
            text("address", "地址", "", "联系地址"),
            text("tax_number", "税号", "统一社会信用代码", "纳税人识别号", "统一社会信用代码"),
            amount_of("money", "credit_limit", "信用额度", "金额，两位小数；不填为不限"),
            whole("payment_days", "账期天数", "整数天", "结算期限", "账期"),
        ),
    )


CUSTOMERS: Final = _partners("customers", "客户", "客户", ("客户代码",))
SUPPLIERS: Final = _partners("suppliers", "供应商", "供应商", ("供应商代码", "厂商编码"))


def _lot(key: str, title: str, help_line: str) -> SheetColumn:
    return amount_of("quantity", key, title, help_line, above="0")


ITEMS: Final = Sheet(
    name="items",
    title="物料",
    group="master",
    key=("code",),
    columns=(
        code("code", "物料编码", "不可重复；请先把整列设为文本，以免丢掉前导零", "编码", *_ITEM_ALIASES, required=True),
        text("name", "物料名称", "不填则与编码相同", "名称", "品名", "商品名称", "存货名称"),
        text("spec", "规格型号", "", "规格", "型号"),
        code("unit", "计量单位", "“计量单位”表中的编码", "单位", "基本单位", required=True, refers_to="units"),
        choice("kind", "物料属性", words.ITEM_KINDS, "不填为外购", "属性", "来源", "物料类型", default="purchased"),
        text("category", "类别", "", "物料类别", "分类", "物料分类"),
        whole(
            "lead_time_days",
            "提前期天数",
            "从下单到完成的天数，整数；不填为 0",
            "提前期",
            "备货天数",
            default="0",
            maximum="3650",
        ),
        amount_of("quantity", "safety_stock", "安全库存", "不填为 0", default="0"),
        choice("lot_policy", "批量规则", words.LOT_POLICIES, "不填为按需", "批量政策", default="lot_for_lot"),
        _lot("lot_size", "固定批量", "批量规则为固定批量时必填"),
        _lot("lot_minimum", "最小批量", "每张计划订单至少的数量"),
        _lot("lot_multiple", "批量倍数", "超过最小批量后按此倍数取整"),
        _lot("lot_maximum", "最大批量", "超过时拆成几张"),
        whole("period_days", "合并天数", "批量规则为期间合并时必填", "期间天数", minimum="1", maximum="3650"),
        amount_of(
            "rate",
            "yield_rate",
            "成品率",
            "0.95 表示 95%；只用于自制和委外物料；不填为 1",
            "良率",
            default="1",
            above="0",
            maximum="1",
        ),
        choice("strategy", "计划策略", words.STRATEGIES, "不填为备货生产", "策略", default="mts"),
        choice("cost_method", "计价方法", words.COST_METHODS, "不填用系统参数“默认计价方法”", "成本计算方法"),
        amount_of("price", "unit_cost", "参考成本", "每单位，最多 8 位小数", "单位成本", "参考单价"),
        amount_of("price", "price", "销售价", "每单位，最多 8 位小数", "单价", "售价"),
        code("warehouse", "默认仓库", "“仓库”表中的编码", "仓库", refers_to="warehouses"),
        code("supplier", "默认供应商", "“供应商”表中的编码", "供应商", refers_to="suppliers"),
        code("workshop", "默认车间", "生产车间的名称或编码", "车间", "生产车间"),
        choice("inspection", "检验方式", words.INSPECTIONS, "不填为免检", "检验", default="none"),
        whole("stale_days", "呆滞天数", "多少天不动算呆滞", maximum="36500"),
        code("barcode", "条码", "请先把整列设为文本", "条形码"),
    ),
)

BOM: Final = Sheet(
    name="bom",
    title="物料清单",
    group="master",
    key=("parent", "version", "component", "position", "valid_from"),
    columns=(
        code(
            "parent",
            "父件编码",
            "“物料”表中的编码",
            "父件",
            "母件",
            "母件编码",
            "父项",
            "产品编码",
            required=True,
            refers_to="items",
        ),
        code("version", "版本", "如 V1.0；运算用最高的已审核版本", "BOM版本", "版本号", required=True),
        code(
            "component",
            "子件编码",
            "“物料”表中的编码",
            "子件",
            "子项",
            "子项编码",
            "料号",
            "物料编码",
            required=True,
            refers_to="items",
        ),
        text("position", "行号", "同一子件用在两行时必须不同", "序号", "位置", "项次", "位号"),
        day("valid_from", "生效日期", "含当日；不填为一直有效", "生效日"),
        day("valid_to", "失效日期", "含当日；不填为一直有效", "失效日"),
        amount_of(
            "usage",
            "quantity",
            "用量",
            "每“底数”个父件的用量，最多 8 位小数",
            "数量",
            "子件用量",
            "标准用量",
            required=True,
        ),
        amount_of(
            "usage", "base_quantity", "底数", "用量对应的父件数量，不填为 1", "基数", "父件数量", default="1", above="0"
        ),
        amount_of("rate", "scrap_rate", "损耗率", "0.02 表示 2%；小于 1", "变动损耗率", default="0", below="1"),
        amount_of("usage", "scrap_fixed", "固定损耗", "每张任务单固定损耗的数量", "固定损耗量", default="0"),
        choice("issue", "领料方式", words.ISSUE_METHODS, "不填为直接领料", "发料方式", default="pick"),
        flag("skip_level", "跳层", "是：领料时直接领下级物料", "跳层领料", default="no"),
        flag("key", "关键件", "不填为否", "是否关键件", default="no"),
        choice("supplied_by", "供料方", words.SUPPLIED_BY, "不填为自备", "客供", default="own"),
        code("warehouse", "发料仓库", "不填用物料的默认仓库", "仓库", refers_to="warehouses"),
        text("note", "备注", "", "说明"),
    ),
)

BOM_OUTPUTS: Final = Sheet(
    name="bom_outputs",
    title="联副产品",
    group="master",
    key=("parent", "version", "item"),
    columns=(
        code("parent", "父件编码", "“物料”表中的编码", "父件", "主产品", required=True, refers_to="items"),
        code("version", "版本", "与“物料清单”相同", "BOM版本", "版本号", required=True),
        code("item", "产出物料", "“物料”表中的编码", "物料编码", "料号", required=True, refers_to="items"),
        choice("kind", "产出类型", words.OUTPUT_KINDS, "不填为联产品", "类型", default="co"),
        amount_of("usage", "quantity", "产出数量", "每“底数”个主产品产出的数量", "数量", required=True),
        amount_of("usage", "base_quantity", "底数", "不填为 1", "基数", default="1", above="0"),
        amount_of(
            "rate",
            "cost_share",
            "成本份额",
            "占任务单成本的比例；份额、权重、定额三者只填一个",
            "分配比例",
            maximum="1",
        ),
        amount_of("rate", "cost_weight", "成本权重", "每单位产出的权重，主产品为 1", "权重"),
        amount_of("price", "cost_quota", "成本定额", "每单位产出的固定金额", "定额"),
    ),
)

SUBSTITUTES: Final = Sheet(
    name="substitutes",
    title="替代料",
    group="master",
    key=("component", "substitute", "parent"),
    columns=(
        code(
            "component",
            "被替代物料",
            "“物料”表中的编码",
            "主料",
            "子件编码",
            "物料编码",
            required=True,
            refers_to="items",
        ),
        code("substitute", "替代物料", "“物料”表中的编码", "替代料", "替代料编码", required=True, refers_to="items"),
        code("parent", "父件编码", "不填对所有父件有效", "父件", refers_to="items"),
        amount_of(
            "rate", "ratio", "替代比例", "替代 1 个原物料需要几个替代料；不填为 1", "比例", default="1", above="0"
        ),
        whole("priority", "优先级", "小的先用；不填为 1", "顺序", default="1", maximum="9999"),
        day("valid_from", "生效日期", "含当日", "生效日"),
        day("valid_to", "失效日期", "含当日", "失效日"),
    ),
)

CALENDAR: Final = Sheet(
    name="calendar",
    title="工厂日历",
    group="master",
    key=("date",),
    columns=(
        day("date", "日期", "如 2026-10-01", required=True),
        flag("working", "工作日", "否：放假；没有列出的日期都是工作日", "是否工作日", "上班", default="yes"),
    ),
)

PARAMETERS: Final = Sheet(
    name="parameters",
    title="系统参数",
    group="master",
    key=("key",),
    columns=(
        code("key", "参数", "参数的英文名", "参数名", "键", required=True),
        text("value", "参数值", "", "值"),
    ),
)

MASTER_SHEETS: Final = (
    UNITS,
    WAREHOUSES,
    CUSTOMERS,
    SUPPLIERS,
    ITEMS,
    BOM,
    BOM_OUTPUTS,
    SUBSTITUTES,
    CALENDAR,
    PARAMETERS,
)
