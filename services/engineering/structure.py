"""Bills of material in memory: which version holds on a day, and what an order needs, exactly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import gcd

from models.kernel.numbers import RATE_PLACES, round_half_up, round_up

_DIGITS = re.compile(r"(\d+)")
_RATE_LIMIT = 9 * 10**9


@dataclass(frozen=True, slots=True)
class BomLine:
    """A component of a version."""

    id: int
    position: str
    component_id: int
    numerator: Decimal
    denominator: Decimal
    scrap_rate: Decimal
    scrap_fixed: Decimal
    issue: str
    skip_level: bool
    key_part: bool
    supplied_by: str
    warehouse_id: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    note: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the line is valid on a day, both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class BomOutput:
    """What a version gives beside or as its product."""

    item_id: int
    kind: str
    numerator: Decimal
    denominator: Decimal
    cost_share: Decimal | None = None
    cost_weight: Decimal | None = None
    cost_quota: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BomVersion:
    """A version of an item's bill of material."""

    id: int
    parent_id: int
    version_code: str
    status: str
    enabled: bool
    lines: tuple[BomLine, ...] = ()
    outputs: tuple[BomOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """scrap formula and rounding in force."""

    divide: bool = False
    half_up: bool = False

    def consumed(self, exact: Fraction, scrap_rate: Decimal) -> Fraction:
        """Quantity with its proportional loss: × (1 + rate) or ÷ (1 − rate) (AT-04b)."""
        rate = Fraction(scrap_rate)
        return exact / (1 - rate) if self.divide else exact * (1 + rate)

    def rounded(self, exact: Fraction, decimals: int) -> Decimal:
        """Planned material rounded to the unit: up, or half up by parameter (AT-04a, AT-07b)."""
        return round_half_up(exact, decimals) if self.half_up else round_up(exact, decimals)


@dataclass(frozen=True, slots=True)
class Requirement:
    """A component an order needs: its line, the exact quantity, and what is planned after rounding."""

    line: BomLine
    exact: Fraction
    planned: Decimal
    numerator: Decimal
    denominator: Decimal
    scrap_fixed: Decimal
    through: tuple[int, ...] = ()
    """phantoms and skipped items passed on the way"""


@dataclass(slots=True)
class Structure:
    """Versions by parent with what an explosion must know of items."""

    versions: dict[int, list[BomVersion]] = field(default_factory=dict)
    phantoms: set[int] = field(default_factory=set)
    decimals: dict[int, int] = field(default_factory=dict)

    def version_on(self, parent_id: int, day: dt.date, wanted: str = "") -> BomVersion | None:
        """The approved, enabled version to use: the wanted one, else the highest with a line valid that day."""
        usable = [v for v in self.versions.get(parent_id, ()) if v.status == "C" and v.enabled]
        if wanted:
            return next((v for v in usable if v.version_code == wanted), None)
        for version in sorted(usable, key=lambda v: natural_key(v.version_code), reverse=True):
            if any(line.holds_on(day) for line in version.lines):
                return version
        return None


def natural_key(code: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key that counts numbers as numbers: V2 before V10."""
    parts = _DIGITS.split(code)
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts if part)


def explode_order(
    book: Structure, parent_id: int, quantity: Decimal, day: dt.date, *, usage: Usage, wanted: str = ""
) -> tuple[BomVersion | None, list[Requirement]]:
    """The material list of an order: phantoms and skipped levels passed through, each component rounded once an order.

    A component on several lines keeps its lines; their planned quantities add up to the once-rounded sum (ERPNext
    #52791, exchange contract). Lines of issue none and customer-supplied ones are listed with their quantity too.
    """
    version = book.version_on(parent_id, day, wanted)
    if version is None:
        return None, []
    walk = _Walk(book, day, usage)
    walk.into(version, Fraction(quantity), Fraction(1), (parent_id,))
    running: dict[tuple[int, str, str], Fraction] = {}
    rounded: dict[tuple[int, str, str], Decimal] = {}
    made = []
    for need in walk.found:
        key = (need.line.component_id, need.line.supplied_by, "none" if need.line.issue == "none" else "drawn")
        running[key] = running.get(key, Fraction(0)) + need.exact
        total = usage.rounded(running[key], book.decimals[need.line.component_id])
        planned = total - rounded.get(key, Decimal(0))
        rounded[key] = total
        made.append(
            Requirement(
                need.line, need.exact, planned, need.numerator, need.denominator, need.scrap_fixed, need.through
            )
        )
    return version, made


@dataclass(slots=True)
class _Walk:
    """One explosion under way: what holds for all of it, and what was found."""

    book: Structure
    day: dt.date
    usage: Usage
    found: list[Requirement] = field(default_factory=list)

    def into(self, version: BomVersion, quantity: Fraction, unit: Fraction, path: tuple[int, ...]) -> None:
        """Adds the needs of a version for a quantity; unit is that quantity for one product, losses included."""
        for line in version.lines:
            if not line.holds_on(self.day):
                continue
            ratio = Fraction(line.numerator) / Fraction(line.denominator)
            exact = self.usage.consumed(quantity * ratio, line.scrap_rate) + Fraction(line.scrap_fixed)
            phantom = line.component_id in self.book.phantoms
            passed = (phantom or line.skip_level) and line.issue != "none" and line.supplied_by == "own"
            below = self.book.version_on(line.component_id, self.day) if passed else None
            if below is not None and line.component_id not in path:
                per_unit = self.usage.consumed(unit * ratio, line.scrap_rate)
                self.into(below, exact, per_unit, (*path, line.component_id))
            elif not phantom:
                plain = len(path) == 1
                numerator, denominator = (line.numerator, line.denominator) if plain else _storable(unit * ratio)
                self.found.append(
                    Requirement(line, exact, Decimal(0), numerator, denominator, line.scrap_fixed, path[1:])
                )


def _storable(ratio: Fraction) -> tuple[Decimal, Decimal]:
    """A ratio as numerator and denominator that fit their columns; for show, the planned quantity is what counts."""
    if max(ratio.numerator, ratio.denominator) > _RATE_LIMIT:
        ratio = ratio.limit_denominator(10**RATE_PLACES)
    divisor = gcd(ratio.numerator, ratio.denominator)
    return Decimal(ratio.numerator // divisor), Decimal(ratio.denominator // divisor)


def find_loop(edges: Mapping[int, Sequence[int]], starts: Sequence[int]) -> list[int]:
    """A path that returns to itself, reachable from starts; empty if there is none (I23)."""
    state: dict[int, int] = {}
    for start in starts:
        if state.get(start):
            continue
        path: list[int] = [start]
        stack = [iter(edges.get(start, ()))]
        state[start] = 1
        while stack:
            below = next(stack[-1], None)
            if below is None:
                state[path.pop()] = 2
                stack.pop()
            elif state.get(below) == 1:
                return [*path[path.index(below) :], below]
            elif below not in state:
                state[below] = 1
                path.append(below)
                stack.append(iter(edges.get(below, ())))
    return []
