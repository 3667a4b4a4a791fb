"""Days without a year: the one a customer means is the nearest ahead, or one of the last weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from services.matching.engine.dates import read_day

TODAY = dt.date(2026, 3, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/25前", "2026-03-25"), ("10号", "2026-03-10"), ("9号", "2026-04-09"), ("11号", "2026-03-11"),
        # Sixty days back is still this year's, a day more is next year's.
        ("1/9", "2026-01-09"), ("1/8", "2027-01-08"), ("12月31日", "2026-12-31"),
        ("3天内", "2026-03-13"), ("大后天", "2026-03-13"), ("月底", "2026-03-31"), ("下月底", "2026-04-30"),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_one_that_is_meant(text: str, day: str) -> None:
    assert read_day(text, TODAY) == dt.date.fromisoformat(day)
