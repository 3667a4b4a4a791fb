"""Stepping back through working days, for a single order."""

from __future__ import annotations


def start_day(due: int, lead: int, holidays: frozenset[int]) -> int:
    """calendar.start_days for one order."""
    day = due
    while lead > 0:
        day -= 1
        lead -= day not in holidays
    return day
