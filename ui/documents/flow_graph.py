"""The small graph of a document flow: a box a document, sources left, what came of them right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainterPath, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsRectItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QWidget,
)

from services.documents.api import Flow, FlowRow
from ui.documents.states import audit_of, audit_word
from ui.framework.colors import color, current, tone_color, tone_tint
from ui.framework.texts import tr

BOX_WIDTH: Final = 188
BOX_EDGE: Final = 8
BOX_HEIGHT: Final = 46
GAP_X: Final = 56
GAP_Y: Final = 16
REF: Final = 0


class FlowGraph(QGraphicsView):
    """opened(DocRef) on a double click; the graph is shrunk to fit, never enlarged."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("单据流图"))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)

    def show_flow(self, flow: Flow) -> None:
        """Draws the documents in columns by how many steps they are from a root."""
        scene = self.scene()
        scene.clear()
        steps = steps_of(flow)
        filled: dict[int, int] = {}
        places: dict[int, tuple[float, float]] = {}
        for row in flow.nodes:
            step = steps[row.ref.id]
            places[row.ref.id] = (step * (BOX_WIDTH + GAP_X), filled.get(step, 0) * (BOX_HEIGHT + GAP_Y))
            filled[step] = filled.get(step, 0) + 1
        for edge in flow.edges:
            scene.addItem(_arrow(places[edge.source_id], places[edge.target_id]))
        for row in flow.nodes:
            scene.addItem(_box(row, places[row.ref.id], chosen=row.ref.id == flow.start_id))
        scene.setSceneRect(scene.itemsBoundingRect().adjusted(-12, -12, 12, 12))
        self._fit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens the document of the box."""
        item: QGraphicsItem | None = self.itemAt(event.position().toPoint())
        while item is not None and item.data(REF) is None:
            item = item.parentItem()
        if item is not None:
            self.opened.emit(item.data(REF))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.resetTransform()
        rect, here = self.sceneRect(), self.viewport().rect()
        if rect.width() > here.width() or rect.height() > here.height():
            self.fitInView(rect, Qt.AspectRatioMode.KeepAspectRatio)


def steps_of(flow: Flow) -> dict[int, int]:
    """Longest way from a root to each document; a circle is cut where it closes."""
    sources: dict[int, list[int]] = {row.ref.id: [] for row in flow.nodes}
    for edge in flow.edges:
        sources[edge.target_id].append(edge.source_id)
    steps: dict[int, int] = {}

    def step(key: int, above: frozenset[int]) -> int:
        if key not in steps:
            before = [step(source, above | {key}) for source in sources[key] if source not in above]
            steps[key] = max(before, default=-1) + 1
        return steps[key]

    for key in sources:
        step(key, frozenset({key}))
    return steps


def _box(row: FlowRow, place: tuple[float, float], *, chosen: bool) -> QGraphicsItem:
    word, tone = audit_word(audit_of(row))
    box = QGraphicsRectItem(QRectF(0, 0, BOX_WIDTH, BOX_HEIGHT))
    box.setPos(*place)
    box.setBrush(tone_tint(tone))
    box.setPen(QPen(color(current().accent), 2.5) if chosen else QPen(color(current().border), 1))
    box.setData(REF, row.ref)
    box.setCursor(Qt.CursorShape.PointingHandCursor)
    state = tr(word)
    box.setToolTip(f"{tr(row.title)} {row.ref.number} {row.business_date} {state}")
    for text, y, shade in (
        (f"{tr(row.title)} · {state}", 5, tone_color(tone)),
        (row.ref.number, 24, color(current().text)),
    ):
        label = QGraphicsSimpleTextItem(box)
        room = BOX_WIDTH - 2 * BOX_EDGE
        label.setText(QFontMetrics(label.font()).elidedText(text, Qt.TextElideMode.ElideRight, room))
        label.setBrush(shade)
        label.setPos(BOX_EDGE, y)
    return box


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> QGraphicsItem:
    path = QPainterPath()
    x, y = start[0] + BOX_WIDTH, start[1] + BOX_HEIGHT / 2
    to_x, to_y = end[0], end[1] + BOX_HEIGHT / 2
    path.moveTo(x, y)
    path.cubicTo(x + GAP_X / 2, y, to_x - GAP_X / 2, to_y, to_x, to_y)
    for lean in (-4, 4):
        path.moveTo(to_x, to_y)
        path.lineTo(to_x - 7, to_y + lean)
    arrow = QGraphicsPathItem(path)
    arrow.setPen(QPen(color(current().faint), 1.4))
    return arrow
