"""The backup on closing: a small window that says what it does and may be skipped; and its state in the status bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from services.platform.api import Backup
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.working import Sentence


class ClosingBackup(QDialog):
    """Runs the backup and closes by itself; a refusal stays until it is read. made: the backup, None if there is none."""

    def __init__(
        self, back_up: Callable[[], Backup], ops: Ops, sentence: Sentence, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("工坊 · 关闭"))
        self.setObjectName("closingBackup")
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, on=False)
        self.made: Backup | None = None
        self.failed = ""
        self._sentence = sentence
        self.label = QLabel(tr("正在备份账套并验证，好了会自己关闭…"), self)
        self.label.setWordWrap(True)
        self.label.setMinimumWidth(380)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.button = QPushButton(tr("不等了"), self)
        self.button.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.label)
        layout.addWidget(self.bar)
        layout.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignRight)
        ops.run_command(back_up, owner=self, on_done=self._done, on_refused=self._refused, title="备份")
        ops.failed.connect(self._broken)

    def _done(self, made: Backup) -> None:
        self.made = made
        if made.problems:
            self._stay(tr("账套已备份。{told}", told=self._sentences(made.problems)))
        else:
            self.accept()

    def _refused(self, problems: Sequence[Problem]) -> None:
        self._broken("", self._sentences(problems))

    def _broken(self, _title: str, sentence: str) -> None:
        self.failed = sentence
        self._stay(tr("没有备份成：{reason}", reason=sentence))

    def _sentences(self, problems: Sequence[Problem]) -> str:
        return "\n".join(self._sentence(problem) for problem in problems)

    def _stay(self, text: str) -> None:
        """Says something that is to be read before the window closes."""
        self.label.setText(text)
        self.bar.hide()
        self.button.setText(tr("知道了"))


def backup_text(last: dt.datetime | None, today: dt.date) -> tuple[str, bool]:
    """What the status bar says of the newest backup, and whether that is fine: made today or yesterday."""
    if last is None:
        return tr("还没有备份"), False
    days = (today - last.date()).days
    moment = f"{last:%H:%M}"
    if days <= 0:
        return tr("备份 今日 {time} ✓", time=moment), True
    if days == 1:
        return tr("备份 昨日 {time} ✓", time=moment), True
    return tr("备份 {days} 天前 ⚠", days=days), False
