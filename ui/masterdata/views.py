"""The windows of master data, declared."""

from __future__ import annotations

from decimal import Decimal

from models.kernel import vocabulary as words
from ui.documents.finders import register_finders
from ui.documents.register import register_records
from ui.documents.spec import RecordSpec
from ui.framework.at_need import AtNeed
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.navigator import PageSpec
from ui.masterdata.lookups import register_lookups

WIDE = 320
NAME = 180
PARENT_NAME = 140
CODE = 104


def _text(key: str, title: str, width: int = 0, *, required: bool = False, tooltip: str = "") -> Column:
    return Column(key, title, width=width, editable=True, required=required, tooltip=tooltip)


def _code(key: str = "code", title: str = "编码", width: int = 110, *, required: bool = True) -> Column:
    return Column(key, title, kind="code", width=width, editable=True, required=required)


def _number(
    key: str, title: str, width: int = 84, *, decimals: int | None = None, tooltip: str = "", default: object = None
) -> Column:
    return Column(
        key, title, kind="number", width=width, editable=True, decimals=decimals, tooltip=tooltip, default=default
    )


def _choice(key: str, title: str, choices: dict[str, str], default: str | None, tooltip: str = "") -> Column:
    return Column(key, title, kind="choice", width=96, editable=True, choices=choices, default=default, tooltip=tooltip)


def _with_names(fields: tuple[Column, ...], **titles: str) -> tuple[Column, ...]:
    """The columns of a list: the fields, and beside the code of some look-ups the name of what it stands for."""
    made: list[Column] = []
    for field in fields:
        made.append(field)
        if field.key in titles:
            width = PARENT_NAME if field.key == "parent" else NAME
            made.append(Column(f"{field.key}_name", titles[field.key], width=width))
    return tuple(made)


def _named(
    key: str, title: str, source: str, *, width: int = CODE, required: bool = False, tooltip: str = ""
) -> Column:
    """A code whose name stands beside it in the form, and where it is declared so in the list."""
    return Column(
        key, title, kind="lookup", width=width, editable=True, lookup=source, fills={f"{key}_name": "name"},
        required=required, tooltip=tooltip,
    )  # fmt: skip


ITEM_FIELDS = (
    _code("code", "物料编码"),
    _text("name", "名称", 180, required=True),
    _text("spec", "规格型号", 140),
    _named("unit", "单位", "units", width=60, required=True),
    _choice("kind", "属性", words.ITEM_KINDS, "purchased"),
    _text("category", "类别", 90),
    _number("lead_time_days", "提前期天", decimals=0, tooltip="从下单到完成的天数", default=Decimal(0)),
    _number("safety_stock", "安全库存", default=Decimal(0)),
    _choice("lot_policy", "批量规则", words.LOT_POLICIES, "lot_for_lot"),
    _number("lot_size", "固定批量", tooltip="批量规则为固定批量时必填"),
    _number("lot_minimum", "最小批量"),
    _number("lot_multiple", "批量倍数"),
    _number("lot_maximum", "最大批量", tooltip="超过时拆成几张"),
    _number("period_days", "合并天数", decimals=0, tooltip="批量规则为期间合并时必填"),
    _number("yield_rate", "成品率", tooltip="0.95 表示 95%，只用于自制和委外物料", default=Decimal(1)),
    _choice("strategy", "计划策略", words.STRATEGIES, "mts"),
    _choice("cost_method", "计价方法", words.COST_METHODS, None, "不选用系统参数里的默认计价方法"),
    Column("unit_cost", "参考成本", kind="price", editable=True),
    Column("price", "销售价", kind="price", editable=True),
    _named("warehouse", "默认仓库", "warehouses", width=100),
    _named("supplier", "默认供应商", "suppliers", width=100),
    _text("workshop", "默认车间", 90),
    _choice("inspection", "检验方式", words.INSPECTIONS, "none"),
    _number("stale_days", "呆滞天数", decimals=0, tooltip="多少天不动算呆滞"),
    Column("barcode", "条码", kind="code", editable=True),
)

PARTNERS_SEARCHED = "编码、名称、电话、联系人、拼音（Ctrl+F）"
PARTNER_FIELDS = (
    _code(),
    _text("name", "名称", 220, required=True),
    _text("contact", "联系人", 90),
    Column("phone", "电话", kind="code", width=120, editable=True),
    Column("tax_number", "税号", kind="code", width=170, editable=True),
    Column("credit_limit", "信用额度", kind="money", editable=True, tooltip="不填为不限"),
    _number("payment_days", "账期天数", decimals=0),
    _text("address", "地址", WIDE),
)

