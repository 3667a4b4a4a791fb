"""Bills of material in memory: which version holds on a day, and what an order needs, exactly."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import NamedTuple

from models.kernel.numbers import RATE_PLACES, round_half_up, round_up

_DIGITS = re.compile(r"(\d+)")
_RATE_LIMIT = 9 * 10**9
_ONE, _NOTHING = Fraction(1), Fraction(0)


class BomLine(NamedTuple):
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
        if not scrap_rate:
            return exact
        rate = Fraction(scrap_rate)
        return exact / (1 - rate) if self.divide else exact * (1 + rate)

    def rounded(self, exact: Fraction | int, decimals: int) -> Decimal:
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
    flat: dict[tuple[int, dt.date, str], tuple[BomVersion | None, tuple[Part, ...]]] = field(default_factory=dict)
    """what flatten found so far"""

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
    version, parts = flatten(book, parent_id, day, usage=usage, wanted=wanted)
    ordered = Fraction(quantity)
    running: dict[tuple[int, str, str], tuple[Fraction, Decimal]] = {}
    made = []
    for part in parts:
        line, exact = part.line, part.per_unit * ordered
        if part.fixed is not _NOTHING:
            exact += part.fixed
        key = (line.component_id, line.supplied_by, "none" if line.issue == "none" else "drawn")
        before, rounded = running.get(key, (Fraction(0), Decimal(0)))
        total = usage.rounded(before + exact, book.decimals[line.component_id])
        running[key] = (before + exact, total)
        made.append(
            Requirement(line, exact, total - rounded, part.numerator, part.denominator, line.scrap_fixed, part.through)
        )
    return version, made


@dataclass(frozen=True, slots=True)
class Part:
    """A component of one product: exact quantity = per_unit × ordered + fixed."""

    line: BomLine
    per_unit: Fraction
    fixed: Fraction
    numerator: Decimal
    denominator: Decimal
    through: tuple[int, ...]


def flatten(
    book: Structure, parent_id: int, day: dt.date, *, usage: Usage, wanted: str = ""
) -> tuple[BomVersion | None, tuple[Part, ...]]:
    """The real components of one product on a day, phantoms and skipped levels passed through; kept for the next order."""
    key = (parent_id, day, wanted)
    if key not in book.flat:
        version = book.version_on(parent_id, day, wanted)
        parts: list[Part] = []
        if version is not None:
            _walk(_Way(book, day, usage, parts), version, (_ONE, _ONE, _NOTHING), (parent_id,))
        book.flat[key] = (version, tuple(parts))
    return book.flat[key]


@lru_cache(maxsize=4096)
def ratio_of(numerator: Decimal, denominator: Decimal) -> Fraction:
    """What one product takes; bills repeat their usages, so the last ones are kept."""
    return Fraction(numerator) / Fraction(denominator)


@dataclass(frozen=True, slots=True)
class _Way:
    """What holds for all of a walk, and where it puts what it finds."""

    book: Structure
    day: dt.date
    usage: Usage
    found: list[Part]


def _walk(way: _Way, version: BomVersion, reach: tuple[Fraction, Fraction, Fraction], path: tuple[int, ...]) -> None:
    """reach: of the version's parent, usage without losses, with losses, and fixed quantity, for one product."""
    bare, per_unit, fixed = reach
    for line in version.lines:
        if not line.holds_on(way.day):
            continue
        ratio = ratio_of(line.numerator, line.denominator)
        extra = Fraction(line.scrap_fixed) if line.scrap_fixed else _NOTHING
        own = (
            ratio if bare is _ONE else bare * ratio,
            way.usage.consumed(ratio if per_unit is _ONE else per_unit * ratio, line.scrap_rate),
            extra if fixed is _NOTHING else way.usage.consumed(fixed * ratio, line.scrap_rate) + extra,
        )
        phantom = line.component_id in way.book.phantoms
        passed = (phantom or line.skip_level) and line.issue != "none" and line.supplied_by == "own"
        below = way.book.version_on(line.component_id, way.day) if passed else None
        if below is not None and line.component_id not in path:
            _walk(way, below, own, (*path, line.component_id))
        elif not phantom:
            numerator, denominator = (line.numerator, line.denominator) if len(path) == 1 else _storable(own[0])
            way.found.append(Part(line, own[1], own[2], numerator, denominator, path[1:]))


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
