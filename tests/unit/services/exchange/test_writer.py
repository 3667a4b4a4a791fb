"""Sheets that go out, and come back equal."""

from __future__ import annotations

import csv
import datetime as dt
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter.exceptions import FileCreateError

from models.kernel.problems import Refused
from services.exchange.parse import parse
from services.exchange.reader.sources import read_sources
from services.exchange.reader.text import read_text
from services.exchange.reader.workbook import read_workbook
from services.exchange.sheets import find_sheet
from services.exchange.writer import SheetRows, write_sheets, written
from services.platform.formulas import escaped, guarded, looks_like_formula, unguarded

SIGNS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
PAYLOADS = [
    f"{quote}{sign}{body}"
    for quote in ("", "'", "''")
    for sign in SIGNS
    for body in (
        "1+1",
        "cmd|' /C calc'!A0",
        'HYPERLINK("http://x.example","点我")',
        "SUM(A1:A9)*cmd",
        'DDE("cmd";"/C calc";"x")',
        "2+5+cmd|' /C notepad'!A0",
        'IMPORTXML("http://x.example","//a")',
        "A1",
        "@SUM(1)",
        '10,"x"',
        "-1",
        "",
        "'x",
        "http://x.example",
        "{=1}",
        "0",
        "|x",
    )
]


def table(name: str, *rows: dict[str, Any]) -> SheetRows:
    sheet = find_sheet(name)
    assert sheet is not None
    return SheetRows(sheet, [[row.get(column.key) for column in sheet.columns] for row in rows])


ITEM = {
    "code": "00123",
    "name": 'Lampe, "rund"',
    "unit": "PCS",
    "kind": "manufactured",
    "lead_time_days": 3,
    "safety_stock": Decimal("1E+3"),
    "yield_rate": Decimal("0.95000000"),
    "unit_cost": Decimal("0.00000001"),
}


def test_machines_get_keys_plain_numbers_and_no_byte_order_mark(tmp_path: Path) -> None:
    target = tmp_path / "items.csv"
    write_sheets(target, [table("items", ITEM)])
    assert not target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["code"] == "00123"
    assert (row["kind"], row["safety_stock"], row["unit_cost"]) == ("manufactured", "1000", "0.00000001")
    assert (row["yield_rate"], row["barcode"]) == ("0.95", "")


def test_people_get_chinese_titles_and_words_and_a_byte_order_mark(tmp_path: Path) -> None:
    target = tmp_path / "物料.csv"
    write_sheets(
        target,
        [
            table("items", ITEM),
        ][:1],
        lang="zh",
    )
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["物料编码"], row["物料属性"]) == ("00123", "自制")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_goes_out_comes_back_equal(tmp_path: Path, lang: str, ending: str) -> None:
    target = tmp_path / f"sales_orders{ending}"
    row = {
        "number": "SO-1",
        "date": dt.date(2026, 3, 5),
        "customer": "C1",
        "line": 1,
        "item": "007",
        "quantity": Decimal("9000000000000.123456"),
        "price": Decimal("12.34567891"),
        "due_date": dt.date(2026, 4, 1),
    }
    write_sheets(target, [table("sales_orders", row)], lang=lang)
    (raw,) = read_sources([target]).sheets
    parsed = parse(raw)
    assert parsed.problems == []
    assert parsed.values(0) == row


def test_json_keeps_every_digit(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    rows = [
        {"item": 'a"b', "quantity": Decimal("9000000000000.123456"), "amount": Decimal("0.10")},
        {"item": "物料", "lot": None},
    ]
    write_sheets(target, [table("stock", *rows), table("calendar", {"date": dt.date(2026, 1, 1), "working": False})])
    data = json.loads(target.read_text(encoding="utf-8"), parse_float=Decimal)
    assert data["stock"][0]["quantity"] == Decimal("9000000000000.123456")
    assert data["stock"][1]["item"] == "物料"
    assert data["stock"][1]["lot"] is None
    assert data["calendar"] == [{"date": "2026-01-01", "working": False}]


def test_a_folder_gets_a_csv_for_each_sheet(tmp_path: Path) -> None:
    files = write_sheets(tmp_path / "out", [table("items", ITEM), table("units", {"code": "PCS", "decimals": 0})])
    assert [file.name for file in files] == ["items.csv", "units.csv"]
    assert write_sheets(tmp_path / "out", [table("units")], lang="zh")[0].name == "计量单位.csv"
    assert sorted(raw.name for raw in read_sources([tmp_path / "out"]).sheets) == ["items", "units", "计量单位"]


@pytest.mark.parametrize(
    ("target", "count", "code"),
    [
        ("x.csv", 2, "target_one_sheet"),
        ("x.pdf", 1, "target_kind"),
        ("gone/x.csv", 1, "target_no_folder"),
        ("gone/dir", 1, "target_no_folder"),
    ],
)
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, target: str, count: int, code: str) -> None:
    with pytest.raises(Refused) as caught:
        write_sheets(tmp_path / target, [table("units")] * count)
    assert caught.value.problems[0].code == f"exchange.{code}"


