"""新增 in place: the form of a new record over a look-up; its code comes back when it is saved."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.texts import tr


class RecordDialog(PageDialog):
    """Shows a form that is no tab; Esc gives it up."""

    def __init__(self, page: Page, done: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(tr(page.title), "recordDialog", parent)
        self.resize(960, 320)
        self.page = page
        self._tell = done
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        page.stored.connect(self._stored)
        page.close_wanted.connect(self.reject)

    def _stored(self, code: str) -> None:
        self.accept()
        self._tell(code)


def create_in_place(desk: Desk, kind: str, parent: QWidget, text: str, done: Callable[[str], object]) -> None:
    """Opens the form of a new record with what was typed as its code or, in Chinese, its name."""
    page = desk.navigator.make(RecordRef(kind))
    if page is None:
        return
    dialog = RecordDialog(page, done, parent)
    form = getattr(page, "form", None)
    if form is not None and text:
        form.put(**{"code" if text.isascii() else "name": text})
    dialog.open()
