"""Exact integer arithmetic on whole columns: rounding, fractions, and what no longer fits 64 bits."""

from __future__ import annotations

import numpy as np

from services.planning.engine.model import I64
from services.planning.engine.rounding import NOISE

LIMIT = float(2**62)
"""Products estimated above this are computed with Python's integers."""


def round_column(numerator: I64, denominator: I64, *, half_up: bool) -> I64:
    """round_number for columns; the denominators are positive."""
    whole = numerator // denominator
    rest = numerator - whole * denominator
    if half_up:
        return whole + (rest >= denominator - rest)
    return whole + (rest > (denominator - 1) // NOISE)


def fits(*factors: I64) -> bool:
    """Whether every product of the columns stays within 62 bits."""
    size = np.ones(1)
    for factor in factors:
        size = size * np.abs(factor.astype(np.float64))
    return bool(size.max(initial=0.0) < LIMIT)


def reduce_columns(num: I64, den: I64) -> tuple[I64, I64]:
    """The fractions in lowest terms."""
    common = np.maximum(np.gcd(num, den), 1)
    return num // common, den // common


def multiply_columns(
    num: I64, den: I64, by_num: I64, by_den: I64
) -> tuple[I64, I64, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Products of reduced fractions in lowest terms, and where they fit 62 bits."""
    left, right = np.maximum(np.gcd(num, by_den), 1), np.maximum(np.gcd(by_num, den), 1)
    num, by_den = num // left, by_den // left
    by_num, den = by_num // right, den // right
    good = (np.abs(num.astype(np.float64)) * by_num < LIMIT) & (den.astype(np.float64) * by_den < LIMIT)
    return num * by_num, den * by_den, good


def spread(counts: I64, starts: I64) -> tuple[I64, I64]:
    """For ragged rows: the row number and the position of every element (start + 0, 1, … of each row)."""
    total = int(counts.sum())
    row = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    position = np.arange(total, dtype=np.int64) - np.repeat(first, counts) + np.repeat(starts, counts)
    return row, position


def group_starts(keys: I64) -> I64:
    """Where each run of equal keys begins in a sorted column."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return np.concatenate((np.zeros(1, dtype=np.int64), change))
