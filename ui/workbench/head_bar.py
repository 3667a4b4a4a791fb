"""The head of the workbench: which item, what it is, and its figures in one line."""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from models.kernel.numbers import plain
from models.kernel.vocabulary import ITEM_KINDS
from services.planning.api import ItemFigures, ItemHead
from ui.framework.colors import current
from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.lookup import LookupEdit, LookupRow, LookupSource
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.framework.widths import keep_width

NUMBER: Final = Column("", "", kind="number")
MARKS: Final = {"danger": "✖", "warn": "⚠", "ok": "✓"}


class HeadBar(QWidget):
    """item_wanted(text): a code, name or pinyin was typed or picked."""

    item_wanted = Signal(str)

    def __init__(self, ops: Ops, source: LookupSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = LookupEdit(source, ops, self)
        keep_width(self.item, 150)
        self.item.setPlaceholderText(tr("编码、名称、拼音"))
        self.item.setAccessibleName(tr("物料"))
        self.item.setObjectName("workbenchItem")
        self.name = ElidedLabel(self)
        self.name.setObjectName("numberLabel")
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.facts = ElidedLabel(self)
        self.facts.setObjectName("faintLabel")
        self.figures = _plain_label(self)
        self.verdict = _plain_label(self)
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(QLabel(tr("物料"), self))
        first.addWidget(self.item)
        first.addWidget(self.name)
        first.addSpacing(8)
        first.addWidget(self.facts, 1)
        second = QHBoxLayout()
        second.setSpacing(18)
        second.addWidget(self.figures)
        second.addWidget(self.verdict)
        second.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        self.item.chose.connect(self._chosen)
        self.item.returnPressed.connect(self._typed)

    def show_item(self, head: ItemHead, figures: ItemFigures) -> None:
        """Another item, or the same one read again."""
        self.item.setText(head.code)
        self.name.setText(f"{head.name} {head.spec}".strip())
        self.name.setToolTip(self.name.text())
        self.facts.setText(" · ".join(part for part in _facts(head) if part))
        self.facts.setToolTip(self.facts.text())
        unit = html.escape(head.unit)
        self.figures.setText(_figures(figures, unit))
        self.figures.setAccessibleName(
            tr("现存 {hand}，未占用 {free}", hand=plain(figures.on_hand), free=plain(figures.free))
        )
        tone, sentence = verdict(head, figures)
        self.verdict.setText(
            f"<b style='color:{current().tones[tone]}'>{MARKS[tone]} {html.escape(sentence)}</b>" if sentence else ""
        )

    def _chosen(self, hit: LookupRow) -> None:
        self.item_wanted.emit(hit.code)

    def _typed(self) -> None:
        if self.item.text().strip() and self.item.picked is None:
            self.item_wanted.emit(self.item.text().strip())


def verdict(head: ItemHead, figures: ItemFigures) -> tuple[str, str]:
    """(tone, sentence): whether what is open can be served, from which day not."""
    if figures.short_day is not None:
        day = f"{figures.short_day:%m-%d}"
        return "danger", tr("{day} 起缺料，最多缺 {short}", day=day, short=plain(figures.short))
    if figures.available < head.safety_stock:
        return "warn", tr("低于安全库存 {safety}", safety=plain(head.safety_stock))
    return "ok", tr("未完单据都够")


def _facts(head: ItemHead) -> list[str]:
    return [
        "" if head.enabled else tr("已停用"),
        tr(ITEM_KINDS[head.kind]),
        head.category,
        tr("提前期 {days} 天", days=head.lead_time_days) if head.lead_time_days else "",
        head.supplier or head.workshop,
        head.warehouse,
        tr("参考成本 {cost}", cost=plain(head.unit_cost)) if head.unit_cost is not None else "",
        tr("销售价 {price}", price=plain(head.price)) if head.price is not None else "",
    ]


def _figures(figures: ItemFigures, unit: str) -> str:
    cells = (
        ("现存", figures.on_hand), ("可用", figures.available), ("占用", figures.reserved), ("未占用", figures.free),
        ("在途", figures.on_order), ("在制", figures.in_production), ("预计可用", figures.projected),
    )  # fmt: skip
    made = []
    for title, value in cells:
        colour = f" style='color:{current().tones['danger']}'" if value < 0 else ""
        shown = NUMBER.show(value) or "0"
        made.append(
            f"<td style='color:{current().faint}'>{tr(title)}&nbsp;</td><td><b{colour}>{shown}</b>&nbsp;&nbsp;&nbsp;&nbsp;</td>"
        )
    return f"<table cellspacing='0' cellpadding='0'><tr>{''.join(made)}<td style='color:{current().faint}'>{unit}</td></tr></table>"


def _plain_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
