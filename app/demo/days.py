"""The days of the demonstration factory: where its history begins, its today, its calendar, its clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

OPENING = dt.date(2025, 12, 10)
TODAY = dt.date(2026, 3, 10)
_LAST = dt.date(2027, 12, 31)
_SUNDAY = 6
_MORNING = dt.time(1, 0, tzinfo=dt.UTC)
"""nine o'clock in China"""
# Public holidays of 2026, both ends included, and the Sundays that are worked for them.
_HOLIDAYS = (
    (dt.date(2026, 1, 1), dt.date(2026, 1, 3)),
    (dt.date(2026, 2, 15), dt.date(2026, 2, 23)),
    (dt.date(2026, 4, 4), dt.date(2026, 4, 6)),
    (dt.date(2026, 5, 1), dt.date(2026, 5, 5)),
    (dt.date(2026, 6, 19), dt.date(2026, 6, 21)),
    (dt.date(2026, 9, 25), dt.date(2026, 9, 27)),
    (dt.date(2026, 10, 1), dt.date(2026, 10, 7)),
)
_WORKED_SUNDAYS = frozenset({dt.date(2026, 1, 4), dt.date(2026, 9, 20)})


def is_working(day: dt.date) -> bool:
    """Six days a week, but not on public holidays."""
    if day in _WORKED_SUNDAYS:
        return True
    return day.weekday() != _SUNDAY and not any(first <= day <= last for first, last in _HOLIDAYS)


def days_off() -> list[dt.date]:
    """Every day off from the opening to the end of the calendar."""
    return [day for day in _every(OPENING, _LAST) if not is_working(day)]


def working_days(first: dt.date, last: dt.date) -> list[dt.date]:
    """Working days from first to last, both included."""
    return [day for day in _every(first, last) if is_working(day)]


def step(day: dt.date, count: int) -> dt.date:
    """The working day count days after (before, if negative) a day."""
    direction = dt.timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += direction
        left -= is_working(day)
    return day


def stamp(day: dt.date, minutes: int = 0) -> dt.datetime:
    """A moment of a day's work, in UTC."""
    return dt.datetime.combine(day, _MORNING) + dt.timedelta(minutes=minutes)


def _every(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)
