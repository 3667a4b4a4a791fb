"""Orders of the kitting engine in the words of its tests: items are A, B …, a line is a component with its usage."""

from __future__ import annotations

from fractions import Fraction

from services.planning.engine.kitting import KitLine, KitOrder
from services.planning.engine.slopes import Usage

A, B, C, D, X = range(5)


def line(component: int, slope: object, fixed: object = 0, **given: object) -> KitLine:
    return KitLine(component, Usage(Fraction(str(slope)), Fraction(str(fixed))), **given)  # type: ignore[arg-type]


def order(number: str, quantity: int, *lines: KitLine, start: int = 1) -> KitOrder:
    return KitOrder(number, A, quantity, start, lines)
