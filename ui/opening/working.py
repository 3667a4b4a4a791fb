"""A dialog whose work runs off the window's thread: a line for refusals, a bar while it works, nothing pressed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from ui.framework.icons import tone_icon
from ui.framework.ops import Cancelled, Ops
from ui.framework.texts import tr

Sentence = Callable[[Problem], str]
ICON = 16


class WorkingDialog(QDialog):
    """A subclass fills `body` and starts work with `work`; while it runs, `inputs` are off.

    Work that calls `tell` can be stopped: then a button says so, and the call after it was pressed raises Cancelled.
    """

    told_progress = Signal(int, int, str)

    def __init__(self, title: str, name: str, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setObjectName(name)
        self.ops = ops
        self.sentence = sentence
        self.busy = False
        self.inputs = QWidget(self)
        self.body = QVBoxLayout(self.inputs)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.refusal = QLabel(self)
        self.refusal.setWordWrap(True)
        self.refusal.setObjectName("refusal")
        self._mark = QLabel(self)
        self._mark.setPixmap(tone_icon("danger").pixmap(ICON, ICON))
        self.bar = QProgressBar(self)
        self.bar.setMaximumHeight(16)
        self.doing = QLabel(self)
        self.stop_button = QPushButton(tr("取消"), self)
        self.stop_button.setAutoDefault(False)
        self.stop_button.clicked.connect(self.stop)
        self._stopped = False
        line = QHBoxLayout()
        line.addWidget(self._mark)
        line.addWidget(self.refusal, 1)
        outer = QVBoxLayout(self)
        outer.addWidget(self.inputs, 1)
        outer.addLayout(line)
        outer.addWidget(self.doing)
        below = QHBoxLayout()
        below.addWidget(self.bar, 1)
        below.addWidget(self.stop_button)
        outer.addLayout(below)
        self.told_progress.connect(self._show_progress)
        self.show_refusal(())
        self._rest()

    def work(
        self, title: str, function: Callable[[], Any], on_done: Callable[[Any], object], *, can_stop: bool = False
    ) -> None:
        """Runs something; on_done gets its result, a refusal becomes a sentence in the dialog. can_stop: it calls `tell`."""
        if self.busy:
            return
        self.busy = True
        self.show_refusal(())
        self.inputs.setEnabled(False)
        self.doing.setText(tr(title))
        self.bar.setRange(0, 0)
        self.doing.show()
        self.bar.show()
        self._stopped = False
        self.stop_button.setVisible(can_stop)
        self.ops.run_command(
            function, owner=self, on_done=on_done, on_refused=self.show_refusal, on_finished=self._finished, title=title
        )

    def show_refusal(self, problems: Sequence[Problem]) -> None:
        """Why it did not go, one line a reason."""
        self.refusal.setText("\n".join(self.sentence(problem) for problem in problems))
        self.refusal.setVisible(bool(problems))
        self._mark.setVisible(bool(problems))

    def tell(self, done: int, total: int, text: str) -> None:
        """Called by the work, on its thread."""
        if self._stopped:
            raise Cancelled
        self.told_progress.emit(done, total, text)

    def stop(self) -> None:
        """取消: the work ends at its next word and leaves nothing."""
        self._stopped = True
        self.doing.setText(tr("正在取消…"))

    def reject(self) -> None:
        """Esc stops work that can be stopped and waits for other work that has begun."""
        if not self.busy:
            super().reject()
        elif self.stop_button.isVisible():
            self.stop()

    def _show_progress(self, done: int, total: int, text: str) -> None:
        if self._stopped:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if text:
            self.doing.setText(text)

    def _finished(self) -> None:
        self.busy = False
        self.inputs.setEnabled(True)
        self._rest()

    def _rest(self) -> None:
        for part in (self.bar, self.doing, self.stop_button):
            part.hide()
