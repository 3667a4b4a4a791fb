"""Keeps a document that is being typed every 5 seconds or 20 changes, until it is saved or given up."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer

from models.kernel.refs import DocRef
from services.platform.api import draft_owner
from ui.documents.kept import frozen_row
from ui.documents.sheet import DocumentSheet
from ui.framework.desk import Desk

EVERY_MS: Final = 5000
EVERY_CHANGES: Final = 20


class DraftKeeper(QObject):
    """One per document window; without a store (tests, pictures) it does nothing.

    about() gives the document, its version and its client key as they are now; None where nothing is to be kept.
    The change of an approved document is kept as a change.
    """

    def __init__(self, desk: Desk, sheet: DocumentSheet, about: Callable[[], tuple[DocRef, int, str] | None]) -> None:
        super().__init__(sheet)
        self._desk = desk
        self._sheet = sheet
        self._about = about
        self._key = ""
        self._changes = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.keep)
        sheet.edited.connect(self._edited)

    @property
    def key(self) -> str:
        """Under which the draft is kept; "" while there is nothing to keep."""
        return self._key

    def take_over(self, key: str) -> None:
        """A recovered draft goes on under its old key."""
        self._key = key

    def keep(self) -> None:
        """Keeps what is typed now."""
        self._timer.stop()
        self._changes = 0
        store = self._desk.session.drafts
        about = self._about()
        if store is None or about is None or not self._sheet.touched:
            return
        ref, version, client_key = about
        self._key = self._key or uuid.uuid4().hex
        state = self._sheet.state()
        body = {
            "doc_id": ref.id,
            "number": ref.number,
            "version": version,
            "client_key": client_key,
            "head": frozen_row(state.head),
            "lines": [frozen_row(row) for row in state.lines],
            "materials": [frozen_row(row) for row in state.materials],
            "kept_materials": state.kept_materials,
            "recalculate": state.recalculate,
            "typed_materials": state.typed_materials,
            "changing": self._sheet.changing,
        }
        keep = partial(
            store.keep,
            self._owner(),
            self._key,
            type_code=ref.type,
            number=ref.number,
            lines=len(state.lines),
            body=body,
        )
        self._desk.ops.run_query(keep, _kept, owner=self)

    def forget(self) -> None:
        """Saved or given up: the draft is dropped; what is typed from now on is another one."""
        self._timer.stop()
        self._changes = 0
        key, self._key = self._key, ""
        store: Any = self._desk.session.drafts
        if store is not None and key:
            store.drop(self._owner(), key)
        if self._sheet.touched:
            self._timer.start()

    def _edited(self) -> None:
        self._changes += 1
        if self._changes >= EVERY_CHANGES:
            self.keep()
        elif not self._timer.isActive():
            self._timer.start()

    def _owner(self) -> str:
        return draft_owner(self._desk.session.db, str(self._desk.session.user))


def _kept(done: bool) -> None:
    del done
