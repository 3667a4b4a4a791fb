"""Declaration of a grid's columns, and how each kind of value is shown and read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from models.kernel.numbers import plain
from models.kernel.texts import longest
from ui.framework.colors import Tone
from ui.framework.grid.typing_rules import EDGES, parse_date, parse_decimal, read_text
from ui.framework.texts import SOURCE, language, listed, tr

Kind = Literal[
    "text", "code", "number", "money", "price", "date", "stamp", "choice", "flag", "lookup", "badge", "progress"
]

PRICE_PLACES: Final = 2
"""decimals that a price shows at least, so that the points stand below each other"""
NUMERIC: Final = frozenset({"number", "money", "price", "progress"})
_LETTER: Final = 7
_HEAD_ROOM: Final = 16
_CELL_ROOM: Final = 12
_DOT: Final = 20
DEFAULT_WIDTHS: Final = {
    "text": 150,
    "code": 110,
    "number": 84,
    "money": 100,
    "price": 92,
    "date": 92,
    "stamp": 116,
    "choice": 84,
    "flag": 48,
    "lookup": 110,
    "badge": 84,
    "progress": 110,
}
YES: Final = frozenset({"是", "yes", "y", "1", "true", "t", "真", "√", "✓", "有", "对"})
NO: Final = frozenset({"否", "no", "n", "0", "false", "f", "假", "×", "x", "无", "非", "错", ""})

ToneRule = Callable[[Any, Any], Tone]


def roomy(wide: int, title: str, words: Iterable[str] = (), *, marked: bool = False) -> int:
    """Pixels of a column: as wide as declared in Chinese, in a language with longer words enough for title and words.

    marked: a dot or sign stands before the words.
    """
    if language() == SOURCE or not title:
        return wide
    longest = max((len(tr(word)) for word in words), default=0)
    mark = _DOT if marked else 0
    return max(wide, len(tr(title)) * _LETTER + _HEAD_ROOM, longest * _LETTER + _CELL_ROOM + mark)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list or a line editor.

    key       name of the field in the row (attribute of a frozen row, or key of a dict)
    kind      text, code (text that keeps its leading zeros), number, money (2 decimals), price, date, stamp (UTC, shown local),
              choice (closed vocabulary), flag (yes/no), lookup (code found by F7), badge (choice shown with a dot), progress (0-1 as a bar)
    width     pixels at 100 %; 0 takes the kind's usual width
    decimals  fixed decimals shown; None shows what is stored (money: 2; price: 2 or more)
    total     summed in the totals row
    choices   value -> Chinese word, for choice and badge
    tones     value -> tone, for badge and choice; tone(value, record) is asked for any other rule
    lookup    name of a look-up source registered with Desk.lookups
    fills     for lookup: other column's key -> key of the picked row's values
    derive    called with the row (dict) after this cell was edited; returns the cells that follow from it
    sticky    a new line takes over the value of the line above (due date, warehouse)
    remark    `..` copies the cell above, `//` the first line's
    get       works the value out of the record, for columns that are no field of it
    shown     text of the cell from the record (a code with its name), where it is more than the value
    hidden    not shown until the clerk asks for it (still searched)
    """

    key: str
    title: str
    kind: Kind = "text"
    width: int = 0
    editable: bool = False
    decimals: int | None = None
    total: bool = False
    tooltip: str = ""
    choices: Mapping[Any, str] = field(default_factory=dict)
    tones: Mapping[Any, Tone] = field(default_factory=dict)
    tone: ToneRule | None = None
    lookup: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)
    derive: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    required: bool = False
    remark: bool = False
    sticky: bool = False
    hidden: bool = False
    default: Any = None
    get: Callable[[Any], Any] | None = None
    shown: Callable[[Any], str] | None = None

    @property
    def numeric(self) -> bool:
        """Right-aligned and summed in a selection."""
        return self.kind in NUMERIC

    @property
    def pixels(self) -> int:
        """Declared or usual width at 100 %; in a language with longer words wide enough for title and choices."""
        wide = self.width or DEFAULT_WIDTHS[self.kind]
        return roomy(wide, self.title, self.choices.values(), marked=self.kind == "badge")

    def show(self, value: Any) -> str:
        """The text of a value in a cell."""
        if value is None or value == "":
            return ""
        return self._shown(value)

    def edit_text(self, value: Any) -> str:
        """The text an editor starts with: no thousands separators."""
        if isinstance(value, Decimal):
            return plain(value)
        if isinstance(value, int) and self.kind in NUMERIC and not self.decimals:
            return str(value)
        if isinstance(value, datetime):
            return self.show(value)
        if isinstance(value, date):
            return value.isoformat()
        return self.show(value)

    def read(self, text: str, *, today: date) -> Any:
        """The value of a typed or pasted text; ValueError with a Chinese sentence if it is none. Blank text is None."""
        text = text.strip(EDGES)
        if not text:
            return None
        if self.kind in NUMERIC:
            return parse_decimal(text, self.decimals)
        if self.kind == "date":
            return parse_date(text, today)
        if self.kind == "flag":
            return _read_flag(text)
        if self.choices:
            return self._read_choice(text)
        return read_text(text, code=self.kind in ("code", "lookup"), most=longest(self.key))

    def tone_of(self, value: Any, record: Any) -> Tone:
        """The tone of a cell: the rule first, then the table by value."""
        if self.tone is not None:
            return self.tone(value, record)
        if self.tones:
            return self.tones.get(value, "")
        return ""

    def _shown(self, value: Any) -> str:
        kind = self.kind
        if kind in ("choice", "badge"):
            return tr(self.choices.get(value, str(value)))
        if kind == "flag":
            return tr("是") if value is True or value in ("yes", 1) else ""
        if kind == "progress":
            return f"{float(value) * 100:.0f}%"
        if isinstance(value, Decimal):
            return self._number(value)
        if isinstance(value, datetime):
            return value.astimezone().strftime("%m-%d %H:%M") if value.tzinfo else value.strftime("%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, float) and kind in NUMERIC:
            return f"{value:,.{self.decimals if self.decimals is not None else 2}f}"
        if isinstance(value, int) and kind in NUMERIC:
            return self._number(Decimal(value))
        return str(value)

    def _number(self, value: Decimal) -> str:
        places = self.decimals
        if places is None and self.kind == "money":
            places = 2
        if places is not None:
            return f"{value:,.{places}f}"
        text = f"{value:,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        if self.kind == "price" and len(text.partition(".")[2]) < PRICE_PLACES:
            return f"{value:,.{PRICE_PLACES}f}"
        return "0" if text in ("-0", "") else text

    def _read_choice(self, text: str) -> Any:
        plain_text = folded(text)
        for value, word in self.choices.items():
            if plain_text in (folded(word), folded(tr(word)), folded(str(value))):
                return value
        starts = [value for value, word in self.choices.items() if word.startswith(text)]
        if len(starts) == 1:
            return starts[0]
        words = listed(tr(word) for word in self.choices.values())
        raise ValueError(tr("“{text}”不在可选值里，请填：{words}", text=text, words=words))


def share_of(typed: Decimal) -> Decimal:
    """A limit of a progress as it is meant: `50` is 50 %, `0.5` and `50%` too."""
    return typed / 100 if typed > 1 else typed


def folded(text: str) -> str:
    """A word as it is compared: small letters, full-width ones made narrow, as an import does."""
    return unicodedata.normalize("NFKC", text).casefold()


def _read_flag(text: str) -> bool:
    plain_text = folded(text)
    if plain_text in YES:
        return True
    if plain_text in NO:
        return False
    raise ValueError(tr("“{text}”不是“是”或“否”", text=text))
