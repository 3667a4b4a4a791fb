"""Checks a raw sheet against its declaration: every fault is found, each with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import cast

from models.kernel.problems import Place, Problem
from models.kernel.sheets import Sheet
from services.exchange.carrying import Mixed, carry_down
from services.exchange.collector import collector_paused
from services.exchange.faults import Faults
from services.exchange.headings import Headings, read_headings
from services.exchange.parsed import ParsedSheet, Value
from services.exchange.reader.raw import Cell, RawSheet
from services.exchange.sheets import find_sheet
from services.exchange.values import Converter, Fault


def parse(raw: RawSheet, *, sheet: Sheet | None = None, label: str = "") -> ParsedSheet:
    """Values of a raw sheet; nothing is raised, what is wrong stands in problems. label: its name in messages.

    KeyError when no sheet is given and the raw sheet's name is none.
    """
    declared = sheet or find_sheet(raw.name)
    if declared is None:
        raise KeyError(raw.name)
    with collector_paused():
        return _parsed(raw, declared, label or raw.name)


def _parsed(raw: RawSheet, declared: Sheet, label: str) -> ParsedSheet:
    headings = read_headings(declared, raw.rows, label)
    parsed = ParsedSheet(declared, label, raw.source, titles=headings.titles, header_row=headings.index + 1)
    faults = Faults()
    cells, parsed.rows = _cells(raw.rows, headings, label, faults)
    for column in declared.columns:
        if headings.chinese:
            parsed.titles.setdefault(column.key, column.title)
    mixed: dict[str, Mixed] = {}
    converters: dict[str, Converter] = {}
    heads = (*declared.header, *declared.carried) if declared.group == "document" else ()
    for column in declared.columns:
        position = headings.columns.get(column.key)
        if position is not None:
            converter = converters[column.key] = Converter(column, head=column.key in heads)
            mixed[column.key] = converter.convert(cells[position]) if parsed.rows else []
    if "number" in declared.header and "number" in mixed:
        carry_down(parsed, mixed, converters, faults)
    _collect(parsed, mixed, converters, faults)
    _check_keys(parsed, faults)
    parsed.problems = headings.problems + faults.ordered()
    return parsed


def _cells(
    rows: Sequence[Sequence[Cell]], headings: Headings, label: str, faults: Faults
) -> tuple[list[list[Cell]], list[int]]:
    """Columns of cells without the blank rows, and the row numbers that stay."""
    titles = rows[headings.index] if headings.index < len(rows) else ()
    width = len(titles)
    kept: list[Sequence[Cell]] = []
    numbers: list[int] = []
    for number, row in enumerate(islice(rows, headings.start, None), headings.start + 1):
        if len(row) != width:
            row = _fitted(row, width, number, label, faults)
        first = row[0] if width else None
        if (first is None or first in {"", " "}) and not any(_filled(cell) for cell in row):
            continue
        kept.append(row)
        numbers.append(number)
    columns = [list(column) for column in zip(*kept, strict=True)]
    for position in headings.untitled if kept else ():
        for number, cell in zip(numbers, columns[position], strict=True):
            if _filled(cell):
                faults.add(number, position, Problem("exchange.untitled", {}, Place(label, number, _letters(position))))
                break
    return columns, numbers


def _filled(cell: Cell) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())


def _fitted(row: Sequence[Cell], width: int, number: int, label: str, faults: Faults) -> Sequence[Cell]:
    if len(row) < width:
        return [*row, *[None] * (width - len(row))]
    extra = next((position for position in range(width, len(row)) if _filled(row[position])), None)
    if extra is not None:
        where = Place(label, number, _letters(extra))
        faults.add(number, extra, Problem("exchange.cells_beyond", {"columns": width}, where))
    return row[:width]


def _letters(position: int) -> str:
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(65 + rest) + name
    return name


def _collect(parsed: ParsedSheet, mixed: dict[str, Mixed], converters: dict[str, Converter], faults: Faults) -> None:
    """Moves values to the parsed sheet and faults to the list; a faulty cell holds None."""
    for position, column in enumerate(parsed.sheet.columns):
        if column.key not in mixed:
            continue
        values, converter = mixed[column.key], converters[column.key]
        if converter.faulty:
            kept: list[Value] = []
            for index, value in enumerate(values):
                if isinstance(value, Fault):
                    if faults.full:
                        faults.count()
                    else:
                        problem = Problem(value.code, value.args, parsed.place(index, column.key))
                        faults.add(parsed.rows[index], position, problem)
                    kept.append(None)
                else:
                    kept.append(value)
            parsed.columns[column.key] = kept
        else:
            parsed.columns[column.key] = cast("list[Value]", values)
        if converter.numbers_in_text:
            title = parsed.titles.get(column.key, column.key)
            parsed.warnings.append(Problem("exchange.numbers_in_text", {}, Place(parsed.label, 0, title)))


def _check_keys(parsed: ParsedSheet, faults: Faults) -> None:
    """Rows with the same key are faults, the later one telling where the first is."""
    keys = [key for key in parsed.sheet.key if key in parsed.columns]
    if not keys or not parsed.rows:
        return
    if parsed.sheet.group == "document" and set(keys) != set(parsed.sheet.key):
        return
    columns = [parsed.columns[key] for key in keys]
    if len(set(zip(*columns, strict=True))) == len(parsed.rows):
        return
    required = {column.key for column in parsed.sheet.columns if column.required}
    if parsed.sheet.group == "document":
        required |= set(parsed.sheet.key)
    seen: dict[tuple[Value, ...], int] = {}
    for index, key in enumerate(zip(*columns, strict=True)):
        if any(part is None and name in required for name, part in zip(keys, key, strict=True)):
            continue
        first = seen.setdefault(key, index)
        if first != index:
            shown = " ".join(str(part) for part in key if part not in (None, ""))
            args = {"key": shown, "first": parsed.rows[first]}
            faults.add(parsed.rows[index], 0, Problem("exchange.duplicate", args, parsed.place(index, keys[0])))
