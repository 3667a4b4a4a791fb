"""Turns cells into values, one cached converter a column, so that a value seen before costs one look-up."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from models.kernel.numbers import INT64_MAX, MONEY_PLACES, QUANTITY_PLACES, RATE_PLACES, parse_number, places_of
from models.kernel.sheets import ColumnType, SheetColumn
from models.kernel.texts import CODE_LENGTH, TEXT_LENGTH
from services.exchange.parsed import Value
from services.exchange.reader.raw import Cell
from services.platform.formulas import unguarded
from services.platform.tongues import TRANSLATIONS

PLACES: Mapping[ColumnType, int] = MappingProxyType(
    {
        "integer": 0,
        "quantity": QUANTITY_PLACES,
        "money": MONEY_PLACES,
        "price": RATE_PLACES,
        "rate": RATE_PLACES,
        "usage": RATE_PLACES,
    }
)
_FIRST_DAY, _LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_SERIAL_START = dt.date(1899, 12, 30)
_SERIALS = range(1, 109_574)
_EXACT_FLOAT = 10**15
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_EXPONENT = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?[eE][+-]?[0-9]{1,2}")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}")
_DATE = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?(?:[T ]\s?[\d:.Z+]*)?")
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PERIOD = re.compile(r"(\d{4})(?:\s?[-/.年]\s?(\d{1,2})\s?月?(?:[-/.]0?1)?|(\d{2}))")
_ERRORS = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"})
_EDGE = "\ufeff\u200b\u200c\u200d\u2060\u3000\u00a0 \t\r\n"
_YES = ("yes", "y", "true", "t", "1", "是", "真", "√", "✓", "有", "对")
_NO = ("no", "n", "false", "f", "0", "否", "假", "×", "x", "无", "非")


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """What is wrong with one value: the code of its sentence and what fills it; told apart by identity."""

    code: str
    args: Mapping[str, object] = field(default_factory=dict)


class Converter(dict[Cell, "Value | Fault"]):
    """Cells of one column and the values they stand for; a cell is understood once, then looked up.

    head: a blank cell gives None, because the row above may hold the value.
    """

    def __init__(self, column: SheetColumn, *, head: bool = False) -> None:
        super().__init__()
        self.column = column
        self.faulty = False
        self.numbers_in_text = False
        self._read = _reader(column)
        self.default: Value | Fault = None
        if column.default:
            self.default = self._read(column.default)
        elif column.required:
            self.default = Fault("exchange.blank")
        self.blank = None if head else self.default
        self[None] = self[""] = self.blank

    def __missing__(self, cell: Cell) -> Value | Fault:
        value = self._value(cell)
        if isinstance(value, Fault):
            self.faulty = True
        self[cell] = value
        return value

    def convert(self, cells: list[Cell]) -> list[Value | Fault]:
        """Values of all cells in their order."""
        values = list(map(self.__getitem__, cells))
        if isinstance(self.blank, Fault) and not self.faulty:
            self.faulty = None in cells or "" in cells
        return values

    def _value(self, cell: Cell) -> Value | Fault:
        if isinstance(cell, str):
            if cell in _ERRORS:
                return Fault("exchange.error_value", {"value": cell})
            if cell.isspace() or not cell.strip(_EDGE):
                return self.blank
        elif self.column.type == "code" and isinstance(cell, (int, float)):
            self.numbers_in_text = True
        return self._read(cell)


Reader = Callable[[Cell], "Value | Fault"]


def _reader(column: SheetColumn) -> Reader:
    if column.type in PLACES:
        return _number_reader(column)
    if column.type == "choice":
        return _choice_reader(column)
    simple: dict[str, Reader] = {"date": read_date, "period": _read_period, "flag": _read_flag, "code": _read_code}
    return simple.get(column.type, _read_text)


def read_text(cell: Cell, length: int) -> str | Fault:
    """Text of a cell: digits of a whole number; dates, lost digits and control characters are faults."""
    if isinstance(cell, dt.date):
        return Fault("exchange.date_in_text", {"value": cell.isoformat()})
    if isinstance(cell, (int, float)):
        if abs(cell) >= _EXACT_FLOAT:
            return Fault("exchange.digits_lost", {"value": format(cell, ".0f")})
        return str(int(cell)) if cell == int(cell) else format(cell, ".15g")
    text = cell or ""
    bare = unguarded(text) if text.startswith("'") else text
    cleaned = _cleaned(bare)
    text = unguarded(cleaned) if bare == text and cleaned.startswith("'") else cleaned
    if len(text) > length:
        return Fault("exchange.too_long", {"length": len(text), "limit": length})
    return text


def _cleaned(text: str) -> str:
    """Without blanks at the edges, carriage returns and tabs, as every cell of a spreadsheet is taken."""
    if text.isprintable() and text and text[0] not in _EDGE and text[-1] not in _EDGE:
        return text
    text = text.strip(_EDGE).replace("\r\n", "\n").replace("_x000D_", "").replace("\u00a0", " ").replace("\u3000", " ")
    return text.replace("\t", " ")


def _read_text(cell: Cell) -> str | Fault:
    text = read_text(cell, TEXT_LENGTH)
    if isinstance(text, str) and not text.isprintable():
        bad = next((letter for letter in text if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs")), "")
        if bad:
            return Fault("exchange.control_character", {"character": f"U+{ord(bad):04X}"})
    return text


def _read_code(cell: Cell) -> str | Fault:
    text = read_text(cell, CODE_LENGTH)
    if isinstance(text, str):
        if not text.isprintable():
            bad = next(letter for letter in text if not letter.isprintable())
            return Fault("exchange.control_character", {"character": f"U+{ord(bad):04X}"})
        if "E+" in text and _SHORTENED.fullmatch(text):
            return Fault("exchange.digits_lost", {"value": text})
    return text


def _number_reader(column: SheetColumn) -> Reader:
    places = PLACES[column.type]
    largest = Decimal(INT64_MAX).scaleb(-places)
    minimum, above = _bound(column.minimum), _bound(column.above)
    maximum, below = _bound(column.maximum), _bound(column.below)
    percent = column.type == "rate"

    def read(cell: Cell) -> Value | Fault:
        value = read_number(cell, percent=percent)
        if isinstance(value, Fault):
            return value
        if abs(value) > largest:
            return Fault("exchange.too_large", {"value": value, "limit": int(largest)})
        if value != value.to_integral_value() and places_of(value) > places:
            code = "exchange.no_whole_number" if places == 0 else "exchange.too_many_decimals"
            return Fault(code, {"value": value, "decimals": places_of(value), "limit": places})
        if minimum is not None and value < minimum:
            code = "exchange.negative" if minimum == 0 else "exchange.below_minimum"
            return Fault(code, {"value": value, "limit": minimum})
        if above is not None and value <= above:
            code = "exchange.negative" if value < 0 else "exchange.zero" if value == 0 else "exchange.not_above"
            return Fault(code, {"value": value, "limit": above})
        if (maximum is not None and value > maximum) or (below is not None and value >= below):
            code = "exchange.not_below" if maximum is None else "exchange.above_maximum"
            return Fault(code, {"value": value, "limit": below if maximum is None else maximum})
        return int(value) if places == 0 else value

    return read


def _bound(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def read_number(cell: Cell, *, percent: bool = False) -> Decimal | Fault:
    """A decimal: plain or full-width, with separators, currency sign or a short exponent; of a float 15 digits."""
    if isinstance(cell, str):
        if _PLAIN_NUMBER.fullmatch(cell):
            return Decimal(cell)
        return _typed_number(cell, percent=percent)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return Fault("exchange.no_number", {"value": cell})
        return Decimal(format(cell, ".15g"))
    if isinstance(cell, int):
        return Decimal(cell)
    shown = cell.isoformat() if cell else ""
    return Fault("exchange.date_for_number", {"value": shown})


def _typed_number(cell: str, *, percent: bool) -> Decimal | Fault:
    text = unicodedata.normalize("NFKC", cell).strip(_EDGE)
    part = 1
    if percent and text.endswith("%"):
        text, part = text[:-1], 100
    fault = Fault("exchange.no_number", {"value": cell[:50]})
    if len(text) > 40 or "_" in text or ("e" in text.casefold() and not _EXPONENT.fullmatch(text)):
        return fault
    try:
        return parse_number(text) / part
    except ValueError:
        return fault


def read_date(cell: Cell) -> dt.date | Fault:
    """A date: 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, an Excel date or serial; a time is dropped."""
    if isinstance(cell, dt.date):
        made: dt.date | None = cell
    elif isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).strip(_EDGE)
        made = _date_of(_DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text))
    else:
        whole = int(cell) if cell is not None and abs(cell) < _EXACT_FLOAT else 0
        made = _SERIAL_START + dt.timedelta(days=whole) if whole in _SERIALS else None
    if made is None or not _FIRST_DAY <= made <= _LAST_DAY:
        return Fault("exchange.no_date", {"value": str(cell)[:50]})
    return made


def _date_of(found: re.Match[str] | None) -> dt.date | None:
    if found is None:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _read_period(cell: Cell) -> str | Fault:
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m}"
    text = str(int(cell)) if isinstance(cell, (int, float)) and 0 < cell < _EXACT_FLOAT else str(cell or "")
    found = _PERIOD.fullmatch(unicodedata.normalize("NFKC", text).strip(_EDGE))
    month = int(found[2] or found[3]) if found else 0
    if found is None or not 1 <= month <= 12 or not 1900 <= int(found[1]) <= 2199:
        return Fault("exchange.no_period", {"value": text[:50]})
    return f"{found[1]}-{month:02}"


def _choice_reader(column: SheetColumn) -> Reader:
    words: dict[str, str] = {}
    for key, title in (column.choices or {}).items():
        words[key.casefold()] = words[title.casefold()] = key
    for tongue in TRANSLATIONS:
        for key, title in (column.choices or {}).items():
            words.setdefault(tongue(title).casefold(), key)
    known = tuple(f"{key} {title}" for key, title in (column.choices or {}).items())

    def read(cell: Cell) -> Value | Fault:
        text = _folded_word(cell)
        found = words.get(text) or words.get(text.replace(" ", "_").replace("-", "_"))
        return found or Fault("exchange.no_choice", {"value": str(cell)[:50], "known": known})

    return read


def _read_flag(cell: Cell) -> bool | Fault:
    text = _folded_word(cell)
    if text in _YES:
        return True
    if text in _NO:
        return False
    return Fault("exchange.no_choice", {"value": str(cell)[:50], "known": ("yes 是", "no 否")})


def _folded_word(cell: Cell) -> str:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return unicodedata.normalize("NFKC", text).strip(_EDGE).casefold()
