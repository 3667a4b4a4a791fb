"""Turns the files and folders that a user names into the sheets to import, and says what is not one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from models.kernel.problems import Place, Problem, Refused
from services.exchange.reader.raw import LIMITS, Limits, RawSheet, Reading
from services.exchange.reader.text import read_text
from services.exchange.reader.workbook import read_workbook
from services.exchange.sheets import IMPORTED_SHEETS, find_sheet
from services.platform.tongues import CHINESE, TRANSLATIONS

WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
NOTES_SHEET = "填写说明"
LISTS_SHEET = "_lists"
_UNREAD_SHEETS = (*(tongue(NOTES_SHEET) for tongue in (CHINESE, *TRANSLATIONS)), LISTS_SHEET, "notes", "说明")


def read_sources(paths: Sequence[str | Path], *, limits: Limits = LIMITS) -> Reading:
    """Sheets of files and folders. A folder gives the files named after an imported sheet; every fault is collected.

    Workbooks may hold known sheets only; empty and hidden ones, and the template's notes, are passed over.
    """
    reading = Reading()
    for given in map(Path, paths):
        if os.path.isdir(given):  # noqa: PTH112 False, not an error, for a name that no disk takes
            _read_folder(given, reading, limits)
        elif os.path.isfile(given):  # noqa: PTH113
            _read_file(given, reading, limits)
        else:
            reading.problems.append(Problem("exchange.no_file", {}, Place(sheet=str(given))))
    return reading


def _read_folder(folder: Path, reading: Reading, limits: Limits) -> None:
    found = False
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in (*TEXT_ENDINGS, *WORKBOOK_ENDINGS) or file.name.startswith(("~$", ".")):
            continue
        sheet = find_sheet(file.stem)
        if sheet is None or not file.is_file():
            reading.warnings.append(Problem("exchange.file_skipped", {}, Place(sheet=file.name)))
        elif sheet.group == "result":
            reading.warnings.append(Problem("exchange.result_skipped", {}, Place(sheet=file.name)))
        else:
            found = True
            _read_file(file, reading, limits)
    if not found:
        reading.problems.append(Problem("exchange.empty_folder", {}, Place(sheet=str(folder))))


def _read_file(file: Path, reading: Reading, limits: Limits) -> None:
    ending = file.suffix.lower()
    try:
        if ending in WORKBOOK_ENDINGS:
            _read_workbook(file, reading, limits)
        elif ending in TEXT_ENDINGS:
            _take(read_text(file, limits=limits), reading)
        else:
            reading.problems.append(
                Problem("exchange.file_kind", {"ending": ending or file.name}, Place(sheet=file.name))
            )
    except Refused as refused:
        reading.problems.extend(refused.problems)
    except OSError as error:
        reason = error.strerror or str(error)
        reading.problems.append(Problem("exchange.unreadable", {"reason": reason}, Place(sheet=file.name)))


def _read_workbook(file: Path, reading: Reading, limits: Limits) -> None:
    sheets, lost = read_workbook(file, limits=limits)
    filled = [
        raw
        for raw, visible in sheets
        if _has_cells(raw) and raw.name not in _UNREAD_SHEETS and (visible or find_sheet(raw.name) is not None)
    ]
    if len(filled) == 1 and find_sheet(filled[0].name) is None and find_sheet(file.stem) is not None:
        filled = [RawSheet(file.name, file.stem, filled[0].rows)]
    elif not filled:
        reading.problems.append(Problem("exchange.empty_workbook", {}, Place(sheet=file.name)))
    reading.problems.extend(lost)
    for raw in filled:
        _take(raw, reading)


def _take(raw: RawSheet, reading: Reading) -> None:
    sheet = find_sheet(raw.name)
    if sheet is None:
        names = tuple(f"{s.name} {s.title}" for s in IMPORTED_SHEETS)
        reading.problems.append(Problem("exchange.unknown_sheet", {"known": names}, Place(sheet=raw.name)))
    elif sheet.group == "result":
        reading.problems.append(Problem("exchange.result_sheet", {}, Place(sheet=raw.name)))
    else:
        reading.sheets.append(raw)


def _has_cells(raw: RawSheet) -> bool:
    return any(cell not in ("", None) for row in raw.rows for cell in row)
