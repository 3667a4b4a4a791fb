"""Days as a spreadsheet program shows or keeps them where nobody set a format: 5-Apr-26, 05-Apr, the number 46117."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH: Final = re.compile(r"(\d{1,2})[- ]([a-z]{3})[a-z]*\.?(?:[- ,]+(\d{4}|\d{2}))?", re.IGNORECASE)
_SERIAL: Final = re.compile(r"\d{5}(?:\.0+)?")
_SERIAL_START: Final = date(1899, 12, 30)
_FIRST: Final = date(2000, 1, 1)
_LAST: Final = date(2099, 12, 31)


def spreadsheet_day(text: str, year: int) -> date | None:
    """The day, from 2000 to 2099; year is that of a day without one. None for any other text; ValueError for 31-Feb."""
    if _SERIAL.fullmatch(text):
        found = _SERIAL_START + timedelta(days=int(text[:5]))
        return found if _FIRST <= found <= _LAST else None
    match = _ENGLISH.fullmatch(text)
    if match is None or match[2].lower() not in _MONTHS:
        return None
    written = int(match[3]) if match[3] else year
    return date(written if written >= 100 else 2000 + written, _MONTHS.index(match[2].lower()) + 1, int(match[1]))
