"""单据流: everything around a document as a tree and as a small graph; Enter or a double click opens."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QLabel,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from models.kernel.refs import DocRef
from services.documents.api import Flow, FlowRow, document_flow
from ui.documents.flow_graph import FlowGraph
from ui.documents.states import audit_of, audit_word
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.icons import tone_icon
from ui.framework.texts import tr

TREE_WIDTH: Final = 470
TREE_EDGE: Final = 24
"""frame and scroll bar beside the columns"""
DEEPEST: Final = 40
REF: Final = Qt.ItemDataRole.UserRole


class FlowDialog(PageDialog):
    """Roots at the top, what came of them below; the document it was asked for is current in both."""

    opened = Signal(object)

    def __init__(self, desk: Desk, ref: DocRef, parent: QWidget) -> None:
        super().__init__(tr("单据流 {number}", number=ref.number), "flowDialog", parent)
        self.resize(1180, 560)
        self._ref = ref
        self.tree = QTreeWidget(self)
        self.tree.setHeaderLabels([tr("单据"), tr("单号"), tr("状态"), tr("日期")])
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.graph = FlowGraph(self)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(self.tree)
        self.split.addWidget(self.graph)
        self.split.setSizes([TREE_WIDTH, self.width() - TREE_WIDTH])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.split, 1)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self.tree.itemActivated.connect(self._activated)
        self.graph.opened.connect(self._open)
        self.opened.connect(desk.navigator.open)
        desk.ops.run_query(partial(document_flow, desk.session.db, ref.id), self._show, owner=self, latest="flow")

    def _show(self, flow: Flow) -> None:
        rows = {row.ref.id: row for row in flow.nodes}
        children: dict[int, list[int]] = {key: [] for key in rows}
        for edge in flow.edges:
            children[edge.source_id].append(edge.target_id)
        below = {edge.target_id for edge in flow.edges}
        self.tree.clear()
        for key in rows:
            if key not in below:
                self.tree.addTopLevelItem(self._branch(key, rows, children, frozenset()))
        self.tree.expandAll()
        for column in range(self.tree.columnCount()):
            self.tree.resizeColumnToContents(column)
        columns = sum(map(self.tree.columnWidth, range(self.tree.columnCount())))
        wide = max(TREE_WIDTH, min(columns + TREE_EDGE, self.width() * 3 // 5))
        self.split.setSizes([wide, self.width() - wide])
        self.graph.show_flow(flow)
        self._make_current()
        self.tree.setFocus()
        count = tr("共 {count} 张单据，Enter 打开", count=len(rows))
        self.note.setText(count if flow.complete else count + tr("（太多，没有全部列出）"))

    def _branch(
        self, key: int, rows: dict[int, FlowRow], children: dict[int, list[int]], above: frozenset[int]
    ) -> QTreeWidgetItem:
        row = rows[key]
        day = row.business_date.isoformat()
        word, tone = audit_word(audit_of(row))
        item = QTreeWidgetItem([tr(row.title), row.ref.number, tr(word), day])
        item.setIcon(2, tone_icon(tone, dot=True))
        item.setData(0, REF, row.ref)
        if key == self._ref.id:
            font = item.font(1)
            font.setBold(True)
            item.setFont(1, font)
        if key not in above and len(above) < DEEPEST:
            for child in children[key]:
                item.addChild(self._branch(child, rows, children, above | {key}))
        return item

    def _make_current(self) -> None:
        every = QTreeWidgetItemIterator(self.tree)
        while (item := every.value()) is not None:
            if item.data(0, REF).id == self._ref.id:
                self.tree.setCurrentItem(item)
                return
            every += 1

    def _activated(self, item: QTreeWidgetItem) -> None:
        self._open(item.data(0, REF))

    def _open(self, ref: DocRef) -> None:
        self.accept()
        self.opened.emit(ref)
