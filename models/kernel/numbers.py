"""Exact decimals: the scales that are stored, one rounding module, one way to split a total."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction

MONEY_PLACES = 2
QUANTITY_PLACES = 6
RATE_PLACES = 8

ZERO = Decimal(0)
INT64_MAX = 2**63 - 1
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_NOISE = 10**7


def places_of(value: Decimal) -> int:
    """Number of decimals that carry a digit: 1.50 has 1."""
    if int(value) == value:
        return 0
    exponent = value.normalize(_WIDE).as_tuple().exponent
    return max(0, -int(exponent))


def scaled(value: Decimal, places: int) -> int:
    """The stored integer of a decimal; ValueError if it has more decimals than places or leaves 64 bits."""
    shifted = value.scaleb(places, _WIDE)
    whole = int(shifted)
    if shifted != whole:
        raise ValueError(f"{value} has more than {places} decimals")
    if abs(whole) > INT64_MAX:
        raise ValueError(f"{value} is too large")
    return whole


def unscaled(value: int, places: int) -> Decimal:
    """The decimal of a stored integer, without trailing zeros beyond the point."""
    return Decimal(value).scaleb(-places, _WIDE)


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Half away from zero, to the given decimals (money: 2)."""
    return _rounded(value, places, ROUND_HALF_UP)


def round_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Towards plus infinity; an excess below 1e-7 of the last place is noise and is dropped (exchange contract)."""
    if isinstance(value, int):
        return unscaled(value * 10**places, places)
    exact = value if isinstance(value, Fraction) else Fraction(value)
    floor, rest = divmod(exact.numerator * 10**places, exact.denominator)
    whole = floor if rest * _NOISE < exact.denominator else floor + 1
    return unscaled(whole, places)


def round_down(value: Decimal | Fraction, places: int) -> Decimal:
    """Towards minus infinity, to the given decimals."""
    return _rounded(value, places, ROUND_FLOOR)


def share(value: Decimal, part: Decimal, whole: Decimal, places: int = MONEY_PLACES) -> Decimal:
    """value × part ÷ whole, half away from zero to the given decimals; ZeroDivisionError if whole is zero."""
    (a, under_a), (b, under_b), (c, under_c) = (number.as_integer_ratio() for number in (value, part, whole))
    above, below = a * b * under_c * 10**places, under_a * under_b * c
    rounded = (2 * abs(above) + abs(below)) // (2 * abs(below))
    return unscaled(rounded if (above >= 0) == (below > 0) else -rounded, places)


def _rounded(value: Decimal | Fraction | int, places: int, rounding: str) -> Decimal:
    if isinstance(value, int):
        return unscaled(value * 10**places, places)
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_WIDE)
    above, below = value.numerator * 10**places, value.denominator
    if rounding == ROUND_FLOOR:
        whole = above // below
    elif rounding == ROUND_CEILING:
        whole = -(-above // below)
    else:
        whole = (2 * abs(above) + below) // (2 * below)
        whole = whole if above >= 0 else -whole
    return unscaled(whole, places)


def allocate(total: Decimal, bases: Sequence[Decimal], places: int = MONEY_PLACES) -> list[Decimal]:
    """Splits total by bases, each share half up, the last non-zero base takes the remainder; sums are exact.

    ValueError if the bases sum to zero while total does not (AT-24d).
    """
    base_sum = sum(bases, ZERO)
    if base_sum == 0:
        if total != 0:
            raise ValueError("nothing to allocate by")
        return [ZERO] * len(bases)
    last = max(i for i, base in enumerate(bases) if base != 0)
    shares = [
        round_half_up(Fraction(total) * Fraction(base) / Fraction(base_sum), places) if base else ZERO for base in bases
    ]
    shares[last] = total - sum((share for i, share in enumerate(shares) if i != last), ZERO)
    return shares


def parse_number(text: str) -> Decimal:
    """A typed or pasted number: full-width digits, currency signs and thousands separators are accepted."""
    plain = text.strip().translate(_FULL_WIDTH)
    for mark in ("￥", "¥", "$", ",", " ", "\u00a0"):
        plain = plain.replace(mark, "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite():
        raise ValueError(text)
    return value


def plain(value: Decimal) -> str:
    """Digits without exponent and without trailing zeros: 12.500000 -> 12.5, 1E+2 -> 100."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋％", "0123456789.,-+%")
