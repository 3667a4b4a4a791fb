"""Branches on the clipboard: rows with a level column (1, 1.1, 1.1.2), out to Excel and back in from anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ui.engineering.draft import DraftBook, DraftLine, Lines
from ui.engineering.fields import COLUMNS, SECTIONS, edit_text, read, shown
from ui.engineering.look import Look, Place

LEVEL: Final = re.compile(r"^\d+(\.\d+)*\.?$")
FIRST_LEVELS: Final = ("0", "1", "1.1", "1.")
COPIED: Final = (
    "code", "name", "usage", "unit", "scrap_rate", "scrap_fixed", "issue", "skip_level", "key_part", "supplied_by",
    "warehouse_id", "position", "valid_from", "valid_to", "note",
)  # fmt: skip
TITLES: Final[Mapping[str, str]] = {
    "层级": "level", "层次": "level", "级别": "level", "阶次": "level", "序号": "level", "level": "level",
    "物料": "code", "物料编码": "code", "编码": "code", "子件": "code", "子件编码": "code", "component": "code",
    "code": "code", "名称": "name", "名称规格": "name", "物料名称": "name", "规格": "spec", "用量": "usage",
    "数量": "usage", "单位用量": "usage", "材料用量": "usage", "numerator": "usage", "qty": "usage", "分母": "denominator",
    "产品产量": "denominator", "产量": "denominator", "denominator": "denominator", "单位": "unit", "损耗率": "scrap_rate",
    "损耗率%": "scrap_rate", "损耗": "scrap_rate", "固定损耗": "scrap_fixed", "发料": "issue", "发料方式": "issue",
    "跳层": "skip_level", "关键": "key_part", "关键件": "key_part", "供料": "supplied_by", "发料仓": "warehouse_id",
    "发料仓库": "warehouse_id", "仓库": "warehouse_id", "位置": "position", "位号": "position", "工位": "position",
    "生效日": "valid_from", "失效日": "valid_to", "备注": "note",
}  # fmt: skip


@dataclass
class Pasted:
    """Lines for the bill that is pasted into, and lines of bills below by the typed text of their parent."""

    tops: list[DraftLine] = field(default_factory=list)
    below: dict[str, Lines] = field(default_factory=dict)

    @property
    def texts(self) -> set[str]:
        """Every component named."""
        return {line.text for group in (self.tops, *self.below.values()) for line in group if line.text}


def titles() -> list[str]:
    """Heads of the copied columns."""
    return ["层级", *(COLUMNS[SECTIONS[key]].title for key in COPIED)]


def kinds() -> list[str]:
    """How Excel should take the copied columns: usage like 3/67 and codes stay text."""
    return ["text", *("date" if COLUMNS[SECTIONS[key]].kind == "date" else "text" for key in COPIED)]


def rows_of(places: Sequence[Place], look: Look, children: Callable[[Place], list[Place]]) -> list[list[str]]:
    """Branches as rows, each place with everything below it."""
    made: list[list[str]] = []
    for number, place in enumerate(places, start=1):
        stack = [(place, str(number))]
        while stack:
            here, level = stack.pop()
            texts = dict(zip((column.key for column in COLUMNS), look.texts(here), strict=True))
            made.append([level, *(_copied(here, key, texts, look) for key in COPIED)])
            stack += [(below, f"{level}.{row}") for row, below in reversed(list(enumerate(children(here), start=1)))]
    return made


def _copied(place: Place, key: str, texts: Mapping[str, str], look: Look) -> str:
    if key in ("name", "unit") or place.above is None:
        return texts[key]
    if key in ("issue", "skip_level", "key_part", "supplied_by", "warehouse_id"):
        return shown(place.line, key, look.book)
    return edit_text(place.line, key, look.book)


def read_rows(block: Sequence[Sequence[str]], book: DraftBook, *, today: date) -> Pasted:
    """A pasted block: columns by their titles, or code, name and usage as they are usually written; faults stay in their cells."""
    rows = [list(row) for row in block if any(cell.strip() for cell in row)]
    if not rows:
        return Pasted()
    keys = _titled(rows[0])
    if keys:
        rows = rows[1:]
    else:
        keys = _guessed(rows)
    lines = [_line(row, keys, book, today) for row in rows]
    return _nested(lines, depths([row[keys.index("level")].strip() if "level" in keys else "" for row in rows]))


def _titled(row: Sequence[str]) -> list[str]:
    """Column keys of a title row; empty when the row is data."""
    keys = [TITLES.get(cell.strip().lower(), TITLES.get(cell.strip(), "")) for cell in row]
    return keys if "code" in keys and "usage" in keys else []


def _guessed(rows: Sequence[Sequence[str]]) -> list[str]:
    width = max(map(len, rows))
    first = [row[0].strip() for row in rows]
    levelled = width > 1 and first[0] in FIRST_LEVELS and all(LEVEL.match(cell) for cell in first)
    keys = ["level"] if levelled and not _numbers(rows, 1) else []
    keys.append("code")
    if len(keys) < width and not _numbers(rows, len(keys)):
        keys.append("name")
    keys.append("usage")
    rest = [key for key in COPIED if key not in ("code", "name", "usage")] if width > 5 else ["unit", "note"]
    return (keys + rest)[:width]


def _numbers(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = [row[column].strip() for row in rows if column < len(row) and row[column].strip()]
    return bool(cells) and all(re.fullmatch(r"[\d.,]+(/[\d.]+)?", cell) for cell in cells)


def _line(row: Sequence[str], keys: Sequence[str], book: DraftBook, today: date) -> DraftLine:
    line = DraftLine()
    cells = dict(zip(keys, (cell.strip() for cell in row), strict=False))
    denominator = cells.pop("denominator", "")
    if denominator and denominator not in ("1", "1.0") and "/" not in cells.get("usage", ""):
        cells["usage"] = f"{cells.get('usage', '')}/{denominator}"
    for key, text in cells.items():
        if key in ("level", "name", "spec", "unit", "") or not text:
            continue
        try:
            line = line.changed(**read(key, text, book, today=today))
        except ValueError as fault:
            line = line.with_fault(key, text, str(fault))
    return line


def depths(levels: Sequence[str]) -> list[int]:
    """Depth of each row, 1 at the top: 1.1.2 counts its parts; plain numbers 1, 2, 2, 3 are depths, 1, 2, 3, 4 places."""
    marks = [level.rstrip(".") for level in levels]
    if not all(marks):
        return [1] * len(marks)
    if any("." in mark for mark in marks):
        found = [mark.count(".") + 1 for mark in marks]
    else:
        numbers = [int(mark) for mark in marks]
        found = [1] * len(marks) if len(set(numbers)) == len(numbers) else numbers
    lowest = min(found, default=1)
    made: list[int] = []
    for depth in found:
        above = made[-1] if made else 0
        made.append(min(depth - lowest + 1, above + 1))
    return made


def _nested(lines: Sequence[DraftLine], levels: Sequence[int]) -> Pasted:
    pasted = Pasted()
    chain: list[DraftLine] = []
    closed: set[str] = set()
    for line, depth in zip(lines, levels, strict=True):
        del chain[depth - 1 :]
        if not chain:
            pasted.tops.append(line)
        else:
            parent = chain[-1].text
            if parent not in closed:
                pasted.below[parent] = (*pasted.below.get(parent, ()), line)
        chain.append(line)
        # A part that comes a second time brings the same lines again; they belong to its one bill only once.
        closed |= {text for text in pasted.below if text not in {over.text for over in chain}}
    return pasted
