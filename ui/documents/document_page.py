"""The window of one document: heading, what is typed, what came before and after, history; every verb by key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from services.documents import api
from ui.documents.change_mode import ChangeMode
from ui.documents.document_saving import DocumentSaving
from ui.documents.extras import DocumentExtras
from ui.documents.heading import DocumentHeading
from ui.documents.keeper import DraftKeeper
from ui.documents.rights import of_document
from ui.documents.sheet import DocumentSheet, SheetState
from ui.documents.siblings import Siblings
from ui.documents.side_panel import SidePanel
from ui.documents.spec import DocumentSpec
from ui.documents.verbs import DocumentVerbs, open_numbered
from ui.documents.ways import ask_ways, within
from ui.documents.window_verbs import WindowVerbs
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.grid import LineGrid
from ui.framework.page import Page
from ui.framework.texts import tr

SIDE_WIDTH: Final = 384


class DocumentPage(Page):
    """ref.id 0 is a new document. A page that was typed into is never overwritten by a broadcast; it says so instead."""

    closes_on_escape = True

    def __init__(self, desk: Desk, spec: DocumentSpec, ref: DocRef) -> None:
        super().__init__(desk, ref.number or tr("新{title}", title=tr(spec.title)), icon_name=spec.icon)
        self.spec = spec
        self.ref = ref
        self.view: api.DocumentView | None = None
        self.topics = spec.topics
        self.rights = of_document(spec)
        self.heading = DocumentHeading(spec.title, desk, self)
        self.sheet = DocumentSheet(desk, spec, self)
        self.saving = DocumentSaving(self)
        self.siblings = Siblings(self)
        self.change = ChangeMode(self)
        self.keeper = DraftKeeper(desk, self.sheet, self.saving.about)
        self.side = SidePanel(self)
        self.extras = DocumentExtras(self, self.sheet, self.side, partial(open_draft, desk))
        self.refusals.asked = partial(ask_ways, self)
        self._build()
        here = WindowVerbs(self)
        self.verbs = DocumentVerbs(self, spec, here.chosen, partial(open_draft, desk))
        self.add_actions(here.actions())
        self.state_changed.emit()
        self.refs = frozenset({ref}) if ref.id else frozenset()
        if not ref.id:
            self.sheet.show_new(date=desk.session.today(), kind=next(iter(spec.kinds), "normal"))
            self.heading.show_new()
            self.stale = False

    @property
    def form(self) -> Form:
        """The head."""
        return self.sheet.form

    @property
    def lines(self) -> LineGrid:
        """The lines."""
        return self.sheet.lines

    # page

    def refresh(self) -> None:
        """Reads the document again unless something was typed."""
        if not self.ref.id:
            return
        ask = partial(api.get_document, self.desk.session.db, self.ref.id)
        self.run_query(ask, self._read, latest="document", held=True)

    def on_shown(self) -> None:
        """A new document starts in its head, a stored one in its lines."""
        if self.ref.id or not self.form.focus_field():
            self.lines.setFocus()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.sheet.touched or self.sheet.typing

    def escape(self) -> None:
        """Esc in the side bar closes it, anywhere else what it closes on every page."""
        if not self.refusals.isVisible() and self.side.holds_focus():
            self.side.hide()
            self.lines.setFocus()
        else:
            super().escape()

    def lead_to(self, problem: Problem) -> bool:
        """A refusal's line and field, or a field of the head; another document is the frame's business."""
        place = problem.place
        if place.document and self.ref.number and place.document != self.ref.number:
            return open_numbered(self, problem)
        return self.sheet.lead_to(place)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """A document that is gone closes its window, unless something was typed."""
        if any(problem.code == "document.gone" for problem in problems) and not self.dirty:
            self.close_wanted.emit()
            return
        self.refusals.show_lines(
            [(self.desk.sentence(within(problem, self.ref.number)), problem) for problem in problems]
        )

    def set_siblings(self, refs: Sequence[DocRef]) -> None:
        """The documents of the list this one was opened from: ‹ › go through them."""
        self.siblings.take(refs)

    def show_draft(self, view: api.DocumentView) -> None:
        """Shows a document that is not saved yet."""
        self._show(view)
        self.sheet.touched = True
        self.keeper.keep()
        self.state_changed.emit()

    def restore(self, state: SheetState, *, key: str, client_key: str, view: api.DocumentView | None) -> None:
        """Goes on with a draft that was kept; view: the stored document as it was when it was opened."""
        if view is not None:
            self._show(view)
        else:
            self.saving.client_key = client_key
        self.stale = False
        self.keeper.take_over(key)
        self.sheet.restore(state)
        if view is not None and view.status == "C":
            self.change.resume()
        self.state_changed.emit()

    def closing(self) -> None:
        """What was typed and not saved is given up."""
        self.sheet.give_up()
        self.keeper.forget()

    # verbs

    def save(self) -> None:
        """保存 Ctrl+S."""
        self.saving.save()

    def approve(self) -> None:
        """审核 F8: saves first if needed."""
        self.saving.approve()

    # parts

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.sheet)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([1000, SIDE_WIDTH])
        self.side.hide()
        self.body.addWidget(self.heading)
        self.body.addWidget(split, 1)
        self.sheet.typed.connect(self.state_changed)
        self.sheet.typing_changed.connect(self.state_changed)
        self.sheet.summary.connect(self.selection_summary)
        self.sheet.menu_wanted.connect(self.popup_menu)
        self.lines.model.faults_changed.connect(self._show_faults)
        self.heading.stepped.connect(self.siblings.step)
        self.heading.opened.connect(self.desk.navigator.open)
        self.heading.authors.wanted.connect(self.side.show_history)
        self.side.opened.connect(self.desk.navigator.open)

    # showing

    def _read(self, view: api.DocumentView) -> None:
        """What was typed while it was asked for stays."""
        if self.dirty and view.ref.id == self.ref.id:
            self.saving.compare(view)
        else:
            self._show(view)

    def _show(self, view: api.DocumentView) -> None:
        if view.ref.id and view.ref.id != self.ref.id:
            return
        self.view = view
        self.saving.shown()
        self.sheet.show_view(view)
        self.change.shown()
        self.heading.show_view(view)
        self.side.show_view(view)
        self.siblings.show_place()
        self.state_changed.emit()

    def _show_faults(self) -> None:
        self.refusals.show_lines(self.sheet.line_faults())

    def become(self, ref: DocRef) -> None:
        """Shows another document, or this one under the number it was given."""
        self.ref = ref
        self.refs = frozenset({ref})
        self.set_title(ref.number)
        self.desk.navigator.rebind(self, ref)


def open_draft(desk: Desk, view: api.DocumentView) -> None:
    """Shows a draft that is not saved yet (pushed down, copied) in its type's window."""
    page = desk.navigator.open(DocRef(view.ref.type, 0, ""))
    if isinstance(page, DocumentPage):
        page.show_draft(view)
