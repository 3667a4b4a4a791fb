"""Beside the lines: the flow of documents before and after this one, who changed what, attached files."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from models.kernel.vocabulary import AUDIT_STATES
from services.documents.api import DocumentView, FlowRow
from ui.documents.attachments import AttachmentPanel
from ui.documents.history import history_grid
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import tr

WAYS = {"up": "↑ 上游", "down": "↓ 下游"}


class SidePanel(QWidget):
    """opened(DocRef) when a document of the flow is chosen."""

    opened = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        desk = page.desk
        self.flow = Grid(
            desk,
            "document/flow",
            (
                Column("way", "方向", kind="choice", width=58, choices=WAYS),
                Column("title", "单据", width=84),
                Column("number", "单号", kind="code", width=160),
                Column(
                    "status", "状态", kind="badge", width=74, choices=AUDIT_STATES, tones={"C": "info", "Z": "warn"}
                ),
                Column("business_date", "日期", kind="date"),
            ),
        )
        self.history = history_grid(desk, "document/history")
        self.tabs = QTabWidget(self)
        self.tabs.addTab(self.flow, tr("单据流"))
        self.tabs.addTab(self.history, tr("历史"))
        self.attachments = AttachmentPanel(page)
        self.tabs.addTab(self.attachments, tr("附件"))
        self.attachments.counted.connect(self._count_attachments)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.flow.opened.connect(self._open)

    def show_view(self, view: DocumentView) -> None:
        """Shows a document's neighbours and history."""
        self.flow.set_rows(
            [_flow("up", row) for row in view.upstream] + [_flow("down", row) for row in view.downstream]
        )
        self.history.set_rows(list(view.history))
        self.attachments.show_document(view.ref, draft=view.status == "Z")

    def show_attachments(self) -> None:
        """Brings the files to the front."""
        self.show()
        self.tabs.setCurrentWidget(self.attachments)
        self.attachments.grid.setFocus()

    def _count_attachments(self, count: int) -> None:
        place = self.tabs.indexOf(self.attachments)
        self.tabs.setTabText(place, tr("附件 {count}", count=count) if count else tr("附件"))

    def _open(self, row: dict[str, Any]) -> None:
        self.opened.emit(row["ref"])


def _flow(way: str, row: FlowRow) -> dict[str, Any]:
    return {
        "way": way,
        "title": row.title,
        "number": row.ref.number,
        "status": row.status,
        "business_date": row.business_date,
        "ref": row.ref,
    }
