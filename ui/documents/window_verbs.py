"""The verbs of a document window in the order of its bar, and when each of them is possible."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from models.kernel.refs import DocRef
from ui.documents.printer import can_print
from ui.documents.printing import label_actions, print_documents
from ui.documents.source_dialog import SourceDialog
from ui.documents.states import is_void
from ui.documents.taking import take_sources
from ui.documents.verbs import Chosen
from ui.framework.actions import Action

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage

IN_BAR: Final = ("reverse", "push")


class WindowVerbs(QObject):
    """Belongs to one window."""

    def __init__(self, page: DocumentPage) -> None:
        super().__init__(page)
        self._page = page

    def actions(self) -> list[Action]:
        """Declarations: the window's own, those of saved documents, of a change, of paper, and of the type."""
        page, editable, stored = self._page, self.editable, self.stored
        verbs = {action.key: action for action in page.verbs.actions()}
        made = [
            Action("save", "保存", page.save, "Ctrl+S", "save", self.unsaved, group="edit"),
            Action("save_enter", "保存", page.save, "Ctrl+Return", where="key", enabled=self.unsaved),
            Action("approve", "审核", page.approve, "F8", "approve", editable, group="audit"),
        ]
        made += page.change.actions()
        made += [action for key, action in verbs.items() if key in IN_BAR or key.startswith("push_")]
        if page.spec.sources:
            made.append(Action("source", "选源单", self.choose_source, "F9", "source", editable, group="push"))
        made += page.extras.actions(editable, stored)
        made += [
            Action("side", "单据流/附件", self.toggle_side, "Ctrl+H", "flow", stored, group="see"),
            Action(
                "history", "历史", page.side.show_history, "Ctrl+Shift+H", "flow", stored, where="menu", group="see"
            ),
            Action("print", "打印", self.print, "Ctrl+P", "print", lambda: stored() and can_print(), group="see"),
            *label_actions(page, page.spec.type, lambda: [page.ref.id] if stored() else []),
            Action("new", "新增", self.create_new, "Ctrl+N", "new", group="edit", where="menu"),
            *page.siblings.actions(),
        ]
        made += [verbs[key] for key in ("copy", "close", "reopen") if key in verbs]
        # Ctrl+Delete deletes lines here, so the document's own deletion has no key.
        made.append(replace(verbs["delete"], shortcut=""))
        return made + (page.spec.page_actions(page) if page.spec.page_actions is not None else [])

    # what is possible now

    def chosen(self) -> list[Chosen]:
        """The document, for the verbs on saved documents; none while something is typed."""
        page = self._page
        if page.view is None or not page.ref.id or page.dirty:
            return []
        return [Chosen(page.ref, page.view.version, page.view.status, page.view.closing)]

    def editable(self) -> bool:
        """A draft; what is void takes no typing."""
        view = self._page.view
        return view is None or (view.status == "Z" and not is_void(view))

    def stored(self) -> bool:
        """Saved at least once."""
        return bool(self._page.ref.id)

    def unsaved(self) -> bool:
        """Something is typed that can be saved."""
        return (self.editable() or self._page.change.active) and self._page.dirty

    # the window's own

    def create_new(self) -> None:
        """Another new document of this type."""
        self._page.desk.navigator.open(DocRef(self._page.spec.type, 0, ""))

    def choose_source(self) -> None:
        """选源单 F9: source lines are appended; of a return what can come back."""
        page = self._page
        kind = page.form.value("kind") or ""
        dialog = SourceDialog(page.desk, page.spec.type, page.form.value("partner_id"), page, kind=kind)
        dialog.taken.connect(partial(take_sources, page.sheet))
        dialog.open()

    def print(self) -> None:
        """打印 Ctrl+P."""
        print_documents(self._page, [self._page.ref])

    def toggle_side(self) -> None:
        """Ctrl+H: flow, history and files beside the lines, with the keys; again, and the keys go back to the lines."""
        page = self._page
        if page.side.isVisible():
            page.side.hide()
            page.lines.setFocus()
        else:
            page.side.show_front()
