"""Document numbers: prefix-YYYYMMDD-00001, counted anew every day; gaps are never filled (AT-30)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from models.platform.tables import number_series
from services.platform.db import Tx


def take(tx: Tx, prefix: str, day: dt.date, count: int = 1) -> list[str]:
    """The next count numbers of a series; the row stays locked until the transaction ends."""
    basis = day.strftime("%Y%m%d")
    insert = sqlite_insert if tx.conn.dialect.name == "sqlite" else pg_insert
    statement = insert(number_series).values(prefix=prefix, basis=basis, last=count)
    statement = statement.on_conflict_do_update(
        index_elements=["prefix", "basis"], set_={"last": number_series.c.last + count}
    )
    tx.conn.execute(statement)
    key = (number_series.c.prefix == prefix) & (number_series.c.basis == basis)
    last = tx.conn.execute(select(number_series.c.last).where(key)).scalar_one()
    return [f"{prefix}-{basis}-{n:05d}" for n in range(last - count + 1, last + 1)]
