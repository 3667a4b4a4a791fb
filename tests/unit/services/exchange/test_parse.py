"""A raw sheet against its declaration: all faults, each with row and column."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest

from services.exchange.parse import parse
from services.exchange.parsed import PROBLEMS_SHOWN, ParsedSheet, documents
from services.exchange.reader.raw import RawSheet
from services.platform.messages import sentence


def raw(name: str, *rows: str | list[Any]) -> RawSheet:
    """Rows as comma-separated text or as lists of cells."""
    return RawSheet(f"{name}.csv", name, [row.split(",") if isinstance(row, str) else row for row in rows])


def faults(parsed: ParsedSheet) -> list[tuple[str, int, str]]:
    return [(p.code.removeprefix("exchange."), p.place.row, p.place.column) for p in parsed.problems]


def test_values_come_by_column_with_their_rows() -> None:
    parsed = parse(raw("units", "code,name,decimals", "PCS,piece,0", "", "KG,kilogram,3"))
    assert parsed.problems == []
    assert parsed.columns == {"code": ["PCS", "KG"], "name": ["piece", "kilogram"], "decimals": [0, 3]}
    assert parsed.rows == [2, 4]
    assert [row.values["code"] for row in parsed.each_row()] == ["PCS", "KG"]
    assert parsed.values(1) == {"code": "KG", "name": "kilogram", "decimals": 3}


def test_columns_may_stand_in_any_order_and_language() -> None:
    parsed = parse(raw("物料", "单位,物料编码*,属性", "PCS,A1,自制"))
    assert parsed.problems == []
    assert parsed.columns == {"unit": ["PCS"], "code": ["A1"], "kind": ["manufactured"]}


def test_a_column_that_is_not_in_the_file_gives_no_values() -> None:
    assert "kind" not in parse(raw("items", "code,unit", "A,PCS")).columns


def test_a_title_line_above_the_titles_is_passed_over() -> None:
    parsed = parse(raw("items", "2026 年物料清单", "", "code,unit,name", "A,PCS,Lamp"))
    assert (parsed.header_row, parsed.rows, parsed.problems) == (3, [4], [])


def test_the_help_line_of_the_template_is_passed_over() -> None:
    assert parse(raw("units", "单位编码*,单位名称", "※ 如 PCS,不填则与编码相同", "PCS,件")).columns["code"] == ["PCS"]


def test_all_faults_are_listed_with_row_and_column_in_order() -> None:
    parsed = parse(
        raw(
            "bom",
            "parent,version,component,quantity,scrap_rate,colour,valid_from",
            "A,V1,B,-1,1.5,red,2026-02-30",
            ",V1,C,x,,,",
        )
    )
    assert faults(parsed) == [
        ("unknown_column", 1, "colour"),
        ("no_date", 2, "valid_from"),
        ("negative", 2, "quantity"),
        ("not_below", 2, "scrap_rate"),
        ("blank", 3, "parent"),
        ("no_number", 3, "quantity"),
    ]
    for problem in parsed.problems:
        for lang in ("zh", "en"):
            assert "{" not in sentence(problem, lang)
            assert sentence(problem, lang).startswith(f"bom, {problem.place.row}, {problem.place.column}: ")


def test_a_fault_speaks_of_the_titles_that_the_file_uses() -> None:
    parsed = parse(raw("物料", "料号,计量单位,提前期", "A,PCS,soon"))
    assert sentence(parsed.problems[0]).startswith("物料, 2, 提前期: “soon”不是数字")


def test_an_unknown_column_is_answered_with_the_nearest_known_one() -> None:
    parsed = parse(raw("items", "code,unit,lead_time", "A,PCS,3"))
    assert parsed.problems[0].code == "exchange.unknown_column_near"
    assert parsed.problems[0].args["near"] == "lead_time_days"


def test_a_missing_required_column_is_named_in_the_language_of_the_file() -> None:
    assert faults(parse(raw("items", "code,name", "A,Lamp"))) == [("missing_column", 1, "unit")]
    assert faults(parse(raw("物料", "编码,名称", "A,Lamp"))) == [("missing_column", 1, "计量单位")]


def test_the_same_column_twice_is_a_fault() -> None:
    assert faults(parse(raw("items", "code,物料编码,unit", "A,B,PCS"))) == [("column_twice", 1, "物料编码")]


def test_data_without_a_title_is_a_fault_and_an_empty_column_is_not() -> None:
    assert faults(parse(raw("units", "code,,name", "A,x,b", "B,y,c"))) == [("untitled", 2, "B")]
    assert faults(parse(raw("units", "code,,name", "A,,b"))) == []


def test_a_row_longer_than_the_titles_is_a_fault_only_when_something_stands_there() -> None:
    assert faults(parse(raw("units", "code,name", "A,b,c"))) == [("cells_beyond", 2, "C")]
    assert faults(parse(raw("units", "code,name", "A,b,,"))) == []


def test_a_short_row_has_blank_cells() -> None:
    assert parse(raw("units", "code,name,decimals", "A")).columns == {"code": ["A"], "name": [None], "decimals": [0]}


def test_rows_of_blanks_are_no_rows() -> None:
    parsed = parse(RawSheet("u", "units", [["code", "name"], ["", " "], [None, None], [" ", ""], ["A", ""], [], [""]]))
    assert parsed.rows == [5]


def test_a_row_whose_only_value_is_zero_is_a_row() -> None:
    parsed = parse(RawSheet("u", "units", [["name", "code", "decimals"], ["", "", 0.0]]))
    assert faults(parsed) == [("blank", 2, "code")]


def test_an_empty_sheet_has_no_rows_but_needs_its_columns() -> None:
    assert faults(parse(RawSheet("u", "units", []))) == [("missing_column", 1, "code")]
    assert len(parse(raw("units", "code"))) == 0


def test_duplicate_keys_name_both_rows() -> None:
    parsed = parse(raw("units", "code,name", "A,x", "B,y", "A,z"))
    assert faults(parsed) == [("duplicate", 4, "code")]
    assert parsed.problems[0].args == {"key": "A", "first": 2}


def test_the_same_component_on_two_positions_is_no_duplicate() -> None:
    head = "parent,version,component,position,quantity"
    assert faults(parse(raw("bom", head, "A,V1,B,10,1", "A,V1,B,20,2"))) == []
    assert faults(parse(raw("bom", head, "A,V1,B,10,1", "A,V1,B,10,2"))) == [("duplicate", 3, "parent")]


def test_the_same_component_without_positions_is_a_duplicate() -> None:
    assert faults(parse(raw("bom", "parent,version,component,quantity", "A,V1,B,1", "A,V1,B,1"))) == [
        ("duplicate", 3, "parent")
    ]


def test_blank_keys_are_missing_not_duplicate() -> None:
    assert faults(parse(raw("units", "code,name", ",x", ",y"))) == [("blank", 2, "code"), ("blank", 3, "code")]


def test_only_so_many_faults_are_described_and_the_rest_is_counted() -> None:
    parsed = parse(raw("units", "code,decimals", *[f"U{n},x" for n in range(30_000)]))
    assert len(parsed.problems) == PROBLEMS_SHOWN + 1
    assert parsed.problems[-1].code == "exchange.more_faults"
    assert parsed.problems[-1].args == {"count": 30_000 - PROBLEMS_SHOWN}
    assert parsed.problems[0].place.row == 2


def test_codes_stored_as_numbers_are_one_warning_a_column() -> None:
    parsed = parse(RawSheet("i.xlsx", "items", [["code", "unit"], [123.0, "PCS"], [7.0, "PCS"]]))
    assert parsed.columns["code"] == ["123", "7"]
    assert [(w.code, w.place.column) for w in parsed.warnings] == [("exchange.numbers_in_text", "code")]


class TestDocuments:
    HEAD = "number,date,customer,line,item,quantity,due_date"

    def test_the_head_stands_on_the_first_row_and_may_be_blank_below(self) -> None:
        parsed = parse(
            raw(
                "sales_orders",
                self.HEAD,
                "SO1,2026-01-05,C1,1,A,5,2026-02-01",
                ",,,2,B,6,2026-02-02",
                "SO1,,,3,C,7,",
                "SO2,2026-01-06,C2,1,A,1,2026-02-01",
            )
        )
        assert parsed.problems == []
        first, second = documents(parsed)
        assert (first.number, first.lines, second.lines) == ("SO1", (0, 1, 2), (3,))
        assert first.head == {"number": "SO1", "date": dt.date(2026, 1, 5), "customer": "C1"}
        assert parsed.columns["customer"] == ["C1", "C1", "C1", "C2"]

    def test_rows_of_one_document_need_not_stand_together(self) -> None:
        parsed = parse(
            raw(
                "forecasts",
                "number,date,item,quantity",
                "F1,2026-01-05,A,5",
                "F2,2026-01-05,A,5",
                "F1,2026-01-05,B,5",
            )
        )
        assert [(d.number, d.lines) for d in documents(parsed)] == [("F1", (0, 2)), ("F2", (1,))]

    def test_a_head_that_contradicts_itself_names_both_rows(self) -> None:
        parsed = parse(raw("sales_orders", self.HEAD, "S,2026-01-05,C1,1,A,5,", "S,2026-01-05,C2,2,A,5,"))
        assert faults(parsed) == [("contradiction", 3, "customer")]
        assert parsed.problems[0].args == {"value": "C2", "head": "C1", "row": 2, "number": "S"}

    def test_a_head_value_may_be_missing_only_once_a_document(self) -> None:
        parsed = parse(raw("sales_orders", self.HEAD, "S,2026-01-05,,1,A,5,", ",,,2,A,5,", "T,x,C,1,A,5,", ",,,2,A,5,"))
        assert faults(parsed) == [("blank", 2, "customer"), ("no_date", 4, "date")]

    def test_the_first_row_needs_a_number(self) -> None:
        parsed = parse(raw("sales_orders", self.HEAD, ",2026-01-05,C1,1,A,5,", "S,2026-01-05,C1,1,A,5,"))
        assert faults(parsed) == [("blank", 2, "number")]

    def test_a_faulty_number_is_one_fault_and_its_rows_are_still_checked(self) -> None:
        parsed = parse(
            RawSheet(
                "s",
                "forecasts",
                [
                    ["number", "date", "item", "quantity"],
                    [dt.date(2026, 1, 2), "2026-01-05", "A", -1],
                    ["F", None, "A", 1],
                ],
            )
        )
        assert faults(parsed) == [("date_in_text", 2, "number"), ("negative", 2, "quantity"), ("blank", 3, "date")]

    def test_the_same_line_twice_is_a_duplicate(self) -> None:
        parsed = parse(raw("sales_orders", self.HEAD, "S,2026-01-05,C1,1,A,5,", "S,2026-01-05,C1,1,B,5,"))
        assert faults(parsed) == [("duplicate", 3, "number")]

    def test_lines_without_numbers_are_no_duplicates(self) -> None:
        parsed = parse(raw("sales_orders", self.HEAD, "S,2026-01-05,C1,,A,5,", "S,2026-01-05,C1,,B,5,"))
        assert faults(parsed) == []

    def test_a_production_order_is_one_row(self) -> None:
        parsed = parse(raw("production_orders", "number,date,item,quantity", "M,2026-01-05,A,5", "M,2026-01-05,B,5"))
        assert faults(parsed) == [("duplicate", 3, "number")]

    def test_the_source_order_runs_down_and_may_change_within_a_document(self) -> None:
        parsed = parse(
            raw(
                "material_issues",
                "number,date,order,item,quantity,kind",
                "L1,2026-01-05,MO1,A,5,补料",
                ",,,B,5,",
                ",,MO2,A,3,",
                ",,,B,3,",
            )
        )
        assert parsed.problems == []
        assert parsed.columns["order"] == ["MO1", "MO1", "MO2", "MO2"]
        assert set(parsed.columns["kind"]) == {"supplement"}

    def test_a_required_source_order_is_asked_for_until_one_is_given(self) -> None:
        parsed = parse(raw("deliveries", "number,date,order,item,quantity", "D,2026-01-05,,A,5", ",,SO1,B,5", ",,,C,1"))
        assert faults(parsed) == [("blank", 2, "order")]
        assert parsed.columns["order"] == [None, "SO1", "SO1"]

    @pytest.mark.parametrize("quantity", ["0", "-1"])
    def test_a_quantity_of_a_document_is_above_zero(self, quantity: str) -> None:
        parsed = parse(raw("forecasts", "number,date,item,quantity", f"F,2026-01-05,A,{quantity}"))
        assert len(parsed.problems) == 1


def test_a_quarter_million_rows_are_checked_in_seconds() -> None:
    head = [
        "parent",
        "version",
        "component",
        "position",
        "quantity",
        "base_quantity",
        "scrap_rate",
        "key",
        "note",
        "valid_from",
    ]
    rows: list[list[Any]] = [head]
    rows += [
        [
            f"A{n // 5:06}",
            "V1.0",
            f"B{n * 7 % 90_000:06}",
            str(n % 5),
            f"{n % 9_000 / 1000}",
            "1",
            "0.02",
            "no",
            "",
            "2026-01-05",
        ]
        for n in range(250_000)
    ]
    start = time.process_time()
    parsed = parse(RawSheet("bom.csv", "bom", rows))
    seconds = time.process_time() - start
    assert parsed.problems == []
    assert parsed.columns["quantity"][1] == Decimal("0.001")
    print(f"250,000 rows of 10 columns: {seconds:.2f} s")
