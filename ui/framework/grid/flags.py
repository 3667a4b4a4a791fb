"""Yes/no cells that can be changed are boxes, empty or ticked; what is only to be read stays 是 or blank."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from ui.framework.colors import color, current
from ui.framework.grid.columns import Column
from ui.framework.grid.delegate import GridDelegate
from ui.framework.grid.model import CHECK, AnyIndex

if TYPE_CHECKING:
    from ui.framework.grid.line_view import LineView

ON = (Qt.CheckState.Checked, Qt.CheckState.Checked.value)
CLICKS = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


def is_box(column: Column) -> bool:
    """Whether a column's cells are boxes where they can be changed."""
    return column.kind == "flag" and column.editable


class FlagDelegate(GridDelegate):
    """Paints a cell that has a check state as a box in its middle, without its text; a click on the box is a Space."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The ground as always."""
        super().initStyleOption(option, index)
        make_bare(option)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The box over the ground."""
        super().paint(painter, option, index)
        paint_box(painter, option, index)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """A plain click on the box turns it round; a double click on it opens no editor."""
        # In a list no cell has a check state, and its view nothing to toggle.
        taken = take_click(event, option, index, lambda: cast("LineView", self._view).toggle_flag())
        return super().editorEvent(event, model, option, index) if taken is None else taken


def make_bare(option: QStyleOptionViewItem) -> None:
    """Leaves out the text of a cell that has a check state, and the style's own box at its left edge."""
    shown: Any = option
    if shown.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
        shown.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
        shown.text = ""


def paint_box(painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
    """The box of a cell that has a check state, its frame in a colour that stands out in light and dark."""
    state = index.data(CHECK)
    if state is None:
        return
    box: Any = QStyleOptionViewItem(option)
    box.rect = _place(option)
    box.palette = framed(box.palette)
    flag = QStyle.StateFlag
    box.state = flag.State_Enabled | (flag.State_On if state in ON else flag.State_Off)
    _style(option).drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, box, painter, box.widget)


def take_click(
    event: QEvent, option: QStyleOptionViewItem, index: AnyIndex, toggle: Callable[[], object]
) -> bool | None:
    """What a delegate answers to a mouse event; None where it is not about a box.

    A plain click on the box toggles the current cell, which the press has made this one.
    """
    if event.type() not in CLICKS or index.data(CHECK) is None:
        return None
    mouse = cast(QMouseEvent, event)
    plain = mouse.button() == Qt.MouseButton.LeftButton and mouse.modifiers() == Qt.KeyboardModifier.NoModifier
    if not plain or not _place(option).contains(mouse.position().toPoint()):
        return False
    if event.type() == QEvent.Type.MouseButtonPress:
        return False
    if event.type() == QEvent.Type.MouseButtonRelease:
        toggle()
    return True


def framed(palette: QPalette) -> QPalette:
    """Fusion draws the frame of a box in a shade of the window's colour; here it is one that stands out, in the dark too."""
    made = QPalette(palette)
    made.setColor(QPalette.ColorRole.Window, color(current().faint))
    return made


def _style(option: Any) -> QStyle:
    return option.widget.style() if option.widget is not None else QApplication.style()


def _place(option: Any) -> QRect:
    style, metric = _style(option), QStyle.PixelMetric
    size = QSize(
        style.pixelMetric(metric.PM_IndicatorWidth, option, option.widget),
        style.pixelMetric(metric.PM_IndicatorHeight, option, option.widget),
    )
    return QStyle.alignedRect(option.direction, Qt.AlignmentFlag.AlignCenter, size, option.rect)
