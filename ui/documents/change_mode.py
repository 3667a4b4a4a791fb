"""变更: an approved order becomes editable in its window and is saved with a reason; what it is and what was executed stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QToolButton

from models.kernel.refs import Changes, DocRef
from services.documents import api
from ui.framework.actions import Action
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage


class ChangeMode(QObject):
    """The change of one document window: `active` while an approved order is being typed into."""

    def __init__(self, page: DocumentPage) -> None:
        super().__init__(page)
        self._page = page
        self.active = False
        page.state_changed.connect(self._show_way_back)
        self.ask_reason: Callable[[], str | None] = self._ask

    def actions(self) -> list[Action]:
        """变更 and its reverse."""
        if not self._page.spec.changeable:
            return []
        return [
            Action("amend", "变更", self.start, "Ctrl+Shift+E", "edit", self._possible, group="audit"),
            Action("give_up", "放弃变更", self.give_up, icon="close", enabled=lambda: self.active, group="audit"),
        ]

    def start(self) -> None:
        """Lets the clerk type; Ctrl+S then asks for the reason."""
        if self._possible():
            self.active = True
            self._page.sheet.allow_change()
            self._page.lines.setFocus()
            self._page.desk.say(tr("可以改数量、单价、日期，增删行；Ctrl+S 保存变更"))
            self._page.state_changed.emit()

    def give_up(self) -> None:
        """Back to what is stored."""
        self._end()
        self._page.closing()
        self._page.desk.say(tr("就绪"))
        self._page.request_refresh()

    def shown(self) -> None:
        """The page showed its document again while it was being changed."""
        if self.active:
            self._page.sheet.allow_change()

    def resume(self) -> None:
        """A change that was kept goes on."""
        self.active = True
        self._page.sheet.allow_change()

    def save(self) -> None:
        """Asks for the reason and sends the whole document."""
        page = self._page
        reason = self.ask_reason()
        if reason is None or page.view is None:
            return
        session, draft = page.desk.session, page.sheet.change_draft()
        call = partial(
            api.change_document,
            session.db,
            session.user,
            draft,
            doc_id=page.ref.id,
            version=page.view.version,
            reason=reason,
        )
        page.sheet.touched = False
        page.run_command(call, on_done=self._saved, on_refused=page.saving.refused, title="变更")

    def _saved(self, result: tuple[DocRef, Changes]) -> None:
        del result
        self._page.saving.adopt()
        if not self._page.dirty:
            self._end()
        self._page.keeper.forget()
        self._page.request_refresh()

    def _end(self) -> None:
        self.active = False
        self._page.sheet.changing = False
        self._page.state_changed.emit()

    def _show_way_back(self) -> None:
        """放弃变更 stands in the bar only while there is something to give up."""
        button = self._page.findChild(QToolButton, "button_give_up")
        if button is not None:
            button.setVisible(self.active)

    def _possible(self) -> bool:
        view = self._page.view
        return view is not None and view.status == "C" and view.closing == "C" and not self.active

    def _ask(self) -> str | None:
        number = self._page.ref.number
        title = tr("变更 {number}", number=number)
        text, accepted = QInputDialog.getText(self._page, title, tr("变更原因（会记入单据历史）"))
        return text.strip() if accepted else None
