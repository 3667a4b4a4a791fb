"""Commands on planned orders and kitting, each one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from models.kernel.refs import Changes
from services.planning import batch, editing, kitting, release
from services.planning.batch import BatchResult, Mode, Producible, Wanted
from services.planning.editing import PlannedChange
from services.planning.kitting import KittingOrder, KittingRow, RushAnswer
from services.planning.merging import ReleaseLine
from services.planning.release import ReleaseResult
from services.platform.access.holding import Access
from services.platform.db import Database, Tx

T = TypeVar("T")
User = str | Access


def _changed(db: Database, user: User, action: Callable[[Tx], T]) -> tuple[T, Changes]:
    def run(tx: Tx) -> tuple[T, Changes]:
        return action(tx), tx.changes()

    return db.run(user, run)


def preview_release(
    db: Database, run_id: int, *, ids: Sequence[int] | None = None, kind: str = "", merge: bool = False
) -> list[ReleaseLine]:
    """The lines a release would make; refused when a supplier is missing."""
    with db.read() as conn:
        return release.preview(conn, run_id, ids=ids, kind=kind, merge=merge)


def release_orders(
    db: Database, user: User, *, run_id: int | None = None, ids: Sequence[int] | None = None, kind: str = "",
    merge: bool = False,
) -> tuple[ReleaseResult, Changes]:  # fmt: skip
    """Planned orders of a run (the newest if none is named) become draft orders, in one batch that can be undone."""

    def action(tx: Tx) -> ReleaseResult:
        return release.release(tx, run_id or release.latest_run(tx.conn), ids=ids, kind=kind, merge=merge)

    return _changed(db, user, action)


def undo_release(db: Database, user: User, batch_id: int) -> tuple[list[str], Changes]:
    """Takes a whole release back; the numbers of the drafts that went."""
    return _changed(db, user, lambda tx: release.undo(tx, batch_id))


def edit_planned(db: Database, user: User, planned_id: int, change: PlannedChange) -> Changes:
    """Changes a planned order that is not released."""
    return _changed(db, user, lambda tx: editing.edit(tx, planned_id, change))[1]


def split_planned(db: Database, user: User, planned_id: int, quantities: Sequence[Decimal]) -> Changes:
    """Splits quantities off a planned order."""
    return _changed(db, user, lambda tx: editing.split(tx, planned_id, quantities))[1]


def split_planned_evenly(db: Database, user: User, planned_id: int, count: int) -> Changes:
    """Splits a planned order into equal parts, the last takes the remainder."""
    return _changed(db, user, lambda tx: editing.split_evenly(tx, planned_id, count))[1]


def merge_planned(db: Database, user: User, planned_ids: Sequence[int]) -> Changes:
    """Merges planned orders of one item."""
    return _changed(db, user, lambda tx: editing.merge(tx, planned_ids))[1]


def producible_lines(db: Database, *, text: str = "") -> list[Producible]:
    """Open sales-order lines and what can still be made for them."""
    with db.read() as conn:
        return batch.producible(conn, text=text)


def create_orders(
    db: Database, user: User, wanted: Sequence[Wanted], *, day: dt.date, mode: Mode = "line", approve: bool = False
) -> BatchResult:
    """Production orders from ticked rows; what fails is listed, the rest stands."""
    return batch.create(db, user, wanted, day=day, mode=mode, approve=approve)


def analyse_kitting(
    db: Database, *, numbers: Sequence[str] = (), date: dt.date | None = None, order: Sequence[int] = ()
) -> list[KittingOrder]:
    """Open orders with their complete sets; order: line ids in the order the desk deals."""
    with db.read() as conn:
        return kitting.analyse(conn, numbers, date=date, order=order)


def try_rush(
    db: Database, item_id: int, quantity: Decimal, start: dt.date, *, date: dt.date | None = None
) -> RushAnswer:
    """What an order not yet taken would do."""
    with db.read() as conn:
        return kitting.rush(conn, item_id, quantity, start, date=date)


def kitting_rows(
    db: Database, numbers: Sequence[str], *, date: dt.date | None = None, user: User = ""
) -> list[KittingRow]:
    """The analysis as sheet rows, kept for export."""
    rows = kitting.rows_of(analyse_kitting(db, numbers=numbers, date=date))
    _changed(db, user, lambda tx: kitting.keep(tx, rows))
    return rows
