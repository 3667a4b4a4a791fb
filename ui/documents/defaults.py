"""Windows worked out from a type's declaration in the services; an area's views refine them with dataclasses.replace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from models.kernel.numbers import ZERO, plain
from models.kernel.vocabulary import ISSUE_METHODS, SUPPLIED_BY
from services.documents.api import DocType, document_type, push_title
from ui.documents.drafting import amount_of, source_text
from ui.documents.spec import DocumentSpec
from ui.documents.states import STATE_TONES, STATE_WORDS, share_of, state_of
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column

PARTNER_TITLES: Final = {"customer": "客户", "supplier": "供应商"}
PARTNER_LOOKUPS: Final = {"customer": "customers", "supplier": "suppliers"}
ITEM_FILLS: Final = {
    "item_id": "id",
    "item_name": "name",
    "spec": "spec",
    "unit": "unit",
    "decimals": "decimals",
    "available": "stock",
}

ITEM = Column(
    "item_code", "物料", kind="lookup", width=104, editable=True, lookup="items", fills=ITEM_FILLS, required=True
)
ITEM_NAME = Column("item_name", "名称", width=140)
SPEC = Column("spec", "规格", width=104)
UNIT = Column("unit", "单位", width=44)
QUANTITY = Column(
    "quantity", "数量", kind="number", width=76, editable=True, total=True, derive=amount_of, required=True
)
PRICE = Column("price", "单价", kind="price", editable=True, derive=amount_of)
AMOUNT = Column("amount", "金额", kind="money", width=94, total=True)


def warehouse_text(row: Any) -> str:
    """Code and name of a line's warehouse."""
    return " ".join(part for part in (row.get("warehouse_code"), row.get("warehouse_name")) if part)


WAREHOUSE = Column(
    "warehouse_code",
    "仓库",
    kind="lookup",
    width=112,
    editable=True,
    lookup="warehouses",
    fills={"warehouse_id": "id", "warehouse_name": "name"},
    shown=warehouse_text,
    sticky=True,
)
LOT = Column("lot", "批次", kind="code", width=90, editable=True)
START = Column("start_date", "开工日", kind="date", editable=True)
DUE = Column("due_date", "交期", kind="date", editable=True, sticky=True)
SOURCE = Column("source", "源单", kind="code", width=190, get=source_text)
DONE = Column("done", "已执行", kind="number", width=68, total=True)
NOTE = Column("note", "备注", width=118, editable=True, remark=True)


def short_tone(value: Any, row: Any) -> Tone:
    """Red where the stock does not reach what is left to draw; finished and unknown rows, and those that draw nothing, stay plain."""
    left = (row.get("quantity") or ZERO) - (row.get("done") or ZERO)
    if value is None or left <= 0 or row.get("draws_nothing"):
        return ""
    return "danger" if value < left else "ok"


AVAILABLE = Column("available", "可用", kind="number", tooltip="可用仓的现存，不含客供料", tone=short_tone)


def filled(key: str) -> Callable[[Any], str]:
    """The number of a cell, nothing where it is zero: what is not there does not catch the eye."""
    return lambda row: Column(key, "", kind="number").show(row.get(key)) if row.get(key) else ""


def percent(key: str) -> Callable[[Any], str]:
    """A rate as per cent."""
    return lambda row: f"{plain(row[key] * 100)}%" if row.get(key) else ""


MATERIALS: Final = (
    ITEM,
    ITEM_NAME,
    SPEC,
    UNIT,
    Column("quantity", "应领", kind="number", width=72, editable=True, required=True),
    Column("done", "已领", kind="number", width=64, shown=filled("done")),
    Column("left", "未领", kind="number", width=64, shown=filled("left")),
    AVAILABLE,
    Column("issue", "发料方式", kind="choice", editable=True, choices=ISSUE_METHODS, default="pick"),
    WAREHOUSE,
    Column("scrap_rate", "损耗率", kind="number", width=60, shown=percent("scrap_rate")),
    Column("supplement", "补料", kind="number", width=52, shown=filled("supplement")),
    Column("returned", "退料", kind="number", width=52, shown=filled("returned")),
    Column("key_part", "关键件", kind="flag", width=56),
    Column("supplied_by", "供料", kind="choice", width=60, choices=SUPPLIED_BY),
    NOTE,
)

