"""急单试算: item, quantity, day; the answer in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from models.kernel.numbers import plain
from services.planning.api import RushAnswer
from ui.framework.colors import current
from ui.framework.desk import Desk
from ui.framework.grid.typing_rules import parse_date, parse_decimal
from ui.framework.lookup import LookupEdit, LookupSource
from ui.framework.texts import listed, tr
from ui.framework.widths import keep_width
from ui.planning.kitting_table import limit_text

VERDICTS = {
    "accept": ("ok", "✓ 可以接：料够，也不影响现有任务单。"),
    "accept_affecting": ("warn", "⚠ 可以接，但会让下面的任务单不再齐套："),
    "cannot": ("danger", "✖ 不能按时接：缺料。"),
}


class RushBar(QWidget):
    """wanted(item code, quantity, start) on Enter in any field or the button."""

    wanted = Signal(str, object, object)

    def __init__(self, desk: Desk, source: LookupSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = desk.session.today
        self.product = LookupEdit(source, desk.ops, self)
        keep_width(self.product, 110)
        self.product.setPlaceholderText(tr("产品"))
        self.product.setAccessibleName(tr("急单产品"))
        self.quantity = self._field(tr("数量"), 64)
        self.quantity.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.start = self._field(tr("开工日"), 92)
        self.start.setText(self._today().isoformat())
        self.button = QPushButton(tr("试算"), self)
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(QLabel(tr("急单试算"), self))
        for widget in (self.product, self.quantity, self.start, self.button, self.fault):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.button.clicked.connect(self.ask)
        for field in (self.product, self.quantity, self.start):
            field.returnPressed.connect(self.ask)

    def ask(self) -> None:
        """Reads the fields; the first fault is said beside them."""
        code = self.product.text().strip()
        if not code:
            self.product.setFocus()
            return
        if not self.quantity.text().strip():
            self.quantity.setFocus()
            return
        try:
            quantity = parse_decimal(self.quantity.text())
            start = parse_date(self.start.text(), self._today())
        except ValueError as fault:
            self.fault.setText(str(fault))
            return
        self.fault.clear()
        self.wanted.emit(code, quantity, start)

    def _field(self, title: str, width: int) -> QLineEdit:
        field = QLineEdit(self)
        keep_width(field, width)
        field.setPlaceholderText(title)
        field.setAccessibleName(title)
        return field


def answer_text(answer: RushAnswer, quantity: Decimal, start: date) -> str:
    """The verdict with the materials missing, the day it could be complete, and the orders that lose."""
    tone, words = VERDICTS[answer.verdict]
    result = answer.result
    head = tr(
        "{item} × {quantity}，{start} 开工", item=result.item_code, quantity=plain(quantity), start=f"{start:%m-%d}"
    )
    lines = [f"<b style='color:{current().tones[tone]}'>{tr(words)}</b> {head}"]
    if answer.verdict == "cannot":
        short = [part for part in result.components if part.short > 0]
        told = [
            tr("{item} 缺 {short}", item=f"{part.code} {part.name}".strip(), short=plain(part.short))
            for part in short[:8]
        ]
        lines.append(listed(told, "；"))
        if result.complete_sets is not None:
            lines.append(
                tr(
                    "现在能做 {sets}；先做半成品能做 {deep}",
                    sets=plain(result.complete_sets),
                    deep=plain(result.deep_sets or Decimal(0)),
                )
            )
    if result.ready_day is not None:
        lines.append(tr("按在途，最早 {day} 齐套", day=f"{result.ready_day:%m-%d}"))
    lines += [
        tr("· {order}：{limit}", order=f"{order.ref.number} {order.item_name}", limit=limit_text(order))
        for order in answer.affected
    ]
    return "<br>".join(line for line in lines if line)
