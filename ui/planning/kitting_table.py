"""Orders in the order in which they get the parts: rows are dragged, or moved by Alt+↑ and Alt+↓."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from models.kernel.numbers import plain
from services.planning.api import KittingOrder
from ui.framework.colors import Tone, color, current, tone_color
from ui.framework.grid.columns import roomy
from ui.framework.grid.delegate import ENTER
from ui.framework.grid.view import row_height
from ui.framework.icons import tone_icon
from ui.framework.texts import tr

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
MIME: Final = "application/x-gongfang-kitting-row"
SHARE: Final = Qt.ItemDataRole.UserRole.value
TITLES: Final = ("", "任务单", "产品", "开工", "套数", "连半成品", "状态", "瓶颈", "车间")
WIDTHS: Final = (20, 160, 130, 48, 84, 72, 80, 196, 80)
SETS, DEEP, STATE, LIMIT = 4, 5, 6, 7
BAR_ALPHA: Final = 70
STATES: Final = {"ready": "齐套", "expected": "预期齐套", "short": "不齐套", "abnormal": "没有材料"}
TONES: Final[dict[str, Tone]] = {"ready": "ok", "expected": "warn", "short": "danger", "abnormal": "muted"}


class KittingModel(QAbstractTableModel):
    """Frozen rows with prepared texts. moved(from row, to row) when a row was dropped elsewhere."""

    moved = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.orders: list[KittingOrder] = []
        self._ranks: list[int] = []
        self._texts: list[tuple[str, ...]] = []

    def set_orders(self, ranked: Sequence[tuple[int, KittingOrder]]) -> None:
        """Shows another deal: orders with their ranks."""
        self.beginResetModel()
        self._ranks = [rank for rank, _order in ranked]
        self.orders = [order for _rank, order in ranked]
        self._texts = [_texts(order) for order in self.orders]
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        """Orders."""
        return 0 if parent.isValid() else len(self.orders)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        """Columns."""
        return 0 if parent.isValid() else len(TITLES)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, the share of complete sets, tones."""
        if not index.isValid():
            return None
        order, section = self.orders[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts[index.row()][section]
        if role == SHARE and section == SETS:
            return _share(order)
        tone = TONES.get(order.status, "")
        if role == Qt.ItemDataRole.ForegroundRole and section in (LIMIT, STATE):
            return tone_color(tone)
        if role == Qt.ItemDataRole.DecorationRole and section == STATE:
            return tone_icon(tone)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._texts[index.row()][section] or None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (SETS, DEEP):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles, and the rank of each row."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(self._ranks[section]) if orientation == Qt.Orientation.Vertical else tr(TITLES[section])

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Rows can be dragged between rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

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
        return data.hasFormat(MIME)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex) -> bool:
        """Tells where the row should go; the deal that follows moves it, so Qt must remove nothing."""
        source = int(bytes(data.data(MIME).data()).decode() or "-1")
        target = row if row >= 0 else (parent.row() if parent.isValid() else len(self.orders))
        if source >= 0:
            self.moved.emit(source, target)
        return False


class SetsDelegate(QStyledItemDelegate):
    """Complete sets as a bar behind their numbers."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The bar over the cell, pale enough to read through: green complete, orange in part, red nothing."""
        super().paint(painter, option, index)
        share = index.data(SHARE)
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


class KittingTable(QTableView):
    """Signals: row_changed(order or None), opened(order), moved(from, to)."""

    row_changed = Signal(object)
    opened = Signal(object)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kits = KittingModel(self)
        self.setModel(self.kits)
        self.setObjectName("kittingTable")
        self.setAccessibleName(tr("齐套顺序"))
        self.setItemDelegateForColumn(SETS, SetsDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height(self))
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setStretchLastSection(True)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for section, width in enumerate(WIDTHS):
            words = STATES.values() if section == STATE else ()
            self.setColumnWidth(section, roomy(width, TITLES[section], words, marked=True))
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._opened)
        self.kits.moved.connect(self.moved)

    def show_orders(self, ranked: Sequence[tuple[int, KittingOrder]], line_id: int = 0) -> None:
        """Shows orders with their ranks in the deal; the order of that line stays current."""
        self.kits.set_orders(ranked)
        if ranked:
            at = next((row for row, (_rank, order) in enumerate(ranked) if order.line_id == line_id), 0)
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.kits.index(at, 1), flags.ClearAndSelect | flags.Rows)
        else:
            self.row_changed.emit(None)

    def current(self) -> KittingOrder | None:
        """The order of the current row."""
        row = self.currentIndex().row()
        return self.kits.orders[row] if 0 <= row < len(self.kits.orders) else None

    def shift(self, by: int) -> None:
        """Alt+↑ and Alt+↓."""
        row = self.currentIndex().row()
        if 0 <= row < len(self.kits.orders) and 0 <= row + by < len(self.kits.orders):
            self.moved.emit(row, row + by + (1 if by > 0 else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with arrows moves the order, Enter opens it."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.shift(steps[Qt.Key(event.key())])
            return
        if event.key() in ENTER:
            self._opened()
            return
        super().keyPressEvent(event)

    def _current_changed(self) -> None:
        self.row_changed.emit(self.current())

    def _opened(self) -> None:
        order = self.current()
        if order is not None:
            self.opened.emit(order)


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


def _share(order: KittingOrder) -> float | None:
    if order.complete_sets is None or not order.ordered:
        return 1.0 if order.status == "ready" else None
    return float(order.complete_sets / order.ordered)


def _texts(order: KittingOrder) -> tuple[str, ...]:
    done = order.complete_sets is None and order.status == "ready"
    sets = (
        tr("已领齐")
        if done
        else ""
        if order.complete_sets is None
        else f"{plain(order.complete_sets)}/{plain(order.ordered)}"
    )
    deep = "" if order.deep_sets is None else f"{plain(order.deep_sets)}/{plain(order.ordered)}"
    start = f"{order.start_date:%m-%d}" if order.start_date else ""
    product = f"{order.item_code} {order.item_name}".strip()
    return (
        "⠿", order.ref.number, product, start, sets, deep, tr(STATES.get(order.status, order.status)), limit_text(order),
        order.workshop,
    )  # fmt: skip
