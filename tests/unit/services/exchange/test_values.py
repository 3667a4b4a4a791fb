"""Cells become values, or faults that say what is wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kernel.numbers import plain
from models.kernel.sheets import SheetColumn
from services.exchange.sheets import find_sheet
from services.exchange.values import Converter, Fault


def column(sheet: str, key: str) -> SheetColumn:
    found = find_sheet(sheet)
    assert found is not None
    return found.column(key)


def value(sheet: str, key: str, cell: Any) -> Any:
    got = Converter(column(sheet, key))[cell]
    return got.code if isinstance(got, Fault) else got


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05",
        "2026/3/5",
        "2026年3月5日",
        "2026.3.5",
        "2026-3-5",
        "20260305",
        "２０２６年３月５日",
        "2026-03-05 00:00:00",
        "2026/3/5 8:30",
        " 2026-03-05 ",
        dt.date(2026, 3, 5),
        46086.0,
        46086,
        46086.75,
    ],
)
def test_a_date_is_read_however_it_is_written(cell: Any) -> None:
    assert value("sales_orders", "due_date", cell) == dt.date(2026, 3, 5)


@pytest.mark.parametrize("cell", ["2026-02-30", "5/3/2026", "soon", "2026-13-01", "46086", "26-3-5", 0.0, -3, 1e18])
def test_a_date_that_is_none_is_a_fault(cell: Any) -> None:
    assert value("sales_orders", "due_date", cell) == "exchange.no_date"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12.5", "12.5"),
        ("１２．５", "12.5"),
        ("￥1,234.50", "1234.5"),
        (" 7 ", "7"),
        ("1E+3", "1000"),
        (7.0, "7"),
        (0.1 + 0.2, "0.3"),
        (12, "12"),
        ("+5", "5"),
    ],
)
def test_a_number_is_read_however_it_is_written(cell: Any, expected: str) -> None:
    assert plain(value("sales_orders", "quantity", cell)) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-5", "exchange.negative"),
        ("0", "exchange.zero"),
        ("1.2345678", "exchange.too_many_decimals"),
        ("ten", "exchange.no_number"),
        ("1_000", "exchange.no_number"),
        ("nan", "exchange.no_number"),
        ("1e999999999", "exchange.no_number"),
        (float("nan"), "exchange.no_number"),
        ("9" * 50, "exchange.no_number"),
        ("9999999999999", "exchange.too_large"),
        ("TRUE", "exchange.no_number"),
        (dt.date(2026, 3, 5), "exchange.date_for_number"),
        ("#N/A", "exchange.error_value"),
        ("", "exchange.blank"),
        (None, "exchange.blank"),
        ("\u3000", "exchange.blank"),
    ],
)
def test_a_quantity_that_is_none_says_why(cell: Any, code: str) -> None:
    assert value("sales_orders", "quantity", cell) == code


def test_decimals_are_bounded_by_the_kind_of_number() -> None:
    assert value("bom", "quantity", "0.00000001") == Decimal("0.00000001")
    assert value("bom", "quantity", "0.000000001") == "exchange.too_many_decimals"
    assert value("opening_stock", "amount", "1.005") == "exchange.too_many_decimals"
    assert value("sales_orders", "price", "1.12345678") == Decimal("1.12345678")
    assert value("sales_orders", "quantity", "1.500000000") == Decimal("1.5")
    assert value("items", "lead_time_days", "1.5") == "exchange.no_whole_number"
    assert value("items", "lead_time_days", 3.0) == 3


@pytest.mark.parametrize(
    ("key", "cell", "expected"),
    [
        ("scrap_rate", "0", Decimal(0)),
        ("scrap_rate", "0.99999999", Decimal("0.99999999")),
        ("scrap_rate", "1", "exchange.not_below"),
        ("scrap_rate", "-0.01", "exchange.negative"),
        ("scrap_rate", "2%", Decimal("0.02")),
        ("base_quantity", "0", "exchange.zero"),
        ("base_quantity", "", Decimal(1)),
        ("quantity", "0", Decimal(0)),
        ("quantity", "5%", "exchange.no_number"),
    ],
)
def test_bom_numbers_stay_in_their_bounds(key: str, cell: str, expected: Any) -> None:
    assert value("bom", key, cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1", Decimal(1)), ("0", "exchange.zero"), ("1.01", "exchange.above_maximum"), ("", Decimal(1))],
)
def test_a_yield_is_above_zero_and_at_most_one(cell: str, expected: Any) -> None:
    assert value("items", "yield_rate", cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("00123", "00123"),
        (123.0, "123"),
        (6922266445057.0, "6922266445057"),
        (1e15, "exchange.digits_lost"),
        ("6.92227E+12", "exchange.digits_lost"),
        (dt.date(2026, 1, 2), "exchange.date_in_text"),
        (" A1 ", "A1"),
        ("A\u00a0", "A"),
        ("A\x07", "exchange.control_character"),
        ("A\nB", "exchange.control_character"),
        ("A\ud800", "exchange.control_character"),
        ("x" * 65, "exchange.too_long"),
        ("'=A1", "=A1"),
        ("'A1", "'A1"),
        ("#REF!", "exchange.error_value"),
    ],
)
def test_a_code_keeps_its_characters_or_is_refused(cell: Any, expected: str) -> None:
    assert value("items", "code", cell) == expected


def test_codes_stored_as_numbers_are_noticed() -> None:
    converter = Converter(column("items", "code"))
    converter.convert(["A", "B"])
    assert not converter.numbers_in_text
    converter.convert([123.0])
    assert converter.numbers_in_text


def test_free_text_may_have_lines_but_no_control_characters() -> None:
    assert value("bom", "note", "a\r\nb") == "a\nb"
    assert value("bom", "note", "a\0b") == "exchange.control_character"
    assert value("bom", "note", "x" * 501) == "exchange.too_long"


@pytest.mark.parametrize("cell", ["manufactured", "自制", "Manufactured", " 自制 "])
def test_a_choice_is_accepted_in_either_language(cell: str) -> None:
    assert value("items", "kind", cell) == "manufactured"


@pytest.mark.parametrize("cell", ["lot_for_lot", "Lot for lot", "lot-for-lot", "按需"])
def test_a_choice_of_several_words_may_be_written_with_blanks(cell: str) -> None:
    assert value("items", "lot_policy", cell) == "lot_for_lot"


def test_a_word_outside_the_vocabulary_is_a_fault_that_lists_it() -> None:
    got = Converter(column("items", "kind"))["crafted"]
    assert isinstance(got, Fault)
    assert got.code == "exchange.no_choice"
    assert "manufactured 自制" in str(got.args["known"])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("yes", True), ("是", True), ("TRUE", True), (1.0, True), ("√", True), ("no", False), ("否", False), (0, False)],
)
def test_a_flag_is_read_however_it_is_written(cell: Any, expected: bool) -> None:
    assert value("warehouses", "nettable", cell) is expected


def test_a_flag_that_is_neither_is_a_fault() -> None:
    assert value("warehouses", "nettable", "maybe") == "exchange.no_choice"


@pytest.mark.parametrize(
    "cell", ["2026-03", "2026/3", "2026年3月", "202603", 202603.0, dt.date(2026, 3, 1), "2026-03-01"]
)
def test_a_period_is_read_however_it_is_written(cell: Any) -> None:
    assert value("period_costs", "period", cell) == "2026-03"


@pytest.mark.parametrize("cell", ["2026-13", "March", "20263", "2026"])
def test_a_period_that_is_none_is_a_fault(cell: str) -> None:
    assert value("period_costs", "period", cell) == "exchange.no_period"


def test_a_blank_cell_means_the_default() -> None:
    assert value("items", "kind", "") == "purchased"
    assert value("warehouses", "nettable", None) is None
    assert value("calendar", "working", " ") is True
    assert value("items", "safety_stock", None) == Decimal(0)


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_every_quantity_comes_back_from_its_plain_digits(number: Decimal) -> None:
    assert value("bom", "scrap_fixed", plain(number)) == number if number < 9 * 10**10 else True


@given(st.one_of(st.text(), st.floats(), st.integers(), st.dates()))
def test_no_cell_raises_in_any_column(cell: Any) -> None:
    for sheet in ("items", "bom", "sales_orders", "period_costs", "warehouses"):
        found = find_sheet(sheet)
        assert found is not None
        for each in found.columns:
            got = Converter(each)[cell]
            assert got is None or isinstance(got, (Fault, str, Decimal, int, bool, dt.date))
