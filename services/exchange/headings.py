"""Finds the title row of a sheet and which of its columns is which."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.kernel.problems import Place, Problem
from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.reader.raw import Cell
from services.exchange.sheets.names import folded
from services.platform.tongues import CHINESE, TRANSLATIONS

HELP_MARK = "※"
REQUIRED_MARK = "*"
ERRORS_TITLE = "错误原因"
_ERRORS_TITLES = tuple(tongue(ERRORS_TITLE) for tongue in (CHINESE, *TRANSLATIONS))
_SEARCHED_ROWS = 10


@dataclass(slots=True)
class Headings:
    """index: row of the titles, from 0; start: first row of data; columns: position by key; titles: as written."""

    index: int
    start: int
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    untitled: tuple[int, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    chinese: bool = False


def column_names(sheet: Sheet) -> dict[str, SheetColumn]:
    """Columns of a sheet by every folded name they go by: keys and titles, Chinese and translated, win over aliases."""
    names: dict[str, SheetColumn] = {}
    for column in sheet.columns:
        names.setdefault(folded(column.key), column)
    for column in sheet.columns:
        names.setdefault(folded(column.title), column)
    for tongue in TRANSLATIONS:
        for column in sheet.columns:
            names.setdefault(folded(tongue(column.title)), column)
    for column in sheet.columns:
        for alias in column.aliases:
            names.setdefault(folded(alias), column)
    return names


def read_headings(sheet: Sheet, rows: Sequence[Sequence[Cell]], label: str) -> Headings:
    """Titles among the first ten rows, a title line above them allowed; unknown, doubled, missing ones are problems."""
    names = column_names(sheet)
    index = _title_row(rows, names)
    found = Headings(index, index + 1)
    titles = rows[index] if index < len(rows) else ()
    untitled: list[int] = []
    for position, cell in enumerate(titles):
        title = shown(cell)
        if not title:
            untitled.append(position)
            continue
        if title.startswith(_ERRORS_TITLES):
            continue
        column = names.get(folded(title))
        where = Place(label, index + 1, title)
        if column is None:
            found.unknown[position] = title
            found.problems.append(_unknown(sheet, title, where))
        elif column.key in found.columns:
            found.problems.append(Problem("exchange.column_twice", {"first": found.titles[column.key]}, where))
        else:
            found.columns[column.key] = position
            found.titles[column.key] = title.rstrip(REQUIRED_MARK + "＊ ")
    found.untitled = tuple(untitled)
    found.chinese = any(ord(letter) > 0x2E7F for title in found.titles.values() for letter in title)
    for needed in sheet.columns:
        if needed.required and needed.key not in found.columns:
            name = needed.title if found.chinese else needed.key
            where = Place(label, index + 1, name)
            found.problems.append(Problem("exchange.missing_column", {}, where))
    if found.start < len(rows) and _is_help(rows[found.start]):
        found.start += 1
    return found


def shown(cell: Cell) -> str:
    """A cell as a clerk would read it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return " ".join(str(cell).split()).strip("\ufeff\u200b ")


def _title_row(rows: Sequence[Sequence[Cell]], names: dict[str, SheetColumn]) -> int:
    first: int | None = None
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        titles = [title for title in map(shown, row) if title]
        if not titles:
            continue
        first = index if first is None else first
        known = sum(folded(title) in names for title in titles)
        if known >= 2 or known * 2 > len(titles):
            return index
    return first or 0


def _unknown(sheet: Sheet, title: str, where: Place) -> Problem:
    names = {name: column for column in sheet.columns for name in (column.key, column.title)}
    near = difflib.get_close_matches(title, names, n=1, cutoff=0.5)
    chinese = any(ord(letter) > 0x2E7F for letter in title)
    if near:
        return Problem("exchange.unknown_column_near", {"near": near[0]}, where)
    known = tuple(column.title if chinese else column.key for column in sheet.columns)
    return Problem("exchange.unknown_column", {"known": known}, where)


def _is_help(row: Sequence[Cell]) -> bool:
    first = next((cell for cell in row if cell not in (None, "")), None)
    return isinstance(first, str) and first.startswith(HELP_MARK)
