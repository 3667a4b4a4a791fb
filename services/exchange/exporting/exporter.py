"""Exports sheets by name to a file or folder, all from one consistent view of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import Connection

from models.kernel.problems import Problem, Refused
from models.kernel.sheets import Sheet
from services.documents.types import registry
from services.exchange.exporting.documents import document_rows
from services.exchange.exporting.masters import bill_rows, master_rows, output_rows
from services.exchange.exporting.plans import PLANS
from services.exchange.exporting.results import RESULTS
from services.exchange.parsed import Value
from services.exchange.sheets import SHEETS, find_sheet
from services.exchange.writer import SheetRows, write_sheets
from services.platform.db import Database

Row = Sequence[Value]


def export_sheets(
    db: Database, names: Sequence[str], target: Path, lang: str = "en", *, guard: bool | None = None
) -> dict[str, int]:
    """Writes the sheets, in order of keys, dates and numbers; rows by sheet name. Refused for names that are none."""
    sheets = _sheets(names)
    counts: dict[str, int] = {}
    with db.read() as conn:
        tables = [SheetRows(sheet, _counted(sheet.name, _rows(db, conn, sheet, lang), counts)) for sheet in sheets]
        write_sheets(target, tables, lang=lang, guard=guard)
    return counts


def _sheets(names: Sequence[str]) -> list[Sheet]:
    found = {name: find_sheet(name) for name in names}
    known = tuple(sheet.name for sheet in SHEETS)
    problems = [
        Problem("exchange.export_unknown", {"name": name, "known": known})
        for name, sheet in found.items()
        if sheet is None
    ]
    if problems:
        raise Refused(problems)
    return list({sheet.name: sheet for sheet in found.values() if sheet is not None}.values())


def _rows(db: Database, conn: Connection, sheet: Sheet, lang: str) -> Iterable[Row]:
    if sheet.group == "document" and sheet.name not in RESULTS:
        kind = registry.by_sheet(sheet.name)
        assert kind is not None
        return document_rows(conn, sheet, kind)
    if sheet.name == "bom":
        return bill_rows(conn)
    if sheet.name == "bom_outputs":
        return output_rows(conn)
    if sheet.group == "master":
        return master_rows(conn, sheet)
    if sheet.name in PLANS:
        return PLANS[sheet.name](db, lang)
    return RESULTS[sheet.name](conn)


def _counted(name: str, rows: Iterable[Row], counts: dict[str, int]) -> Iterator[Row]:
    counts[name] = 0
    for row in rows:
        counts[name] += 1
        yield row
