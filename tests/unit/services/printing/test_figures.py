"""Figures on paper: aligned by unit, no zeros that say nothing, thousands set apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.printing.declared import ColumnSpec, FormSpec, TableSpec, build
from services.printing.figures import money, price, prices, quantities, quantity
from services.printing.forms import Form

D = Decimal
SPEC = FormSpec(
    "单据",
    head=(),
    tables=(
        TableSpec(
            "lines",
            (
                ColumnSpec("单位", "unit"),
                ColumnSpec("数量", "quantity", "number", total=True),
                ColumnSpec("单价", "price", "price"),
                ColumnSpec("金额", "amount", "money", total=True),
            ),
        ),
    ),
)


def form(*lines: tuple[str, str, str, str]) -> Form:
    rows = [{"unit": unit, "quantity": D(q), "price": D(p), "amount": D(a)} for unit, q, p, a in lines]
    return build(SPEC, {}, {"lines": rows}, company="厂")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12.500000", "12.5"),
        ("1E+2", "100"),
        ("9999", "9999"),
        ("10000", "10,000"),
        ("1234567.25", "1,234,567.25"),
        ("0", "0"),
    ],
)
def test_a_quantity_by_itself(value: str, shown: str) -> None:
    assert quantity(D(value)) == shown


def test_money_and_prices_set_thousands_apart() -> None:
    assert (money(D("1062")), price(D("88.5")), price(D("1234.5678"))) == ("1,062.00", "88.50", "1,234.5678")
    assert [price(D(one)) for one in ("70", "128.5", "4.753", "0.1234560", "0")] == [
        "70.00", "128.50", "4.753", "0.123456", "0.00",
    ]  # fmt: skip
    assert prices([D("0.05"), None, D("1.2345")]) == ["0.0500", "", "1.2345"]


def test_quantities_of_one_unit_have_their_points_below_each_other_and_pieces_stay_whole() -> None:
    column = [("公斤", D("12.5")), ("个", D(332)), ("公斤", D("3.125")), ("公斤", None), ("个", D(12000))]
    assert quantities(column) == ["12.500", "332", "3.125", "", "12,000"]


def test_a_table_writes_its_columns_so_and_sums_as_its_lines() -> None:
    (table,) = form(("公斤", "9999.5", "1200.5", "12004399.75"), ("公斤", "2.25", "0.125", "0.28")).tables
    assert [row[1:] for row in table.rows] == [
        ("公斤", "9999.50", "1,200.500", "12,004,399.75"),
        ("公斤", "2.25", "0.125", "0.28"),
    ]
    assert table.totals[1:] == ("", "10,001.75", "", "12,004,400.03")


def test_quantities_of_two_units_are_not_summed() -> None:
    (table,) = form(("公斤", "1.5", "1", "1.5"), ("个", "2", "1", "2")).tables
    assert table.totals[2] == ""
