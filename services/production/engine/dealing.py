"""Merged picking: sums by material, short stock dealt to orders by start date, a changed sum spread back."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from models.kernel.numbers import ZERO, round_half_up

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Need(Generic[Key]):
    """What one order line still has to be issued of a material, in the material's stock unit.

    key: what is summed into one row (item, and warehouse or lot where they matter); workshop: who fetches it.
    """

    order: str
    start: date
    key: Key
    quantity: Decimal
    workshop: str = ""


@dataclass(frozen=True, slots=True)
class Share(Generic[Key]):
    """What a need gets of the stock there is, and what it lacks."""

    need: Need[Key]
    quantity: Decimal
    short: Decimal


def by_workshop(needs: Iterable[Need[Key]]) -> dict[str, list[Need[Key]]]:
    """The needs of each workshop, which become one pick list each; order of first appearance (AT-13)."""
    slips: dict[str, list[Need[Key]]] = {}
    for need in needs:
        slips.setdefault(need.workshop, []).append(need)
    return slips


def sums(needs: Iterable[Need[Key]]) -> dict[Key, Decimal]:
    """Total open quantity by key, in order of first appearance (AT-13: 420 + 210 = 630)."""
    totals: dict[Key, Decimal] = {}
    for need in needs:
        totals[need.key] = totals.get(need.key, ZERO) + need.quantity
    return totals


def deal(needs: Sequence[Need[Key]], stock: Mapping[Key, Decimal]) -> list[Share[Key]]:
    """Deals the stock of each key to the orders by start date, then number; shares in the order of the needs.

    An order that starts earlier is served whole before the next gets anything; a key without stock, or with negative
    stock, gives nothing. Per key the shares sum to min(stock, need) exactly (AT-13: 500 of 630 are 420 and 80).
    """
    left = {key: max(ZERO, quantity) for key, quantity in stock.items()}
    shares: list[Share[Key]] = [Share(need, ZERO, need.quantity) for need in needs]
    for position in sorted(range(len(needs)), key=lambda i: (needs[i].start, needs[i].order, i)):
        need = needs[position]
        given = min(max(ZERO, need.quantity), left.get(need.key, ZERO))
        if given:
            left[need.key] -= given
            shares[position] = Share(need, given, need.quantity - given)
    return shares


def spread(total: Decimal, open_quantities: Sequence[Decimal], *, places: int) -> list[Decimal]:
    """Spreads a changed sum back over the orders by what each has open; the last takes the remainder, sums are exact.

    Shares are rounded half up to places (decimals of the unit) and never negative. As long as total is within what
    is open, no order gets more than it has open: what the last cannot take goes to those before it. ValueError if
    total is negative, or positive while nothing is open.
    """
    whole = sum(open_quantities, ZERO)
    if total < 0 or (total > 0 and whole <= 0):
        raise ValueError(f"{total} cannot be spread over {whole}")
    if total == 0:
        return [ZERO] * len(open_quantities)
    last = max(i for i, quantity in enumerate(open_quantities) if quantity > 0)
    bounded = total <= whole
    shares = [ZERO] * len(open_quantities)
    left = total
    for i, quantity in enumerate(open_quantities[:last]):
        share = round_half_up(Fraction(total) * Fraction(quantity) / Fraction(whole), places)
        shares[i] = min(share, left, quantity) if bounded else min(share, left)
        left -= shares[i]
    shares[last] = left
    if bounded:
        _push_back(shares, open_quantities, last)
    return shares


def _push_back(shares: list[Decimal], open_quantities: Sequence[Decimal], last: int) -> None:
    """Moves what the last order has beyond its open quantity to the orders before it, nearest first."""
    excess = shares[last] - open_quantities[last]
    for i in range(last - 1, -1, -1):
        if excess <= 0:
            return
        moved = min(excess, open_quantities[i] - shares[i])
        if moved > 0:
            shares[i] += moved
            shares[last] -= moved
            excess -= moved
