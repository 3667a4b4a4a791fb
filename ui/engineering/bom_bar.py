"""The line above the tree: product, version, day, levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from services.engineering.api import BomHead, ItemRow
from ui.engineering.dialogs import STATES
from ui.engineering.outputs import made_text
from ui.framework.elided import ElidedLabel
from ui.framework.grid.typing_rules import parse_date
from ui.framework.lookup import LookupEdit, LookupRow, LookupSource
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.framework.widths import keep_width

LEVELS = (1, 2, 3, 99)


class BomBar(QWidget):
    """Signals: item_wanted(text), version_wanted(code), day_wanted(date), level_wanted(depth)."""

    item_wanted = Signal(str)
    version_wanted = Signal(str)
    day_wanted = Signal(object)
    level_wanted = Signal(int)

    def __init__(self, ops: Ops, source: LookupSource, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = LookupEdit(source, ops, self)
        keep_width(self.product, 150)
        self.product.setPlaceholderText(tr("编码、名称、拼音"))
        self.product.setAccessibleName(tr("产品"))
        self.product.setObjectName("bomProduct")
        self.name = QLabel(self)
        self.versions = QComboBox(self)
        self.versions.setMinimumWidth(128)
        self.versions.setAccessibleName(tr("版本"))
        self.versions.setObjectName("bomVersions")
        self.day = QLineEdit(today.isoformat(), self)
        keep_width(self.day, 92)
        self.day.setAccessibleName(tr("按日期"))
        self.day.setObjectName("bomDay")
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.about = ElidedLabel(self)
        self.about.setObjectName("faintLabel")
        self._today = today
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (
            _label(tr("产品"), self), self.product, self.name, _label(tr("版本"), self), self.versions,
            _label(tr("按日期"), self), self.day, _label(tr("展开"), self),
        ):  # fmt: skip
            layout.addWidget(widget)
        for depth in LEVELS:
            layout.addWidget(self._level_button(depth))
        layout.addWidget(self.note)
        layout.addWidget(self.about, 1)
        self.product.chose.connect(self._chosen)
        self.product.returnPressed.connect(self._typed)
        self.versions.activated.connect(self._version_chosen)
        self.day.editingFinished.connect(self._day_typed)

    def show_item(self, item: ItemRow, heads: Sequence[BomHead], version: str) -> None:
        """The product shown and its versions."""
        self.product.setText(item.code)
        self.name.setText(item.name)
        self.versions.clear()
        for head in heads:
            self.versions.addItem(f"{head.version_code} {tr(STATES[head.state])}", head.version_code)
        if not heads:
            self.versions.addItem(tr("未建清单"), "")
        self.versions.setCurrentIndex(max(0, self.versions.findData(version)))
        self.versions.setEnabled(len(heads) > 1)
        shown = next((head for head in heads if head.version_code == version), None)
        parts = () if shown is None else (made_text(shown.outputs), shown.note)
        self.about.setText(" · ".join(part for part in parts if part))
        self.about.setToolTip(self.about.text())

    def show_day(self, day: date) -> None:
        """The day the tree is shown for."""
        self.day.setText(day.isoformat())

    def _level_button(self, depth: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(tr("全部") if depth > 9 else str(depth))
        button.setToolTip(f"Ctrl+{0 if depth > 9 else depth}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setObjectName(f"button_level_{depth}")
        button.clicked.connect(partial(self.level_wanted.emit, depth))
        return button

    def _chosen(self, hit: LookupRow) -> None:
        self.item_wanted.emit(hit.code)

    def _typed(self) -> None:
        if self.product.text().strip():
            self.item_wanted.emit(self.product.text().strip())

    def _version_chosen(self) -> None:
        self.version_wanted.emit(str(self.versions.currentData() or ""))

    def _day_typed(self) -> None:
        try:
            day = parse_date(self.day.text(), self._today)
        except ValueError as fault:
            self.day.setToolTip(str(fault))
            self.day.setProperty("fault", "true")
            return
        self.day.setProperty("fault", "false")
        self.day.setToolTip("")
        self.day_wanted.emit(day)


def _label(text: str, parent: QWidget) -> QLabel:
    return QLabel(text, parent)
