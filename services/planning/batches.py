"""Releases of a run that were not taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, distinct, func, select

from models.planning.tables import release_batch, release_link


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A release: who, when, into how many documents and from how many planned orders."""

    batch_id: int
    run_id: int
    made_by: str
    made_at: dt.datetime
    documents: int
    planned: int


def release_batches(conn: Connection, run_id: int) -> list[BatchRow]:
    """The releases of a run that still stand, newest first."""
    query = (
        select(
            release_batch.c.id, release_batch.c.run_id, release_batch.c.made_by, release_batch.c.made_at,
            func.count(distinct(release_link.c.doc_id)), func.count(distinct(release_link.c.planned_id)),
        )
        .join(release_link, release_link.c.batch_id == release_batch.c.id)
        .where(release_batch.c.run_id == run_id, release_batch.c.undone == 0)
        .group_by(release_batch.c.id, release_batch.c.run_id, release_batch.c.made_by, release_batch.c.made_at)
        .order_by(release_batch.c.id.desc())
    )  # fmt: skip
    return [BatchRow(row[0], row[1], row[2], row[3], row[4], row[5]) for row in conn.execute(query)]
