"""What a window shows before an import, and the workbook with the faults beside the rows that it hands back after one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.kernel.problems import Problem
from services.exchange.headings import ERRORS_TITLE, shown
from services.exchange.importing.gathering import gather, labelled
from services.exchange.parsed import ParsedSheet
from services.exchange.reader.raw import Cell
from services.exchange.reader.sources import read_sources
from services.exchange.writer import plain_text, written
from services.platform.messages import text
from services.platform.tongues import Tongue

_PREVIEWED = 50


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The first rows of a sheet as they were understood. rows: row number in the file and one text a title."""

    sheet: str
    title: str
    label: str
    source: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    count: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All sheets of the sources, and what is wrong with the sources themselves."""

    sheets: tuple[SheetPreview, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def preview(paths: Sequence[str | Path], *, rows: int = _PREVIEWED) -> Preview:
    """Reads and checks the sources without a book; the first rows of each sheet with its faults."""
    gathered = gather(paths)
    parts = [part for batch in gathered.batches.values() for part in batch.parts]
    known = {id(problem) for part in parts for problem in (*part.problems, *part.warnings)}
    return Preview(
        tuple(_previewed(part, rows) for part in parts),
        tuple(problem for problem in gathered.problems if id(problem) not in known),
        tuple(problem for problem in gathered.warnings if id(problem) not in known),
    )


def _previewed(part: ParsedSheet, limit: int) -> SheetPreview:
    keys = list(part.columns)
    words = {column.key: column.choices or {} for column in part.sheet.columns}
    rows = []
    for index in range(min(limit, len(part))):
        values = [part.columns[key][index] for key in keys]
        cells = tuple(
            words[key].get(value, value) if isinstance(value, str) else plain_text(value, "zh")
            for key, value in zip(keys, values, strict=True)
        )
        rows.append((part.rows[index], cells))
    titles = tuple(part.titles.get(key, key) for key in keys)
    return SheetPreview(
        part.sheet.name, part.sheet.title, part.label, part.source, titles, tuple(rows), len(part),
        tuple(part.problems), tuple(part.warnings),
    )  # fmt: skip


def write_error_file(
    target: Path, paths: Sequence[str | Path], problems: Sequence[Problem], *, lang: str = "zh"
) -> None:
    """The sources as one .xlsx, each sheet as it came with a column of reasons beside its rows; Refused if not writable."""
    import xlsxwriter

    heading = Tongue(lang)(ERRORS_TITLE)
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for problem in problems:
        where = f"{problem.place.column}: " if problem.place.column else ""
        reasons[problem.place.sheet, problem.place.row].append(where + text(problem.code, lang, **dict(problem.args)))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with written(target) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        red = book.add_format({"font_color": "#C00000", "text_wrap": True})
        used: set[str] = set()
        for each in labelled(read_sources(paths)):
            page = book.add_worksheet(_page_name(each.raw.name, used))
            width = max((len(row) for row in each.raw.rows), default=0)
            for number, row in enumerate(each.raw.rows):
                for position, cell in enumerate(row):
                    _write(page, number, position, cell)
                found = reasons.get((each.label, number + 1), [])
                if found or number == 0:
                    page.write_string(number, width, "\n".join([heading, *found] if number == 0 else found), red)
            page.set_column(width, width, 60)


def _write(page: Any, row: int, position: int, cell: Cell) -> None:
    if isinstance(cell, (int, float)):
        page.write_number(row, position, cell)
    elif cell is not None and cell != "":
        page.write_string(row, position, shown(cell))


def _page_name(name: str, used: set[str]) -> str:
    """A sheet name that Excel takes: at most 31 characters, unlike any other whatever the case."""
    made = name[:31]
    number = 1
    while made.casefold() in used:
        number += 1
        made = f"{name[:27]}({number})"
    used.add(made.casefold())
    return made
