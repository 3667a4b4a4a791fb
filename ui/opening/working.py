"""A dialog whose work runs off the window's thread: a line for refusals, a bar while it works, nothing pressed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from ui.framework.icons import tone_icon
from ui.framework.ops import Ops
from ui.framework.texts import tr

Sentence = Callable[[Problem], str]
ICON = 16


class WorkingDialog(QDialog):
    """A subclass fills `body` and starts work with `work`; while it runs, `inputs` are off.

    told_progress(done, total, text) may be emitted from the working thread.
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
        line = QHBoxLayout()
        line.addWidget(self._mark)
        line.addWidget(self.refusal, 1)
        outer = QVBoxLayout(self)
        outer.addWidget(self.inputs, 1)
        outer.addLayout(line)
        outer.addWidget(self.doing)
        outer.addWidget(self.bar)
        self.told_progress.connect(self._show_progress)
        self.show_refusal(())
        self._rest()

    def work(self, title: str, function: Callable[[], Any], on_done: Callable[[Any], object]) -> None:
        """Runs something; on_done gets its result, a refusal becomes a sentence in the dialog."""
        if self.busy:
            return
        self.busy = True
        self.show_refusal(())
        self.inputs.setEnabled(False)
        self.doing.setText(tr(title))
        self.bar.setRange(0, 0)
        self.doing.show()
        self.bar.show()
        self.ops.run_command(
            function, owner=self, on_done=on_done, on_refused=self.show_refusal, on_finished=self._finished, title=title
        )

    def show_refusal(self, problems: Sequence[Problem]) -> None:
        """Why it did not go, one line a reason."""
        self.refusal.setText("\n".join(self.sentence(problem) for problem in problems))
        self.refusal.setVisible(bool(problems))
        self._mark.setVisible(bool(problems))

    def reject(self) -> None:
        """Esc waits for work that has begun."""
        if not self.busy:
            super().reject()

    def _show_progress(self, done: int, total: int, text: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if text:
            self.doing.setText(text)

    def _finished(self) -> None:
        self.busy = False
        self.inputs.setEnabled(True)
        self._rest()

    def _rest(self) -> None:
        self.bar.hide()
        self.doing.hide()
