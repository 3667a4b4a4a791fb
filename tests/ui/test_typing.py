"""What may be typed or pasted, and how it is shown: numbers, dates, choices, blocks of cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conftest import TODAY
from ui.framework.grid.clipboard import from_tsv, to_html, to_tsv
from ui.framework.grid.columns import Column
from ui.framework.grid.typing_rules import parse_date, parse_decimal
from ui.framework.pinyin import initials

KINDS = {"normal": "普通", "rework": "返修", "toll": "受托"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("￥12", "12"),
        ("１２．５", "12.5"),
        ("-3", "-3"),
        ("95%", "0.95"),
        ("=12*3+4", "40"),
        ("=(1+2)/4", "0.75"),
        ("＝３＊２", "6"),
        ("９５％", "0.95"),
        ("=3×4÷2", "6"),
        ("=1/3", "0.33333333"),
        ("=-2+5", "3"),
        ("\ufeff12\u200b", "12"),
        ("\u00a01 234", "1234"),
        ("-999999999999.99999999", "-999999999999.99999999"),
        ("0e999999999", "0"),
    ],
)
def test_numbers_are_read_as_typed(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "1x",
        "",
        "=1/0",
        "=__import__('os')",
        "=2**9999",
        "=a+1",
        "1.2.3",
        "=" + "1+" * 200 + "1",
        "nan",
        "1_000",
        "1" * 50,
        "1" * 5000,
    ],
)
def test_what_is_no_number_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValueError, match=r"[一-鿿]"):
        parse_decimal(text)


@pytest.mark.parametrize(
    "text", ["1e999999999", "1e400", "1234567890123", "=1e999", "=1e30", "=999999999999*99", "-1e13", "1e999999999%"]
)
def test_what_no_book_keeps_is_refused_without_being_written_out(text: str) -> None:
    with pytest.raises(ValueError, match="太大"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["=1e999999999*1e999999999", "=1/0", "=0/0"])
def test_a_sum_that_breaks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="算不出来"):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["1e-400", "1e-999999", "0.1234567891"])
def test_more_decimals_than_are_kept_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="小数超过 8 位"):
        parse_decimal(text)


@pytest.mark.parametrize(
    ("kind", "text", "match"),
    [
        ("text", "a\x07b", "U\\+0007"),
        ("text", "a\ud800", "U\\+D800"),
        ("code", "a\nb", "U\\+000A"),
        ("lookup", "a\x00b", "U\\+0000"),
        ("code", "6.92227E+12", "丢失"),
    ],
)
def test_a_text_that_import_refuses_is_refused(kind: Any, text: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        Column("x", "", kind=kind).read(text, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("code", "\u200b001\ufeff", "001"),
        ("lookup", "\u3000RM403\u00a0", "RM403"),
        ("text", "a\tb\nc", "a b\nc"),
        ("text", "6.92227E+12", "6.92227E+12"),
        ("text", "👨\u200d👩", "👨\u200d👩"),
        ("date", "2026 - 3 - 5", date(2026, 3, 5)),
        ("date", "2026年 3 月 5 日", date(2026, 3, 5)),
        ("flag", "有", True),
        ("flag", "X", False),
        ("flag", "T", True),
        ("flag", "ＴＲＵＥ", True),
        ("text", "一\r\n二", "一\n二"),
        ("code", "RM\u00a0403", "RM 403"),
    ],
)
def test_what_import_takes_is_taken(kind: Any, text: str, value: Any) -> None:
    assert Column("x", "", kind=kind).read(text, today=TODAY) == value


@pytest.mark.parametrize("kind", ["text", "code", "lookup"])
@pytest.mark.parametrize("text", ["#N/A", " #REF! ", "#DIV/0!"])
def test_an_error_of_a_formula_is_no_text(kind: Any, text: str) -> None:
    with pytest.raises(ValueError, match="公式的错误值"):
        Column("x", "", kind=kind).read(text, today=TODAY)


def test_what_cannot_be_seen_within_a_code_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+200B"):
        Column("x", "", kind="code").read("RM\u200b403", today=TODAY)


def test_a_full_stop_of_an_input_method_is_a_decimal_point() -> None:
    assert parse_decimal("1。5") == Decimal("1.5")


def test_whole_numbers_are_typed_and_copied_without_separators() -> None:
    assert Column("lines", "", kind="number").edit_text(1284) == "1284"
    assert Column("lines", "", kind="number").show(1284) == "1,284"


def test_surplus_decimals_are_refused() -> None:
    assert parse_decimal("1.25", 2) == Decimal("1.25")
    with pytest.raises(ValueError, match="小数超过 0 位"):
        parse_decimal("1.5", 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026/3/5", date(2026, 3, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("2026年3月5日", date(2026, 3, 5)),
        ("2026-03-05 08:00", date(2026, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("3-5", date(2026, 3, 5)),
        ("3月5日", date(2026, 3, 5)),
        ("0305", date(2026, 3, 5)),
        ("15", date(2026, 3, 15)),
        ("0", date(2026, 3, 10)),
        ("+5", date(2026, 3, 15)),
        ("-3", date(2026, 3, 7)),
        ("#200", date(2026, 7, 19)),
        ("＃１", date(2026, 1, 1)),
        ("#365", date(2026, 12, 31)),
        ("5号", date(2026, 3, 5)),
        ("3月5号", date(2026, 3, 5)),
        ("2026年3月5号", date(2026, 3, 5)),
        ("2026年3月5日 星期四", date(2026, 3, 5)),
        ("2026/3/5（周四）", date(2026, 3, 5)),
        ("2026。3。5", date(2026, 3, 5)),
        ("2026—3—5", date(2026, 3, 5)),
        ("5-Mar-26", date(2026, 3, 5)),
        ("05-Mar-2026", date(2026, 3, 5)),
        ("5-Mar", date(2026, 3, 5)),
        ("46086", date(2026, 3, 5)),
    ],
)
def test_dates_are_read_as_typed(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "2-30",
        "32",
        "abc",
        "2026-13-01",
        "123",
        "+99999",
        "0026-03-05",
        "3026-03-05",
        "31-Feb",
        "5-Maz",
        "32号",
        "12345",
        "26/3/5",
    ],
)
def test_what_is_no_date_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="3-5"):
        parse_date(text, TODAY)


@pytest.mark.parametrize("text", ["#366", "#0", "#999"])
def test_a_day_that_the_year_does_not_have_is_refused_with_its_length(text: str) -> None:
    with pytest.raises(ValueError, match="2026 年只有 365 天"):
        parse_date(text, TODAY)
    assert parse_date("#366", date(2028, 3, 1)) == date(2028, 12, 31)


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        (Column("c", "数量", kind="number"), Decimal("1284.500000"), "1,284.5"),
        (Column("c", "数量", kind="number", decimals=2), Decimal("3"), "3.00"),
        (Column("c", "金额", kind="money"), Decimal("-1234.5"), "-1,234.50"),
        (Column("c", "数量", kind="number"), Decimal("-0"), "0"),
        (Column("c", "数量", kind="number"), Decimal("1E+3"), "1,000"),
        (Column("c", "类型", kind="choice", choices=KINDS), "toll", "受托"),
        (Column("c", "是否", kind="flag"), True, "是"),
        (Column("c", "是否", kind="flag"), False, ""),
        (Column("c", "进度", kind="progress"), Decimal("0.4"), "40%"),
        (Column("c", "日期", kind="date"), date(2026, 3, 5), "2026-03-05"),
        (Column("c", "编码", kind="code"), "00123", "00123"),
        (Column("c", "空", kind="money"), None, ""),
    ],
)
def test_values_are_shown_as_clerks_write_them(column: Column, value: Any, shown: str) -> None:
    assert column.show(value) == shown


def test_a_choice_is_read_in_any_width_and_case() -> None:
    kind = Column("kind", "", kind="choice", choices={"normal": "普通", "rework": "返修"})
    assert [kind.read(text, today=TODAY) for text in ("Normal", "ＲＥＷＯＲＫ", "普通\n")] == [
        "normal",
        "rework",
        "normal",
    ]


def test_choices_are_read_by_word_by_key_or_by_their_first_character() -> None:
    column = Column("kind", "类型", kind="choice", choices=KINDS)
    assert [column.read(text, today=TODAY) for text in ("返修", "toll", "普", "")] == ["rework", "toll", "normal", None]
    with pytest.raises(ValueError, match="普通、返修、受托"):
        column.read("别的", today=TODAY)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"两行\n备注"\t"说""好"""\n', [["两行\n备注", '说"好"']]),
        ('5" 管\t"没关', [['5" 管', '"没关']]),
        ("a\t\n\tb\n", [["a", ""], ["", "b"]]),
        ("", []),
        ("\n", [[""]]),
        ("只有一格", [["只有一格"]]),
        ("a\rb\r", [["a"], ["b"]]),
    ],
)
def test_blocks_of_excel_wps_and_libreoffice_are_read(text: str, rows: list[list[str]]) -> None:
    expected = rows if text != "\n" else []
    assert from_tsv(text) == expected


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\r\x00"), min_size=1), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_a_copied_block_pastes_back_as_it_was(rows: list[list[str]]) -> None:
    width = max(len(row) for row in rows)
    table = [row + ["x"] * (width - len(row)) for row in rows]
    assert from_tsv(to_tsv(table) + "\r\n") == table


def test_html_keeps_text_as_text_and_is_safe() -> None:
    made = to_html([["00123", "1.5", "<b>"]], ["text", "number", "text"])
    assert "mso-number-format:'\\@'\">00123" in made
    assert "<td>1.5</td>" in made
    assert "&lt;b&gt;" in made


def test_pinyin_initials_know_the_trade() -> None:
    assert [initials(text) for text in ("生产领料单", "重庆", "行车", "BOM 成本")] == ["sclld", "cq", "xc", "bomcb"]
