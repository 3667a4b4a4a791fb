"""恢复未保存单据: what a program that ended without saving left, offered at the next start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.documents import api
from services.papers.api import saved_as
from services.platform.api import KeptDraft, draft_owner
from ui.documents.document_page import DocumentPage
from ui.documents.kept import thawed_row
from ui.documents.sheet import SheetState
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import tr


def offer_recovery(desk: Desk, parent: QWidget) -> RecoveryDialog | None:
    """Asks once whether to go on with what was left; None when nothing was."""
    if desk.session.drafts is None:
        return None
    kept = [draft for draft in desk.session.drafts.left_over(_owner(desk)) if _open(desk, draft)]
    if not kept:
        return None
    dialog = RecoveryDialog(desk, kept, parent)
    dialog.open()
    return dialog


class RecoveryDialog(PageDialog):
    """All drafts are ticked at first; 恢复 opens the ticked ones, 丢弃 forgets them, 以后再说 leaves them for the next start."""

    def __init__(self, desk: Desk, kept: Sequence[KeptDraft], parent: QWidget) -> None:
        super().__init__(tr("恢复 {count} 张未保存单据", count=len(kept)), "recoveryDialog", parent)
        self.resize(720, 340)
        self._desk = desk
        titles = {kind.code: kind.title for kind in api.document_types()}
        columns = (
            Column("type", "单据", kind="choice", width=130, choices=titles),
            Column("number", "单号", kind="code", width=180, get=_number),
            Column("lines", "行数", kind="number", width=60, decimals=0),
            Column("kept_at", "最后留存", kind="stamp", width=130, get=lambda row: datetime.fromisoformat(row.kept_at)),
        )
        self.grid = Grid(desk, "recovery", columns, markable=True, key="key", parent=self)
        self.grid.set_rows(list(kept))
        self.grid.model.set_marks(range(len(kept)), marked=True)
        self.buttons = QDialogButtonBox(self)
        restore = self.buttons.addButton(tr("恢复"), QDialogButtonBox.ButtonRole.AcceptRole)
        discard = self.buttons.addButton(tr("丢弃"), QDialogButtonBox.ButtonRole.DestructiveRole)
        later = self.buttons.addButton(tr("以后再说"), QDialogButtonBox.ButtonRole.RejectRole)
        restore.clicked.connect(self.restore)
        discard.clicked.connect(self.discard)
        later.clicked.connect(self.reject)
        hint = QLabel(tr("上次没有正常退出，下面的单据还没有保存。空格选中或去掉。"), self)
        layout = QVBoxLayout(self)
        for part in (hint, self.grid, self.buttons):
            layout.addWidget(part)
        restore.setDefault(True)
        self.grid.setFocus()

    def restore(self) -> None:
        """恢复: opens the ticked drafts."""
        for draft in self.grid.chosen():
            restore_draft(self._desk, draft)
        self.accept()

    def discard(self) -> None:
        """丢弃: forgets the ticked drafts."""
        for draft in self.grid.chosen():
            self._desk.session.drafts.drop(_owner(self._desk), draft.key)
        self.accept()


def restore_draft(desk: Desk, draft: KeptDraft) -> DocumentPage | None:
    """Opens a draft or a change where its clerk left it; where the document takes it no more, a new one is made of it."""
    body = draft.body
    view = _stored(desk, body)
    ref = view.ref if view is not None else DocRef(draft.type, 0, "")
    page = desk.navigator.open(ref)
    if not isinstance(page, DocumentPage):
        return None
    head = thawed_row(body["head"])
    if view is None:
        if head.get("number"):
            desk.say(tr("{number} 已审核、关闭或删除，没保存的内容作为新单据打开", number=head["number"]))
        head["number"] = ""
    state = SheetState(
        head, [thawed_row(row) for row in body["lines"]], [thawed_row(row) for row in body["materials"]],
        bool(body["kept_materials"]), bool(body["recalculate"]), bool(body.get("typed_materials", False)),
    )  # fmt: skip
    page.restore(state, key=draft.key, client_key=str(body["client_key"]), view=view)
    return page


def _number(draft: KeptDraft) -> str:
    if not draft.number:
        return tr("（新单据）")
    return tr("{number}（变更）", number=draft.number) if draft.body.get("changing") else draft.number


def _stored(desk: Desk, body: dict[str, Any]) -> api.DocumentView | None:
    if not body.get("doc_id"):
        return None
    try:
        view = api.get_document(desk.session.db, int(body["doc_id"]))
    except Refused:
        return None
    goes_on = view.status == "Z" or (bool(body.get("changing", False)) and view.closing == "C")
    return replace(view, version=int(body["version"])) if goes_on else None


def _open(desk: Desk, draft: KeptDraft) -> bool:
    """Whether a draft is still worth offering: a new one that was saved just before the end is not."""
    body = draft.body
    if not body.get("doc_id") and saved_as(desk.session.db, str(body.get("client_key", ""))) is not None:
        desk.session.drafts.drop(_owner(desk), draft.key)
        return False
    return desk.navigator.can_open(DocRef(draft.type, 0, ""))


def _owner(desk: Desk) -> str:
    return draft_owner(desk.session.db, str(desk.session.user))
