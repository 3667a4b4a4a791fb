"""The three axes of a document in words and colours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from models.kernel.vocabulary import AUDIT_STATES, CLOSING_STATES
from ui.framework.colors import Tone, tone_color, tone_tint
from ui.framework.icons import tone_icon
from ui.framework.texts import tr

STATE_WORDS: Final = {"draft": "未审核", "approved": "已审核", "closed": "已关闭", "stopped": "手动关闭"}
STATE_TONES: Final[dict[str, Tone]] = {"draft": "warn", "approved": "info", "closed": "muted", "stopped": "muted"}
MARK = 12


def state_of(row: Any) -> str:
    """One word for audit and closing together: what a clerk asks first."""
    if row.closing == "H":
        return "stopped"
    if row.closing == "S":
        return "closed"
    return "approved" if row.status == "C" else "draft"


def share_of(row: Any) -> Decimal | None:
    """Executed share of the main lines, None without a quantity."""
    return row.done / row.quantity if row.quantity else None


def execution_word(done: Decimal, quantity: Decimal) -> tuple[str, Tone]:
    """The execution axis: 未执行, 部分 40%, 全部."""
    if not quantity or not done:
        return "未执行", "muted"
    if done >= quantity:
        return "全部执行", "ok"
    return tr("部分执行 {share}", share=f"{done / quantity * 100:.0f}%"), "info"


class Badge(QWidget):
    """A small coloured word with its mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = QLabel(self)
        self._word = QLabel(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(7, 1, 8, 1)
        layout.setSpacing(4)
        layout.addWidget(self._mark)
        layout.addWidget(self._word)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_state(self, word: str, tone: Tone) -> None:
        """Shows a word in its tone."""
        self._word.setText(tr(word))
        self._mark.setPixmap(tone_icon(tone, dot=True).pixmap(MARK, MARK))
        self.setAccessibleName(tr(word))
        ground, text = tone_tint(tone).name(), tone_color(tone).name()
        self.setStyleSheet(f"Badge {{ background: {ground}; border-radius: 8px; }} QLabel {{ color: {text}; }}")

    def text(self) -> str:
        """The word shown."""
        return self._word.text()


def audit_word(status: str) -> tuple[str, Tone]:
    """The audit axis."""
    return AUDIT_STATES[status], "info" if status == "C" else "warn"


def closing_word(closing: str) -> tuple[str, Tone]:
    """The closing axis."""
    return CLOSING_STATES[closing], "muted"
