"""Columns and words of the workbench."""

from __future__ import annotations

from typing import Any, Final

from models.kernel.numbers import plain
from models.kernel.vocabulary import AUDIT_STATES
from services.engineering.api import BOM_STATES, BomNode
from services.planning.api import AvailabilityRow, TimelineRow
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column
from ui.framework.texts import listed, tr

COMING: Final = {
    "stock": "现存", "purchase_order": "采购在途", "production_order": "生产在制", "subcontract_order": "委外在制",
    "co_product": "联副产品", "planned_order": "计划订单", "substitution": "替代料顶上", "unplanned": "不算的需求",
}  # fmt: skip
GOING: Final = {
    "sales_order": "销售订单", "forecast": "销售预测", "production_order": "生产用料", "subcontract_order": "委外用料",
    "planned_order": "计划用料", "substitution": "替代别的料",
}  # fmt: skip
ROLES: Final = {"main": "", "material": "用料", "output": "产出"}
WAYS: Final = {True: "可替代本料", False: "本料可替代"}


def kind_word(row: AvailabilityRow) -> str:
    """What a movement is."""
    words = GOING if row.quantity < 0 and row.kind in GOING else COMING
    return tr(words.get(row.kind, row.kind))


def warning(row: AvailabilityRow, safety: Any) -> str:
    """What a clerk must know of a movement: short, under the safety stock, overdue."""
    parts = []
    if row.balance < 0:
        parts.append(tr("缺 {short}", short=plain(-row.balance)))
    elif row.balance < safety and not row.overdue:
        parts.append(tr("低于安全 {safety}", safety=plain(safety)))
    if row.overdue:
        parts.append(tr("逾期 {days} 天", days=row.overdue))
    return listed(parts, "，")


def tone_of(row: AvailabilityRow, safety: Any) -> Tone:
    """Red stops, orange will stop."""
    if row.balance < 0:
        return "danger"
    return "warn" if row.balance < safety or row.overdue else ""


def availability_columns(page: Any) -> tuple[Column, ...]:
    """page.safety: the safety stock of the item shown."""

    def tone(_value: Any, row: AvailabilityRow) -> Tone:
        return tone_of(row, page.safety)

    def balance_tone(_value: Any, row: AvailabilityRow) -> Tone:
        return "danger" if row.balance < 0 else "warn" if row.balance < page.safety else ""

    return (
        Column("due", "日期", kind="date", width=112, tone=lambda _value, row: "warn" if row.overdue else ""),
        Column("kind", "供需", width=74, get=kind_word),
        Column("quantity", "数量", kind="number", width=74),
        Column("balance", "余额", kind="number", width=80, tone=balance_tone),
        Column("warning", "提示", width=140, tone=tone, get=lambda row: warning(row, page.safety)),
        Column("document", "单号", kind="code", width=164, get=_number),
        Column("party", "往来单位／车间", width=110),
        Column("product", "用于产品", width=150),
    )


def _number(row: AvailabilityRow) -> str:
    return row.document.number if row.document is not None else ""


STORE_COLUMNS: Final = (
    Column("warehouse", "仓库", width=120),
    Column("lot", "批次", width=90),
    Column("owner", "货主", width=84),
    Column("quantity", "现存", kind="number", total=True),
    Column("nettable", "参与运算", kind="flag", width=76),
    Column("since", "最近收发", kind="date"),
)
DOCUMENT_COLUMNS: Final = (
    Column("title", "单据", width=84, get=lambda row: tr(row.title)),
    Column("number", "单号", kind="code", width=152, get=lambda row: row.ref.number),
    Column("line", "行", kind="number", width=32, decimals=0),
    Column("role", "用途", kind="choice", width=42, choices=ROLES),
    Column("status", "状态", kind="badge", width=74, choices=AUDIT_STATES, tones={"Z": "warn", "C": "info"}),
    Column("due", "日期", kind="date"),
    Column("left", "未完", kind="number", width=70),
    Column("quantity", "数量", kind="number", width=76),
    Column("party", "往来单位／车间", width=120),
)
PRICE_COLUMNS: Final = (
    Column("date", "日期", kind="date"),
    Column("price", "单价", kind="price"),
    Column("quantity", "数量", kind="number", width=76),
    Column("party", "往来单位", width=150),
    Column("title", "单据", width=92, get=lambda row: tr(row.title)),
    Column("number", "单号", kind="code", width=158, get=lambda row: row.ref.number),
)
STAND_IN_COLUMNS: Final = (
    Column("replaces", "关系", kind="choice", width=88, choices=WAYS),
    Column("item_code", "物料", kind="code", width=92),
    Column("item_name", "名称", width=130),
    Column("ratio", "比例", kind="number", width=60, tooltip="1 个主料要几个替代料"),
    Column("available", "可用", kind="number", width=76),
    Column("priority", "优先", kind="number", width=50, decimals=0),
    Column("parent_code", "只用于父件", kind="code", width=92),
    Column("valid_from", "生效", kind="date"),
    Column("valid_to", "失效", kind="date"),
)
MOVE_COLUMNS: Final = (
    Column("date", "日期", kind="date"),
    Column("title", "单据", width=92, get=lambda row: tr(row.title)),
    Column("quantity", "数量", kind="number", width=76),
    Column("balance", "结存", kind="number", width=80, tooltip="全部仓库的自有库存"),
    Column("document", "单号", kind="code", width=158, get=lambda row: row.document.number if row.document else ""),
    Column("party", "往来单位／车间", width=120),
    Column("warehouse", "仓库", width=96),
    Column("lot", "批次", width=80),
    Column("owner", "货主", width=90),
)
USED_COLUMNS: Final = (
    Column("level", "级", kind="number", width=36, decimals=0),
    Column("item_code", "上级产品", kind="code", width=92, get=lambda row: row.item.code),
    Column("item_name", "名称", width=150, get=lambda row: row.item.name),
    Column("total", "单台用量", kind="number", width=76),
    Column("via", "经过", kind="code", width=92),
    Column("version", "版本", width=56, get=lambda row: row.version_code),
    Column("state", "清单", width=84, get=lambda row: tr(BOM_STATES.get(row.state, ""))),
    Column("on_hand", "现存", kind="number", width=76, get=lambda row: row.item.on_hand),
)


def _usage(node: BomNode) -> str:
    line = node.line
    if line is None:
        return ""
    return plain(line.numerator) if line.denominator == 1 else f"{plain(line.numerator)}/{plain(line.denominator)}"


BILL_COLUMNS: Final = (
    Column("number", "序", width=40),
    Column("item_code", "材料", kind="code", width=92, get=lambda node: node.item.code),
    Column("item_name", "名称", width=140, get=lambda node: node.item.name),
    Column("usage", "用量", width=64, get=_usage),
    Column("unit", "单位", width=46, get=lambda node: node.item.unit),
    Column("scrap", "损耗率", kind="progress", width=66, get=lambda node: node.line.scrap_rate if node.line else None),
    Column("on_hand", "现存", kind="number", width=76, get=lambda node: node.item.on_hand),
    Column("state", "清单", width=84, get=lambda node: tr(BOM_STATES[node.state])),
)


def of_run(row: TimelineRow) -> AvailabilityRow:
    """A movement of a run as the workbench shows movements."""
    origin = row.origin
    product = f"{origin.item_code} {origin.planned}".strip() if origin.planned or row.quantity < 0 else ""
    return AvailabilityRow(
        row.day, row.day, origin.kind, origin.document, origin.line, "", product, row.quantity, row.balance
    )