WAREHOUSE_FIELDS = (
    _code(),
    _text("name", "名称", 160, required=True),
    _choice("kind", "类型", words.WAREHOUSE_KINDS, "own"),
    _named("partner", "往来单位", "partners", width=110),
    Column("nettable", "参与运算", kind="flag", width=70, editable=True, default=True),
    Column("negative", "允许负库存", kind="flag", width=84, editable=True, default=False),
)

UNIT_FIELDS = (_code(), _text("name", "名称", 120), _number("decimals", "小数位数", decimals=0, default=Decimal(0)))

SUBSTITUTE_FIELDS = (
    _named("component", "主料", "items", required=True),
    _named("substitute", "替代料", "items", required=True),
    _named("parent", "只用于父件", "items", tooltip="不填为所有父件"),
    _number("ratio", "替代比例", 72, tooltip="1 个主料要几个替代料", default=Decimal(1)),
    _number("priority", "优先级", 62, decimals=0, tooltip="数小的先用", default=Decimal(1)),
    Column("valid_from", "生效日", kind="date", width=86, editable=True),
    Column("valid_to", "失效日", kind="date", width=86, editable=True),
)

SUBSTITUTE_COLUMNS = _with_names(
    SUBSTITUTE_FIELDS, component="主料名称规格", substitute="替代料名称规格", parent="父件名称规格"
)

ALIAS_FIELDS = (
    _text("alias", "客户料号或别名", 200, required=True, tooltip="对方怎么叫这个物料：料号、图号、简称、型号"),
    _named("partner", "往来单位", "partners", tooltip="谁的叫法；不填为所有人"),
    _named("item", "物料", "items", required=True),
    _text("note", "备注", 160),
    Column("uses", "用过次数", kind="number", width=76, decimals=0),
    Column("used_at", "最近使用", kind="stamp"),
)

ALIAS_COLUMNS = _with_names(ALIAS_FIELDS, partner="往来单位名称", item="物料名称规格")

WORKING = {True: "上班", False: "休息"}
WORKING_TONES: dict[bool, Tone] = {True: "ok", False: "muted"}

CALENDAR_FIELDS = (
    Column("date", "日期", kind="date", editable=True, required=True),
    Column(
        "working", "上班", kind="badge", width=80, editable=True, choices=WORKING, tones=WORKING_TONES, default=True
    ),
)

SPECS = (
    RecordSpec(
        "items",
        "物料",
        "masterdata",
        ITEM_FIELDS,
        icon="box",
        order=10,
        shortcut="Ctrl+Alt+M",
        across=4,
        searched="编码、名称、规格、条码、拼音（Ctrl+F）",
    ),
    RecordSpec("customers", "客户", "masterdata", PARTNER_FIELDS, order=30, searched=PARTNERS_SEARCHED),
    RecordSpec("suppliers", "供应商", "masterdata", PARTNER_FIELDS, order=31, searched=PARTNERS_SEARCHED),
    RecordSpec("warehouses", "仓库", "masterdata", WAREHOUSE_FIELDS, order=40),
    RecordSpec("units", "计量单位", "masterdata", UNIT_FIELDS, order=41),
    RecordSpec(
        "substitutes",
        "替代料",
        "masterdata",
        SUBSTITUTE_FIELDS,
        SUBSTITUTE_COLUMNS,
        ("component", "substitute", "parent"),
        order=50,
        searched="主料、替代料、父件、拼音（Ctrl+F）",
    ),
    RecordSpec(
        "aliases",
        "客户料号与别名",
        "masterdata",
        ALIAS_FIELDS,
        ALIAS_COLUMNS,
        ("alias", "partner"),
        order=32,
        searched="料号、往来单位、物料、拼音（Ctrl+F）",
    ),
    RecordSpec(
        "calendar",
        "工厂日历",
        "masterdata",
        CALENDAR_FIELDS,
        key=("date",),
        icon="calendar",
        order=60,
        searched="日期，如 2026-05（Ctrl+F）",
    ),
)


def register(desk: Desk) -> None:
    """Look-ups first: the forms ask for them."""
    register_lookups(desk)
    register_records(desk, *SPECS)
    desk.navigator.register(
        PageSpec(
            "parameters",
            "系统参数",
            "system",
            AtNeed("ui.masterdata.parameters_page", "ParametersPage"),
            "settings",
            right="admin.parameters",
            order=10,
        )
    )
    register_finders(desk)
