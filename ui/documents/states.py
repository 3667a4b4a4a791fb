"""The three axes of a document in words and colours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.kernel.vocabulary import AUDIT_STATES, CLOSING_STATES
from ui.framework.colors import Tone, tone_color, tone_tint
from ui.framework.icons import tone_icon
from ui.framework.texts import tr

VOID_WORD: Final = "作废"
STATE_WORDS: Final = {
    "draft": "未审核",
    "approved": "已审核",
    "closed": "已关闭",
    "stopped": "手动关闭",
    "void": VOID_WORD,
}
STATE_TONES: Final[dict[str, Tone]] = {
    "draft": "warn",
    "approved": "info",
    "closed": "muted",
    "stopped": "muted",
    "void": "muted",
}
AUDIT_WORDS: Final = {**AUDIT_STATES, "V": VOID_WORD}
AUDIT_TONES: Final[dict[str, Tone]] = {"C": "info", "Z": "warn", "V": "muted"}
MARK: Final = 12
LEFT, GAP, RIGHT, ROUND = 7, 4, 8, 8


def state_of(row: Any) -> str:
    """One word for audit and closing together: what a clerk asks first."""
    if row.closing == "H":
        return "void" if row.status == "Z" else "stopped"
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
    """A small coloured word with its mark, painted in the scheme in use."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = ""
        self._tone: Tone = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, word: str, tone: Tone) -> None:
        """Shows a word in its tone."""
        self._word, self._tone = tr(word), tone
        self.setAccessibleName(self._word)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The word shown."""
        return self._word

    def sizeHint(self) -> QSize:
        """Mark and word with their margins."""
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self._word)
        return QSize(LEFT + MARK + GAP + wide + RIGHT, max(MARK, metrics.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        """The word is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, mark, word."""
        del event
        if not self._word:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone_tint(self._tone))
        painter.drawRoundedRect(self.rect(), ROUND, ROUND)
        mark = QRect(LEFT, (self.height() - MARK) // 2, MARK, MARK)
        tone_icon(self._tone, dot=True).paint(painter, mark)
        painter.setPen(tone_color(self._tone))
        rest = self.rect().adjusted(LEFT + MARK + GAP, 0, 0, 0)
        painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._word)
        painter.end()


def is_void(row: Any) -> bool:
    """Whether a document was once posted, or made by the system, and is given up for good: a draft that is closed."""
    return bool(row.status == "Z" and row.closing == "H")


def audit_of(row: Any) -> str:
    """The audit axis as a key of AUDIT_WORDS: Z, C, or V for what is void."""
    return "V" if is_void(row) else str(row.status)


def audit_word(audit: str) -> tuple[str, Tone]:
    """The audit axis, Z, C or V."""
    return AUDIT_WORDS[audit], AUDIT_TONES[audit]


def closing_word(closing: str) -> tuple[str, Tone]:
    """The closing axis."""
    return CLOSING_STATES[closing], "muted"
