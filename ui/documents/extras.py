"""What a document window offers beside its verbs: paste and match, templates, attached files, the flow around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from services.documents.api import DocumentView
from ui.documents.flow_dialog import FlowDialog
from ui.documents.sheet import DocumentSheet
from ui.documents.side_panel import SidePanel
from ui.documents.taking import append_lines
from ui.documents.template_dialog import TemplateDialog, save_as_template
from ui.framework.actions import Action
from ui.framework.page import Page
from ui.framework.texts import tr

PASTE_AND_MATCH = "paste_match"
"""the desk's tool of that name, registered by the area of matching"""
EXTRA: Final = {"warehouse": "warehouse_code", "lot": "lot", "amount": "amount"}
"""fields of a pasted block beside the usual ones, and the columns that take them"""


class DocumentExtras(QObject):
    """Belongs to a page and works on its sheet; open_draft(view) shows a document that is not saved yet."""

    def __init__(
        self, page: Page, sheet: DocumentSheet, side: SidePanel, open_draft: Callable[[DocumentView], object]
    ) -> None:
        super().__init__(page)
        self._page = page
        self._sheet = sheet
        self._side = side
        self._open_draft = open_draft

    def actions(self, editable: Callable[[], bool], stored: Callable[[], bool]) -> list[Action]:
        """Declarations, in the order of the bar."""
        made = [
            Action("flow", "单据流图", self.show_flow, "Ctrl+J", "tree", stored, where="menu", group="see"),
            Action(
                "attach",
                "附件",
                self._side.show_attachments,
                "Ctrl+Shift+A",
                "attach",
                stored,
                where="menu",
                group="see",
            ),
            Action("template", "从常用单据新建", self.choose_template, "F4", "copy", where="menu", group="edit"),
            Action("keep_template", "存为常用单据", self.keep_as_template, icon="save", where="menu", group="edit"),
        ]
        if self._sheet.spec.typed and PASTE_AND_MATCH in self._page.desk.tools:
            paste = Action("match", "粘贴匹配", self.paste_and_match, "Ctrl+Shift+V", "paste", editable, group="push")
            return [paste, *made]
        return made

    def paste_and_match(self) -> None:
        """粘贴匹配: a block from Excel or a chat becomes lines, once the clerk confirmed them."""
        head, spec = self._sheet.form.values(), self._sheet.spec
        name = " ".join(part for part in (head.get("partner_code"), head.get("partner_name")) if part)
        sender = ""
        if any(column.key == "partner_code" for column in spec.header):
            known = head.get("partner_id") is not None
            sender = (
                tr("来自 {name}，确认后记住这些叫法", name=name) if known else tr("单头还没有往来单位，这次不记住叫法")
            )
        typed = {column.key for column in spec.lines if column.editable}
        extra = [field for field, column in EXTRA.items() if column in typed]
        open_dialog = self._page.desk.tools[PASTE_AND_MATCH]
        open_dialog(self._page, partner_id=head.get("partner_id"), sender=sender, taken=self._taken, extra=extra)

    def show_flow(self) -> None:
        """单据流图: everything before and after this document."""
        ref = next(iter(self._page.refs), None)
        if ref is not None:
            FlowDialog(self._page.desk, ref, self._page).open()

    def choose_template(self) -> None:
        """从常用单据新建."""
        dialog = TemplateDialog(self._page.desk, self._sheet.spec.type, self._page)
        dialog.chosen.connect(self._open_draft)
        dialog.open()

    def keep_as_template(self) -> None:
        """存为常用单据: what the window shows, without number."""
        faults = self._sheet.check()
        if faults:
            self._page.refusals.show_lines(faults)
            return
        proposal = str(self._sheet.form.value("partner_name") or "")
        save_as_template(self._page, self._sheet.draft(client_key=None), proposal)

    def _taken(self, rows: list[dict[str, object]]) -> None:
        append_lines(self._sheet, rows, title=tr("粘贴匹配"))
