"""Supply and demand of one item by day, with the running balance, as a strip and as a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from services.planning import api
from ui.framework.colors import color, current
from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import tr
from ui.planning.words import origin_text

STRIP_HEIGHT = 58
MARGIN = 6
LONGEST = 8
BESIDE = 52
"""characters of a balance beside the strip"""
COLUMNS = (
    Column("day", "日期", kind="date"),
    Column("origin", "供需", width=250, get=lambda row: origin_text(row.origin, source=row.quantity >= 0)),
    Column("item", "物料", kind="code", width=90, get=lambda row: row.origin.item_code),
    Column("quantity", "数量", kind="number"),
    Column("balance", "余额", kind="number", tone=lambda value, _row: "danger" if value < 0 else ""),
)


class Balanced(Protocol):
    """A day and the balance from then on."""

    @property
    def day(self) -> date: ...
    @property
    def balance(self) -> Decimal: ...


class BalanceStrip(QWidget):
    """The balance as steps over the days; below zero in red, with a line at zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(STRIP_HEIGHT)
        self.rows: Sequence[Balanced] = ()

    def show_rows(self, rows: Sequence[Balanced]) -> None:
        """Another item."""
        self.rows = rows
        lowest = min((row.balance for row in rows), default=None)
        self.setAccessibleName(tr("余额走势") if lowest is None else tr("余额走势，最低 {lowest}", lowest=lowest))
        self.update()

    def beside(self, balances: Sequence[Decimal]) -> int:
        """Room at the right for the highest and the lowest balance, in pixels."""
        words = (level_text(float(level)) for level in (max(balances), min(balances)))
        return max(BESIDE, *(self.fontMetrics().horizontalAdvance(word) + 2 for word in words))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Steps, zero line, first and last day, highest and lowest balance."""
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(0, 0, -1, -1)
        painter.fillRect(area, color(current().base))
        painter.setPen(color(current().grid))
        painter.drawRect(area)
        if not self.rows:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        first, last = self.rows[0].day.toordinal(), max(self.rows[-1].day.toordinal(), self.rows[0].day.toordinal() + 1)
        balances = [float(row.balance) for row in self.rows]
        words = [level_text(level) for level in (max(balances), min(balances))]
        beside = self.beside([row.balance for row in self.rows])
        inner = area.adjusted(MARGIN, MARGIN, -MARGIN - beside, -MARGIN - metrics.height())
        low, high = min(0.0, *balances), max(0.0, *balances) or 1.0
        span = (high - low) or 1.0

        def at(day: int, balance: float) -> QPointF:
            x = inner.left() + inner.width() * (day - first) / (last - first)
            return QPointF(x, inner.bottom() - inner.height() * (balance - low) / span)

        points = [at(first, 0.0)]
        for row, balance in zip(self.rows, balances, strict=True):
            here = at(row.day.toordinal(), balance)
            points += [QPointF(here.x(), points[-1].y()), here]
        points.append(QPointF(inner.right(), points[-1].y()))
        zero = at(first, 0.0).y()
        painter.setPen(QPen(color(current().border), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(inner.left(), zero), QPointF(inner.right(), zero))
        for clip, tone in (
            (QRectF(area.left(), area.top(), area.width(), zero), "info"),
            (QRectF(area.left(), zero, area.width(), area.height()), "danger"),
        ):
            painter.save()
            painter.setClipRect(clip)
            painter.setPen(QPen(color(current().tones[tone]), 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.restore()
        painter.setPen(color(current().faint))
        painter.drawText(QPointF(inner.left(), area.bottom() - 3), f"{self.rows[0].day:%m-%d}")
        end = f"{self.rows[-1].day:%m-%d}"
        painter.drawText(QPointF(inner.right() - metrics.horizontalAdvance(end), area.bottom() - 3), end)
        half = metrics.capHeight() / 2
        upper, lower = (at(last, level).y() + half for level in (max(balances), min(balances)))
        lower = max(lower, upper + metrics.ascent())
        painter.drawText(QPointF(inner.right() + 4, upper), words[0])
        if max(balances) != min(balances):
            painter.drawText(QPointF(inner.right() + 4, lower), words[1])


def level_text(balance: float) -> str:
    """A balance beside the strip, as the list says it; a long one without its decimals."""
    exact = f"{balance:,.3f}".rstrip("0").rstrip(".")
    return exact if len(exact) <= LONGEST else f"{balance:,.0f}"


class TimelinePanel(QWidget):
    """Strip over list, for the item of the current row."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self.title = ElidedLabel(self)
        self.title.setText(tr("供需时间线"))
        self.title.setObjectName("faintLabel")
        self.strip = BalanceStrip(self)
        self.grid = Grid(page.desk, "planning/timeline", COLUMNS, parent=self)
        self.grid.empty_label.setText(tr("选中一个计划订单，这里列出它的供需"))
        self.grid.opened.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.strip)
        layout.addWidget(self.grid, 1)

    def show_item(self, run_id: int, item_id: int, label: str) -> None:
        """Asks for an item's movements; only the newest answer is shown."""
        ask = partial(_ask, self._page, run_id, item_id, label)
        self._page.run_query(ask, self._show, latest="timeline")

    def _show(self, answer: tuple[str, Sequence[api.TimelineRow]]) -> None:
        label, rows = answer
        lowest = min(rows, key=lambda row: row.balance, default=None)
        short = lowest is not None and lowest.balance < 0
        word = tr("，{day} 缺 {short}", day=f"{lowest.day:%m-%d}", short=-lowest.balance) if short and lowest else ""
        self.title.setText(tr("{item} 供需时间线{short}", item=label, short=word))
        self.title.setToolTip(self.title.text())
        self.strip.show_rows(rows)
        self.grid.set_rows(rows)

    def _open(self, row: api.TimelineRow) -> None:
        if row.origin.document is not None:
            self._page.desk.navigator.open(row.origin.document)


def _ask(page: Page, run_id: int, item_id: int, label: str) -> tuple[str, Sequence[api.TimelineRow]]:
    return label, api.timeline(page.desk.session.db, run_id, item_id)