STATE = Column("state", "状态", kind="badge", choices=STATE_WORDS, tones=STATE_TONES, get=state_of)
NUMBER = Column("number", "单号", kind="code", width=168, get=lambda row: row.ref.number)


def days_left(today: Callable[[], date]) -> Column:
    """Days to the due date of what is not done; orange within three days, red when over."""

    def value(row: Any) -> int | None:
        open_row = row.closing == "C" and row.due_date is not None and row.done < (row.quantity or Decimal(1))
        return (row.due_date - today()).days if open_row else None

    def tone(days: Any, row: Any) -> Tone:
        del row
        if days is None:
            return ""
        return "danger" if days < 0 else "warn" if days <= 3 else ""

    return Column("days_left", "剩余天", kind="number", width=64, decimals=0, get=value, tone=tone)


def default_spec(type_code: str, *, today: Callable[[], date]) -> DocumentSpec:
    """The windows of a registered type."""
    kind = document_type(type_code)
    return DocumentSpec(
        kind.code,
        kind.title,
        kind.area,
        header=_header(kind),
        lines=_lines(kind),
        list_columns=_list_columns(kind, today),
        materials=MATERIALS if kind.expand is not None else (),
        pushes={target: push_title(target) for target in kind.pushes},
        kinds=kind.kinds,
        topics=kind.topics | {kind.code},
        sources=any(route.limited for route in kind.routes),
        typed=not kind.source_required,
        changeable=kind.posting is None,
        order=kind.order,
        icon="page",
    )


def _header(kind: DocType) -> tuple[Column, ...]:
    fields = [Column("date", "日期", kind="date", editable=True, required=True)]
    if kind.partner_role:
        fields.append(
            Column(
                "partner_code",
                PARTNER_TITLES[kind.partner_role],
                kind="lookup",
                editable=True,
                required=kind.partner_required,
                width=320,
                lookup=PARTNER_LOOKUPS[kind.partner_role],
                fills={"partner_id": "id", "partner_name": "name"},
            )
        )
    if kind.kinds:
        fields.append(Column("kind", "类型", kind="choice", editable=True, choices=kind.kinds))
    if kind.area in ("production", "subcontracting") and kind.partner_role == "":
        fields.append(Column("workshop", "车间", editable=True))
    fields.append(Column("note", "备注", editable=True, width=320))
    return tuple(fields)


def _lines(kind: DocType) -> tuple[Column, ...]:
    columns = [ITEM, ITEM_NAME, SPEC, UNIT, QUANTITY]
    if kind.source_required and not kind.incoming:
        columns.append(AVAILABLE)
    if kind.needs_price:
        columns += [PRICE, AMOUNT]
    if kind.needs_warehouse:
        columns += [WAREHOUSE, LOT]
    if kind.expand is not None:
        columns += [START, Column("bom_version", "BOM版本", kind="code", width=76, editable=True)]
    if kind.needs_due_date or kind.expand is not None:
        columns.append(DUE)
    if kind.closes:
        columns.append(DONE)
    if kind.routes:
        columns.append(SOURCE)
    return (*columns, NOTE)


def _list_columns(kind: DocType, today: Callable[[], date]) -> tuple[Column, ...]:
    columns = [NUMBER, Column("business_date", "日期", kind="date"), STATE]
    if kind.partner_role:
        columns.append(Column("partner_name", PARTNER_TITLES[kind.partner_role], width=150))
    columns += [Column("items", "物料", width=170), Column("quantity", "数量", kind="number", total=True)]
    if kind.needs_price:
        columns.append(Column("amount", "金额", kind="money", total=True))
    if kind.closes:
        columns.append(Column("share", "完成", kind="progress", width=84, get=share_of))
        columns += [Column("due_date", "交期", kind="date"), days_left(today)]
    if kind.kinds:
        columns.append(Column("kind", "类型", kind="choice", choices=kind.kinds))
    if kind.area == "production":
        columns.append(Column("workshop", "车间", width=90))
    columns += [Column("lines", "行数", kind="number", width=50), Column("note", "备注", width=140)]
    columns += [Column("created_by", "制单", width=70), Column("approved_by", "审核人", width=70)]
    columns.append(
        Column("print_count", "打印次数", kind="number", width=64, decimals=0, tooltip="打印或另存为 PDF 的次数")
    )
    return tuple(columns)
