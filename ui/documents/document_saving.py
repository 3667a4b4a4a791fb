"""Saving from a document window: what is typed goes to the services once, and stays in the window if they refuse it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from models.kernel.problems import Problem
from models.kernel.refs import Changes, DocRef
from services.documents import api
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage


class DocumentSaving(QObject):
    """Belongs to one window. client_key: of a new document, so that a command sent twice saves it once."""

    def __init__(self, page: DocumentPage) -> None:
        super().__init__(page)
        self._page = page
        self.client_key = uuid.uuid4().hex
        self._adopting = False

    def save(self) -> None:
        """Saves what is typed; an approved order that is being changed asks for the reason."""
        self._save(approve=False)

    def approve(self) -> None:
        """Approves, after saving if something was typed."""
        page = self._page
        if page.dirty or not page.ref.id:
            self._save(approve=True)
        else:
            page.verbs.approve()

    def about(self) -> tuple[DocRef, int, str] | None:
        """Document, version and client key of a draft or a change to keep; None for what takes no typing."""
        page = self._page
        if page.view is not None and page.view.status != "Z" and not page.change.active:
            return None
        return page.ref, page.view.version if page.view is not None else 0, self.client_key

    def compare(self, view: api.DocumentView) -> None:
        """The stored document was read while something was typed: its version is taken over after a save, else named."""
        page = self._page
        if self._adopting:
            self._adopting = False
            page.view = view
        elif page.view is not None and view.version != page.view.version:
            page.desk.say(tr("{number} 已被别处改动，保存时会提示", number=page.ref.number))

    def adopt(self) -> None:
        """What is typed was saved: what the clerk typed since then stays, only the version is taken over when it is read again."""
        self._adopting = True

    def shown(self) -> None:
        """The stored document stands in the window."""
        self._adopting = False

    def refused(self, problems: Sequence[Problem]) -> None:
        """What was typed is still there; the refusals say why."""
        self._page.sheet.touched = True
        self._page.state_changed.emit()
        self._page.show_problems(problems)

    def _save(self, *, approve: bool) -> None:
        page = self._page
        faults = page.sheet.check()
        if faults:
            page.refusals.show_lines(faults)
            page.refusals.list.setFocus()
            return
        if page.change.active:
            page.change.save()
            return
        draft = page.sheet.draft(client_key=None if page.ref.id else self.client_key)
        save = partial(
            api.save_document,
            page.desk.session.db,
            page.desk.session.user,
            draft,
            doc_id=page.ref.id,
            version=page.view.version if page.view is not None else 0,
        )
        page.sheet.touched = False
        done = partial(self._saved, approve=approve)
        page.run_command(save, on_done=done, on_refused=self.refused, title="保存")

    def _saved(self, result: tuple[DocRef, Changes], *, approve: bool) -> None:
        page, (ref, _) = self._page, result
        self.adopt()
        page.become(ref)
        page.keeper.forget()
        if approve:
            session = page.desk.session
            page.run_command(partial(api.approve, session.db, session.user, [ref.id]), title="审核")
        page.request_refresh()
