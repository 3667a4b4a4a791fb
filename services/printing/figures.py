"""Figures on paper: how many decimals they show and where thousands are set apart, the same on every form.

Quantities of one unit have equally many decimals within a column, as many as the longest of them needs and no more, so that whole
pieces stay whole and the points of kilograms stand below each other; from 10,000 on thousands are set apart. Prices have two decimals
or as many as the longest of the column needs. Money has two and thousands set apart, prices too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from models.kernel.numbers import MONEY_PLACES, places_of, round_half_up

Places = Mapping[object, int]
"""decimals of quantities by unit"""
GROUPED_FROM: Final = Decimal(10_000)
"""a quantity from which thousands are set apart: four digits are read at a glance"""


def quantity(value: Decimal, places: int = 0) -> str:
    """A quantity with at least so many decimals."""
    text = f"{value:,.{max(places, places_of(value))}f}"
    return text if abs(value) >= GROUPED_FROM else text.replace(",", "")


def money(value: Decimal) -> str:
    """An amount, half up to the cent."""
    return f"{round_half_up(value, MONEY_PLACES):,.2f}"


def price(value: Decimal, places: int = MONEY_PLACES) -> str:
    """A price with at least so many decimals, none lost."""
    return f"{value:,.{max(places, places_of(value))}f}"


def quantities(pairs: Sequence[tuple[object, Decimal | None]]) -> list[str]:
    """A column of quantities, each with its unit; nothing where there is none."""
    places = places_by_unit(pairs)
    return ["" if value is None else quantity(value, places[unit]) for unit, value in pairs]


def places_by_unit(pairs: Iterable[tuple[object, Decimal | None]]) -> Places:
    """Decimals that the quantities of each unit need."""
    made: dict[object, int] = defaultdict(int)
    for unit, value in pairs:
        if value is not None:
            made[unit] = max(made[unit], places_of(value))
    return made


def prices(values: Sequence[Decimal | None]) -> list[str]:
    """A column of prices; nothing where there is none."""
    places = max([MONEY_PLACES, *(places_of(value) for value in values if value is not None)])
    return ["" if value is None else price(value, places) for value in values]
