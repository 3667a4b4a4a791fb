"""Figures and texts at the edge of what a sheet takes: the last that fits, and the first that is refused with its reason."""

from __future__ import annotations

import pytest

from models.kernel.texts import CODE_LENGTH, TEXT_LENGTH
from services.exchange.values import Fault, read_date, read_number, read_text
from tests.unit.services.exchange.test_values import value


@pytest.mark.parametrize("limit", [CODE_LENGTH, TEXT_LENGTH])
def test_a_text_of_just_the_length_fits_and_one_character_more_does_not(limit: int) -> None:
    assert read_text("x" * limit, limit) == "x" * limit
    fault = read_text("x" * (limit + 1), limit)
    assert isinstance(fault, Fault)
    assert fault.args == {"length": limit + 1, "limit": limit}


@pytest.mark.parametrize("cell", ["1" + "0" * 17, "-1" + "0" * 17])
def test_a_figure_that_no_book_can_keep_is_too_large_on_either_side_of_zero(cell: str) -> None:
    assert value("opening_stock", "quantity", cell) == "exchange.too_large"


@pytest.mark.parametrize(
    ("cell", "text"), [(999_999_999_999_999, "999999999999999"), (1e14, "100000000000000"), (1.5, "1.5")]
)
def test_a_number_in_a_code_keeps_its_digits_as_long_as_the_file_had_them(cell: float, text: str) -> None:
    assert read_text(cell, CODE_LENGTH) == text


@pytest.mark.parametrize("cell", [10**15, 1e15, -1e15])
def test_a_number_whose_digits_the_file_may_have_lost_is_no_code(cell: float) -> None:
    fault = read_text(cell, CODE_LENGTH)
    assert isinstance(fault, Fault)
    assert fault.code == "exchange.digits_lost"


def test_a_percent_sign_means_hundredths_only_where_a_rate_is_asked() -> None:
    assert str(read_number("2.5%", percent=True)) == "0.025"
    assert isinstance(read_number("2.5%"), Fault)


@pytest.mark.parametrize(
    ("cell", "good"), [("2199-12-31", True), ("2200-01-01", False), ("1900-01-01", True), ("1899-12-31", False)]
)
def test_the_calendar_of_a_sheet_has_a_first_and_a_last_day(cell: str, good: bool) -> None:
    assert isinstance(read_date(cell), Fault) is not good
