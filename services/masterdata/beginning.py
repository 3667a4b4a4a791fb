"""The start period against what is in the books already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from models.documents.tables import doc
from services.documents.types import registry
from services.masterdata.checks import Fault
from services.platform.db import Tx
from services.platform.parameters import first_day
from services.platform.periods import last_closed, start_of, stop_postings


@dataclass(frozen=True, slots=True)
class Beginning:
    """The start of a book (None: it does not say), and what fixes it.

    number, date   the earliest approved business document; "" and None without one
    closed         the latest closed period, such as 2026-03; "" without one
    """

    start: dt.date | None
    number: str
    date: dt.date | None
    closed: str

    @property
    def fixed(self) -> bool:
        """Whether business has begun."""
        return bool(self.number or self.closed)


def beginning(conn: Connection) -> Beginning:
    """The start of a book and what fixes it; opening stock alone does not."""
    openings = [kind.code for kind in registry if kind.opening]
    d = doc.c
    query = select(d.number, d.business_date).where(d.status == "C", d.type.not_in(openings))
    first = conn.execute(query.order_by(d.business_date, d.id).limit(1)).first()
    return Beginning(
        start_of(conn), first.number if first else "", first.business_date if first else None, last_closed(conn)
    )


def start_faults(tx: Tx, row: Mapping[str, Any]) -> list[Fault]:
    """A start period that approved documents contradict: business before it, or opening stock after its first day."""
    start = first_day(row["value"]) if row["key"] == "start_period" else None
    if start is None:
        return []
    stop_postings(tx.conn)
    openings = [kind.code for kind in registry if kind.opening]
    d = doc.c
    wrong = or_(
        and_(d.type.not_in(openings), d.business_date < start), and_(d.type.in_(openings), d.business_date > start)
    )
    count = tx.conn.execute(select(func.count()).where(d.status == "C", wrong)).scalar_one()
    if not count:
        return []
    query = select(d.number, d.business_date).where(d.status == "C", wrong).order_by(d.business_date, d.id).limit(1)
    first = tx.conn.execute(query).one()
    args = {"value": row["value"], "count": count, "number": first.number, "date": first.business_date}
    return [("value", "parameter.start_conflict", args)]
