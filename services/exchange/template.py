"""Writes the empty workbook that clerks fill in: titles, help, colours for what is required, drop-down lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.kernel.sheets import Sheet, SheetColumn
from services.exchange.headings import HELP_MARK, REQUIRED_MARK
from services.exchange.reader.sources import NOTES_SHEET
from services.exchange.sheets import IMPORTED_SHEETS
from services.exchange.writer import written
from services.platform.tongues import SOURCE, Tongue

_DATA_ROW = 2
_LISTED_ROWS = 5000
_LIST_LENGTH = 255
_TEXT_TYPES = ("text", "code", "period", "choice", "flag")
_NUMBER_FORMATS = {
    "integer": "0",
    "quantity": "General",
    "money": "0.00",
    "price": "General",
    "rate": "General",
    "usage": "General",
    "date": "yyyy-mm-dd",
}
_NOTES = (
    "一、每个工作表是一种资料或单据；不需要的工作表可以删除，工作表和列的名称不要改。",
    "二、第一行是列名，带 * 的橙色列必填；第二行是说明，导入时会跳过；从第三行起填写。",
    "三、空着的单元格取默认值；已有的资料按编码更新，已有的单据编号不能再导入。",
    "四、编码列已设为文本格式。从别处粘贴时请“只粘贴值”，以免丢掉前导零。",
    "五、日期可写成 2026-03-05、2026/3/5、2026年3月5日。",
    "六、单据的编号、日期、客户等表头内容写在第一行，下面各行可以空着；同一编号的各行是一张单据。",
    "七、导入要么全部成功，要么什么都不改；有错时每一处都会列出工作表、行、列和改正办法。",
)


def write_template(target: Path, *, sheets: Sequence[Sheet] = IMPORTED_SHEETS, lang: str = SOURCE) -> None:
    """An empty .xlsx with every sheet that can be imported. Refused when the target cannot be written.

    zh: Chinese sheets, titles and words. en: sheets and words of closed vocabularies as an export has them, titles and help in
    English. An import takes either.
    """
    with written(target) as temporary:
        _write_workbook(temporary, sheets, Tongue(lang))


def _write_workbook(path: Path, sheets: Sequence[Sheet], tongue: Tongue) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = _Formats(book)
        _write_notes(book, sheets, formats, tongue)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.title if tongue.chinese else sheet.name), sheet, formats, tongue)


class _Formats:
    """Cell formats of the template."""

    def __init__(self, book: Any) -> None:
        frame = {"bold": True, "border": 1, "valign": "vcenter", "text_wrap": True}
        self._book = book
        self.required = book.add_format({**frame, "bg_color": "#F4B183"})
        self.optional = book.add_format({**frame, "bg_color": "#DDEBF7"})
        self.help = book.add_format({"font_color": "#7F7F7F", "italic": True, "text_wrap": True, "valign": "top"})
        self.note = book.add_format({"text_wrap": True, "valign": "top"})
        self._columns: dict[str, Any] = {}

    def column(self, column: SheetColumn) -> Any:
        """Format of the cells below a title: codes as text, dates as dates."""
        kind = "@" if column.type in _TEXT_TYPES else _NUMBER_FORMATS[column.type]
        if kind not in self._columns:
            self._columns[kind] = self._book.add_format({"num_format": kind})
        return self._columns[kind]


def _write_notes(book: Any, sheets: Sequence[Sheet], formats: _Formats, tongue: Tongue) -> None:
    notes = book.add_worksheet(tongue(NOTES_SHEET))
    notes.set_column(0, 0, 110)
    for row, line in enumerate(_NOTES):
        notes.write_string(row, 0, tongue(line), formats.note)
    row = len(_NOTES) + 1
    for sheet in sheets:
        required = tongue.comma.join(tongue(column.title) for column in sheet.columns if column.required)
        line = tongue("{title}（{name}）：必填 {columns}", title=tongue(sheet.title), name=sheet.name, columns=required)
        notes.write_string(row, 0, line, formats.note)
        row += 1


def _write_sheet(page: Any, sheet: Sheet, formats: _Formats, tongue: Tongue) -> None:
    page.freeze_panes(_DATA_ROW, 1)
    page.set_row(1, 60)
    for position, column in enumerate(sheet.columns):
        mark = REQUIRED_MARK if column.required else ""
        title, told = tongue(column.title), tongue(column.help) if column.help else ""
        page.set_column(position, position, _width(title, told), formats.column(column))
        page.write_string(0, position, title + mark, formats.required if column.required else formats.optional)
        help_line = told if position else f"{HELP_MARK} {told}"
        page.write_string(1, position, help_line, formats.help)
        if column.choices:
            _add_list(page, position, column, tongue)


def _add_list(page: Any, position: int, column: SheetColumn, tongue: Tongue) -> None:
    words = list((column.choices or {}).values() if tongue.chinese else (column.choices or {}))
    if len(",".join(words)) <= _LIST_LENGTH:
        rule = {
            "validate": "list",
            "source": words,
            "error_title": tongue(column.title),
            "error_message": tongue("请从下拉列表中选择。"),
        }
        page.data_validation(_DATA_ROW, position, _LISTED_ROWS, position, rule)


def _width(title: str, told: str) -> int:
    letters = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in title)
    return max(letters + 3, 14 if told else 10)
