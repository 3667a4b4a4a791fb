"""Column header with Excel habits: click sorts, Ctrl+click adds a sort level, the arrow (Alt+Down) opens the filter, right click hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QMenu, QStyle, QStyleOptionViewItem, QTableView

from ui.framework.colors import color, current
from ui.framework.grid.flags import framed
from ui.framework.grid.index import SortKey
from ui.framework.grid.model import GridModel
from ui.framework.grid.popup import FilterPopup
from ui.framework.grid.table import MARK
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

GLYPH = 16


class GridHeader(QHeaderView):
    """Paints sort level and filter mark of every section; layout_changed() whenever order, width or visibility was changed by hand.

    menu_made(QMenu) lets others add to the menu of a right click.
    """

    layout_changed = Signal()
    reset_wanted = Signal()
    rules_wanted = Signal(str)
    menu_made = Signal(object)

    def __init__(self, view: GridView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self.sorting = True
        self._hovered = -1
        self._ticks: Qt.CheckState | None = None
        self.setMouseTracking(True)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.sectionClicked.connect(self._clicked)
        self.sectionMoved.connect(self.layout_changed)
        self.sectionResized.connect(self._resized)

    def open_filter(self, section: int) -> None:
        """Opens the filter popup under a section."""
        if not self.sorting or self._model.columns[section] is MARK:
            return
        popup = FilterPopup(self._model, section, self)
        corner = self.mapToGlobal(QPoint(self.sectionViewportPosition(section), self.height()))
        screen = self.screen().availableGeometry()
        popup.adjustSize()
        x = max(screen.left(), min(corner.x(), screen.right() - popup.width()))
        y = max(screen.top(), min(corner.y(), screen.bottom() - popup.height()))
        popup.move(x, y)
        popup.sort_wanted.connect(self._sort_only)
        popup.closed.connect(self._popup_closed)
        popup.show()
        popup.search_field.setFocus()

    def toggle_sort(self, section: int, *, add: bool) -> None:
        """Ascending, descending, off; add keeps the other levels."""
        keys = list(self._model.sort_keys)
        found = next((key for key in keys if key.column == section), None)
        place = keys.index(found) if found is not None else len(keys)
        following = [] if found is not None and found.descending else [SortKey(section, descending=found is not None)]
        if add:
            keys[place : place + 1] = following
        else:
            keys = following
        self._model.set_sort(keys)
        self.viewport().update()
        self.layout_changed.emit()

    def sizeHint(self) -> QSize:
        """A dense header. Qt would measure the title of every section, and it asks at each change of style, font or layout."""
        return QSize(self.length(), self.fontMetrics().height() + 9)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """The section and its marks."""
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        if self._model.columns[section] is MARK:
            self._paint_ticks(painter, rect)
            return
        if not self.sorting:
            return
        levels = [key.column for key in self._model.sort_keys]
        if section in levels:
            key = self._model.sort_keys[levels.index(section)]
            self._paint_sort(painter, rect, key, levels.index(section) if len(levels) > 1 else -1)
        place = self._glyph(section, rect, 1 if section in levels else 0)
        if self._model.columns[section].key in self._model.filters:
            self._paint_funnel(painter, place, color(current().tones["warn"]))
        elif section == self._hovered:
            self._paint_funnel(painter, place, color(current().border))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the funnel (at the end that the title does not use) opens the filter."""
        section = self.logicalIndexAt(event.position().toPoint())
        filtered = self.sorting and section >= 0 and self._model.columns[section] is not MARK
        if event.button() == Qt.MouseButton.LeftButton and filtered:
            rect = QRect(self.sectionViewportPosition(section), 0, self.sectionSize(section), self.height())
            sorted_by = any(key.column == section for key in self._model.sort_keys)
            if self._glyph(section, rect, 1 if sorted_by else 0).contains(event.position().toPoint()):
                self.open_filter(section)
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The funnel shows itself under the mouse."""
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """And goes with it."""
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Hide, show, filter, reset."""
        self.menu(self.logicalIndexAt(event.pos())).exec(event.globalPos())

    def menu(self, section: int) -> QMenu:
        """The header's menu for a section."""
        menu = QMenu(self)
        columns = self._model.columns
        if section >= 0 and columns[section] is not MARK:
            if self.sorting:
                menu.addAction(tr("筛选…"), lambda: self.open_filter(section))
            menu.addAction(
                tr("隐藏“{title}”", title=tr(columns[section].title)), lambda: self.set_shown(section, shown=False)
            )
            title = tr(columns[section].title)
            menu.addAction(tr("冻结到“{title}”", title=title), lambda: self.freeze(columns[section].key))
            menu.addSeparator()
        if self._view.frozen.key:
            menu.addAction(tr("取消冻结"), lambda: self.freeze(""))
        chooser = menu.addMenu(tr("显示列"))
        for number, column in enumerate(columns):
            if column is not MARK:
                action = chooser.addAction(tr(column.title))
                action.setCheckable(True)
                action.setChecked(not self.isSectionHidden(number))
                action.setData(number)
        chooser.triggered.connect(lambda action: self.set_shown(action.data(), shown=action.isChecked()))
        if self._model.filters:
            menu.addAction(tr("清除全部筛选"), self._clear_filters)
        key = columns[section].key if section >= 0 and columns[section] is not MARK else ""
        menu.addAction(tr("条件颜色…") + "\tCtrl+Alt+K", lambda: self.rules_wanted.emit(key))
        menu.addAction(tr("复制为图片") + "\tCtrl+Alt+C", self._view.copy_picture)
        self.menu_made.emit(menu)
        menu.addAction(tr("恢复默认列"), self.reset_wanted.emit)
        return menu

    def ticks(self) -> Qt.CheckState:
        """Whether all rows that the filters leave are ticked, some, or none."""
        if self._ticks is None:
            # Counted once for what stands there: the header is painted with every move of the mouse over it.
            rows = self._model.rowCount()
            ticked = self._model.shown_marks() if self._model.marked else 0
            some = Qt.CheckState.PartiallyChecked if ticked else Qt.CheckState.Unchecked
            self._ticks = Qt.CheckState.Checked if rows and ticked == rows else some
        return self._ticks

    def ticks_changed(self) -> None:
        """Rows or their ticks are others than before."""
        self._ticks = None
        self.viewport().update()

    def set_shown(self, section: int, *, shown: bool) -> None:
        """Shows or hides a column; the last visible one stays. What is hidden neither filters nor sorts."""
        visible = [s for s in range(self.count()) if not self.isSectionHidden(s) and self._model.columns[s] is not MARK]
        if not shown and visible == [section]:
            return
        self.setSectionHidden(section, not shown)
        self._view.spreading.arrange()
        if not shown:
            self._model.set_filter(self._model.columns[section].key, None)
            kept = [key for key in self._model.sort_keys if key.column != section]
            if len(kept) < len(self._model.sort_keys):
                self._model.set_sort(kept)
        self.layout_changed.emit()

    def freeze(self, key: str) -> None:
        """Keeps the columns up to this one in sight; "" lets all scroll."""
        self._view.frozen.freeze(key)
        self.layout_changed.emit()

    @property
    def _model(self) -> GridModel:
        return cast("GridModel", self._view.model())

    def _resized(self) -> None:
        """By the window is not by hand."""
        if not self._view.spreading.arranging:
            self.layout_changed.emit()

    def _clicked(self, section: int) -> None:
        if not self.sorting:
            return
        if self._model.columns[section] is MARK:
            every = self.ticks() is Qt.CheckState.Checked
            self._model.set_marks(range(self._model.rowCount()), not every)
            return
        adding = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self.toggle_sort(section, add=bool(QGuiApplication.keyboardModifiers() & adding))

    def _sort_only(self, section: int, descending: bool) -> None:
        self._model.set_sort([SortKey(section, descending=descending)])
        self.viewport().update()
        self.layout_changed.emit()

    def _popup_closed(self) -> None:
        self.viewport().update()
        self.layout_changed.emit()
        self._view.setFocus()

    def _clear_filters(self) -> None:
        self._model.clear_filters()
        self.viewport().update()
        self.layout_changed.emit()

    def _paint_ticks(self, painter: QPainter, rect: QRect) -> None:
        """The box of all rows, above theirs."""
        flag = QStyle.StateFlag
        states = {
            Qt.CheckState.Checked: flag.State_On,
            Qt.CheckState.Unchecked: flag.State_Off,
            Qt.CheckState.PartiallyChecked: flag.State_NoChange,
        }
        box: Any = QStyleOptionViewItem()
        box.initFrom(self)
        size = self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, box, self)
        square = QRect(0, 0, size, size)
        square.moveCenter(rect.center())
        square.moveLeft(rect.left() + self.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, box, self) + 1)
        box.rect, box.palette = square, framed(box.palette)
        box.state = flag.State_Enabled | states[self.ticks()]
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, self)

    def _paint_sort(self, painter: QPainter, rect: QRect, key: SortKey, level: int) -> None:
        """A triangle at the end that the title does not use, with its level when there are several."""
        place = self._glyph(key.column, rect, 0, wide=level >= 0)
        painter.save()
        painter.fillRect(place, color(current().panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(current().accent))
        if level >= 0:
            number = QRect(place.left(), place.top(), GLYPH - 4, place.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(level + 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(current().accent))
        x, y = place.right() - GLYPH + 4.0, place.center().y() + 0.5
        tip = 3 if key.descending else -3
        painter.drawPolygon(QPolygonF([QPointF(x, y - tip), QPointF(x + 8, y - tip), QPointF(x + 4, y + tip)]))
        painter.restore()

    def _paint_funnel(self, painter: QPainter, place: QRect, shade: QColor) -> None:
        x, y = place.left() + 3.0, place.center().y() - 4.0
        painter.save()
        painter.fillRect(place, color(current().panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        edge = ((0, 0), (10, 0), (6, 5), (6, 10), (4, 8), (4, 5))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in edge]))
        painter.restore()

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def _glyph(self, section: int, rect: QRect, place: int, *, wide: bool = False) -> QRect:
        width = GLYPH * 2 - 4 if wide else GLYPH
        numeric = self._model.columns[section].numeric
        offset = place * (GLYPH + 2)
        # The last pixels before the edge are the resize handle's.
        x = rect.left() + 5 + offset if numeric else rect.right() - width - 4 - offset
        return QRect(x, rect.top() + 1, width, rect.height() - 2)


class RowHeader(QHeaderView):
    """Numbers of the rows: as wide as the last one."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)

    def sizeHint(self) -> QSize:
        """Qt would measure the first and the last hundred numbers, and it asks at each change of style, font or layout."""
        wide = self.sectionSizeFromContents(self.count() - 1).width() if self.count() else 0
        return QSize(wide, self.length())
