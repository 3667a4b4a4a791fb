"""Ways out of a document's refusals that hold for every type: less, nothing, or a look at the document that is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from models.kernel.numbers import ZERO, plain
from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from services.documents import api
from ui.framework.texts import tr
from ui.framework.ways import Offer, Way, WayRegistry

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage


@dataclass(frozen=True, slots=True)
class LineAt:
    """A line of a draft by its stored number: found again wherever it stands by then."""

    page: DocumentPage
    line_no: int

    @property
    def number(self) -> int:
        """Its row; -1 when it is gone. Rows just saved and not read again yet are numbered as they stand."""
        records = list(self.page.lines.model.records())
        stored = [row for row, record in enumerate(records) if record.get("id")]
        if not stored:
            return self.line_no - 1 if self.line_no <= len(records) else -1
        return next((row for row in stored if records[row].get("line_no") == self.line_no), -1)

    @property
    def record(self) -> Mapping[str, Any]:
        """Its cells; empty when it is gone."""
        row = self.number
        return self.page.lines.model.record(row) if row >= 0 else {}

    def change(self, cells: Mapping[str, Any]) -> None:
        """Sets cells as one step of the undo."""
        if self.number >= 0:
            self.page.lines.model.change(self.number, cells)
            self.show("quantity")

    def remove(self) -> None:
        """Deletes the line; Ctrl+Z brings it back."""
        if self.number >= 0:
            self.page.lines.model.remove_rows([self.number])
            self.page.lines.setFocus()

    def replace(self, rows: list[dict[str, Any]], title: str) -> None:
        """The first row's cells in place of its own, the others below it, as one step of the undo."""
        row, model = self.number, self.page.lines.model
        if row < 0 or not rows:
            return
        model.undo.beginMacro(title)
        model.change(row, rows[0])
        if rows[1:]:
            model.insert_rows(row + 1, rows[1:])
        model.undo.endMacro()
        self.show("quantity")

    def show(self, key: str) -> None:
        """The focus on one of its cells."""
        self.page.lines.setFocus()
        self.page.lines.view.select_cell(self.number, key)


def line_of(page: DocumentPage, problem: Problem) -> LineAt | None:
    """The line a refusal speaks of, if it stands in this draft and the user may change it."""
    place = problem.place
    mine = place.document in ("", page.ref.number)
    draft = (page.view is None or page.view.status == "Z") and not page.change.active
    if not (mine and draft and place.line and page.desk.session.allowed(page.rights.get("save", ""))):
        return None
    line = LineAt(page, place.line)
    return line if line.number >= 0 else None


def lower(allowed: Callable[[Problem, Mapping[str, Any]], Decimal], title: str, tooltip: str) -> Any:
    """A maker that sets the line's quantity to what is allowed, or takes the line out where nothing is."""

    def make(page: DocumentPage, problem: Problem, offer: Offer) -> None:
        line = line_of(page, problem)
        if line is None:
            return
        quantity = allowed(problem, line.record)
        if quantity > 0:
            act = partial(_settled, page, problem, partial(line.change, {"quantity": quantity}))
            offer(Way(tr(title, quantity=plain(quantity)), act, tr(tooltip)))
        elif sum(not page.lines.model.is_blank(row) for row in page.lines.model.records()) > 1:
            tip = tr("从单据里去掉这一行，留在源单上以后再做；Ctrl+Z 恢复")
            offer(Way(tr("本行不做"), partial(_settled, page, problem, line.remove), tip))

    return make


def _settled(page: DocumentPage, problem: Problem, act: Callable[[], None]) -> None:
    act()
    page.refusals.settle(problem)


def _named(args: Mapping[str, Any], key: str) -> Decimal:
    value = args.get(key)
    return value if isinstance(value, Decimal) else ZERO


def _free(problem: Problem, record: Mapping[str, Any]) -> Decimal:
    del record
    return _named(problem.args, "free")


def _up_to_limit(problem: Problem, record: Mapping[str, Any]) -> Decimal:
    del record
    return _named(problem.args, "limit") - _named(problem.args, "done")


def _most(problem: Problem, record: Mapping[str, Any]) -> Decimal:
    del record
    return _named(problem.args, "most")


def _what_was_done(problem: Problem, record: Mapping[str, Any]) -> Decimal:
    del record
    return _named(problem.args, "done")


def _whole_sets(problem: Problem, record: Mapping[str, Any]) -> Decimal:
    return (record.get("quantity") or ZERO) - _named(problem.args, "received") + _named(problem.args, "sets")


def _open_source(page: DocumentPage, problem: Problem, offer: Offer) -> None:
    number = str(problem.args.get("source", ""))

    def found(ref: DocRef | None) -> None:
        if ref is not None:
            page.desk.navigator.open(ref)

    ask = partial(api.find_document, page.desk.session.db, number)
    run = partial(page.run_query, ask, found, latest="way")
    offer(Way(tr("打开 {number}", number=number), run, tr("打开这张源单")))


REST_STAYS: Final = "把本行改成这个数量，其余留在源单上；Ctrl+Z 恢复"
document_ways: Final[WayRegistry[DocumentPage]] = WayRegistry()
"""every area adds what it can do about the refusals of a document window"""
document_ways.add("lower", lower(_free, "发 {quantity}", REST_STAYS), "stock.short")
document_ways.add("lower", lower(_up_to_limit, "改成 {quantity}", REST_STAYS), "document.over_source")
document_ways.add("lower", lower(_most, "改成 {quantity}", REST_STAYS), "document.over_in_place")
document_ways.add("lower", lower(_what_was_done, "改成 {quantity}", REST_STAYS), "document.return_exceeds")
document_ways.add("lower", lower(_whole_sets, "改成 {quantity}", REST_STAYS), "receipt.needs_picks")
document_ways.add("source", _open_source, "document.source_draft", "document.source_closed")


def ask_ways(page: DocumentPage, problem: Problem, offer: Offer) -> None:
    """Every way out of a problem that applies in this window."""
    for maker in document_ways.of(problem.code):
        maker(page, problem, offer)


def within(problem: Problem, number: str) -> Problem:
    """The problem as its own window says it: without the number that stands above it anyway."""
    if not number or problem.place.document != number:
        return problem
    return replace(problem, place=replace(problem.place, document=""))
