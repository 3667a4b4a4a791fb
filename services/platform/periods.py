"""Accounting periods: which months take no posting any more."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from sqlalchemy import Connection, func, select, text

from models.kernel.problems import refuse
from models.platform.tables import audit_event, period
from services.platform import parameters
from services.platform.access.rights import CLOSE_PERIODS
from services.platform.db import Tx
from services.platform.prepared import Prepared, among
from services.platform.upserting import insert_into

_CLOSED = Prepared(select(period.c.period).where(among(period.c.period), period.c.closed == 1))
_NAME = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def period_of(day: dt.date) -> str:
    """The period a day belongs to: 2026-03-05 -> 2026-03."""
    return f"{day.year:04d}-{day.month:02d}"


def keep_periods(conn: Connection) -> None:
    """On PostgreSQL: no period is closed until this transaction ends; SQLite has one writer anyway."""
    if conn.dialect.name != "sqlite":
        conn.execute(text("select pg_advisory_xact_lock_shared(7310412)"))


def closed_among(conn: Connection, days: Iterable[dt.date]) -> frozenset[str]:
    """The closed periods among those of the given days."""
    wanted = sorted({period_of(day) for day in days})
    if not wanted:
        return frozenset()
    return frozenset(name for (name,) in _CLOSED.rows(conn, keys=wanted))


def open_day(conn: Connection, day: dt.date) -> dt.date:
    """The day itself, or the first day after it whose period still takes postings."""
    while closed_among(conn, [day]):
        day = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day


def start_of(conn: Connection) -> dt.date | None:
    """The first day on which the book takes documents, None if it does not say; what lay there before is opening stock."""
    return parameters.load(conn).month("start_period")


def last_closed(conn: Connection) -> str:
    """The latest closed period, "" when none is closed."""
    return conn.execute(select(func.max(period.c.period)).where(period.c.closed == 1)).scalar() or ""


def stop_postings(conn: Connection) -> None:
    """On PostgreSQL: waits for every posting under way, and none begins until this transaction ends."""
    if conn.dialect.name != "sqlite":
        conn.execute(text("select pg_advisory_xact_lock(7310412)"))


def close(tx: Tx, name: str) -> None:
    """Closes a period once every posting under way has ended; refused when it is closed already."""
    tx.require(CLOSE_PERIODS)
    if name in _closed(tx, name):
        raise refuse("period.closed_already", period=name)
    _set(tx, name, 1, "")


def reopen(tx: Tx, name: str, reason: str) -> None:
    """Opens a closed period again, for a reason; refused when it is open or no reason is given."""
    tx.require(CLOSE_PERIODS)
    if name not in _closed(tx, name):
        raise refuse("period.not_closed", period=name)
    if not reason.strip():
        raise refuse("period.no_reason", period=name)
    _set(tx, name, 0, reason)


def _closed(tx: Tx, name: str) -> frozenset[str]:
    if not _NAME.fullmatch(name):
        raise refuse("period.unknown", period=name)
    stop_postings(tx.conn)
    year, month = map(int, name.split("-"))
    return closed_among(tx.conn, [dt.date(year, month, 1)])


def _set(tx: Tx, name: str, closed: int, reason: str) -> None:
    # A posting that began after this transaction may have ended before it: the close comes after all of them (I16).
    latest = tx.conn.execute(select(func.max(audit_event.c.at, type_=audit_event.c.at.type))).scalar()
    moment = max(tx.now, latest) if latest else tx.now
    values = {"closed": closed, "reason": reason, "changed_by": tx.user, "changed_at": moment}
    statement = insert_into(period, tx.conn.dialect.name).values(period=name, **values)
    tx.conn.execute(statement.on_conflict_do_update(index_elements=["period"], set_=values))
    action = "close" if closed else "reopen"
    tx.record("period", int(name.replace("-", "")), name, action, after={"closed": closed}, reason=reason)
    tx.topic("period")
