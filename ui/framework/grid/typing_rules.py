"""What a clerk may type for a number or a date, read the same way in cells, forms and pasted blocks."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Final

from models.kernel.numbers import parse_number, places_of
from ui.framework.texts import tr

_ISO: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$")
_MONTH_DAY: Final = re.compile(r"^(\d{1,2})[-/.月](\d{1,2})日?$")
_OFFSET: Final = re.compile(r"^([+-])(\d{1,4})$")
_YEAR_DAY: Final = re.compile(r"^#(\d{1,3})$")
_OPERATORS: Final[dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_SIGNS: Final = str.maketrans("×÷", "*/")
MAX_EXPRESSION: Final = 200
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def parse_decimal(text: str, decimals: int | None = None) -> Decimal:
    """A number as typed: `1,234.50`, `￥12`, full-width digits, or a sum after `=` (`=12*3+4`). ValueError carries the sentence."""
    plain = _narrow(text)
    if plain.startswith("="):
        return _rounded(_evaluate(plain[1:].translate(_SIGNS)), decimals)
    percent = plain.endswith("%")
    try:
        value = parse_number(plain[:-1] if percent else plain)
    except ValueError:
        raise ValueError(tr("“{text}”不是数字", text=text)) from None
    if percent:
        value /= 100
    if decimals is not None and places_of(value) > decimals:
        raise ValueError(tr("“{text}”小数超过 {decimals} 位", text=text, decimals=decimals))
    return value


def parse_date(text: str, today: date) -> date:
    """A date as typed: ISO, `2026/3/5`, `2026年3月5日`, `20260305`, `3-5`, `0305`, `15` (this month), `0` today, `+5`, `-3`.

    `#200` is the 200th day of the year. ValueError with a sentence for what the month, the year or the calendar of 1900 to 2199 (as in
    an import) does not have.
    """
    plain = _narrow(text)
    if match := _YEAR_DAY.match(plain):
        return _year_day(int(match[1]), today.year)
    try:
        found: date | None = _read_date(plain, today)
    except (ValueError, OverflowError):
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(tr("“{text}”不是日期，可以填 2026-03-05、3-5、15、+5、#200", text=text))
    return found


def _narrow(text: str) -> str:
    """Full-width characters of an input method made narrow."""
    return unicodedata.normalize("NFKC", text).strip()


def _year_day(number: int, year: int) -> date:
    last = date(year, 12, 31).timetuple().tm_yday
    if not 1 <= number <= last:
        raise ValueError(tr("{year} 年只有 {last} 天，#{number} 不是其中一天", year=year, last=last, number=number))
    return date(year, 1, 1) + timedelta(days=number - 1)


def _read_date(plain: str, today: date) -> date:
    if match := _ISO.match(plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_DAY.match(plain):
        return date(today.year, int(match[1]), int(match[2]))
    if match := _OFFSET.match(plain):
        days = int(match[2])
        return today + timedelta(days=days if match[1] == "+" else -days)
    if plain.isdigit():
        if len(plain) == 8:
            return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
        if len(plain) == 4:
            return date(today.year, int(plain[:2]), int(plain[2:]))
        if len(plain) <= 2:
            return today if int(plain) == 0 else today.replace(day=int(plain))
    raise ValueError(plain)


def _evaluate(expression: str) -> Decimal:
    if len(expression) > MAX_EXPRESSION:
        raise ValueError(tr("算式太长"))
    try:
        tree = ast.parse(expression.replace(",", ""), mode="eval")
        return _value_of(tree.body, expression.replace(",", ""))
    except (SyntaxError, InvalidOperation, DivisionByZero, RecursionError, MemoryError):
        raise ValueError(tr("算式“{text}”算不出来", text=expression)) from None


def _value_of(node: ast.expr, source: str) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value_of(node.operand, source)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
        return _value_of(node.operand, source)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value_of(node.left, source), _value_of(node.right, source))
    raise ValueError(tr("算式“{text}”算不出来", text=source))


def _rounded(value: Decimal, decimals: int | None) -> Decimal:
    places = 8 if decimals is None else decimals
    rounded = value.quantize(Decimal(1).scaleb(-places))
    normal = rounded.normalize()
    return normal if normal.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]
