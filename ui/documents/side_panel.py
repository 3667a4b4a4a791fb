"""Beside the lines: the flow of documents before and after this one, who changed what, attached files."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
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
    """opened(DocRef) when a document of the flow is chosen. Its grids are made when it is first looked at: most windows hide it."""

    opened = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._desk = page.desk
        self._view: DocumentView | None = None
        self._grids: tuple[Grid, Grid] | None = None
        self.tabs = QTabWidget(self)
        self.attachments = AttachmentPanel(page)
        self.tabs.addTab(self.attachments, tr("附件"))
        self.attachments.counted.connect(self._count_attachments)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 0, 0, 0)
        layout.addWidget(self.tabs)

    @property
    def flow(self) -> Grid:
        """Documents before and after this one."""
        return self._made()[0]

    @property
    def history(self) -> Grid:
        """Who did what, latest first."""
        return self._made()[1]

    def showEvent(self, event: QShowEvent) -> None:
        """Looked at."""
        self._made()
        super().showEvent(event)

    def show_view(self, view: DocumentView) -> None:
        """Shows a document's neighbours and history."""
        self._view = view
        if self._grids is not None:
            self._fill(view, *self._grids)
        self.attachments.show_document(view.ref, draft=view.status == "Z")

    def show_attachments(self) -> None:
        """Brings the files to the front."""
        self.show()
        self.tabs.setCurrentWidget(self.attachments)
        self.attachments.grid.setFocus()

    def _count_attachments(self, count: int) -> None:
        place = self.tabs.indexOf(self.attachments)
        self.tabs.setTabText(place, tr("附件 {count}", count=count) if count else tr("附件"))

    def _made(self) -> tuple[Grid, Grid]:
        if self._grids is None:
            ways = Column("way", "方向", kind="choice", width=58, choices=WAYS)
            states = Column(
                "status", "状态", kind="badge", width=74, choices=AUDIT_STATES, tones={"C": "info", "Z": "warn"}
            )
            title, number = Column("title", "单据", width=84), Column("number", "单号", kind="code", width=160)
            day = Column("business_date", "日期", kind="date")
            flow = Grid(self._desk, "document/flow", (ways, title, number, states, day))
            flow.opened.connect(self._open)
            history = history_grid(self._desk, "document/history")
            self._grids = flow, history
            self.tabs.insertTab(0, flow, tr("单据流"))
            self.tabs.insertTab(1, history, tr("历史"))
            self.tabs.setCurrentIndex(0)
            if self._view is not None:
                self._fill(self._view, flow, history)
        return self._grids

    def _fill(self, view: DocumentView, flow: Grid, history: Grid) -> None:
        flow.set_rows([_flow("up", row) for row in view.upstream] + [_flow("down", row) for row in view.downstream])
        history.set_rows(list(view.history))

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