def test_a_file_that_fails_midway_leaves_the_old_one_and_no_rubbish(tmp_path: Path) -> None:
    target = tmp_path / "units.csv"
    target.write_text("old", encoding="utf-8")
    sheet = find_sheet("units")
    assert sheet is not None

    def rows() -> Iterator[tuple[str, str, int]]:
        yield ("A", "a", 0)
        raise ValueError("lost connection")

    with pytest.raises(ValueError, match="lost"):
        write_sheets(target, [SheetRows(sheet, rows())])
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", denied)
    with pytest.raises(Refused) as caught:
        write_sheets(tmp_path / "units.csv", [table("units")])
    assert caught.value.problems[0].code == "exchange.target_unwritable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_a_file_that_the_system_cannot_make_is_refused_whatever_writes_it(tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"{'x' * 244}.{ending}"  # what is written first has a longer name than a file may have
    with pytest.raises(Refused) as caught:
        write_sheets(target, [table("units")])
    (problem,) = caught.value.problems
    assert (problem.code, problem.args["name"]) == ("exchange.target_unwritable", str(target))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_when_the_workbook_ends_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "units.xlsx"

    def full() -> None:
        with written(target) as part:
            part.write_bytes(b"half of it")
            raise FileCreateError(OSError(28, "No space left on device"))

    with pytest.raises(Refused) as caught:
        full()
    (problem,) = caught.value.problems
    assert (problem.code, problem.args["reason"]) == ("exchange.target_unwritable", "No space left on device")
    assert list(tmp_path.iterdir()) == []


class TestFormulaInjection:
    """Five hundred texts that a spreadsheet program could run."""

    def test_there_are_five_hundred(self) -> None:
        assert len(PAYLOADS) >= 500

    def test_no_text_cell_of_a_csv_for_people_starts_like_a_formula(self, tmp_path: Path) -> None:
        target = tmp_path / "parameters.csv"
        write_sheets(
            target, [table("parameters", *({"key": f"k{n}", "value": p} for n, p in enumerate(PAYLOADS)))], lang="zh"
        )
        rows = read_text(target).rows[1:]
        assert [row for row in rows if looks_like_formula(str(row[1]))] == []

    def test_negative_numbers_stay_numbers(self, tmp_path: Path) -> None:
        target = tmp_path / "stock.csv"
        write_sheets(target, [table("stock", {"item": "A", "quantity": Decimal(-5)})], lang="zh")
        assert "-5" in list(read_text(target).rows[1])

    def test_a_workbook_holds_no_formula_and_no_link(self, tmp_path: Path) -> None:
        target = tmp_path / "parameters.xlsx"
        texts = [*PAYLOADS, "http://x.example/a", "mailto:a@b.example"]
        write_sheets(target, [table("parameters", *({"key": f"k{n}", "value": p} for n, p in enumerate(texts)))])
        with zipfile.ZipFile(target) as archive:
            page = archive.read("xl/worksheets/sheet1.xml")
            assert b"<f>" not in page
            assert b"hyperlink" not in page
        read_workbook(target)

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_the_round_trip_gives_the_same_texts(self, tmp_path: Path, lang: str) -> None:
        texts = [p for p in PAYLOADS if p.strip("\t\r") == p and "\t" not in p and "\r" not in p]
        for ending in (".csv", ".xlsx"):
            target = tmp_path / f"parameters{ending}"
            rows = [{"key": f"k{n}", "value": text} for n, text in enumerate(texts)]
            write_sheets(target, [table("parameters", *rows)], lang=lang)
            (raw,) = read_sources([target]).sheets
            assert parse(raw).columns["value"] == texts

    @pytest.mark.parametrize("text", [*PAYLOADS, "plain", "'plain", "", "'"])
    def test_guarding_is_undone_exactly(self, text: str) -> None:
        assert unguarded(guarded(text)) == text
        assert unguarded(escaped(text)) == text
        assert not looks_like_formula(guarded(text))
