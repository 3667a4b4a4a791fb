"""Accounting periods: which months take no posting any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection, select

from models.platform.tables import period


def period_of(day: dt.date) -> str:
    """The period a day belongs to: 2026-03-05 -> 2026-03."""
    return f"{day.year:04d}-{day.month:02d}"


def closed_among(conn: Connection, days: Iterable[dt.date], *, lock: bool = False) -> frozenset[str]:
    """The closed periods among those of the given days; lock keeps them from being closed meanwhile (PostgreSQL)."""
    wanted = sorted({period_of(day) for day in days})
    if not wanted:
        return frozenset()
    query = select(period.c.period, period.c.closed).where(period.c.period.in_(wanted)).order_by(period.c.period)
    if lock and conn.dialect.name != "sqlite":
        query = query.with_for_update(read=True)
    return frozenset(row.period for row in conn.execute(query) if row.closed)
