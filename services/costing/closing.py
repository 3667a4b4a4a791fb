"""Closing of periods as the books ask for it: costed first, nothing left to draw, no draft left behind."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, func, or_, select

from models.costing.tables import period_cost
from models.documents.tables import doc
from models.kernel.problems import Place, Problem, Refused
from models.ledgers.tables import wip_move
from services.costing import months
from services.platform import periods
from services.platform.access.rights import CLOSE_PERIODS
from services.platform.db import Tx


def close(tx: Tx, period: str) -> None:
    """Closes a period; refused until it has been costed since its last posting, and while picks wait for their goods."""
    tx.require(CLOSE_PERIODS)
    first, after = months.days_of(period)
    periods.stop_postings(tx.conn)
    problems = _waiting(tx.conn, first, after)
    if _needs_costing(tx.conn, period, first, after) and not months.stands(tx.conn, period):
        problems.append(Problem("costing.not_costed", {"period": period}))
    if problems:
        raise Refused(problems)
    periods.close(tx, period)


def reopen(tx: Tx, period: str, reason: str) -> None:
    """Opens a closed period again; refused while a later one is closed: they are opened from the last one back."""
    tx.require(CLOSE_PERIODS)
    months.days_of(period)
    closed = periods.last_closed(tx.conn)
    if closed > period:
        raise Refused([Problem("costing.reopen_later_first", {"period": period, "later": closed})])
    periods.reopen(tx, period, reason)


def _needs_costing(conn: Connection, period: str, first: dt.date, after: dt.date) -> bool:
    w = wip_move.c
    moved = select(func.count()).select_from(wip_move).where(w.move_date >= first, w.move_date < after)
    entered = select(func.count()).select_from(period_cost).where(period_cost.c.period == period)
    return any(conn.execute(count).scalar_one() for count in (moved, entered))


def _waiting(conn: Connection, first: dt.date, after: dt.date) -> list[Problem]:
    """Backflushed picks of the period that could not be posted yet."""
    query = (
        select(doc.c.number)
        .where(
            doc.c.type == "material_issue", doc.c.kind == "backflush", doc.c.status == "Z",
            or_(doc.c.closing == "C", doc.c.closing == "S"), doc.c.business_date >= first, doc.c.business_date < after,
        )
        .order_by(doc.c.number)
    )  # fmt: skip
    return [
        Problem("costing.backflush_waits", {"number": number}, Place(document=number))
        for number in conn.execute(query).scalars()
    ]
