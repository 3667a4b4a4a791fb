"""The import itself: master data, bills, orders, what executes them, and approval, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from models.kernel.problems import Problem, Refused
from services.documents import approving, load
from services.documents.types import registry
from services.exchange.collector import collector_paused
from services.exchange.importing.batch import Batch
from services.exchange.importing.bills import save_bills
from services.exchange.importing.drafts import PlacedDrafts, save_drafts, told_by_row
from services.exchange.importing.executions import EXECUTES, execution_drafts
from services.exchange.importing.gathering import Gathered, gather
from services.exchange.importing.masters import ORDER, Known, save_masters
from services.exchange.importing.orders import opening_drafts, order_drafts, rows_of
from services.exchange.importing.period_costs import save_period_costs
from services.exchange.importing.report import DocumentCount, ImportReport
from services.exchange.parsed import PROBLEMS_SHOWN
from services.exchange.sheets import IMPORTED_SHEETS
from services.platform.db import Database, Tx

Progress = Callable[[str, int, int], None]
"""told with the sheet at work, how many sheets are done and how many there are"""


class _DryRunDone(Exception):
    """Leaves the transaction of a dry run so that nothing of it stays."""


def import_sources(
    db: Database,
    user: str,
    paths: Sequence[str | Path],
    *,
    dry_run: bool = False,
    approve: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports files and folders, all or nothing; Refused carries every fault by sheet and row.

    approve: also approves the documents made, by date, receipts before issues within a day. dry_run: does everything
    and keeps nothing. Bills of material come in approved. Files and sheets may come in any order.
    """
    with collector_paused():
        gathered = gather(paths)
        report = ImportReport(dry_run=dry_run, warnings=gathered.warnings)

        def action(tx: Tx) -> ImportReport:
            work = _Import(tx, gathered, report, progress)
            work.run(approve=approve)
            report.changes = tx.changes()
            if dry_run:
                raise _DryRunDone
            return report

        try:
            return db.run(user, action)
        except _DryRunDone:
            return report


class _Import:
    """One run of the import inside its transaction."""

    def __init__(self, tx: Tx, gathered: Gathered, report: ImportReport, progress: Progress | None) -> None:
        self._tx = tx
        self._batches = gathered.batches
        self._known = Known(tx)
        self._problems = list(gathered.problems)
        self._report = report
        self._progress = progress
        self._works: dict[str, PlacedDrafts] = {}
        self._step = 0

    def run(self, *, approve: bool) -> None:
        """Everything in the order in which one thing needs another."""
        for name in ORDER:
            if name in self._batches:
                self._tell(name)
                batch = self._batches[name]
                self._report.masters[name] = save_masters(self._tx, batch, self._known, self._problems)
        if "bom" in self._batches or "bom_outputs" in self._batches:
            self._tell("bom")
            lines, outputs = self._batches.get("bom"), self._batches.get("bom_outputs")
            self._report.masters |= save_bills(self._tx, lines, outputs, self._known, self._problems)
        for sheet in IMPORTED_SHEETS:
            if sheet.group == "document" and sheet.name in self._batches:
                self._tell(sheet.name)
                self._documents(sheet.name, self._batches[sheet.name])
        self._refuse()
        if approve:
            self._approve()
        for name, work in self._works.items():
            made = len(work.saved)
            self._report.documents[name] = DocumentCount(made, made if approve else 0)
            self._report.numbers[name] = [ref.number for ref in work.saved]

    def _tell(self, name: str) -> None:
        if self._progress is not None:
            self._progress(name, self._step, len(self._batches))
        self._step += 1

    def _documents(self, name: str, batch: Batch) -> None:
        if name == "period_costs":
            self._report.masters[name] = save_period_costs(self._tx, batch, self._known, self._problems)
            return
        kind = registry.by_sheet(name)
        assert kind is not None
        rows = rows_of(self._tx, kind, batch, self._known, self._problems)
        if name == "opening_stock":
            work = opening_drafts(rows)
        elif kind.code in EXECUTES:
            work = execution_drafts(rows)
        else:
            work = order_drafts(rows)
        save_drafts(self._tx, work, self._problems)
        for index in batch.bad if "number" in rows.columns else ():
            self._known.refuse(name, rows.columns["number"][index])
        self._works[name] = work

    def _approve(self) -> None:
        works = list(self._works.values())
        heads = load.documents(self._tx.conn, [ref.id for work in works for ref in work.saved])
        try:
            approving.approve(self._tx, approving.by_date(list(heads.values())))
        except Refused as refused:
            self._problems += told_by_row(refused.problems, works)
            self._refuse()

    def _refuse(self) -> None:
        """Raises everything that was found, by sheet in the contract's order and by row."""
        if not self._problems:
            return
        labels = [part.label for batch in self._batches.values() for part in batch.parts]
        position = {label: place for place, label in enumerate(labels)}
        ordered = sorted(self._problems, key=lambda problem: (position.get(problem.place.sheet, -1), problem.place.row))
        shown = ordered[:PROBLEMS_SHOWN]
        if len(ordered) > len(shown):
            shown.append(Problem("exchange.more_faults", {"count": len(ordered) - len(shown)}))
        raise Refused(shown)
