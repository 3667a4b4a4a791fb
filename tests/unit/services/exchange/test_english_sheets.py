"""Sheets in English: a template without a Chinese sign that comes in again, titles and words of both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.kernel.problems import Place, Problem
from models.kernel.sheets import Sheet
from services.exchange.headings import column_names
from services.exchange.parse import parse
from services.exchange.previewing import write_error_file
from services.exchange.reader.sources import read_sources
from services.exchange.sheets import IMPORTED_SHEETS
from services.exchange.sheets.names import folded
from services.exchange.template import write_template
from services.platform.tongues import Tongue

openpyxl = pytest.importorskip("openpyxl")
ENGLISH = Tongue("en")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(file, lang="en")
    return file


def test_an_english_template_has_no_chinese_sign_and_the_names_of_the_contract(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames[1:] == [sheet.name for sheet in IMPORTED_SHEETS]
    texts = [*book.sheetnames]
    for page in book:
        texts += [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
        for rule in page.data_validations.dataValidation:
            texts += [str(rule.formula1), str(rule.error), str(rule.errorTitle)]
    assert [text for text in texts if CHINESE.search(text.replace("※", ""))] == []
    assert "Lead time days" in texts


def test_its_drop_down_lists_hold_the_words_of_the_contract(template: Path) -> None:
    page = openpyxl.load_workbook(template)["items"]
    lists = {str(rule.sqref).split(":")[0]: str(rule.formula1) for rule in page.data_validations.dataValidation}
    assert lists["E3"] == '"purchased,manufactured,subcontracted,phantom,service"'


def test_the_empty_english_template_comes_in_without_a_fault(template: Path) -> None:
    reading = read_sources([template])
    assert (reading.problems, reading.warnings) == ([], [])
    assert [raw.name for raw in reading.sheets] == [sheet.name for sheet in IMPORTED_SHEETS]
    assert [problem for raw in reading.sheets for problem in parse(raw).problems] == []


def test_a_filled_english_template_comes_in(template: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["items"]["A3"], book["items"]["D3"], book["items"]["E3"] = "00123", "pcs", "Subcontracted"
    book.save(tmp_path / "filled.xlsx")
    (items,) = (p for p in map(parse, read_sources([tmp_path / "filled.xlsx"]).sheets) if p.sheet.name == "items")
    assert items.problems == []
    assert items.values(0)["kind"] == "subcontracted"


@pytest.mark.parametrize("sheet", IMPORTED_SHEETS, ids=lambda sheet: sheet.name)
def test_key_chinese_and_english_title_name_the_same_column(sheet: Sheet) -> None:
    names = column_names(sheet)
    for column in sheet.columns:
        for name in (column.key, column.title, ENGLISH(column.title)):
            assert names[folded(name)] is column, (column.key, name)


@pytest.mark.parametrize("word", ["备货生产", "mts", "Make to stock"])
def test_words_of_a_closed_vocabulary_are_taken_in_both_languages(word: str, tmp_path: Path) -> None:
    file = tmp_path / "items.csv"
    file.write_text(f"code,unit,strategy\nFG1,pcs,{word}\n", encoding="utf-8")
    (raw,) = read_sources([file]).sheets
    parsed = parse(raw)
    assert parsed.problems == []
    assert parsed.values(0)["strategy"] == "mts"


def test_no_english_word_of_a_vocabulary_means_two_things() -> None:
    twice = []
    for sheet in IMPORTED_SHEETS:
        for column in sheet.columns:
            meanings: dict[str, set[str]] = {}
            for key, title in (column.choices or {}).items():
                for word in (key, ENGLISH(title)):
                    meanings.setdefault(word.casefold(), set()).add(key)
            twice += [(sheet.name, column.key, word) for word, keys in meanings.items() if len(keys) > 1]
    assert twice == []


def test_an_english_file_of_faults_comes_in_again(tmp_path: Path) -> None:
    """The column of reasons is passed over, whichever language it was written in."""
    source, target = tmp_path / "items.csv", tmp_path / "items.xlsx"
    source.write_text("code,unit\nFG1,\n", encoding="utf-8")
    write_error_file(target, [source], [Problem("exchange.required", {}, Place("items", 2, "unit"))], lang="en")
    page = openpyxl.load_workbook(target).worksheets[0]
    assert page.cell(1, 3).value == "Reason of refusal"
    (raw,) = read_sources([target]).sheets
    assert not any(problem.code.startswith("exchange.unknown_column") for problem in parse(raw).problems)
