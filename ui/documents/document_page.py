"""The window of one document: heading, what is typed, what came before and after, history; every verb by key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from models.kernel.problems import Problem
from models.kernel.refs import Changes, DocRef
from services.documents import api
from ui.documents.change_mode import ChangeMode
from ui.documents.extras import DocumentExtras
from ui.documents.heading import DocumentHeading
from ui.documents.keeper import DraftKeeper
from ui.documents.printing import can_print, label_actions, print_documents
from ui.documents.rights import of_document
from ui.documents.sheet import DocumentSheet, SheetState
from ui.documents.side_panel import SidePanel
from ui.documents.source_dialog import SourceDialog
from ui.documents.spec import DocumentSpec
from ui.documents.verbs import Chosen, DocumentVerbs, open_numbered
from ui.documents.ways import ask_ways, within
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.elided import ElidedLabel
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.page import Page
from ui.framework.texts import tr

SIDE_WIDTH: Final = 300
IN_BAR: Final = ("reverse", "push")


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
        self._client_key = uuid.uuid4().hex
        self._siblings: tuple[DocRef, ...] = ()
        self._adopting = False
        self.heading = DocumentHeading(spec.title, desk, self)
        self.sheet = DocumentSheet(desk, spec, self)
        self.change = ChangeMode(self)
        self.keeper = DraftKeeper(desk, self.sheet, self._about)
        self.side = SidePanel(self)
        self.extras = DocumentExtras(self, self.sheet, self.side, partial(open_draft, desk))
        self.author_label = ElidedLabel(self)
        self.author_label.setObjectName("faintLabel")
        self.author_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.refusals.asked = partial(ask_ways, self)
        self._build()
        self.verbs = DocumentVerbs(self, spec, self._chosen, partial(open_draft, desk))
        self.add_actions(self._actions())
        self.bar.addWidget(self.author_label, 2)
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
        answer = self._compare if self.dirty else self._show
        self.run_query(partial(api.get_document, self.desk.session.db, self.ref.id), answer, latest="document")

    def on_shown(self) -> None:
        """A new document starts in its head, a stored one in its lines."""
        if self.ref.id or not self.sheet.focus_head():
            self.lines.setFocus()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self.sheet.touched

    def lead_to(self, problem: Problem) -> bool:
        """A refusal's line and field, or a field of the head; another document is the frame's business."""
        place = problem.place
        if place.document and self.ref.number and place.document not in (self.ref.number, self.spec.title):
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
        self._siblings = tuple(refs)
        self._show_position()

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
            self._client_key = client_key
        self.stale = False
        self.keeper.take_over(key)
        self.sheet.restore(state)
        if view is not None and view.status == "C":
            self.change.resume()
        self.state_changed.emit()

    def closing(self) -> None:
        """What was typed and not saved is given up."""
        self.sheet.touched = False
        self.keeper.forget()

    # verbs

    def save(self) -> None:
        """保存 Ctrl+S."""
        self._save(approve=False)

    def approve(self) -> None:
        """审核 F8: saves first if needed."""
        if self.dirty or not self.ref.id:
            self._save(approve=True)
        else:
            self.verbs.approve()

    def create_new(self) -> None:
        """Another new document of this type."""
        self.desk.navigator.open(DocRef(self.spec.type, 0, ""))

    def choose_source(self) -> None:
        """选源单 F9: open source lines are appended."""
        dialog = SourceDialog(self.desk, self.spec.type, self.form.value("partner_id"), self)
        dialog.taken.connect(self.sheet.take_sources)
        dialog.open()

    def print(self) -> None:
        """打印 Ctrl+P."""
        print_documents(self, [self.ref])

    def step(self, places: int) -> None:
        """‹ ›: the next document of the list."""
        if self.dirty or self.ref not in self._siblings:
            return
        place = self._siblings.index(self.ref) + places
        if 0 <= place < len(self._siblings):
            self._become(self._siblings[place])
            self.request_refresh()

    def toggle_side(self) -> None:
        """Ctrl+H: flow, history and files beside the lines."""
        self.side.setVisible(not self.side.isVisible())

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
        self.sheet.summary.connect(self.selection_summary)
        self.sheet.menu_wanted.connect(self.popup_menu)
        self.lines.model.faults_changed.connect(self._show_faults)
        self.heading.stepped.connect(self.step)
        self.heading.opened.connect(self.desk.navigator.open)
        self.side.opened.connect(self.desk.navigator.open)

    def _actions(self) -> list[Action]:
        editable, stored, unsaved = self._editable, self._stored, self._unsaved
        verbs = {action.key: action for action in self.verbs.actions()}
        made = [
            Action("save", "保存", self.save, "Ctrl+S", "save", unsaved, group="edit"),
            Action("save_enter", "保存", self.save, "Ctrl+Return", where="key", enabled=unsaved),
            Action("approve", "审核", self.approve, "F8", "approve", editable, group="audit"),
        ]
        made += self.change.actions()
        made += [action for key, action in verbs.items() if key in IN_BAR or key.startswith("push_")]
        if self.spec.sources:
            made.append(Action("source", "选源单", self.choose_source, "F9", "source", editable, group="push"))
        made += self.extras.actions(editable, stored)
        made += [
            Action("side", "单据流/附件", self.toggle_side, "Ctrl+H", "flow", stored, group="see"),
            Action("print", "打印", self.print, "Ctrl+P", "print", lambda: stored() and can_print(), group="see"),
            *label_actions(self, self.spec.type, lambda: [self.ref.id] if stored() else []),
            Action("new", "新增", self.create_new, "Ctrl+N", "new", group="edit", where="menu"),
            Action(
                "previous", "上一张", partial(self.step, -1), "Ctrl+PgUp", "left", stored, where="menu", group="see"
            ),
            Action("next", "下一张", partial(self.step, 1), "Ctrl+PgDown", "right", stored, where="menu", group="see"),
        ]
        made += [verbs[key] for key in ("copy", "close", "reopen")]
        # Ctrl+Delete deletes lines here, so the document's own deletion has no key.
        made.append(replace(verbs["delete"], shortcut=""))
        return made + (self.spec.page_actions(self) if self.spec.page_actions is not None else [])

    def _chosen(self) -> list[Chosen]:
        if self.view is None or not self.ref.id or self.dirty:
            return []
        return [Chosen(self.ref, self.view.version, self.view.status, self.view.closing)]

    def _editable(self) -> bool:
        return self.view is None or self.view.status == "Z"

    def _stored(self) -> bool:
        return bool(self.ref.id)

    def _unsaved(self) -> bool:
        return (self._editable() or self.change.active) and self.dirty

    # showing

    def _show(self, view: api.DocumentView) -> None:
        if view.ref.id and view.ref.id != self.ref.id:
            return
        self.view = view
        self.sheet.show_view(view)
        self.change.shown()
        self.heading.show_view(view)
        self.side.show_view(view)
        self.author_label.setText("    ".join(_authors(view)))
        self.author_label.setToolTip(self.author_label.text())
        self._show_position()
        self.state_changed.emit()

    def _compare(self, view: api.DocumentView) -> None:
        if self._adopting:
            self._adopting = False
            self.view = view
        elif self.view is not None and view.version != self.view.version:
            self.desk.say(tr("{number} 已被别处改动，保存时会提示", number=self.ref.number))

    def _show_position(self) -> None:
        place = self._siblings.index(self.ref) + 1 if self.ref in self._siblings else 0
        self.heading.show_position(place, len(self._siblings))

    def _show_faults(self) -> None:
        self.refusals.show_lines(self.sheet.line_faults())

    def _about(self) -> tuple[DocRef, int, str] | None:
        if self.view is not None and self.view.status != "Z":
            return None
        return self.ref, self.view.version if self.view is not None else 0, self._client_key

    def _become(self, ref: DocRef) -> None:
        self.ref = ref
        self.refs = frozenset({ref})
        self.set_title(ref.number)
        self.desk.navigator.rebind(self, ref)

    # saving

    def _save(self, *, approve: bool) -> None:
        faults = self.sheet.check()
        if faults:
            self.refusals.show_lines(faults)
            self.refusals.list.setFocus()
            return
        if self.change.active:
            self.change.save()
            return
        draft = self.sheet.draft(client_key=None if self.ref.id else self._client_key)
        save = partial(
            api.save_document,
            self.desk.session.db,
            self.desk.session.user,
            draft,
            doc_id=self.ref.id,
            version=self.view.version if self.view is not None else 0,
        )
        self.sheet.touched = False
        done = partial(self._saved, approve=approve)
        self.run_command(save, on_done=done, on_refused=self.not_saved, title="保存")

    def _saved(self, result: tuple[DocRef, Changes], *, approve: bool) -> None:
        ref, _ = result
        # What was typed while the command ran stays; only the version is taken over.
        self._adopting = self.sheet.touched
        self._become(ref)
        self.keeper.forget()
        if approve:
            session = self.desk.session
            self.run_command(partial(api.approve, session.db, session.user, [ref.id]), title="审核")
        self.request_refresh()

    def not_saved(self, problems: Sequence[Problem]) -> None:
        """What was typed is still there; the refusals say why."""
        self.sheet.touched = True
        self.state_changed.emit()
        self.show_problems(problems)


def open_draft(desk: Desk, view: api.DocumentView) -> None:
    """Shows a draft that is not saved yet (pushed down, copied) in its type's window."""
    page = desk.navigator.open(DocRef(view.ref.type, 0, ""))
    if isinstance(page, DocumentPage):
        page.show_draft(view)


def _authors(view: api.DocumentView) -> list[str]:
    parts = []
    if view.created_by and view.created_at is not None:
        parts.append(tr("制单 {user} {time}", user=view.created_by, time=_stamp(view.created_at)))
    if view.approved_by and view.approved_at is not None:
        parts.append(tr("审核 {user} {time}", user=view.approved_by, time=_stamp(view.approved_at)))
    if view.print_count:
        parts.append(tr("已打印 {count} 次", count=view.print_count))
    return parts


def _stamp(at: Any) -> str:
    return Column("", "", kind="stamp").show(at)
