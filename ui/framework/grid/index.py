"""Which rows a grid shows and in what order: filters and sorting over plain Python lists, no Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

RARE: Final = Path(__file__).resolve().parents[3] / "resources" / "data" / "pinyin_order.txt"
BEHIND: Final = "\U0010ffff"
Values = Sequence[Any]


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """A column's condition: texts ticked in the popup (None = all), a contained text, and a range. All that are given must hold."""

    texts: frozenset[str] | None = None
    contains: str = ""
    low: Any = None
    high: Any = None

    @property
    def active(self) -> bool:
        """Whether it excludes anything at all."""
        return self.texts is not None or bool(self.contains) or self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by; several make a multi-level sort, first one strongest."""

    column: int
    descending: bool = False


def sort_keys(values: Iterable[Any]) -> dict[Any, Any]:
    """Comparable keys of values, None for blanks: Chinese by pinyin, numbers and dates by size.

    The common characters stand in pinyin order in GB 18030; the others are put behind the last common one that is spelled like them.
    """
    different = set(values)
    letters = set("".join([value for value in different if isinstance(value, str) and not value.isascii()]))
    rare = "".join(letters & _rare().keys()) if letters else ""
    found = re.compile(f"[{rare}]") if rare else None
    return {value: None if is_blank(value) else _sort_key(value, found) for value in different}


def _sort_key(value: Any, rare: re.Pattern[str] | None) -> Any:
    if isinstance(value, tuple | frozenset):
        value = str(value)
    if not isinstance(value, str):
        return value
    if value.isascii():
        # Codes are ASCII: their own encoder takes a tenth of the other's time.
        return value.lower().encode()
    text = value.casefold()
    if rare is not None:
        text = rare.sub(lambda found: _rare()[found[0]], text)
    return text.encode("gb18030", "replace")


@cache
def _rare() -> dict[str, str]:
    """Characters that GB 18030 does not order by pinyin, each as the common one before it, a mark beyond all others, and itself."""
    lines = RARE.read_text(encoding="utf-8").splitlines()
    return {letter: f"{line[0]}{BEHIND}{letter}" for line in lines for letter in line[1:]}


def is_blank(value: Any) -> bool:
    """Blank cells stand last in either direction, as in Excel."""
    return value is None or value == ""


def column_keys(rows: Sequence[Values], column: int) -> list[Any]:
    """The keys of a whole column, None for blanks; worth keeping until the rows change."""
    cells = [row[column] for row in rows]
    if not any(issubclass(kind, str | tuple | frozenset) for kind in set(map(type, cells))):
        return [None if value is None or value == "" else value for value in cells]
    known = sort_keys(cells)
    return [known[value] for value in cells]


def sorted_order(order: Sequence[int], keys: Sequence[SortKey], keys_of: Callable[[int], Sequence[Any]]) -> list[int]:
    """Row numbers by the sort keys, blanks last, equal rows in their order; keys_of(column) gives column_keys."""
    result = list(order)
    for key in reversed(keys):
        cells = keys_of(key.column)
        filled = [i for i in result if cells[i] is not None]
        blank = [i for i in result if cells[i] is None] if len(filled) < len(result) else []
        filled.sort(key=cells.__getitem__, reverse=key.descending)
        result = filled + blank
    return result


def matching(
    rows: Sequence[Values],
    filters: Mapping[int, ColumnFilter],
    show: Callable[[int, Any], str],
    *,
    order: Sequence[int] | None = None,
) -> list[int]:
    """Row numbers that satisfy every filter. show(column, value) gives a cell's text; it is asked once for each different value."""
    result = list(range(len(rows))) if order is None else list(order)
    for column, condition in filters.items():
        if not condition.active:
            continue
        verdicts: dict[Any, bool] = {}
        kept = []
        for i in result:
            value = rows[i][column]
            verdict = verdicts.get(value)
            if verdict is None:
                verdict = verdicts[value] = accepts(condition, value, show(column, value))
            if verdict:
                kept.append(i)
        result = kept
    return result


def accepts(condition: ColumnFilter, value: Any, text: str) -> bool:
    """Whether one cell satisfies a filter."""
    if condition.texts is not None and text not in condition.texts:
        return False
    if condition.contains and condition.contains.casefold() not in text.casefold():
        return False
    if condition.low is not None and (is_blank(value) or value < condition.low):
        return False
    return not (condition.high is not None and (is_blank(value) or value > condition.high))


def containing(haystacks: Sequence[str], words: Sequence[str], order: Sequence[int]) -> list[int]:
    """Row numbers whose haystack (case-folded) contains every word."""
    result = list(order)
    for word in words:
        result = [i for i in result if word in haystacks[i]]
    return result


def distinct_texts(
    rows: Sequence[Values], column: int, order: Sequence[int], show: Callable[[int, Any], str]
) -> list[tuple[str, int]]:
    """Different texts of a column with their counts, in sorting order; blank last."""
    counts: dict[Any, int] = {}
    for i in order:
        value = rows[i][column]
        counts[value] = counts.get(value, 0) + 1
    keys = sort_keys(counts)
    filled = sorted((value for value in counts if not is_blank(value)), key=keys.__getitem__)
    texts: dict[str, int] = {}
    for value in filled:
        text = show(column, value)
        texts[text] = texts.get(text, 0) + counts[value]
    blank = sum(count for value, count in counts.items() if is_blank(value))
    if blank:
        texts[""] = texts.get("", 0) + blank
    return list(texts.items())
