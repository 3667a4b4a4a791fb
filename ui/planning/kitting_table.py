"""Orders in the order in which they get the parts: a list whose rows are dragged by their grip, or moved by Alt+↑ and Alt+↓."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from models.kernel.numbers import plain
from services.planning.api import KittingOrder
from ui.framework.colors import Tone, color, current
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.model import DISPLAY, TOOLTIP, GridModel
from ui.framework.grid.view import ListView
from ui.framework.lookup import Lookups
from ui.framework.ops import Ops
from ui.framework.texts import tr

AnyIndex = QModelIndex | QPersistentModelIndex
MIME: Final = "application/x-gongfang-kitting-row"
GRIP: Final = "⠿"
GRIP_INSET: Final = 4
BAR_ALPHA: Final = 70
STATES: Final = {"ready": "齐套", "expected": "预期齐套", "short": "不齐套", "abnormal": "没有材料"}
TONES: Final[dict[str, Tone]] = {"ready": "ok", "expected": "warn", "short": "danger", "abnormal": "muted"}
HELD: Final = "表格按列排序或筛选着，不能调整次序；点“序”的列头按次序排，右键列头清除筛选"


@dataclass(frozen=True, slots=True)
class Ranked:
    """An order with its place in the deal."""

    rank: int
    order: KittingOrder

    @property
    def line_id(self) -> int:
        """Identifies the row."""
        return self.order.line_id


def limit_text(order: KittingOrder) -> str:
    """螺丝 缺 120 · 03-12 到."""
    short = [part for part in order.components if part.bottleneck and part.short > 0]
    if not short:
        short = [part for part in order.components if part.short > 0][:1]
    if not short:
        return ""
    part = short[0]
    day = tr("{day} 到", day=f"{part.ready_day:%m-%d}") if part.ready_day else tr("没有在途")
    more = tr(" 等 {count} 种", count=len(short)) if len(short) > 1 else ""
    return tr("{item} 缺 {short} · {day}", item=part.name or part.code, short=plain(part.short), day=day) + more


def drawn(order: KittingOrder) -> bool:
    """Whether everything was drawn already, so that the order takes part in nothing."""
    return order.complete_sets is None and order.status == "ready"


def _sets(row: Ranked) -> str:
    return tr("已领齐") if drawn(row.order) else _of_ordered(row.order, row.order.complete_sets)


def _of_ordered(order: KittingOrder, sets: Decimal | None) -> str:
    return "" if sets is None else f"{plain(sets)}/{plain(order.ordered)}"


def _start(row: Ranked) -> str:
    return f"{row.order.start_date:%m-%d}" if row.order.start_date else ""


COLUMNS: Final = (
    Column("rank", "序", kind="number", width=42),
    Column("number", "任务单", kind="code", width=150, get=lambda row: row.order.ref.number),
    Column(
        "product", "产品", width=148, get=lambda row: f"{row.order.item_code} {row.order.item_name}".strip()
    ),
    Column("start", "开工", kind="date", width=46, get=lambda row: row.order.start_date, shown=_start),
    Column("sets", "套数", kind="number", width=70, get=lambda row: row.order.complete_sets, shown=_sets),
    Column(
        "deep", "连半成品", kind="number", width=66, get=lambda row: row.order.deep_sets,
        shown=lambda row: _of_ordered(row.order, row.order.deep_sets),
    ),
    Column("status", "状态", kind="choice", choices=STATES, tones=TONES, width=74, get=lambda row: row.order.status),
    Column("limit", "瓶颈", width=210, get=lambda row: limit_text(row.order)),
    Column("workshop", "车间", width=80, get=lambda row: row.order.workshop),
)  # fmt: skip


class KittingModel(GridModel):
    """moved(from row, to row) when a row was dropped elsewhere; held() when it cannot be."""

    moved = Signal(int, int)

    @property
    def movable(self) -> bool:
        """Whether the rows stand as they are served: by no column filtered, and sorted by none but their rank."""
        by_rank = all(key.column == self.section("rank") and not key.descending for key in self.sort_keys)
        return by_rank and not self.filters

    def data(self, cell: AnyIndex, role: int = DISPLAY) -> Any:
        """What can be done with a rank is said at it."""
        if role == TOOLTIP and cell.isValid() and self.columns[cell.column()].key == "rank":
            return tr("按住拖动，或 Alt+↑、Alt+↓：下面的马上重分") if self.movable else tr(HELD)
        return super().data(cell, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Alt+Down is taken here."""
        if role == TOOLTIP and orientation == Qt.Orientation.Horizontal:
            return tr("点标题排序，Ctrl+点加一级；点漏斗或右键筛选、选列。排序或筛选时不能调整次序")
        return super().headerData(section, orientation, role)

    def flags(self, cell: AnyIndex) -> Qt.ItemFlag:
        """A row is dragged by its rank, so that blocks of cells can be selected as in any list; it is dropped between rows."""
        if not cell.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = super().flags(cell)
        grip = self.columns[cell.column()].key == "rank" and self.movable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if grip else flags

    def mimeTypes(self) -> list[str]:
        """Rows of this table."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The dragged row."""
        data = QMimeData()
        data.setData(MIME, str(indexes[0].row() if indexes else -1).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows move."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Only rows of this table."""
        return data.hasFormat(MIME) and self.movable

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Tells where the row should go; the deal that follows moves it, so Qt must remove nothing."""
        source = int(bytes(data.data(MIME).data()).decode() or "-1")
        target = row if row >= 0 else (parent.row() if parent.isValid() else self.rowCount())
        if source >= 0 and self.movable:
            self.moved.emit(source, target)
        return False


class GripDelegate(QStyledItemDelegate):
    """The rank, and before it the grip while rows can be dragged."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The grip in a pale colour over the cell."""
        super().paint(painter, option, index)
        if cast(KittingModel, index.model()).movable:
            painter.save()
            painter.setPen(color(current().faint))
            place = QRectF(option.rect).adjusted(GRIP_INSET, 0, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, GRIP)
            painter.restore()


class SetsDelegate(QStyledItemDelegate):
    """Complete sets as a bar behind their numbers."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The bar over the cell, pale enough to read through: green complete, orange in part, red nothing."""
        super().paint(painter, option, index)
        share = _share(cast(KittingModel, index.model()).record(index.row()).order)
        if share is None:
            return
        rect = QRectF(option.rect).adjusted(3, 5, -3, -5)
        tone = "ok" if share >= 1 else "warn" if share > 0 else "danger"
        bar = QColor(color(current().tones[tone]))
        painter.setPen(QPen(bar, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
        bar.setAlpha(BAR_ALPHA)
        filled = QRectF(rect)
        filled.setWidth(rect.width() * min(1.0, share))
        painter.fillRect(filled, bar)


class KittingView(ListView):
    """A list that takes its own rows back at another place."""

    def __init__(self, model: GridModel, ops: Ops, lookups: Lookups, parent: QWidget | None = None) -> None:
        super().__init__(model, ops, lookups, parent)
        self.setAccessibleName(tr("齐套顺序"))
        self.setItemDelegateForColumn(model.section("rank"), GripDelegate(self))
        self.setItemDelegateForColumn(model.section("sets"), SetsDelegate(self))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)


class KittingGrid(Grid):
    """The list of orders. moved(from row, to row): before which row one should be served; row_changed(order or None)."""

    moved = Signal(int, int)
    row_changed = Signal(object)
    model: KittingModel
    MODEL = KittingModel
    VIEW = KittingView

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "planning/kitting", COLUMNS, key="line_id", parent=parent)
        self.empty_label.setText(tr("没有未领料的任务单，或没有符合上面条件的"))
        self.model.moved.connect(self.moved)
        self.model.rows_changed.connect(self._tell_row)
        self.current_row_changed.connect(self._tell_row)

    def orders(self) -> list[KittingOrder]:
        """The orders shown, from the top."""
        return [row.order for row in self.model.records()]

    def order(self) -> KittingOrder | None:
        """The order of the current row."""
        row = self.current()
        return row.order if row is not None else None

    def shift(self, by: int) -> None:
        """Alt+↑ and Alt+↓."""
        row = self.view.currentIndex().row()
        if row >= 0 and 0 <= row + by < self.model.rowCount():
            self.moved.emit(row, row + by + (1 if by > 0 else 0))

    def _tell_row(self) -> None:
        self.row_changed.emit(self.order())


def _share(order: KittingOrder) -> float | None:
    if order.complete_sets is None or not order.ordered:
        return 1.0 if order.status == "ready" else None
    return float(order.complete_sets / order.ordered)
