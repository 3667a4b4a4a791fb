"""Files and folders become raw sheets; what cannot be read is refused with a sentence."""

from __future__ import annotations

import datetime as dt
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from models.kernel.problems import Problem, Refused
from services.exchange.reader import child, workbook
from services.exchange.reader.raw import Limits
from services.exchange.reader.sources import read_sources
from services.exchange.reader.text import read_text
from services.exchange.reader.workbook import read_workbook
from services.platform.messages import sentence

UNITS = "code,name,decimals\nPCS,件,0\n"


def codes(problems: list[Problem]) -> list[str]:
    return [p.code.removeprefix("exchange.") for p in problems]


def book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as made:
        for name, rows in sheets.items():
            page = made.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_every_usual_encoding_is_read(self, tmp_path: Path, encoding: str) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(UNITS.encode(encoding))
        assert read_text(file).rows == [["code", "name", "decimals"], ["PCS", "件", "0"]]

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_the_separator_is_recognised(self, tmp_path: Path, separator: str) -> None:
        file = tmp_path / "units.csv"
        file.write_text(UNITS.replace(",", separator), encoding="utf-8")
        assert read_text(file).rows[1] == ["PCS", "件", "0"]

    def test_quotes_line_breaks_and_blank_lines_keep_their_place(self, tmp_path: Path) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(b'code,name\r\n\r\n"A","x, ""y""\nz"\r\n')
        assert read_text(file).rows == [["code", "name"], [], ["A", 'x, "y"\nz']]

    def test_bytes_in_no_encoding_are_refused_with_the_row(self, tmp_path: Path) -> None:
        file = tmp_path / "units.csv"
        file.write_bytes(b"code,name\nA,\xff\xff\xff\n")
        with pytest.raises(Refused) as caught:
            read_text(file)
        problem = caught.value.problems[0]
        assert (problem.code, problem.place.sheet, problem.place.row) == ("exchange.encoding", "units.csv", 2)

    def test_too_many_rows_and_bytes_are_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "units.csv"
        file.write_text(UNITS * 3, encoding="utf-8")
        for limits in (Limits(csv_rows=3), Limits(csv_bytes=10)):
            with pytest.raises(Refused):
                read_text(file, limits=limits)

    def test_a_field_without_an_end_is_refused_with_its_row(self, tmp_path: Path) -> None:
        file = tmp_path / "units.csv"
        file.write_text('code,name\nA,"' + "x" * 200_000, encoding="utf-8")
        with pytest.raises(Refused) as caught:
            read_text(file)
        assert (caught.value.problems[0].code, caught.value.problems[0].place.row) == ("exchange.csv_row", 2)

    def test_a_hundred_thousand_rows_take_well_under_a_second(self, tmp_path: Path) -> None:
        file = tmp_path / "bom.csv"
        line = "A000001,V1.0,B000001,10,1.5,1,0.02,no,,2026-01-05\n"
        file.write_text(line * 100_000, encoding="utf-8")
        start = time.process_time()
        assert len(read_text(file).rows) == 100_000
        seconds = time.process_time() - start
        print(f"100,000 rows of .csv: {seconds:.2f} s")


