"""The start period against what is in the books already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, func, or_, select

from models.documents.tables import doc
from services.documents.types import registry
from services.masterdata.checks import Fault
from services.platform.db import Tx
from services.platform.parameters import first_day
from services.platform.periods import stop_postings


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
