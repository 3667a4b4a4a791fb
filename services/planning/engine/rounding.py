"""Rounding of single quotients, with Python's integers."""

from __future__ import annotations

NOISE = 10**7
"""An excess of less than 1/NOISE of the last place is no reason to round up."""


def ceil_div(numerator: int, denominator: int) -> int:
    """Smallest integer not below the quotient."""
    return -(-numerator // denominator)


def round_number(numerator: int, denominator: int, *, half_up: bool) -> int:
    """Up to a whole number unless the excess is noise; half_up: half away from zero upwards."""
    whole, rest = divmod(numerator, denominator)
    if half_up:
        return whole + (2 * rest >= denominator)
    return whole + (rest * NOISE >= denominator)
