"""Stepping back through working days."""

from __future__ import annotations

import numpy as np

from services.planning.engine.model import I64


def start_days(due: I64, lead: I64, holidays: I64) -> I64:
    """Due day less lead time: with holidays, the lead-th working day strictly before the due day; a lead of 0 is the due day."""
    if not len(holidays) or not len(due):
        return due - lead
    closed = np.unique(holidays)
    first = int(due.min()) - int(lead.max()) - len(closed) - 1
    working = np.setdiff1d(np.arange(first, int(due.max()) + 1, dtype=np.int64), closed, assume_unique=True)
    before = np.searchsorted(working, due, side="left")
    return np.where(lead > 0, working[np.maximum(before - np.maximum(lead, 1), 0)], due)
