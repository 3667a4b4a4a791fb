"""Master data from batches: what exists is updated, what is new is added, every fault is collected."""

from __future__ import annotations

from typing import Any

from models.kernel.problems import Problem, Refused
from services.exchange.importing.batch import Batch
from services.exchange.importing.report import MasterCount
from services.masterdata import saving
from services.masterdata.codes import Codes
from services.platform.db import Tx

ORDER = ("parameters", "units", "customers", "suppliers", "warehouses", "items", "calendar", "substitutes")
_NAMED = frozenset({"units", "customers", "suppliers", "warehouses", "items"})
UNKNOWN_CODE = "master.unknown_code"


class Known:
    """Codes of the book, and those of rows that are refused: what refers to them is no further fault."""

    def __init__(self, tx: Tx) -> None:
        self.codes = Codes(tx.conn)
        self._refused: dict[str, set[str]] = {}

    def of(self, kind: str) -> dict[str, int]:
        """code -> id of a kind."""
        return self.codes.of(kind)

    def refuse(self, kind: str, code: object) -> None:
        """A code whose own row is refused."""
        for name in (kind, "partners") if kind in ("customers", "suppliers") else (kind,):
            self._refused.setdefault(name, set()).add(str(code))

    def refused(self, kind: str, code: object) -> bool:
        """Whether the code stands in a refused row."""
        return str(code) in self._refused.get(kind, ())

    def refused_title(self, code: object) -> bool:
        """Whether a refused row of any kind has that code."""
        return any(str(code) in codes for codes in self._refused.values())


def save_masters(tx: Tx, batch: Batch, known: Known, problems: list[Problem]) -> MasterCount:
    """Saves the sound rows of a master sheet, in the order of their keys so that ids do not depend on the file's."""
    name = batch.sheet.name
    rows = list(batch.rows())
    for index in batch.bad:
        known.refuse(name, rows[index].get("code"))
    if name in _NAMED:
        _name(rows, known.of(name))
    keys = batch.sheet.key
    order = sorted(batch.good(), key=lambda index: tuple(str(rows[index].get(key) or "") for key in keys))
    counts = MasterCount()
    while order:
        at = [index + 1 for index in order]
        try:
            done = saving.upsert(tx, name, [rows[index] for index in order], codes=known.codes, at=at)
            counts = MasterCount(done.new, done.changed, done.unchanged)
            break
        except Refused as refused:
            before = len(batch.bad)
            found = batch.translated(refused.problems)
            problems += [problem for problem in found if not _follows(problem, known)]
            order = [index for index in order if index not in batch.bad]
            if len(batch.bad) == before:
                break
    for index in batch.bad:
        known.refuse(name, rows[index].get("code"))
    return counts


def _name(rows: list[dict[str, Any]], stored: dict[str, int]) -> None:
    """A blank name is the code; so is the name of a new record in a file without names."""
    for row in rows:
        if ("name" in row or row.get("code") not in stored) and not row.get("name"):
            row["name"] = row.get("code")


def _follows(problem: Problem, known: Known) -> bool:
    return problem.code == UNKNOWN_CODE and known.refused_title(problem.args.get("code"))
