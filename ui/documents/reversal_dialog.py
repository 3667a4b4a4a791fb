"""What a reversal would undo: the chain of later documents, before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from models.kernel.numbers import plain
from models.kernel.problems import Place, Problem
from services.documents.api import ChainStep
from ui.documents.whole_text import WholeText
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import listed, tr

SHOWN: Final = 3
WORDS: Final = {
    "Z": "未审核，将删除",
    "Zvoid": "未审核，将作废",
    "Cdraft": "已审核，将反审核",
    "Cvoid": "已审核，将作废",
}
"""status and what becomes of it"""


class ReversalDialog(PageDialog):
    """Accepted = reverse the whole chain. A step that cannot be lifted here says why and takes the button away."""

    def __init__(self, desk: Desk, steps: Sequence[ChainStep], asked: Collection[int], parent: QWidget) -> None:
        super().__init__(tr("反审核会影响的单据"), "reversalDialog", parent)
        self.resize(960, 500)
        self._desk = desk
        self.blocked = [step for step in steps if step.blocked]

        def reason(step: Any) -> str:
            if not step.blocked:
                own = tr("本单") if step.ref.id in asked else ""
                return " · ".join(part for part in (own, effects_text(step)) if part)
            number = step.ref.number
            arguments = {"number": number, "period": step.period, "date": step.business_date}
            return desk.sentence(Problem(step.blocked, arguments, Place(document=number), step.ref))

        def tone(value: Any, step: Any) -> Tone:
            del value
            return "danger" if step.blocked else ""

        columns = (
            Column("title", "单据", width=110, shown=lambda step: tr(step.title)),
            Column("number", "单号", kind="code", width=170, get=lambda step: step.ref.number),
            Column("business_date", "日期", width=92),
            Column(
                "fate", "现在", kind="choice", width=130, choices=WORDS, get=lambda step: step.status + step.becomes
            ),
            Column("reason", "撤销什么", width=390, get=reason, tone=tone),
        )
        self.grid = Grid(desk, "reversal", columns)
        self.grid.opened.connect(self._open)
        self.whole = WholeText(self.grid, ("reason",), _told(reason), self)
        layout = QVBoxLayout(self)
        drafts = sum(not step.becomes for step in steps)
        self.question = QLabel(self._question(steps), self)
        layout.addWidget(self.question)
        layout.addWidget(self.grid, 3)
        layout.addWidget(self.whole, 2)
        self.grid.set_rows(list(steps))
        buttons = QDialogButtonBox(self)
        deed = tr("反审核并删除草稿") if drafts else tr("全部反审核")
        self.go = buttons.addButton(deed, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setEnabled(not self.blocked)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.grid.setFocus()

    def _question(self, steps: Sequence[ChainStep]) -> str:
        if self.blocked:
            return tr("其中 {count} 张不能反审核，请先处理（Enter 打开单据）。", count=len(self.blocked))
        counted = (
            ("{count} 张反审核，账目一并冲回", sum(step.becomes == "draft" for step in steps)),
            ("{count} 张作废，留下单号", sum(step.becomes == "void" for step in steps)),
            ("{count} 张未审核的草稿删除", sum(not step.becomes for step in steps)),
        )
        fates = listed((tr(text, count=count) for text, count in counted if count), "；")
        return tr("按这个顺序撤销 {count} 张单据：{fates}。", count=len(steps), fates=fates)

    def _open(self, step: ChainStep) -> None:
        self.reject()
        self._desk.navigator.open(step.ref)


def _told(reason: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    """A step whole: why it is blocked, or what becomes of every item."""
    return lambda step: [reason(step)] if step.blocked else _effects(step, len(step.effects))


def _effects(step: ChainStep, count: int) -> list[str]:
    return [
        f"{effect.item} {'+' if effect.quantity > 0 else '−'}{plain(abs(effect.quantity))}{effect.unit}"
        for effect in step.effects[:count]
    ]


def effects_text(step: ChainStep) -> str:
    """What undoing a step does to the stock: 库存 SP105 筒灯面环喷粉 −260 个."""
    if not step.effects:
        return ""
    parts = _effects(step, SHOWN)
    more = tr("等 {count} 种", count=len(step.effects)) if len(step.effects) > SHOWN else ""
    return tr("库存 {list}", list=listed(parts)) + more
