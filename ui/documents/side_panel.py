"""Beside the lines: the flow of documents before and after this one, who changed what, attached files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QTabWidget, QVBoxLayout, QWidget

from services.documents.api import DocumentView, FlowRow
from ui.documents.attachments import AttachmentPanel, FileDrops
from ui.documents.history import history_grid, told
from ui.documents.states import AUDIT_TONES, AUDIT_WORDS, audit_of
from ui.documents.whole_text import WholeText
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import tr

WAYS = {"up": "↑ 上游", "down": "↓ 下游"}


class SidePanel(QWidget):
    """opened(DocRef) when a document of the flow is chosen. Its parts are made when it is first looked at: most windows hide it."""

    opened = Signal(object)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._view: DocumentView | None = None
        self._parts: _Parts | None = None
        self.drops = FileDrops(page, self._is_stored)
        self.drops.dropped.connect(self._attach)
        QVBoxLayout(self).setContentsMargins(4, 0, 0, 0)

    @property
    def flow(self) -> Grid:
        """Documents before and after this one."""
        return self._made().flow

    @property
    def history(self) -> Grid:
        """Who did what, latest first."""
        return self._made().history

    @property
    def attachments(self) -> AttachmentPanel:
        """Its files."""
        return self._made().attachments

    def showEvent(self, event: QShowEvent) -> None:
        """Looked at."""
        self._made()
        super().showEvent(event)

    def show_view(self, view: DocumentView) -> None:
        """Shows a document's neighbours and history."""
        self._view = view
        if self._parts is not None:
            self._fill(view, self._parts)

    def show_attachments(self) -> None:
        """Brings the files to the front, with the keys."""
        self._bring(self._made().attachments)

    def show_history(self) -> None:
        """Brings who did what to the front, with the keys."""
        self._bring(self._made().history_tab)

    def show_front(self) -> None:
        """Shows it as it was left, with the keys in its front part."""
        self._bring(self._made().tabs.currentWidget())

    def holds_focus(self) -> bool:
        """Whether the keys go to it."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _bring(self, part: QWidget) -> None:
        self.show()
        self._made().tabs.setCurrentWidget(part)
        (part.grid if isinstance(part, AttachmentPanel) else part).setFocus()

    def _is_stored(self) -> bool:
        return self._view is not None and bool(self._view.ref.id)

    def _attach(self, files: Sequence[Path]) -> None:
        self.attachments.attach(files)

    def _count_attachments(self, count: int) -> None:
        parts = self._made()
        place = parts.tabs.indexOf(parts.attachments)
        parts.tabs.setTabText(place, tr("附件 {count}", count=count) if count else tr("附件"))

    def _made(self) -> _Parts:
        if self._parts is None:
            flow, history = _grids(self._page.desk)
            tabs, files = QTabWidget(self), AttachmentPanel(self._page)
            made = self._parts = _Parts(tabs, flow, history, _with_whole_text(history), files)
            for part, title in ((flow, "单据流"), (made.history_tab, "历史"), (files, "附件")):
                made.tabs.addTab(part, tr(title))
            made.flow.opened.connect(self._open)
            made.attachments.counted.connect(self._count_attachments)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(made.tabs)
            if self._view is not None:
                self._fill(self._view, made)
        return self._parts

    def _fill(self, view: DocumentView, parts: _Parts) -> None:
        before, after = [_flow("up", row) for row in view.upstream], [_flow("down", row) for row in view.downstream]
        parts.flow.set_rows(before + after)
        parts.history.set_rows(list(view.history))
        parts.attachments.show_document(view.ref, draft=view.status == "Z")

    def _open(self, row: dict[str, Any]) -> None:
        self.opened.emit(row["ref"])


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the panel shows."""

    tabs: QTabWidget
    flow: Grid
    history: Grid
    history_tab: QWidget
    attachments: AttachmentPanel


def _grids(desk: Desk) -> tuple[Grid, Grid]:
    ways = Column("way", "方向", kind="choice", width=70, choices=WAYS)
    states = Column("status", "状态", kind="badge", width=74, choices=AUDIT_WORDS, tones=AUDIT_TONES)
    title, number = Column("title", "单据", width=84), Column("number", "单号", kind="code", width=160)
    day = Column("business_date", "日期", kind="date")
    flow = Grid(desk, "document/flow", (ways, title, number, states, day))
    flow.empty_label.setText(tr("没有上游，也还没有下游"))
    return flow, history_grid(desk, "document/history")


def _with_whole_text(history: Grid) -> QWidget:
    tab = QWidget()
    layout = QVBoxLayout(tab)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(history, 1)
    layout.addWidget(WholeText(history, ("what", "reason"), told, tab))
    tab.setFocusProxy(history)
    return tab


def _flow(way: str, row: FlowRow) -> dict[str, Any]:
    return {
        "way": way,
        "title": tr(row.title),
        "number": row.ref.number,
        "status": audit_of(row),
        "business_date": row.business_date,
        "ref": row.ref,
    }
