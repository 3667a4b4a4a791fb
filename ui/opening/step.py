"""A page of the first day that writes: it shows what the book has, and writes what is different when the clerk goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWizardPage

from models.kernel.problems import Problem
from ui.framework.texts import page_title, tr
from ui.opening.present import Present

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard


class Step(QWizardPage):
    """Off until the book was read. Reads and writes run off the window's thread; what was refused is shown on the page."""

    def __init__(self, wizard: FirstRunWizard, title: str, subtitle: str) -> None:
        super().__init__(wizard)
        self.run = wizard
        self.setTitle(page_title(title))
        self.setSubTitle(tr(subtitle))
        self.column = QVBoxLayout(self)
        self.refusal = QLabel(self)
        self.refusal.setWordWrap(True)
        self.refusal.setObjectName("refusal")
        self.refusal.hide()
        self.is_written = False
        self._untouched: object = None
        self._going_on = False
        self.setEnabled(False)

    # what a page says

    def show_present(self, present: Present) -> None:
        """Shows what the book has, or what is suggested for an empty one."""
        raise NotImplementedError

    def content(self) -> Any:
        """What is on the page and not in the book; None when there is nothing."""
        raise NotImplementedError

    def write(self, content: Any) -> Any:
        """Writes it, off the window's thread."""
        raise NotImplementedError

    def written(self, content: Any, result: Any) -> None:
        """It is in the book now."""

    # the way through

    def load(self, present: Present) -> None:
        """Shows a book; what the clerk changed on the page stays."""
        if not self.typed:
            self.show_present(present)
            self._untouched = self.content()
        if not self._going_on:
            self.setEnabled(True)
        self.completeChanged.emit()

    @property
    def typed(self) -> bool:
        """Whether the clerk changed something that is not in the book."""
        return bool(self.isEnabled() and self.content() != self._untouched)

    def isComplete(self) -> bool:
        """Whether the page may be left: once it shows the book."""
        return self.run.present is not None

    def validatePage(self) -> bool:
        """Writes first; the wizard goes on when that is done."""
        content = self.content()
        if content is None:
            self.show_problems(())
            return True
        if not self._going_on:
            self._going_on = True
            self.setEnabled(False)
            self.run.ops.run_command(
                partial(self.write, content), owner=self, on_done=partial(self._done, content), on_refused=self.show_problems,
                on_finished=self._finished, title="第一天设置",
            )  # fmt: skip
        return False

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Why it did not go."""
        self.show_refusal("\n".join(self.run.sentence(problem) for problem in problems))

    def show_refusal(self, text: str) -> None:
        """A sentence of the page itself; "" takes it away."""
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))

    def _done(self, content: Any, result: Any) -> None:
        self.is_written = True
        self.show_problems(())
        self.written(content, result)
        self._untouched = self.content()
        if self.run.currentPage() is self:
            if self.isFinalPage():
                self.run.accept()
            else:
                self.run.next()

    def _finished(self) -> None:
        self._going_on = False
        self.setEnabled(True)
