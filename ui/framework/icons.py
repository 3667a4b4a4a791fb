"""Icons drawn from resources/icons/*.svg in the colour of the text, and small marks that go with each tone."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.framework.colors import color, current, tone_color

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "icons"
SIZES: Final = (16, 20, 24, 32, 48)
MARK_SIZE: Final = 12
SCALE: Final = 3
NAME, FAINT = "iconName", "iconFaint"


def icon(name: str, *, colour: str = "") -> QIcon:
    """The icon of that name; colour defaults to the text colour of the scheme; an unknown name gives an empty icon."""
    return _svg_icon(name, colour or current().text, current().disabled)


def dress(target: QAction | QAbstractButton, name: str, *, faint: bool = False) -> None:
    """Gives an action or a button an icon that follows the scheme: `redress` of the window paints it anew."""
    target.setProperty(NAME, name)
    target.setProperty(FAINT, faint)
    _put_on(target)


def redress(window: QWidget) -> None:
    """Every icon given by `dress` within a window in the colours of the scheme in use."""
    dressed: list[QAction | QAbstractButton] = [*window.findChildren(QAction), *window.findChildren(QAbstractButton)]
    for target in dressed:
        if target.property(NAME):
            _put_on(target)


def _put_on(target: QAction | QAbstractButton) -> None:
    target.setIcon(icon(target.property(NAME), colour=current().faint if target.property(FAINT) else ""))


def paint_tone(painter: QPainter, tone: str, shade: QColor) -> None:
    """The mark of a tone, 12 pixels high, at the painter's origin."""
    _paint_mark(painter, tone, shade)


def tone_icon(tone: str, *, dot: bool = False) -> QIcon:
    """The mark beside a coloured word: cross = danger, triangle = warning, tick = good, ring = done, diamond = beyond; or a plain dot."""
    return _tone_icon(tone, tone_color(tone).name(), dot)


@lru_cache(maxsize=512)
def _svg_icon(name: str, colour: str, disabled: str) -> QIcon:
    made = QIcon()
    for mode, shade in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for shape in _shapes(name):
            picture = QPixmap(shape)
            painter = QPainter(picture)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            painter.fillRect(picture.rect(), color(shade))
            painter.end()
            made.addPixmap(picture, mode)
    return made


@lru_cache(maxsize=512)
def _shapes(name: str) -> tuple[QPixmap, ...]:
    """The drawing in each size, of no colour yet: an icon has one, and drawing it costs ten times what colouring it does."""
    file = FOLDER / f"{name}.svg"
    if not file.is_file():
        return ()
    renderer = QSvgRenderer(QByteArray(file.read_bytes()))
    shapes = []
    for size in SIZES:
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        shapes.append(picture)
    return tuple(shapes)


@lru_cache(maxsize=64)
def _tone_icon(tone: str, colour: str, dot: bool) -> QIcon:
    picture = QPixmap(MARK_SIZE * SCALE, MARK_SIZE * SCALE)
    picture.setDevicePixelRatio(SCALE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_mark(painter, "dot" if dot else tone, color(colour))
    painter.end()
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def _paint_mark(painter: QPainter, shape: str, shade: QColor) -> None:
    pen = QPen(shade, 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if shape == "danger":
        painter.drawLine(QPointF(3, 3), QPointF(9, 9))
        painter.drawLine(QPointF(9, 3), QPointF(3, 9))
    elif shape == "warn":
        painter.setPen(QPen(shade, 1.3))
        painter.drawPolygon(QPolygonF([QPointF(6, 1.5), QPointF(11, 10.5), QPointF(1, 10.5)]))
        painter.drawLine(QPointF(6, 5), QPointF(6, 7.2))
        painter.drawPoint(QPointF(6, 9))
    elif shape == "ok":
        painter.drawPolyline(QPolygonF([QPointF(2.5, 6.5), QPointF(5, 9), QPointF(9.5, 3.5)]))
    elif shape == "accent":
        painter.drawPolygon(QPolygonF([QPointF(6, 1.5), QPointF(10.5, 6), QPointF(6, 10.5), QPointF(1.5, 6)]))
    elif shape == "muted":
        painter.drawEllipse(QPointF(6, 6), 3, 3)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawEllipse(QPointF(6, 6), 3.4, 3.4)
