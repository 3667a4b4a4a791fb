"""What windows and the command line may ask of planning; every command is one transaction.

What works on a whole plan is imported when it is first asked for: vectors take a third of a second to load.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.kernel.problems import Problem, Refused
from services.planning import batches, queries
from services.planning import workbench as one_item
from services.planning.batch import BatchResult, Producible, Wanted
from services.planning.batches import BatchRow
from services.planning.commands import (
    analyse_kitting,
    create_orders,
    edit_planned,
    kitting_rows,
    merge_planned,
    preview_release,
    producible_lines,
    release_orders,
    split_planned,
    split_planned_evenly,
    try_rush,
    undo_release,
)
from services.planning.editing import PlannedChange
from services.planning.kitting import KittingComponent, KittingOrder, KittingRow, RushAnswer
from services.planning.merging import ReleaseLine
from services.planning.queries import PlannedFilter
from services.planning.release import ReleaseResult, latest_run, planned_number
from services.planning.views import (
    AvailabilityRow,
    CauseView,
    ChangeView,
    ExceptionRow,
    ExplanationView,
    LotStepView,
    Origin,
    PeggingRow,
    PlannedOrderRow,
    Progress,
    RunRow,
    RunSummary,
    TermView,
    TimelineRow,
)
from services.planning.workbench import (
    ItemDocumentRow,
    ItemFigures,
    ItemHead,
    ItemMoveRow,
    ItemPriceRow,
    StandInRow,
    StoreRow,
    Workbench,
)
from services.platform.db import Database
from services.platform.messages import text

if TYPE_CHECKING:
    from services.planning.pegging import Pegging

__all__ = [
    "AvailabilityRow",
    "BatchResult",
    "BatchRow",
    "CauseView",
    "ChangeView",
    "ExceptionRow",
    "ExplanationView",
    "ItemDocumentRow",
    "ItemFigures",
    "ItemHead",
    "ItemMoveRow",
    "ItemPriceRow",
    "KittingComponent",
    "KittingOrder",
    "KittingRow",
    "LotStepView",
    "Origin",
    "PeggingRow",
    "PlannedChange",
    "PlannedFilter",
    "PlannedOrderRow",
    "Producible",
    "Progress",
    "ReleaseLine",
    "ReleaseResult",
    "RunRow",
    "RunSummary",
    "RushAnswer",
    "StandInRow",
    "StoreRow",
    "TermView",
    "TimelineRow",
    "Wanted",
    "Workbench",
    "analyse_kitting",
    "compare",
    "count_planned_orders",
    "create_orders",
    "edit_planned",
    "exception_sentence",
    "exceptions",
    "explain",
    "item_in_use",
    "item_moves",
    "item_workbench",
    "kitting_rows",
    "list_runs",
    "merge_planned",
    "newest_run",
    "pegging",
    "planned_number",
    "planned_orders",
    "preview_release",
    "producible_lines",
    "release_batches",
    "release_orders",
    "run_mrp",
    "split_planned",
    "split_planned_evenly",
    "timeline",
    "try_rush",
    "undo_release",
]


def newest_run(db: Database) -> int:
    """The number of the newest run; refused when there is none."""
    with db.read() as conn:
        return latest_run(conn)


def list_runs(db: Database, *, limit: int = 100) -> list[RunRow]:
    """Runs, newest first."""
    with db.read() as conn:
        return queries.list_runs(conn, limit)


def release_batches(db: Database, run_id: int) -> list[BatchRow]:
    """Releases of a run that were not taken back, newest first."""
    with db.read() as conn:
        return batches.release_batches(conn, run_id)


def planned_orders(
    db: Database, run_id: int, wanted: PlannedFilter | None = None, *, limit: int | None = None, offset: int = 0
) -> list[PlannedOrderRow]:
    """Planned orders of a run, in the order of the plan."""
    with db.read() as conn:
        return queries.planned_orders(conn, run_id, wanted or PlannedFilter(), limit=limit, offset=offset)


def count_planned_orders(db: Database, run_id: int, wanted: PlannedFilter | None = None) -> int:
    """How many planned orders a filter finds."""
    with db.read() as conn:
        return queries.count_planned(conn, run_id, wanted or PlannedFilter())


def exceptions(
    db: Database, run_id: int, *, kinds: Sequence[str] = (), item_ids: Sequence[int] = ()
) -> list[ExceptionRow]:
    """Exceptions of a run by kind, item and date."""
    with db.read() as conn:
        return queries.exceptions(conn, run_id, kinds, item_ids)


def exception_sentence(row: ExceptionRow, lang: str = "zh") -> str:
    """What an exception says, with its numbers and the way out."""
    return text(
        f"plan.exception_{row.kind}", lang, item=row.item_code, document=row.document, quantity=row.quantity,
        other=row.other_code, other_quantity=row.other_quantity, from_date=row.from_date or "",
        to_date=row.to_date or "", late_days=row.late_days,
    )  # fmt: skip


def run_mrp(
    db: Database, user: str, *, start: dt.date, end: dt.date | None = None, orders: Sequence[str] = (),
    note: str = "", progress: Progress | None = None,
) -> RunSummary:  # fmt: skip
    """Plans and stores a run; orders restricts what is planned to the demand of these documents."""
    from services.planning import runs

    return runs.run_mrp(db, user, start=start, end=end, orders=orders, note=note, progress=progress)


def pegging(db: Database, run_id: int, planned_id: int | None = None) -> Pegging:
    """What the planned orders of a run serve, or one of them; the rows are made as they are read."""
    from services.planning.pegging import Pegging
    from services.planning.runs import finished

    run = finished(db, run_id)
    if planned_id is None:
        return Pegging(run)
    row = _planned(db, run_id, planned_id)
    at = row.seq - 1
    orders = run.plan.orders
    _, gained, _ = run.plan.structure.yields(orders.segment[at : at + 1], orders.quantity[at : at + 1])
    return Pegging(run, [int(orders.item[at]), *gained.tolist()], {at})


def explain(db: Database, run_id: int, planned_id: int) -> ExplanationView:
    """Why a planned order is what it is, as the run planned it (later edits by hand do not count)."""
    from services.planning.runs import finished
    from services.planning.tracing import Tracer

    row = _planned(db, run_id, planned_id)
    return Tracer(finished(db, run_id)).explain(row.seq)


def timeline(db: Database, run_id: int, item_id: int) -> list[TimelineRow]:
    """An item's movements in a run by day, with the running balance."""
    from services.planning.runs import finished
    from services.planning.tracing import Tracer

    return Tracer(finished(db, run_id)).timeline(item_id)


def compare(db: Database, before: int, after: int) -> list[ChangeView]:
    """Planned orders that are new, changed or gone in the second run, and why."""
    from services.planning import tracing
    from services.planning.runs import finished

    return tracing.compare(finished(db, before), finished(db, after))


def item_workbench(db: Database, code: str, today: dt.date) -> Workbench | None:
    """Everything about the item of a code; None when there is none."""
    with db.read() as conn:
        return one_item.workbench(conn, code, today)


def item_in_use(db: Database) -> str:
    """Code of an item to begin with."""
    with db.read() as conn:
        return one_item.item_in_use(conn)


def item_moves(db: Database, item_id: int) -> list[ItemMoveRow]:
    """An item's movements in every store, latest first."""
    with db.read() as conn:
        return one_item.item_moves(conn, item_id)


def _planned(db: Database, run_id: int, planned_id: int) -> PlannedOrderRow:
    with db.read() as conn:
        row = queries.planned_row(conn, planned_id)
    if row is None or row.run_id != run_id:
        raise Refused([Problem("plan.order_gone", {})])
    return row
