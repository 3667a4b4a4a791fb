"""The usage of BOM lines: of one as a straight line, of many in columns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.planning.engine.exact import LIMIT, multiply_columns, reduce_columns
from services.planning.engine.model import I64, RATE, BomLines, Items, Mask
from services.planning.engine.slopes import Usage


def line_usage(items: Items, bom: BomLines, row: int, *, divides: bool) -> Usage:
    """Usage of one BOM line: quantity ÷ base × (1 + scrap), or ÷ (1 − scrap), plus the fixed scrap."""
    shift = int(items.decimals[bom.component[row]]) - int(items.decimals[bom.parent[row]])
    rate = int(bom.scrap_rate[row])
    scrap = Fraction(RATE, RATE - rate) if divides else Fraction(RATE + rate, RATE)
    slope = Fraction(int(bom.num[row]), int(bom.den[row])) * scrap * Fraction(10) ** shift
    fixed = Fraction(int(bom.scrap_fixed[row]), RATE) * 10 ** int(items.decimals[bom.component[row]])
    return Usage(slope, fixed)


@dataclass(frozen=True, slots=True)
class UsageColumns:
    """line_usage for many lines at once; good is False where 64 bits do not suffice."""

    factor: I64
    constant: I64
    divisor: I64
    good: Mask


def usage_columns(items: Items, bom: BomLines, rows: I64, *, divides: bool) -> UsageColumns:
    """Factor, constant and divisor of the lines in rows."""
    decimals = items.decimals[bom.component[rows]]
    shift = decimals - items.decimals[bom.parent[rows]]
    num, den = reduce_columns(bom.num[rows], bom.den[rows])
    rate = bom.scrap_rate[rows]
    whole = np.full(len(rows), RATE, dtype=np.int64)
    scrap = reduce_columns(whole, whole - rate) if divides else reduce_columns(whole + rate, whole)
    num, den, good = multiply_columns(num, den, *scrap)
    up, down = 10 ** np.maximum(shift, 0), 10 ** np.maximum(-shift, 0)
    num, den, fine = multiply_columns(num, den, up, down)
    fixed, part = reduce_columns(bom.scrap_fixed[rows], whole)
    fixed, part, sound = multiply_columns(fixed, part, 10**decimals, np.ones_like(decimals))
    common = np.maximum(np.gcd(den, part), 1)
    left, right = part // common, den // common
    size = den.astype(np.float64) * left
    inside = (
        (size < LIMIT) & (np.abs(num.astype(np.float64)) * left < LIMIT) & (fixed.astype(np.float64) * right < LIMIT)
    )
    return UsageColumns(num * left, fixed * right, den * left, good & fine & sound & inside)
