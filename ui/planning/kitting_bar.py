"""The lines above the kitting desk: what counts as there, and which of the orders are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from services.planning.api import KittingOrder
from ui.framework.desk import Desk
from ui.framework.elided import ElidedLabel
from ui.framework.grid.typing_rules import parse_date
from ui.framework.search_field import SearchField
from ui.framework.texts import tr
from ui.framework.widths import keep_width
from ui.planning.kitting_table import STATES, drawn, limit_text

AHEAD = "+14"
SUPPLY = "supply"
FAR = 9999
"""days"""
NARROWEST: Final = 160
"""pixels of the search"""


class KittingBar(QWidget):
    """until: the last day whose arrivals count, None for what lies in the store.

    Signals: until_changed() deals anew, filter_changed() shows other orders of the same deal, left() Enter in the search.
    """

    until_changed = Signal()
    filter_changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = desk.session.today
        self.until: date | None = None
        self.supply = QComboBox(self)
        self.supply.setAccessibleName(tr("可用料"))
        self.supply.addItem(tr("现存"), "stock")
        self.supply.addItem(tr("现存 + 在途"), SUPPLY)
        self.until_field = QLineEdit(self)
        keep_width(self.until_field, 92)
        self.until_field.setAccessibleName(tr("在途到哪天"))
        self.until_field.setPlaceholderText(tr("到哪天"))
        self.until_field.setEnabled(False)
        self.state = QComboBox(self)
        self.state.setAccessibleName(tr("状态"))
        for value, word in {"": "全部", **STATES}.items():
            self.state.addItem(tr(word), value)
        self.hide_drawn = QCheckBox(tr("隐藏已领齐"), self)
        self.hide_drawn.setChecked(True)
        self.search = SearchField(tr("任务单、产品、车间、瓶颈（Ctrl+F）"), self)
        self.count = ElidedLabel(self)
        self.count.setObjectName("faintLabel")
        self.supply.activated.connect(self._supply_changed)
        self.until_field.editingFinished.connect(self._until_typed)
        self.state.activated.connect(self.filter_changed)
        self.hide_drawn.toggled.connect(self.filter_changed)
        self.search.setMinimumWidth(NARROWEST)
        self.search.wanted.connect(self.filter_changed)
        self.search.returnPressed.connect(self._leave)

    def lay_out(self, schemes: QToolButton) -> None:
        """One line, the schemes first as above every list."""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(schemes)
        line.addSpacing(10)
        shown: tuple[QWidget, ...] = (
            QLabel(tr("可用料"), self), self.supply, self.until_field, QLabel(tr("状态"), self), self.state,
            self.hide_drawn,
        )  # fmt: skip
        for widget in shown:
            line.addWidget(widget)
        line.addWidget(self.search)
        line.addSpacing(6)
        line.addWidget(self.count, 1)

    def dealt(self, orders: Sequence[KittingOrder]) -> list[KittingOrder]:
        """The orders that have a rank: without those that have drawn everything, unless they are wanted."""
        return [order for order in orders if not (self.hide_drawn.isChecked() and drawn(order))]

    def keeps(self, order: KittingOrder) -> bool:
        """Whether an order is shown."""
        state = self.state.currentData()
        text = f"{order.ref.number} {order.item_code} {order.item_name} {order.workshop} {limit_text(order)}".casefold()
        return (not state or order.status == state) and all(
            word in text for word in self.search.text().casefold().split()
        )

    def filters(self) -> dict[str, Any]:
        """What a scheme keeps; the last day is kept as days from today."""
        return {
            "days": (self.until - self._today()).days if self.until is not None else None,
            "state": self.state.currentData(), "hide_drawn": self.hide_drawn.isChecked(), "text": self.search.text(),
        }  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        """Chooses what a scheme kept; {} is as declared."""
        days = state.get("days")
        self.state.setCurrentIndex(max(0, self.state.findData(str(state.get("state", "")))))
        self.hide_drawn.setChecked(state.get("hide_drawn", True) is True)
        self.search.setText(str(state.get("text", "")))
        self.search.hurry()
        until = self._today() + timedelta(days=min(abs(int(days)), FAR)) if days is not None else None
        self.supply.setCurrentIndex(0 if until is None else self.supply.findData(SUPPLY))
        self.until_field.setEnabled(until is not None)
        self.until_field.setText("" if until is None else until.isoformat())
        self._until_typed()
        self.filter_changed.emit()

    def _leave(self) -> None:
        """Enter before the typing paused: the rows first."""
        self.search.hurry()
        self.left.emit()

    def _supply_changed(self) -> None:
        on = self.supply.currentData() == SUPPLY
        self.until_field.setEnabled(on)
        if on and not self.until_field.text():
            self.until_field.setText(AHEAD)
        self._until_typed()

    def _until_typed(self) -> None:
        until: date | None = None
        if self.supply.currentData() == SUPPLY:
            try:
                until = parse_date(self.until_field.text(), self._today())
            except ValueError as fault:
                self.until_field.setToolTip(str(fault))
                return
            self.until_field.setText(until.isoformat())
            self.until_field.setToolTip("")
        if until != self.until:
            self.until = until
            self.until_changed.emit()
