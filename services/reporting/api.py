"""What windows and the command line may ask across areas: the state of the books, documents on paper."""

from __future__ import annotations

from collections.abc import Sequence

from services.platform.db import Database
from services.printing.api import PaperProfile, Printed
from services.reporting import prints
from services.reporting.invariants import Broken, Finding, check

__all__ = ["Broken", "Finding", "check", "print_documents", "print_merged"]


def print_documents(db: Database, ids: Sequence[int], *, profile: PaperProfile | None = None) -> Printed:
    """Documents as they leave the printer, in the given order."""
    with db.read() as conn:
        return prints.print_documents(conn, ids, profile=profile)


def print_merged(db: Database, ids: Sequence[int], *, profile: PaperProfile | None = None) -> Printed:
    """One pick list of several orders or pick lists."""
    with db.read() as conn:
        return prints.print_merged(conn, ids, profile=profile)
