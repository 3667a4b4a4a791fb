"""复制为图片: the selected rows as a picture in light colours, to be pasted into a chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from ui.framework.colors import LIGHT
from ui.framework.icons import MARK_SIZE, paint_tone
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

MOST_ROWS: Final = 300
MARKED: Final = ("danger", "warn", "ok", "accent")
PADDING: Final = 5
SCALE: Final = 2


def picture_of(view: GridView, rows: Sequence[int]) -> QImage:
    """Titles and the given rows in the shown columns, as wide as they stand; at most 300 rows."""
    sections, rows = view.shown_sections(), rows[:MOST_ROWS]
    widths = [view.header.sectionSize(section) for section in sections]
    high = view.verticalHeader().defaultSectionSize()
    image = QImage((sum(widths) + 1) * SCALE, (high * (len(rows) + 1) + 1) * SCALE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.base))
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    painter.setFont(view.font())
    _paint_row(
        painter, 0, high, widths, [tr(view.grid_model.columns[section].title) for section in sections], head=True
    )
    for place, row in enumerate(rows, start=1):
        texts = [view.grid_model.text(row, section) for section in sections]
        numeric = [view.grid_model.columns[section].numeric for section in sections]
        tones = [view.grid_model.tone(row, section) for section in sections]
        _paint_row(painter, place * high, high, widths, texts, numeric=numeric, tones=tones)
    painter.end()
    return image


def _paint_row(
    painter: QPainter, top: int, high: int, widths: Sequence[int], texts: Sequence[str], *, head: bool = False,
    numeric: Sequence[bool] = (), tones: Sequence[str] = (),
) -> None:  # fmt: skip
    font = QFont(painter.font())
    font.setBold(head)
    painter.setFont(font)
    left = 0
    for place, (wide, text) in enumerate(zip(widths, texts, strict=True)):
        cell = QRect(left, top, wide, high)
        if head:
            painter.fillRect(cell, QColor(LIGHT.panel))
        painter.setPen(QColor(LIGHT.border))
        painter.drawRect(cell)
        tone = tones[place] if tones else ""
        painter.setPen(QColor(LIGHT.tones.get(tone, LIGHT.text)))
        side = Qt.AlignmentFlag.AlignRight if numeric and numeric[place] else Qt.AlignmentFlag.AlignLeft
        inner = cell.adjusted(PADDING, 0, -PADDING, 0)
        if tone in MARKED:
            painter.save()
            painter.translate(inner.left(), top + (high - MARK_SIZE) / 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_tone(painter, tone, QColor(LIGHT.tones[tone]))
            painter.restore()
            inner.setLeft(inner.left() + MARK_SIZE + PADDING)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter, shown)
        left += wide
