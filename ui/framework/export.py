"""What a grid shows as an Excel workbook or a CSV file: text stays text, numbers and dates are real ones."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.platform.api import guarded
from ui.framework.grid.columns import Column
from ui.framework.texts import tr

CHARACTER = 7
Rows = Sequence[Sequence[Any]]


def write_table(file: Path, title: str, columns: Sequence[Column], rows: Rows) -> None:
    """Writes values column by column; the ending decides: .csv (UTF-8 with a mark for Excel) or .xlsx.

    Refused when the file cannot be written, as one that is still open in Excel; what was there stays.
    """
    from services.exchange.api import written

    with written(file) as part:
        if file.suffix.casefold() == ".csv":
            _write_csv(part, columns, rows)
        else:
            _write_workbook(part, title, columns, rows)


def _write_csv(file: Path, columns: Sequence[Column], rows: Rows) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([tr(column.title) for column in columns])
        for row in rows:
            writer.writerow([_csv_text(column, value) for column, value in zip(columns, row, strict=True)])


def _csv_text(column: Column, value: Any) -> str:
    text = column.edit_text(value)
    return text if isinstance(value, int | float | Decimal | date) else guarded(text)


def _write_workbook(file: Path, title: str, columns: Sequence[Column], rows: Rows) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "bg_color": "#E9ECF0", "border": 1})
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, column in enumerate(columns):
        sheet.write_string(0, number, tr(column.title), bold)
        sheet.set_column(number, number, max(6, column.pixels / CHARACTER))
    for line, row in enumerate(rows, start=1):
        for number, (column, value) in enumerate(zip(columns, row, strict=True)):
            if value is None or value == "":
                continue
            if column.numeric and isinstance(value, int | float | Decimal):
                sheet.write_number(line, number, float(value))
            elif isinstance(value, date) and not isinstance(value, datetime):
                sheet.write_datetime(line, number, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            else:
                sheet.write_string(line, number, column.show(value), text)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    book.close()
