"""Waiting in tests of the window without a race against the machine's load."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def patient(wait: Callable[..., Any], least_ms: int) -> Callable[..., Any]:
    """The same wait, which gives up after least_ms at the earliest, whatever limit it was given."""

    @wraps(wait)
    def waits(*args: Any, timeout: int | None = None, **named: Any) -> Any:
        return wait(*args, timeout=max(timeout or 0, least_ms), **named)

    return waits
