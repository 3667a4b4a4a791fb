"""What follows from typing a component: it is looked up with everything below it, and refused where it stands if it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from models.kernel import problems
from services.engineering import api
from ui.engineering.branches import Pasted
from ui.engineering.draft import DraftBook, DraftLine
from ui.engineering.look import Place, component_sentence
from ui.engineering.tree_model import BomModel
from ui.engineering.tree_view import BomTreeView
from ui.framework.page import Page
from ui.framework.texts import tr

TYPED_ROWS: Final = 1_000_000
"""row numbers of places from here on are keys of lines, below it rows of a save"""


class ComponentTyping:
    """Serves one page; day and book are asked for at each use because the page may show another tree by then."""

    def __init__(self, page: Page, view: BomTreeView, day: Callable[[], date]) -> None:
        self._page = page
        self._view = view
        self._day = day
        self.model: BomModel | None = None

    def attach(self, model: BomModel) -> None:
        """Another tree is shown."""
        self.model = model
        model.unknown.connect(self.look_up)

    def look_up(self, texts: Sequence[str]) -> None:
        """Asks what texts stand for."""
        self._page.run_query(partial(_find, self._page.desk.session.db, tuple(texts), self._day()), self.found)

    def found(self, answer: tuple[Sequence[str], api.Branch]) -> None:
        """Takes the answer over into the tree and says what cannot stand."""
        texts, branch = answer
        if self.model is None:
            return
        book = self.model.book
        if branch.tree is not None:
            book.merge(branch.tree, branch.found)
        book.settle(texts)
        self.model.learned(texts)
        self.show_faults(set(texts))

    def paste(self, pasted: Pasted, place: Place) -> None:
        """Looks up what the block names, then puts it in."""
        if self.model is None or not pasted.tops:
            return
        waiting = self.model.book.waiting(pasted.texts)
        if not waiting:
            self._put(pasted, place)
            return
        ask = partial(_find, self._page.desk.session.db, tuple(waiting), self._day())
        self._page.run_query(ask, partial(self._pasted_found, pasted, place))

    def show_faults(self, texts: set[str]) -> None:
        """Lists, under the tree, why components just typed cannot stand there."""
        if self.model is None:
            return
        book = self.model.book
        lines = [
            (f"{book.items[bill.item_id].code}: {sentence}", typed_place(line))
            for bill in book.dirty_bills
            for line in bill.filled
            if line.text in texts and (sentence := component_sentence(book, bill.item_id, line))
        ]
        if lines:
            self._page.refusals.show_lines(lines)

    def _pasted_found(self, pasted: Pasted, place: Place, answer: tuple[Sequence[str], api.Branch]) -> None:
        self.found(answer)
        self._put(pasted, place)

    def _put(self, pasted: Pasted, place: Place) -> None:
        if self.model is None or self.model.places.numbered(place.number) is not place:
            return
        index = self._view.outline.paste(place, pasted.tops, pasted.below)
        if index.isValid():
            self._view.expand(index.parent())
            self._view.go(index)
        self.show_faults(pasted.texts)


def _find(db: Any, texts: Sequence[str], day: date) -> tuple[Sequence[str], api.Branch]:
    return texts, api.branch(db, texts, day=day)


def typed_place(line: DraftLine, name: str = "code") -> problems.Problem:
    """A problem that leads to a line of the window; its sentence is made already."""
    return problems.Problem("bom.loop", {"path": ""}, problems.Place(row=TYPED_ROWS + line.key, field=name))


def unsaved_faults(book: DraftBook) -> list[tuple[str, problems.Problem]]:
    """What keeps the tree from being saved: sentences, each with its place."""
    made = []
    for item_id, line, name in book.faults():
        typed = line.fault(name)
        sentence = typed[1] if typed is not None else component_sentence(book, item_id, line)
        if not sentence:
            sentence = (
                tr("请填物料，或删除这一行")
                if not line.text
                else tr("物料“{text}”还在查找，请稍候再存", text=line.text)
            )
        made.append((f"{book.items[item_id].code}: {sentence}", typed_place(line, name)))
    return made
