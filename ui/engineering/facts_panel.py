"""Beside the tree: what is known of the selected item, and who changed its bill."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from models.kernel.numbers import plain
from models.kernel.vocabulary import ITEM_KINDS
from services.documents.api import HistoryRow
from services.engineering.api import CostRow, ItemRow
from ui.engineering.draft import Bill
from ui.engineering.outputs import made_text
from ui.framework.colors import current
from ui.framework.texts import deed, tr

WIDTH = 262
ACTIONS = {
    "create": "新建", "change": "修改", "approve": "审核", "reverse": "反审核", "enable": "启用", "disable": "禁用",
    "delete": "删除",
}  # fmt: skip
SHOWN_EVENTS = 6


class FactsPanel(QScrollArea):
    """Rich text only; nothing in it takes the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("factsPanel")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(10, 8, 8, 8)
        self.text = QLabel(inner)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self.text, 1)
        self.setWidget(inner)
        self._lines: list[str] = []
        self._parts: list[str] = []

    def show_item(
        self, item: ItemRow | None, bill: Bill | None, state: str, cost: CostRow | None, used_in: int | None = None
    ) -> None:
        """The facts of an item; how many items use it (None: not known yet) and its history follow by show_known."""
        if item is None:
            self.text.setText(f"<p>{tr('选中一行，这里显示它的版本、库存和替代料。')}</p>")
            return
        kind = tr(ITEM_KINDS.get(item.kind, item.kind))
        lines = [f"<b>{html.escape(item.code)}</b> {html.escape(item.name)}"]
        lines.append(html.escape(" · ".join(part for part in (item.spec, kind, item.unit) if part)))
        if state:
            lines.append(f"{tr('版本')} <b>{html.escape(state)}</b>")
        if bill is not None and bill.lines:
            lines.append(tr("{count} 个子件", count=len(bill.filled)))
        if item.yield_rate != 1:
            lines.append(tr("成品率 {rate}%", rate=plain(item.yield_rate * 100)))
        self._lines, self._parts = lines, [_version(bill), self._stock(item, cost), self._substitutes(item)]
        self._write(used_in)

    def show_known(self, used_in: int, events: Sequence[HistoryRow]) -> None:
        """How many items use the item, and who changed its bill, the newest first."""
        rows = [
            f"{event.at.astimezone():%m-%d %H:%M} {html.escape(event.user)} {deed(ACTIONS.get(event.action, event.action))}"
            for event in list(events)[-SHOWN_EVENTS:][::-1]
        ]
        title = f"<b>{tr('变更记录')}</b><br>" if rows else ""
        self._write(used_in, f"{title}{'<br>'.join(rows)}")

    def _write(self, used_in: int | None, history: str = "") -> None:
        uses = tr("被 {count} 个产品使用", count=used_in) if used_in else tr("没有产品使用它")
        first = "<br>".join([*self._lines, "&nbsp;" if used_in is None else uses])
        self.text.setText("".join(f"<p>{part}</p>" for part in (first, *self._parts, history) if part))

    @staticmethod
    def _stock(item: ItemRow, cost: CostRow | None) -> str:
        lines = [f"{tr('现存')} <b>{plain(item.on_hand)}</b> {html.escape(item.unit)}"]
        if cost is not None and (cost.cost or cost.complete):
            note = (
                "" if cost.complete else f" <span style='color:{current().tones['warn']}'>{tr('有子件没有成本')}</span>"
            )
            lines.append(f"{tr('参考成本')} {plain(round(cost.cost, 4))}{note}")
        return "<br>".join(lines)

    @staticmethod
    def _substitutes(item: ItemRow) -> str:
        if not item.substitutes:
            return ""
        rows = [
            tr(
                "{code} {name} {ratio}:1 优先{priority} 现存 {stock}",
                code=html.escape(sub.code), name=html.escape(sub.name), ratio=plain(sub.ratio), priority=sub.priority,
                stock=plain(sub.on_hand),
            )
            for sub in item.substitutes
        ]  # fmt: skip
        return f"<b>{tr('可替代')}</b><br>" + "<br>".join(rows)


def _version(bill: Bill | None) -> str:
    """What the version gives beside its product, and its note."""
    if bill is None or bill.head is None:
        return ""
    return "<br>".join(html.escape(part) for part in (made_text(bill.head.outputs), bill.head.note) if part)
