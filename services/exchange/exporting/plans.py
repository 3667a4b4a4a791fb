"""Rows of the sheets that explain a plan: exceptions and pegging of the newest run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from services.exchange.parsed import Value
from services.planning import api as planning
from services.platform.db import Database

Row = Sequence[Value]


def exception_rows(db: Database, lang: str) -> Iterator[Row]:
    """Exceptions of the newest run with their sentences; none without a run."""
    for run in planning.list_runs(db, limit=1):
        for row in planning.exceptions(db, run.run_id):
            message = planning.exception_sentence(row, lang)
            yield run.run_id, row.item_code, row.document, row.kind, message, row.quantity, row.from_date, row.to_date


def pegging_rows(db: Database, _lang: str) -> Iterator[Row]:
    """Every piece of a planned order of the newest run with the demand it serves."""
    for run in planning.list_runs(db, limit=1):
        for row in planning.pegging(db, run.run_id):
            yield (
                run.run_id, row.planned_order, row.item, row.quantity, row.demand_kind, row.demand_number,
                row.demand_line or None, row.demand_item, row.demand_date,
            )  # fmt: skip


PLANS: Mapping[str, Callable[[Database, str], Iterable[Row]]] = {
    "exceptions": exception_rows,
    "pegging": pegging_rows,
}