class TestWorkbook:
    def test_cells_come_with_their_types_and_rows(self, tmp_path: Path) -> None:
        rows = [["code", "n", "day", "flag"], [], ["00123", 1.5, dt.date(2026, 3, 5), True]]
        file = book(tmp_path / "b.xlsx", {"items": rows})
        sheets, lost = read_workbook(file)
        (raw, visible), *others = sheets
        assert (raw.name, visible, others, lost) == ("items", True, [], [])
        assert list(raw.rows[0]) == ["code", "n", "day", "flag"]
        assert list(raw.rows[2]) == ["00123", 1.5, dt.date(2026, 3, 5), "TRUE"]

    def test_rows_above_the_first_cell_are_counted(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as made:
            made.add_worksheet("items").write(4, 2, "code")
        (raw, _visible), *_ = read_workbook(tmp_path / "b.xlsx")[0]
        assert len(raw.rows) == 5
        assert raw.rows[4][-1] == "code"

    def test_an_error_and_a_formula_without_value_are_named_by_sheet_and_cell(self, tmp_path: Path) -> None:
        openpyxl = pytest.importorskip("openpyxl")
        made = openpyxl.Workbook()
        page = made.active
        page.title = "items"
        page.append(["code", "unit", "lead_time_days"])
        page.append(["A", "PCS", "=1+1"])
        page["B3"] = "#N/A"
        page["B3"].data_type = "e"
        made.save(tmp_path / "b.xlsx")
        _sheets, lost = read_workbook(tmp_path / "b.xlsx")
        assert {(p.code, p.place.sheet, p.place.row, p.place.column) for p in lost} == {
            ("exchange.error_cell", "items", 3, "B"),
            ("exchange.formula_value", "items", 2, "C"),
        }

    def test_a_formula_with_a_value_gives_the_value(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as made:
            page = made.add_worksheet("items")
            page.write_formula(0, 0, "=1+1", None, 2)
            page.write_formula(1, 0, '=""', None, "")
        (raw, _visible), *_ = read_workbook(tmp_path / "b.xlsx")[0]
        assert raw.rows[0][0] == 2.0

    @pytest.mark.parametrize("content", [b"", b"<html><table></table></html>", b"code\tunit\nA\tPCS\n", b"\0" * 600])
    def test_what_is_no_workbook_is_refused(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "b.xls"
        file.write_bytes(content)
        with pytest.raises(Refused) as caught:
            read_workbook(file)
        assert caught.value.problems[0].code == "exchange.no_workbook"

    @pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
    def test_a_cut_workbook_is_refused(self, tmp_path: Path, cut: float) -> None:
        file = book(tmp_path / "b.xlsx", {"items": [["code"], *[[f"A{n}"] for n in range(1000)]]})
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * cut)])
        with pytest.raises(Refused) as caught:
            read_workbook(file)
        assert caught.value.problems[0].code == "exchange.damaged"

    def test_an_old_workbook_that_is_damaged_is_refused(self, tmp_path: Path) -> None:
        file = tmp_path / "b.xls"
        file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000)
        with pytest.raises(Refused) as caught:
            read_workbook(file)
        assert caught.value.problems[0].code == "exchange.damaged"

    def test_a_large_file_is_refused_before_it_is_opened(self, tmp_path: Path) -> None:
        file = book(tmp_path / "b.xlsx", {"items": [["code"]]})
        with pytest.raises(Refused) as caught:
            read_workbook(file, limits=Limits(workbook_bytes=100))
        assert caught.value.problems[0].code == "exchange.file_too_large"

    def test_a_reader_that_takes_too_long_is_killed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = book(tmp_path / "b.xlsx", {"items": [["code"]]})
        sleeper = tmp_path / "sleeper.py"
        sleeper.write_text("import time\ntime.sleep(3600)\n", encoding="utf-8")
        monkeypatch.setattr(child, "__file__", str(sleeper))
        with pytest.raises(Refused) as caught:
            read_workbook(file, limits=Limits(seconds=1.0))
        assert caught.value.problems[0].code == "exchange.reader_time"

    @pytest.mark.parametrize(
        ("program", "code"),
        [
            ("import os\nos.abort()\n", "reader_stopped"),
            ('print(\'{"sheet":"items"}\')\n', "reader_stopped"),
            ("while True: print('[[1.0]]')\n", "reader_memory"),
            ("import sys\nwhile True: sys.stdout.write('x' * 65536)\n", "reader_memory"),
            ("print('not json')\n", "damaged"),
            ("print('[' * 100000)\n", "damaged"),
            ('print(\'{"error":"memory"}\')\n', "reader_memory"),
            ('print(\'{"error":"password"}\')\n', "password"),
        ],
    )
    def test_whatever_the_reader_answers_this_process_lives(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, code: str
    ) -> None:
        file = book(tmp_path / "b.xlsx", {"items": [["code"]]})
        fake = tmp_path / "fake.py"
        fake.write_text(program, encoding="utf-8")
        monkeypatch.setattr(child, "__file__", str(fake))
        with pytest.raises(Refused) as caught:
            read_workbook(file, limits=Limits(answer_bytes=1_000_000))
        assert codes(list(caught.value.problems)) == [code]

    @pytest.mark.skipif(os.name == "nt", reason="limits of the child are set by the system only on Unix")
    def test_the_reader_has_a_memory_limit(self, tmp_path: Path) -> None:
        rows = [[f"text {n} {m}" for m in range(20)] for n in range(2_000)]
        file = book(tmp_path / "b.xlsx", {"items": rows})
        with pytest.raises(Refused) as caught:
            read_workbook(file, limits=Limits(memory_bytes=8 * 2**20))
        assert caught.value.problems[0].code in (
            "exchange.reader_stopped",
            "exchange.reader_memory",
            "exchange.damaged",
        )

    def test_a_frozen_program_starts_itself_as_the_reader(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.frozen", True, raising=False)
        command = workbook._command(Path("b.xlsx"), Limits())
        assert command[1] == workbook.CHILD_FLAG

    def test_the_child_alone_writes_lines_of_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = book(tmp_path / "b.xlsx", {"items": [["code"], [dt.date(2026, 3, 5)]]})
        child.write_sheets(str(file), 100, 100, 1000)
        assert capsys.readouterr().out.splitlines() == [
            '{"sheet":"items","visible":true}',
            '[["code"],[{"d":"2026-03-05"}]]',
            '{"done":1}',
        ]
        child.write_sheets(str(file), 1, 100, 1000)
        assert '"error":"size"' in capsys.readouterr().out


class TestSources:
    def test_a_folder_gives_the_files_named_after_sheets_only(self, tmp_path: Path) -> None:
        (tmp_path / "units.csv").write_text(UNITS, encoding="utf-8")
        (tmp_path / "客户.csv").write_text("编码\nC1\n", encoding="gb18030")
        (tmp_path / "工资.csv").write_text("x\n", encoding="utf-8")
        (tmp_path / "stock.csv").write_text("item\n", encoding="utf-8")
        (tmp_path / "readme.md").write_text("x\n", encoding="utf-8")
        (tmp_path / "~$items.xlsx").write_bytes(b"")
        book(tmp_path / "items.xlsx", {"Sheet1": [["code", "unit"], ["A", "PCS"]]})
        reading = read_sources([tmp_path])
        assert reading.problems == []
        assert sorted(raw.name for raw in reading.sheets) == ["items", "units", "客户"]
        assert sorted(codes(reading.warnings)) == ["file_skipped", "result_skipped"]

    def test_a_workbook_may_hold_known_sheets_only(self, tmp_path: Path) -> None:
        file = book(tmp_path / "b.xlsx", {"物料": [["编码"]], "工资": [["x"]], "Sheet3": [], "stock": [["item"]]})
        reading = read_sources([file])
        assert [raw.name for raw in reading.sheets] == ["物料"]
        assert codes(reading.problems) == ["unknown_sheet", "result_sheet"]
        assert sentence(reading.problems[0]).startswith("工资: 没有这个名称的工作表")

    def test_a_csv_named_by_the_user_must_be_named_after_a_sheet(self, tmp_path: Path) -> None:
        file = tmp_path / "data.csv"
        file.write_text(UNITS, encoding="utf-8")
        assert codes(read_sources([file]).problems) == ["unknown_sheet"]

    def test_what_is_missing_or_of_no_known_kind_is_a_problem_each(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.mkdir()
        note = tmp_path / "units.pdf"
        note.write_bytes(b"%PDF")
        reading = read_sources([tmp_path / "gone.csv", empty, note])
        assert codes(reading.problems) == ["no_file", "empty_folder", "file_kind"]

    def test_an_empty_workbook_is_a_problem(self, tmp_path: Path) -> None:
        assert codes(read_sources([book(tmp_path / "b.xlsx", {"Sheet1": []})]).problems) == ["empty_workbook"]

    def test_one_bad_file_does_not_hide_the_faults_of_another(self, tmp_path: Path) -> None:
        (tmp_path / "items.xlsx").write_bytes(b"junk")
        (tmp_path / "units.csv").write_bytes(b"code\n\xff\xff")
        (tmp_path / "customers.csv").write_text("code\nC\n", encoding="utf-8")
        reading = read_sources([tmp_path])
        assert codes(reading.problems) == ["no_workbook", "encoding"]
        assert [raw.name for raw in reading.sheets] == ["customers"]

    def test_a_file_that_may_not_be_read_is_a_problem(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "units.csv"
        file.write_text(UNITS, encoding="utf-8")

        def denied(_path: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", denied)
        assert codes(read_sources([file]).problems) == ["unreadable"]


class TestArchive:
    @staticmethod
    def archive(path: Path, parts: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, data in parts.items():
                made.writestr(name, data)
        return path

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ({f"p{n}.xml": b"<a/>" for n in range(201)}, "zip_entries"),
            ({"xl/../../evil.xml": b"<a/>"}, "zip_path"),
            ({"/etc/passwd": b"x"}, "zip_path"),
            ({"xl/media:stream": b"x"}, "zip_path"),
            ({"xl/big.xml": b"<a>" + b" " * (3 * 2**20) + b"</a>"}, "zip_ratio"),
            ({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "document_type"),
            ({"xl/workbook.xml": "<a/>".encode("utf-16")}, "damaged"),
            (
                {
                    "xl/worksheets/sheet1.xml": b'<sheetData><row r="300000"><c r="A300000"><v>1</v></c></row></sheetData>'
                },
                "far_cell",
            ),
            ({"xl/worksheets/sheet1.xml": b"<x:row><x:c s='1' r='XFD1'><x:v>1</x:v></x:c></x:row>"}, "far_cell"),
            ({"xl/worksheets/sheet1.xml": b'<c r="A1"><v>1</v></c><c r="IV200000"><v>1</v></c>'}, "too_many_cells"),
            ({"xl/worksheets/sheet1.xml": b"no workbook at all"}, "damaged"),
        ],
    )
    def test_a_hostile_archive_is_refused(self, tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
        with pytest.raises(Refused) as caught:
            read_workbook(self.archive(tmp_path / "b.xlsx", parts))
        assert codes(list(caught.value.problems)) == [code]

    def test_too_much_unpacked_is_refused(self, tmp_path: Path) -> None:
        file = self.archive(tmp_path / "b.xlsx", {"a.xml": os.urandom(50_000)})
        with pytest.raises(Refused) as caught:
            read_workbook(file, limits=Limits(unpacked_bytes=10_000))
        assert codes(list(caught.value.problems)) == ["unpacked_size"]

    def test_empty_formatted_cells_far_away_do_no_harm(self, tmp_path: Path) -> None:
        with xlsxwriter.Workbook(str(tmp_path / "b.xlsx")) as made:
            page = made.add_worksheet("items")
            page.write(0, 0, "code")
            page.write_blank(1_000_000, 16_000, None, made.add_format({"bold": True}))
        (raw, _visible), *_ = read_workbook(tmp_path / "b.xlsx")[0]
        assert [list(row) for row in raw.rows] == [["code"]]
