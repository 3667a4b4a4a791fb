"""What a clerk may type for a number or a date, read the same way in cells, forms and pasted blocks."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from models.kernel.days import spreadsheet_day
from models.kernel.numbers import RATE_PLACES, parse_number, places_of
from models.kernel.texts import TEXT_LENGTH
from ui.framework.texts import tr

_ISO: Final = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:[ T].*)?$")
_MONTH_DAY: Final = re.compile(r"^(\d{1,2})[-/.月](\d{1,2})[日号]?$")
_DAY: Final = re.compile(r"^(\d{1,2})[日号]$")
_WEEKDAY: Final = re.compile(r"[ (]*(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_OFFSET: Final = re.compile(r"^([+-])(\d{1,4})$")
_YEAR_DAY: Final = re.compile(r"^#(\d{1,3})$")
_OPERATORS: Final[dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_SIGNS: Final = str.maketrans("×÷", "*/")
_AROUND: Final = re.compile(r"\s*([-/.年月])\s*")
_DASHES: Final = str.maketrans("—–−。", "---.")
_CHINESE_POINT: Final = re.compile(r"(?<=\d)。(?=\d)")
ERROR_VALUES: Final = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"})
"""what a spreadsheet program shows where a formula has no answer"""
_DIGITS_LOST: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}")
MAX_EXPRESSION: Final = 200
LONGEST_NUMBER: Final = 40
WHOLE_DIGITS: Final = 12
EDGES: Final = "\ufeff\u200b\u200c\u200d\u2060\u3000\u00a0 \t\r\n"
"""blanks, and what web pages and chats put around a text without showing it"""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)


def parse_decimal(text: str, decimals: int | None = None) -> Decimal:
    """A number as typed: `1,234.50`, `￥12`, full-width digits, or a sum after `=` (`=12*3+4`). ValueError carries the sentence.

    At most 12 digits before the point, and decimals (8 if not said) after it: more is no figure of a factory and no book keeps it.
    """
    plain = _CHINESE_POINT.sub(".", _narrow(text))
    if plain.startswith("="):
        return _rounded(_sized(_evaluate(plain[1:].translate(_SIGNS)), text), decimals)
    percent = plain.endswith("%")
    try:
        if len(plain) > LONGEST_NUMBER or "_" in plain:
            raise ValueError(plain)
        value = _sized(parse_number(plain[:-1] if percent else plain), text)
    except TooLarge:
        raise
    except ValueError:
        raise ValueError(tr("“{text}”不是数字", text=text[:LONGEST_NUMBER])) from None
    if percent:
        value /= 100
    most = RATE_PLACES if decimals is None else decimals
    if value.adjusted() < -WHOLE_DIGITS or places_of(value) > most:
        raise ValueError(tr("“{text}”小数超过 {decimals} 位", text=text, decimals=most))
    return value


class TooLarge(ValueError):
    """A number that no book keeps."""


def _sized(value: Decimal, text: str) -> Decimal:
    """The value, if it is no longer than what is kept; looked at without writing it out, which an exponent can make endless."""
    if not value:
        return Decimal(0)
    if not value.is_finite() or value.adjusted() >= WHOLE_DIGITS:
        raise TooLarge(tr("“{text}”太大，请检查单位和小数点", text=text[:LONGEST_NUMBER]))
    return value


def read_text(text: str, *, code: bool = False, most: int = TEXT_LENGTH) -> str:
    """A text as import reads it: tabs are blanks; ValueError for what cannot be seen, for a code that Excel has shortened, and for
    more than `most` characters: it is told, never cut off.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ").replace("\u00a0", " ").replace("\u3000", " ")
    if text in ERROR_VALUES:
        raise ValueError(tr("“{text}”是公式的错误值，请在 Excel 里改正公式或直接填写", text=text))
    if not text.isprintable():
        seen = str.isprintable if code else _kept
        bad = next((letter for letter in text if not seen(letter)), "")
        if bad:
            raise ValueError(tr("含有看不见的字符 {character}，请重新输入", character=f"U+{ord(bad):04X}"))
    if code and _DIGITS_LOST.fullmatch(text):
        raise ValueError(tr("“{text}”末尾的数字已经丢失，请在 Excel 里把整列设为文本后重新输入", text=text))
    if len(text) > most:
        raise ValueError(tr("有 {length} 个字，最多 {limit} 个，请缩短", length=len(text), limit=most))
    return text


def parse_date(text: str, today: date) -> date:
    """A date as typed: ISO, `2026/3/5`, `2026年3月5日`, `20260305`, `3-5`, `0305`, `15` (this month), `0` today, `+5`, `-3`.

    The day of the week behind it is passed over; what Excel shows of an unformatted date is read too (`5-Mar-26`, `46086`).
    `#200` is the 200th day of the year. ValueError with a sentence for what the month, the year or the calendar of 1900 to 2199 (as in
    an import) does not have.
    """
    plain = _AROUND.sub(r"\1", _WEEKDAY.sub("", _narrow(text).translate(_DASHES)))
    if match := _YEAR_DAY.match(plain):
        return _year_day(int(match[1]), today.year)
    try:
        found: date | None = _read_date(plain, today)
    except (ValueError, OverflowError):
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(tr("“{text}”不是日期，可以填 2026-03-05、3-5、15、+5、#200", text=text))
    return found


def _kept(letter: str) -> bool:
    return letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs")


def _narrow(text: str) -> str:
    """Full-width characters of an input method made narrow."""
    return unicodedata.normalize("NFKC", text).strip(EDGES)


def _year_day(number: int, year: int) -> date:
    last = date(year, 12, 31).timetuple().tm_yday
    if not 1 <= number <= last:
        raise ValueError(tr("{year} 年只有 {last} 天，#{number} 不是其中一天", year=year, last=last, number=number))
    return date(year, 1, 1) + timedelta(days=number - 1)


def _read_date(plain: str, today: date) -> date:
    if (found := spreadsheet_day(plain, today.year)) is not None:
        return found
    if match := _ISO.match(plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_DAY.match(plain):
        return date(today.year, int(match[1]), int(match[2]))
    if match := _DAY.match(plain):
        return today.replace(day=int(match[1]))
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
    except (SyntaxError, ArithmeticError, RecursionError, MemoryError):
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
