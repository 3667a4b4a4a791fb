"""Exact decimals: what a clerk types, what is stored, and how a cent is rounded."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction as F

import pytest

from models.kernel.numbers import (
    INT64_MAX,
    allocate,
    parse_number,
    places_of,
    plain,
    round_down,
    round_half_up,
    round_up,
    scaled,
    unscaled,
)


@pytest.mark.parametrize(
    ("value", "places"), [("1.50", 1), ("0", 0), ("100", 0), ("1E+3", 0), ("-0.030", 2), ("0.00000001", 8), ("-2.5", 1)]
)
def test_only_decimals_that_carry_a_digit_count(value: str, places: int) -> None:
    assert places_of(D(value)) == places


def test_what_is_stored_comes_back_and_surplus_digits_are_no_figure_of_the_book() -> None:
    for value, places in (("12.34", 2), ("-12.34", 2), ("0.000001", 6), ("-0.5", 1), ("7", 0)):
        assert unscaled(scaled(D(value), places), places) == D(value)
    for value, places in (("0.001", 2), ("-0.001", 2), ("1.5", 0)):
        with pytest.raises(ValueError, match="decimals"):
            scaled(D(value), places)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_figure_is_kept_and_the_next_one_refused_on_both_sides_of_zero(sign: int) -> None:
    assert scaled(D(sign * INT64_MAX).scaleb(-2), 2) == sign * INT64_MAX
    with pytest.raises(ValueError, match="too large"):
        scaled(D(sign * (INT64_MAX + 1)).scaleb(-2), 2)


@pytest.mark.parametrize("kind", [D, F])
@pytest.mark.parametrize(
    ("value", "rounded"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.1249", "0.12"), ("-0.1249", "-0.12"), ("2", "2")]
)
def test_half_a_cent_goes_away_from_zero_also_below_it(kind: type[D | F], value: str, rounded: str) -> None:
    assert round_half_up(kind(value), 2) == D(rounded)


@pytest.mark.parametrize("kind", [D, F])
@pytest.mark.parametrize(
    ("value", "down"), [("0.129", "0.12"), ("-0.121", "-0.13"), ("0.12", "0.12"), ("-0.12", "-0.12")]
)
def test_rounding_down_never_goes_above(kind: type[D | F], value: str, down: str) -> None:
    assert round_down(kind(value), 2) == D(down)


def test_rounding_up_drops_what_is_only_noise_of_a_division() -> None:
    """An excess below a ten-millionth of the last place is noise, one of exactly that is none."""
    assert round_up(F(10) + F(9, 10**8), 0) == 10
    assert round_up(F(10) + F(1, 10**7), 0) == 11
    assert round_up(D("10.01"), 1) == D("10.1")
    assert round_up(F(1, 3) * 3, 0) == 1
    assert round_up(D("-10.5"), 0) == -10
    assert round_up(F(7), 2) == 7


def test_a_total_is_split_to_the_cent_and_the_last_that_bears_takes_the_rest() -> None:
    assert allocate(D(100), [D(1), D(1), D(1)]) == [D("33.33"), D("33.33"), D("33.34")]
    assert allocate(D(100), [D(1), D(1), D(1), D(0)]) == [D("33.33"), D("33.33"), D("33.34"), D(0)]
    assert allocate(D("0.01"), [D(0), D(1), D(1)]) == [D(0), D("0.01"), D(0)]
    assert allocate(D(0), [D(0), D(0)]) == [D(0), D(0)]
    with pytest.raises(ValueError, match="nothing"):
        allocate(D(1), [D(0)])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,234.5", "1234.5"), ("１２．５", "12.5"), ("－５", "-5"), ("＋７，０００", "7000"),
        ("¥ 1 000", "1000"), ("￥12", "12"), ("$3", "3"), (" -5 ", "-5"),
        ("1\u00a0000", "1000"), ("+7", "7"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, value: str) -> None:
    assert parse_number(typed) == D(value)


@pytest.mark.parametrize("typed", ["", " ", "abc", "1.2.3", "NaN", "Infinity", "-inf", "--1"])
def test_what_is_no_number_is_none(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_number(typed)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("12.500000", "12.5"), ("1E+2", "100"), ("-0", "0"), ("0.00", "0"), ("-0.000", "0"), ("-0.10", "-0.1"),
        ("1E-8", "0.00000001"), ("100", "100"),
    ],
)  # fmt: skip
def test_figures_are_written_without_trailing_zeros_and_never_as_minus_nothing(value: str, text: str) -> None:
    assert plain(D(value)) == text
