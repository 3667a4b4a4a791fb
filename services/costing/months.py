"""Months as costing sees them: which are to be costed for one, and whether a costing still stands."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re

from sqlalchemy import Connection, func, select

from models.columns import Int
from models.costing.tables import cost_run, period_cost, wip_cost
from models.documents.tables import doc, doc_line
from models.kernel.problems import refuse
from models.ledgers.tables import stock_move
from services.platform import parameters
from services.platform.periods import closed_among, last_closed, period_of

_NAME = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])", re.ASCII)
METHODS = ("wip_material_method", "wip_cost_method", "wip_material_done_percent", "wip_cost_done_percent")
"""parameters that costs follow from"""


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """A period's first day and the first after it; refused for what is no month."""
    if not _NAME.fullmatch(period):
        raise refuse("period.unknown", period=period)
    year, month = map(int, period.split("-"))
    first = dt.date(year, month, 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1)


def to_cost(conn: Connection, period: str) -> list[str]:
    """The open periods up to this one in which something moved or a cost is entered, the period itself last.

    Refused while the period, or a later one, is closed.
    """
    first, after = days_of(period)
    if closed_among(conn, [first]):
        raise refuse("costing.closed", period=period)
    closed = last_closed(conn)
    if closed > period:
        raise refuse("costing.later_closed", period=period, later=closed)
    moved = select(stock_move.c.move_date).where(stock_move.c.move_date < after).distinct()
    found = {period_of(day) for day in conn.execute(moved).scalars()}
    found.update(conn.execute(select(period_cost.c.period).where(period_cost.c.period < period)).scalars())
    return [*sorted(month for month in found if closed < month < period), period]


def digest(conn: Connection, period: str) -> str:
    """What a costing was given besides movements: the period's costs, its orders, and the parameters of work in progress."""
    c = period_cost.c
    query = select(c.id, c.kind, c.workshop, c.order_id, c.amount, c.basis).where(c.period == period).order_by(c.id)
    known = parameters.load(conn)
    orders = (
        select(doc_line.c.id, doc_line.c.quantity, doc.c.closing == "H")
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .where(doc_line.c.id.in_(select(wip_cost.c.order_line_id).where(wip_cost.c.period == period)))
        .order_by(doc_line.c.id)
    )
    told = [[str(value) for value in row] for rows in (query, orders) for row in conn.execute(rows)]
    told.append([known.text(key) for key in METHODS])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def last_move(conn: Connection, after: dt.date) -> int:
    """The latest movement dated before a day."""
    newest = select(func.max(stock_move.c.id, type_=Int)).where(stock_move.c.move_date < after)
    return int(conn.execute(newest).scalar() or 0)


def stands(conn: Connection, period: str) -> bool:
    """Whether the period has been costed and nothing it follows from has changed since."""
    run = conn.execute(select(cost_run).where(cost_run.c.period == period)).first()
    if run is None:
        return False
    return bool(run.last_move == last_move(conn, days_of(period)[1]) and run.given == digest(conn, period))
