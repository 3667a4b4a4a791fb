"""Writes sheets as .csv, .xlsx, .json or a folder of .csv; a file is complete or not there."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.kernel.numbers import plain
from models.kernel.problems import refuse
from models.kernel.sheets import Sheet, SheetColumn
from models.kernel.vocabulary import YES_NO
from services.exchange.parsed import Value
from services.platform.formulas import escaped, guarded
from services.platform.places import check_no_book, check_plain

EXCEL_ROWS = 1_048_576
_EXCEL_DIGITS = 15
_EXCEL_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows to write: each a sequence of values in the order of the sheet's columns; choices as their English keys."""

    sheet: Sheet
    rows: Iterable[Sequence[Value]]


def write_sheets(
    target: Path, tables: Sequence[SheetRows], *, lang: str = "en", guard: bool | None = None
) -> list[Path]:
    """Writes by the target's ending, a folder of .csv when it has none; returns the files.

    lang en: keys, for machines; zh: Chinese titles and words, .csv with a byte order mark for Excel.
    guard: apostrophe before .csv text that looks like a formula; by default for people (zh) only.
    """
    guard = lang == "zh" if guard is None else guard
    ending = target.suffix.lower()
    if target.is_dir() or (not ending and not target.is_file()):
        return _write_folder(target, tables, lang, clean=guarded if guard else escaped)
    if ending == ".csv":
        if len(tables) != 1:
            raise refuse("exchange.target_one_sheet", count=len(tables))
        with written(target) as temporary:
            _write_csv(temporary, tables[0], lang, clean=guarded if guard else escaped)
    elif ending == ".xlsx":
        with written(target) as temporary:
            _write_xlsx(temporary, tables, lang)
    elif ending == ".json":
        with written(target) as temporary:
            _write_json(temporary, tables, lang)
    else:
        raise refuse("exchange.target_kind", ending=ending or target.name)
    return [target]


@contextmanager
def written(target: Path) -> Iterator[Path]:
    """A temporary file beside the target that takes its place at the end; on an error nothing is left.

    Refused when the folder is missing, the file cannot be written, or a book stands in its place.
    """
    if not target.parent.is_dir():
        raise refuse("exchange.target_no_folder", name=str(target.parent))
    check_plain(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        check_no_book(target)
        temporary.touch()
        yield temporary
        temporary.replace(target)
    except Exception as error:
        # A full disk reaches XlsxWriter as OSError, and us inside an exception of its own.
        cause = error.args[0] if error.args and isinstance(error.args[0], OSError) else error
        if not isinstance(cause, OSError):
            raise
        reason = cause.strerror or str(cause)
        raise refuse("exchange.target_unwritable", name=str(target), reason=reason) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_folder(folder: Path, tables: Sequence[SheetRows], lang: str, *, clean: Callable[[str], str]) -> list[Path]:
    if not folder.parent.is_dir():
        raise refuse("exchange.target_no_folder", name=str(folder.parent))
    files = []
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise refuse("exchange.target_unwritable", name=str(folder), reason=error.strerror or str(error)) from error
    for table in tables:
        name = table.sheet.title if lang == "zh" else table.sheet.name
        file = folder / f"{name}.csv"
        with written(file) as temporary:
            _write_csv(temporary, table, lang, clean=clean)
        files.append(file)
    return files


def _titles(sheet: Sheet, lang: str) -> list[str]:
    return [column.title if lang == "zh" else column.key for column in sheet.columns]


def _write_csv(path: Path, table: SheetRows, lang: str, *, clean: Callable[[str], str]) -> None:
    texts = [_text_of(column, lang, clean) for column in table.sheet.columns]
    encoding, end = ("utf-8-sig", "\r\n") if lang == "zh" else ("utf-8", "\n")
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, lineterminator=end)
        writer.writerow(_titles(table.sheet, lang))
        writer.writerows([text(value) for text, value in zip(texts, row, strict=True)] for row in table.rows)


def _text_of(column: SheetColumn, lang: str, clean: Callable[[str], str]) -> Callable[[Value], str]:
    words = (column.choices or {}) if lang == "zh" else {}

    def text(value: Value) -> str:
        if isinstance(value, str):
            return words[value] if value in words else clean(_one_newline(value))
        return plain_text(value, lang)

    return text


def _one_newline(text: str) -> str:
    """Line ends as the reader keeps them; a bare carriage return would end the row of an unquoted cell."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def plain_text(value: Value, lang: str = "en") -> str:
    """A value as text: digits without exponent, ISO dates, yes and no (是 and 否), nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        key = "yes" if value else "no"
        return YES_NO[key] if lang == "zh" else key
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _write_json(path: Path, tables: Sequence[SheetRows], lang: str) -> None:
    """An object of sheets, each a list of objects; numbers keep all their digits, blank values are null."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{")
        for index, table in enumerate(tables):
            name = table.sheet.title if lang == "zh" else table.sheet.name
            keys = [json.dumps(title, ensure_ascii=False) for title in _titles(table.sheet, lang)]
            file.write(("," if index else "") + f"\n{json.dumps(name, ensure_ascii=False)}: [")
            for number, row in enumerate(table.rows):
                pairs = (f"{key}: {_json(value)}" for key, value in zip(keys, row, strict=True))
                file.write((",\n  {" if number else "\n  {") + ", ".join(pairs) + "}")
            file.write("\n]")
        file.write("\n}\n")


def _json(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return plain_text(value)
    return json.dumps(value.isoformat() if isinstance(value, dt.date) else value, ensure_ascii=False)


def _write_xlsx(path: Path, tables: Sequence[SheetRows], lang: str) -> None:
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        title, day = (
            book.add_format({"bold": True, "bg_color": "#DDEBF7"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        for table in tables:
            page = book.add_worksheet(table.sheet.title if lang == "zh" else table.sheet.name)
            page.freeze_panes(1, 0)
            page.set_column(0, len(table.sheet.columns) - 1, 14)
            for position, text in enumerate(_titles(table.sheet, lang)):
                page.write_string(0, position, text, title)
            _write_rows(page, table, lang, day)


def _write_rows(page: Any, table: SheetRows, lang: str, day: Any) -> None:
    """Text stays text, never a formula or link; a number with more digits than Excel keeps is written as text."""
    words = [(column.choices or {}) if lang == "zh" else {} for column in table.sheet.columns]
    for number, row in enumerate(table.rows, start=1):
        if number >= EXCEL_ROWS:
            raise refuse("exchange.target_rows", rows=number, limit=EXCEL_ROWS - 1)
        for position, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                page.write_string(number, position, (words[position].get(value) or escaped(value))[:_EXCEL_TEXT])
            elif isinstance(value, dt.date):
                page.write_datetime(number, position, value, day)
            elif isinstance(value, bool):
                page.write_string(number, position, plain_text(value, lang))
            elif len(digits := plain_text(value)) > _EXCEL_DIGITS and _significant(digits) > _EXCEL_DIGITS:
                page.write_string(number, position, digits)
            else:
                page.write_number(number, position, float(digits))


def _significant(digits: str) -> int:
    return len(digits.lstrip("-0.").replace(".", ""))
