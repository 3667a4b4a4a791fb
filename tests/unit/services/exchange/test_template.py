"""The template: what it shows, and that a filled one comes in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.exchange.headings import HELP_MARK
from services.exchange.parse import parse
from services.exchange.reader.sources import NOTES_SHEET, read_sources
from services.exchange.sheets import IMPORTED_SHEETS, find_sheet
from services.exchange.template import write_template

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "导入模板.xlsx"
    write_template(file)
    return file


def test_every_imported_sheet_is_there_with_its_chinese_titles_and_help(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == [NOTES_SHEET, *(sheet.title for sheet in IMPORTED_SHEETS)]
    for sheet in IMPORTED_SHEETS:
        page = book[sheet.title]
        for position, column in enumerate(sheet.columns, start=1):
            title, note = page.cell(1, position), page.cell(2, position)
            assert title.value == column.title + ("*" if column.required else "")
            assert (note.value or "").removeprefix(f"{HELP_MARK} ").strip(HELP_MARK).strip() == column.help
        assert page["A2"].value.startswith(HELP_MARK)
        assert page.freeze_panes == "B3"


def test_required_columns_have_their_own_colour(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for sheet in IMPORTED_SHEETS:
        colours: dict[bool, set[str]] = {True: set(), False: set()}
        for position, column in enumerate(sheet.columns, start=1):
            colours[column.required].add(book[sheet.title].cell(1, position).fill.fgColor.rgb)
        assert len(colours[True]) == 1
        assert not colours[True] & colours[False]


def test_closed_vocabularies_have_drop_down_lists_that_import_understands(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for sheet in IMPORTED_SHEETS:
        lists = {
            str(rule.sqref).split(":")[0]: rule.formula1.strip('"').split(",")
            for rule in book[sheet.title].data_validations.dataValidation
        }
        for position, column in enumerate(sheet.columns, start=1):
            if column.choices:
                where = f"{openpyxl.utils.get_column_letter(position)}3"
                assert lists[where] == list(column.choices.values()), (sheet.name, column.key)


def test_code_columns_are_text_and_date_columns_are_dates(template: Path) -> None:
    page = openpyxl.load_workbook(template)["销售订单"]
    sheet = find_sheet("sales_orders")
    assert sheet is not None
    formats = {
        column.key: page.column_dimensions[openpyxl.utils.get_column_letter(position)].number_format
        for position, column in enumerate(sheet.columns, start=1)
    }
    assert formats["number"] == formats["item"] == "@"
    assert formats["date"] == "yyyy-mm-dd"


def test_the_empty_template_comes_in_without_a_fault_and_without_a_row(template: Path) -> None:
    reading = read_sources([template])
    assert (reading.problems, reading.warnings) == ([], [])
    assert [raw.name for raw in reading.sheets] == [sheet.title for sheet in IMPORTED_SHEETS]
    for raw in reading.sheets:
        parsed = parse(raw)
        assert (len(parsed), parsed.problems) == (0, [])


def test_a_filled_template_comes_in(template: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["物料"]["A3"], book["物料"]["D3"], book["物料"]["E3"] = "00123", "件", "自制"
    page = book["销售订单"]
    for column, value in zip("ABCEFH", ["SO1", dt.date(2026, 3, 5), "C1", "00123", 5, "2026年4月1日"], strict=True):
        page[f"{column}3"] = value
    book.save(tmp_path / "filled.xlsx")
    reading = read_sources([tmp_path / "filled.xlsx"])
    parsed = {sheet.sheet.name: sheet for sheet in map(parse, reading.sheets)}
    assert [problem for sheet in parsed.values() for problem in sheet.problems] == []
    assert parsed["items"].values(0)["code"] == "00123"
    assert parsed["items"].values(0)["kind"] == "manufactured"
    assert parsed["items"].rows == [3]
    order = parsed["sales_orders"].values(0)
    assert (order["date"], order["due_date"]) == (dt.date(2026, 3, 5), dt.date(2026, 4, 1))


def test_a_template_in_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        write_template(tmp_path / "gone" / "t.xlsx")
    assert caught.value.problems[0].code == "exchange.target_no_folder"
