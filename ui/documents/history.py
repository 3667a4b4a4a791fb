"""Audit events as a clerk reads them: who, when, and what became of what."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

from models.kernel.numbers import plain
from models.kernel.vocabulary import AUDIT_STATES, CLOSING_STATES, ISSUE_METHODS
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import deed, listed, tr

VERBS: Final = {
    "create": "新增",
    "change": "修改",
    "amend": "变更",
    "approve": "审核",
    "reverse": "反审核",
    "close": "关闭",
    "reopen": "反关闭",
    "delete": "删除",
    "void": "作废",
    "print": "打印",
    "import": "导入",
    "attach": "附上文件",
    "detach": "删除附件",
}
TITLES: Final = {
    "date": "日期",
    "kind": "类型",
    "partner": "往来单位",
    "workshop": "车间",
    "note": "备注",
    "lines": "明细",
    "materials": "材料",
    "status": "状态",
    "closing": "状态",
    "file": "文件",
    "size": "字节",
}
LINE_TITLES: Final = {
    "item": "物料",
    "quantity": "数量",
    "price": "单价",
    "amount": "金额",
    "warehouse": "仓库",
    "lot": "批次",
    "start_date": "开工日",
    "bom_version": "BOM版本",
    "due_date": "交期",
    "hours": "工时",
    "issue": "发料方式",
    "source": "源单",
    "note": "备注",
}
MATERIAL_TITLES: Final = {**LINE_TITLES, "quantity": "应领"}
STATES: Final = {"status": AUDIT_STATES, "closing": CLOSING_STATES, "issue": ISSUE_METHODS}
TEXTS: Final = frozenset(
    {"name", "spec", "note", "lot", "code", "barcode", "bom_version", "workshop", "item", "source"}
)
"""what is no number, even where it looks like one"""
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
Words = Mapping[str, Mapping[Any, str]]
NO_WORDS: Final[Words] = {}
ROWS: Final = frozenset({"lines", "materials", "outputs"})


def differences(before: str, after: str, titles: Mapping[str, str], words: Words = NO_WORDS) -> str:
    """What an event changed: "备注 空 → 急；第2行 数量 10 → 12". A new record names how many lines it has.

    words: by key, the words of a vocabulary whose values a record holds.
    """
    return listed(changes(before, after, titles, words), "；")


def changes(before: str, after: str, titles: Mapping[str, str] = TITLES, words: Words = NO_WORDS) -> list[str]:
    """The same one by one."""
    old, new = _read(before), _read(after)
    if not old:
        return [f"{tr(titles.get(key, key))} {len(new[key])}" for key in ROWS if new.get(key)]
    parts: list[str] = []
    for key, value in sorted(new.items(), key=lambda entry: entry[0] in ROWS):
        if old.get(key) == value:
            continue
        if key in ROWS:
            parts += _row_differences(key, old.get(key) or [], value or [])
        else:
            was, now = (_spoken(words.get(key), key, one) for one in (old.get(key), value))
            parts.append(f"{tr(titles.get(key, key))} {was} → {now}")
    return parts


def deeds() -> dict[str, str]:
    """What was done, by the action of an audit event, in the window's language."""
    return {action: deed(verb) for action, verb in VERBS.items()}


def history_grid(desk: Desk, name: str, titles: Mapping[str, str] = TITLES, words: Words = NO_WORDS) -> Grid:
    """Who did what and when, latest first."""
    return Grid(
        desk,
        name,
        (
            Column("at", "时间", kind="stamp", width=84),
            Column("user", "谁", width=60),
            Column("action", "做了", kind="choice", width=60, choices=deeds()),
            Column("what", "内容", width=320, get=partial(_content, titles, words)),
            Column("reason", "原因", width=140),
        ),
    )


def told(row: Any) -> list[str]:
    """An event of a document whole: each change on its own line, then the reason."""
    reason = [tr("原因：{reason}", reason=row.reason)] if row.reason else []
    return [*changes(row.before, row.after), *reason]


def _content(titles: Mapping[str, str], words: Words, row: Any) -> str:
    return differences(row.before, row.after, titles, words)


def _spoken(words: Mapping[Any, str] | None, key: str, value: Any) -> str:
    return tr(words[value]) if words and value in words else _word(key, value)


def _row_differences(role: str, old: Sequence[Any], new: Sequence[Any]) -> list[str]:
    before, after = ({row["line"]: row for row in rows if isinstance(row, dict)} for rows in (old, new))
    lead = f"{tr('材料')} " if role == "materials" else ""
    parts = [lead + tr("删去第{line}行", line=line) + _what(row) for line, row in before.items() if line not in after]
    for line, row in after.items():
        known = before.get(line)
        if known is None:
            parts.append(lead + tr("增加第{line}行", line=line) + _what(row))
            continue
        titles = MATERIAL_TITLES if role == "materials" else LINE_TITLES
        changed = [
            f"{tr(title)} {_word(key, known.get(key))} → {_word(key, row.get(key))}"
            for key, title in titles.items()
            if known.get(key) != row.get(key)
        ]
        if changed:
            parts.append(lead + tr("第{line}行", line=line) + " " + listed(changed, "，"))
    return parts


def _what(row: Mapping[str, Any]) -> str:
    """What a line that came or went was of: item and quantity."""
    return f" {row.get('item') or ''} × {_word('quantity', row.get('quantity'))}"


def _word(key: str, value: Any) -> str:
    if value in (None, ""):
        return tr("空")
    if isinstance(value, bool):
        return tr("是") if value else tr("否")
    if isinstance(value, str) and key not in TEXTS and _NUMBER.fullmatch(value):
        return plain(Decimal(value))
    return tr(STATES[key].get(str(value), str(value))) if key in STATES else str(value)


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
