"""The one place where the program asks the machine for the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

Clock = Callable[[], dt.datetime]


def system_clock() -> dt.datetime:
    """Now, in UTC."""
    return dt.datetime.now(dt.UTC)


def local_today() -> dt.date:
    """The calendar date on this machine."""
    return dt.datetime.now().astimezone().date()
