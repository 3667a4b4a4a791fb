"""条件颜色: a clerk's own rules for the colour of cells: a column, a condition, and what it means when it holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from ui.framework.colors import Tone
from ui.framework.grid.columns import NUMERIC, Column, share_of
from ui.framework.grid.index import is_blank
from ui.framework.grid.table import MARK
from ui.framework.grid.typing_rules import parse_date
from ui.framework.texts import tr

MOST: Final = 20
OPERATORS: Final = {
    "below": "小于",
    "most": "小于等于",
    "above": "大于",
    "least": "大于等于",
    "between": "介于",
    "is": "等于",
    "not": "不等于",
    "has": "包含",
    "lacks": "不包含",
    "starts": "开头是",
    "blank": "为空",
    "filled": "不为空",
}
TONES: Final[dict[Tone, str]] = {"danger": "红 有问题", "warn": "橙 要注意", "ok": "绿 正常", "accent": "紫 超出"}
ORDERED: Final = frozenset({"below", "most", "above", "least", "between"})
TEXTUAL: Final = frozenset({"has", "lacks", "starts"})
BARE: Final = frozenset({"blank", "filled"})
_DATES: Final = ("date", "stamp")
_APART: Final = re.compile(r"[,，、;；]")

Test = Callable[[Any, str], bool]
Compiled = Mapping[int, Sequence[tuple[Test, Tone]]]


class RuleFault(ValueError):
    """A rule that cannot be: field is "column", "operator", "value" or "upper"; the message is the sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class ColorRule:
    """The cells of a column for which a condition holds get a tone; of several rules for a column the first that holds.

    operator  a key of OPERATORS
    values    as typed, so that `0` (today) and `+3` move with the day: none for blank and filled, two for between, else one
    """

    column: str
    operator: str
    values: tuple[str, ...]
    tone: Tone


def rule_of(entry: Any) -> ColorRule:
    """A rule as it was stored; ValueError, TypeError or KeyError for what is none."""
    values = tuple(str(value) for value in entry["values"])
    made = ColorRule(str(entry["column"]), str(entry["operator"]), values, entry["tone"])
    if made.operator not in OPERATORS or made.tone not in TONES or len(values) != _wanted(made.operator):
        raise ValueError(made)
    return made


def stored(rule: ColorRule) -> dict[str, Any]:
    """A rule as plain JSON."""
    return {"column": rule.column, "operator": rule.operator, "values": list(rule.values), "tone": rule.tone}


def compiled(rules: Sequence[ColorRule], columns: Sequence[Column], today: date) -> Compiled:
    """The tests by section; rules of other columns, or that can no longer be read, are passed over."""
    sections = {column.key: section for section, column in enumerate(columns) if column is not MARK}
    made: dict[int, list[tuple[Test, Tone]]] = {}
    for rule in rules:
        section = sections.get(rule.column)
        if section is not None:
            try:
                made.setdefault(section, []).append((condition_of(rule, columns[section], today), rule.tone))
            except RuleFault:
                continue
    return {section: tests for section, tests in made.items() if tests}


def condition_of(rule: ColorRule, column: Column, today: date) -> Test:
    """The condition as a function of a cell's value and text; RuleFault when it does not fit the column or a value cannot be read.

    A blank cell only is blank, is not what was asked for, or lacks it.
    """
    if rule.operator in BARE:
        wanted = rule.operator == "blank"
        return lambda value, text: (is_blank(value) and not text) == wanted
    if any(not value.strip() for value in rule.values):
        field = "value" if not rule.values[0].strip() else "upper"
        raise RuleFault(field, tr("请填“{operator}”什么", operator=tr(OPERATORS[rule.operator])))
    if rule.operator in TEXTUAL:
        return _textual(rule, column)
    if column.kind in NUMERIC or column.kind in _DATES:
        return _measured(rule, column, today)
    if rule.operator in ORDERED:
        raise _misfit(rule, column)
    return _named(rule, column, today)


def _wanted(operator: str) -> int:
    return 0 if operator in BARE else 2 if operator == "between" else 1


def _misfit(rule: ColorRule, column: Column) -> RuleFault:
    sentence = tr("“{title}”不能用“{operator}”", title=tr(column.title), operator=tr(OPERATORS[rule.operator]))
    return RuleFault("operator", sentence)


def _textual(rule: ColorRule, column: Column) -> Test:
    if column.kind in NUMERIC or column.kind == "flag":
        raise _misfit(rule, column)
    words = [word.strip().casefold() for word in _APART.split(rule.values[0]) if word.strip()]
    if rule.operator == "starts":
        start = tuple(words)
        return lambda _value, text: text.casefold().startswith(start)
    wanted = rule.operator == "has"
    return lambda _value, text: any(word in text.casefold() for word in words) == wanted


def _measured(rule: ColorRule, column: Column, today: date) -> Test:
    """Numbers and dates, by size."""
    limits: list[Any] = []
    for field, text in zip(("value", "upper"), rule.values, strict=False):
        try:
            limits.append(parse_date(text, today) if column.kind in _DATES else _number(column, text, today))
        except ValueError as fault:
            raise RuleFault(field, str(fault)) from None
    low, high = limits[0], limits[-1]
    if rule.operator == "between" and low > high:
        raise RuleFault("upper", tr("“到”比“值”小，请换过来"))
    hold: Callable[[Any], bool] = {
        "below": lambda found: found < low,
        "most": lambda found: found <= low,
        "above": lambda found: found > low,
        "least": lambda found: found >= low,
        "between": lambda found: low <= found <= high,
        "is": lambda found: found == low,
        "not": lambda found: found != low,
    }[rule.operator]
    blank = rule.operator == "not"

    def test(value: Any, _text: str) -> bool:
        found = _measure(column, value)
        return blank if found is None else hold(found)

    return test


def _number(column: Column, text: str, today: date) -> Decimal:
    """A limit; of a progress `50` is 50 %."""
    found = Decimal(column.read(text, today=today))
    return share_of(found) if column.kind == "progress" else found


def _measure(column: Column, value: Any) -> Any:
    """The number or the day of a cell, None for what is neither."""
    if column.kind in _DATES:
        if isinstance(value, datetime):
            return value.astimezone().date() if value.tzinfo else value.date()
        return value if isinstance(value, date) else None
    return value if isinstance(value, Decimal | int | float) else None


def _named(rule: ColorRule, column: Column, today: date) -> Test:
    """Texts and words of a vocabulary; several may be given, apart by commas."""
    parts = [part.strip() for part in _APART.split(rule.values[0]) if part.strip()]
    wanted = rule.operator == "is"
    if column.kind == "flag" or column.choices:
        try:
            known = {_word(column, column.read(part, today=today)) for part in parts}
        except ValueError as fault:
            raise RuleFault("value", str(fault)) from None
        return lambda value, _text: (_word(column, value) in known) == wanted
    texts = frozenset(part.casefold() for part in parts)
    return lambda _value, text: (text.strip().casefold() in texts) == wanted


def _word(column: Column, value: Any) -> str:
    return str(bool(value and value != "no")) if column.kind == "flag" else str(value)
