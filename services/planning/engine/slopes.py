"""How much of a component a parent asks for, as an exact straight line; without vectors, for what looks at single orders."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class Usage:
    """Requirement = quantity × slope + fixed, all in last places of the units."""

    slope: Fraction
    fixed: Fraction

    def through(self, upper: Usage) -> Usage:
        """This usage of a part that is itself used as upper says."""
        return Usage(self.slope * upper.slope, self.slope * upper.fixed + self.fixed)

    def plus(self, other: Usage) -> Usage:
        """Both usages of one component together."""
        return Usage(self.slope + other.slope, self.fixed + other.fixed)

    def integers(self) -> tuple[int, int, int]:
        """(factor, constant, divisor): requirement = (quantity × factor + constant) ÷ divisor, in lowest terms."""
        a, b = self.slope, self.fixed
        common = lcm(a.denominator, b.denominator)
        return int(a * common), int(b * common), common


NOTHING = Usage(Fraction(0), Fraction(0))
