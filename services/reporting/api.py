"""What windows and the command line may ask across areas: the state of the books, documents on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.platform.db import Database
from services.printing.api import PaperProfile, Printed
from services.reporting import prints
from services.reporting import worklist as waiting
from services.reporting.invariants import Broken, Finding, check
from services.reporting.worklist import WorkDetail, WorkRow

__all__ = [
    "Broken", "Finding", "WorkDetail", "WorkRow", "check", "print_documents", "print_merged", "work_details", "worklist",
]  # fmt: skip


def print_documents(db: Database, ids: Sequence[int], *, profile: PaperProfile | None = None) -> Printed:
    """Documents as they leave the printer, in the given order."""
    with db.read() as conn:
        return prints.print_documents(conn, ids, profile=profile)


def print_merged(db: Database, ids: Sequence[int], *, profile: PaperProfile | None = None) -> Printed:
    """One pick list of several orders or pick lists."""
    with db.read() as conn:
        return prints.print_merged(conn, ids, profile=profile)


def worklist(db: Database, today: dt.date) -> list[WorkRow]:
    """What waits for somebody today, the most urgent kind first."""
    with db.read() as conn:
        return waiting.worklist(conn, today)


def work_details(db: Database, row: WorkRow, today: dt.date) -> list[WorkDetail]:
    """The cases behind a line of the work list, the oldest first."""
    with db.read() as conn:
        return waiting.details(conn, row.kind, row.subject, today)
