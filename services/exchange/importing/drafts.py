"""Document drafts with the sheet rows they come from, saved so that every fault finds its row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from services.documents import saving
from services.documents.records import DocDraft
from services.exchange.importing.batch import Batch
from services.platform.db import Tx

_FIELDS: Mapping[str, str] = {"source": "order"}


@dataclass(slots=True)
class Placed:
    """A draft, its first row in the batch, and the row of each of its lines by line number."""

    draft: DocDraft
    first: int
    rows: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class PlacedDrafts:
    """The drafts of one sheet and what became of them."""

    batch: Batch
    placed: list[Placed] = field(default_factory=list)
    saved: list[DocRef] = field(default_factory=list)

    def by_number(self) -> dict[str, Placed]:
        """Drafts by document number."""
        return {each.draft.number: each for each in self.placed}


def save_drafts(tx: Tx, work: PlacedDrafts, problems: list[Problem]) -> None:
    """Saves drafts by date and number; those that are refused are left out and the rest is tried again."""
    work.placed.sort(key=lambda each: (each.draft.business_date, each.draft.number))
    waiting = work.placed
    while waiting:
        try:
            work.saved = saving.create(tx, [each.draft for each in waiting])
        except Refused as refused:
            bad = {problem.place.document for problem in refused.problems}
            problems += told_by_row(refused.problems, [work])
            sound = [each for each in waiting if each.draft.number not in bad]
            if len(sound) == len(waiting):
                return
            waiting = sound
        else:
            return


def told_by_row(problems: tuple[Problem, ...], works: list[PlacedDrafts]) -> list[Problem]:
    """Problems of documents with the sheet, row and column their lines came from, where the import made them."""
    known = [(work, work.by_number()) for work in works]
    made = []
    for problem in problems:
        for work, by_number in known:
            placed = by_number.get(problem.place.document)
            if placed is not None:
                made.append(replace(problem, place=_cell(work.batch, placed, problem.place)))
                break
        else:
            made.append(problem)
    return made


def _cell(batch: Batch, placed: Placed, place: Place) -> Place:
    index = placed.rows.get(place.line, placed.first)
    key = _FIELDS.get(place.field, place.field)
    keys = {column.key for column in batch.sheet.columns}
    if key not in keys:
        key = "item" if place.line in placed.rows else "number" if "number" in keys else "item"
    cell = batch.place(index, key)
    batch.bad.add(index)
    return replace(cell, document=place.document, line=place.line)
