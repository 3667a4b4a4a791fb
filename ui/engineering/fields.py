"""Columns of the tree: how each value of a line is shown, typed and pasted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from models.kernel.numbers import plain
from models.kernel.vocabulary import ISSUE_METHODS, SUPPLIED_BY
from ui.engineering.draft import DraftBook, DraftLine
from ui.framework.grid.columns import Column
from ui.framework.grid.typing_rules import parse_decimal
from ui.framework.texts import listed, tr

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
COLUMNS: Final = (
    Column("code", "物料", kind="lookup", lookup="items", editable=True, width=178),
    Column("name", "名称规格", width=160),
    Column("usage", "用量", kind="number", editable=True, width=68, tooltip="每个产品的用量；3/67 表示 67 个产品用 3"),
    Column("unit", "单位", width=44),
    Column("scrap_rate", "损耗率%", kind="number", editable=True, width=64),
    Column("scrap_fixed", "固定损耗", kind="number", editable=True, width=68, tooltip="每张任务单另加的数量"),
    Column("issue", "发料", kind="choice", choices=ISSUE_METHODS, editable=True, width=74),
    Column("bill", "清单", width=126, tooltip="下级清单的版本和状态"),
    Column("on_hand", "现存", kind="number", width=60),
    Column("cost", "参考成本", kind="price", width=84, tooltip="一个单位的材料成本，含损耗和成品率"),
    Column("skip_level", "跳层", kind="flag", editable=True, width=44, tooltip="领料时跳过这一层，直接领下级"),
    Column("key_part", "关键", kind="flag", editable=True, width=44),
    Column("supplied_by", "供料", kind="choice", choices=SUPPLIED_BY, editable=True, width=60),
    Column("warehouse_id", "发料仓", kind="choice", editable=True, width=72),
    Column("position", "位置", editable=True, width=60),
    Column("valid_from", "生效日", kind="date", editable=True, width=92),
    Column("valid_to", "失效日", kind="date", editable=True, width=92),
    Column("substitutes", "替代料", width=120),
    Column("note", "备注", editable=True, remark=True, width=150),
)
SECTIONS: Final[Mapping[str, int]] = {column.key: place for place, column in enumerate(COLUMNS)}
PARENT_KEYS: Final = frozenset({"code", "name", "unit", "bill", "on_hand", "cost"})
TYPED: Final = tuple(column.key for column in COLUMNS if column.editable)


def usage_text(line: DraftLine) -> str:
    """12, or 1/100."""
    if line.denominator == 1:
        return plain(line.numerator)
    return f"{plain(line.numerator)}/{plain(line.denominator)}"


def value_of(line: DraftLine, key: str, book: DraftBook) -> Any:
    """The value behind a cell that can be typed into."""
    if key == "usage":
        return usage_text(line)
    if key == "code":
        row = book.component(line)
        return row.code if row is not None else line.text
    if key == "scrap_rate":
        return line.scrap_rate * HUNDRED
    return getattr(line, key)


def shown(line: DraftLine, key: str, book: DraftBook) -> str:
    """The text of a typed cell; zeros and defaults are left blank."""
    fault = line.fault(key)
    if fault is not None:
        return fault[0]
    value = value_of(line, key, book)
    if key == "warehouse_id":
        return book.warehouses.get(value, "") if value else ""
    if key == "supplied_by" and value == "own":
        return ""
    if key in ("usage", "code"):
        return str(value)
    if value == 0 and key in ("scrap_rate", "scrap_fixed"):
        return ""
    return COLUMNS[SECTIONS[key]].show(value)


def edit_text(line: DraftLine, key: str, book: DraftBook) -> str:
    """What an editor starts with."""
    value = value_of(line, key, book)
    if key in ("scrap_rate", "scrap_fixed") and not value:
        return ""
    return str(value) if key in ("usage", "code") else COLUMNS[SECTIONS[key]].edit_text(value)


def read(key: str, text: str, book: DraftBook, *, today: date) -> dict[str, Any]:
    """The values of a line that a typed or pasted text stands for; ValueError carries the sentence."""
    text = text.strip()
    if key == "code":
        return {"text": text}
    if key == "usage":
        return _read_usage(text)
    if key == "scrap_rate":
        return {"scrap_rate": _between(_percent(text), ZERO, HUNDRED) / HUNDRED}
    if key == "scrap_fixed":
        return {"scrap_fixed": _not_negative(parse_decimal(text, 8)) if text else ZERO}
    if key == "warehouse_id":
        return {key: _warehouse(text, book)}
    if key in ("issue", "supplied_by", "skip_level", "key_part"):
        column = COLUMNS[SECTIONS[key]]
        value = column.read(text, today=today)
        return {key: value if value is not None else getattr(DraftLine(), key)}
    value = COLUMNS[SECTIONS[key]].read(text, today=today)
    return {key: value if value is not None else ("" if key in ("position", "note") else None)}


def _read_usage(text: str) -> dict[str, Any]:
    if not text:
        raise ValueError(tr("请填用量，例如 12 或 3/67"))
    numerator, slash, denominator = text.partition("/") if not text.startswith("=") else (text, "", "")
    values = {
        "numerator": parse_decimal(numerator, 8),
        "denominator": parse_decimal(denominator, 8) if slash else Decimal(1),
    }
    if min(values.values()) <= 0:
        raise ValueError(tr("用量和产量都必须大于 0"))
    return values


def _percent(text: str) -> Decimal:
    return parse_decimal(text.removesuffix("%").removesuffix("％"), 6) if text else ZERO


def _between(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    if not low <= value < high:
        raise ValueError(tr("损耗率应在 0 到 100 之间，填 5 表示 5%"))
    return value


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError(tr("固定损耗不能小于 0"))
    return value


def _warehouse(text: str, book: DraftBook) -> int | None:
    if not text:
        return None
    for key, code in book.warehouses.items():
        if code == text:
            return key
    raise ValueError(tr("没有仓库“{text}”，可选：{codes}", text=text, codes=listed(sorted(book.warehouses.values()))))
