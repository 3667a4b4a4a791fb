"""The flow of documents: walked to its ends, drawn in order, opened from tree and graph."""

from __future__ import annotations

import datetime as dt

from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents.api import Flow, FlowEdge, FlowRow
from tests.ui.test_change import order, settle
from ui.documents.document_page import DocumentPage
from ui.documents.flow_dialog import FlowDialog
from ui.documents.flow_graph import steps_of
from ui.shell.frame import MainFrame

__all__ = ["order", "settle"]


def test_the_flow_of_an_order_shows_its_receipt_and_opens_it(
    qtbot: QtBot, book_frame: MainFrame, order: DocumentPage
) -> None:
    order.trigger("flow")
    (dialog,) = order.findChildren(FlowDialog)
    qtbot.waitUntil(lambda: dialog.tree.topLevelItemCount() == 1, timeout=5000)
    root = dialog.tree.topLevelItem(0)
    assert root is not None
    assert [root.text(0), root.child(0).text(0)] == ["采购订单", "采购入库单"]
    assert dialog.tree.currentItem() is root
    assert len(dialog.graph.scene().items()) > 2
    dialog.tree.itemActivated.emit(root.child(0), 0)
    page = book_frame.tabs.currentWidget()
    assert isinstance(page, DocumentPage)
    assert page.ref.type == "purchase_receipt"


def test_documents_stand_right_of_everything_they_came_from_and_a_circle_ends() -> None:
    nodes = tuple(FlowRow(DocRef("x", key, str(key)), "x", "C", dt.date(2026, 3, key)) for key in (1, 2, 3, 4))
    edges = (FlowEdge(1, 2), FlowEdge(2, 3), FlowEdge(1, 3), FlowEdge(3, 4))
    assert steps_of(Flow(1, nodes, edges, complete=True)) == {1: 0, 2: 1, 3: 2, 4: 3}
    circle = (FlowEdge(1, 2), FlowEdge(2, 1))
    assert set(steps_of(Flow(1, nodes[:2], circle, complete=True))) == {1, 2}
