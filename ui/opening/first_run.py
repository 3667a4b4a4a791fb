"""第一天的向导: company and start, parameters, warehouses, masters and opening balances from a workbook, their check, the administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QMessageBox, QWidget, QWizard, QWizardPage

from models.kernel.problems import Problem
from services.platform.api import Access, Database
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.administrator_step import AdministratorStep
from ui.opening.check_step import CheckStep
from ui.opening.company_step import CompanyStep
from ui.opening.import_step import ImportStep
from ui.opening.present import Present, look_at
from ui.opening.rules_step import RulesStep
from ui.opening.step import Step
from ui.opening.stores_step import StoresStep
from ui.opening.working import Sentence

SIZE: Final = (820, 560)


class FirstRunWizard(QWizard):
    """Each page shows what the book has and writes what is different when the clerk goes on.

    again: it was opened from the window of a book, not before it. access: the administrator, if one was made.
    present: the book as it was read last; None until it was.
    """

    def __init__(
        self,
        db: Database,
        user: str,
        ops: Ops,
        sentence: Sentence,
        today: dt.date,
        parent: QWidget | None = None,
        *,
        again: bool = False,
    ) -> None:
        super().__init__(parent)
        self.db, self.user, self.ops, self.sentence, self.again = db, user, ops, sentence, again
        self.access: Access | None = None
        self.present: Present | None = None
        self._dress()
        self.company = CompanyStep(self, today)
        self.rules = RulesStep(self)
        self.stores = StoresStep(self)
        self.imported = ImportStep(self)
        self.check = CheckStep(self)
        self.administrator = AdministratorStep(self)
        self.steps: tuple[Step, ...] = (self.company, self.rules, self.stores, self.administrator)
        self._ids: dict[QWizardPage, int] = {
            page: self.addPage(page)
            for page in (self.company, self.rules, self.stores, self.imported, self.check, self.administrator)
        }
        self.resize(*SIZE)
        if not again:
            # Within the window of a book, the window tells.
            ops.failed.connect(self.show_failure)
        self.read()

    def read(self) -> None:
        """Reads the book, off the window's thread; every page then shows it."""
        self.ops.run_query(
            partial(look_at, self.db), self._show, owner=self, on_refused=self._not_read, latest="present"
        )

    def reject(self) -> None:
        """Esc and the button that closes ask when something is left behind."""
        if not self._leaves_something or self.ask_leave():
            super().reject()

    def ask_leave(self) -> bool:
        """Whether to leave with pages to go, or with a page that is not written (tests replace it)."""
        question = (
            tr("这一页改的还没有写进账套，关闭就没有了。现在关闭吗？")
            if self.again
            else tr("第一天还没有走完。前几页填好的都已保存；其余的以后按 Ctrl+K 找“第一天设置…”接着填。现在关闭吗？")
        )
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, self.windowTitle(), question, buttons, QMessageBox.StandardButton.No)
        return bool(answer == QMessageBox.StandardButton.Yes)

    def show_failure(self, title: str, sentence: str) -> None:
        """One sentence for an unforeseen error, on the page in front."""
        del title
        page = self.currentPage()
        if isinstance(page, Step):
            page.show_refusal(sentence)
        elif page is self.imported:
            self.imported.state.setText(sentence)

    def id_of(self, page: QWizardPage) -> int:
        """The number of one of its pages."""
        return self._ids[page]

    @property
    def _leaves_something(self) -> bool:
        if self.again:
            page = self.currentPage()
            return isinstance(page, Step) and page.typed
        return any(step.is_written for step in self.steps)

    def _show(self, present: Present) -> None:
        first = self.present is None
        self.present = present
        for step in self.steps:
            step.load(present)
        if first and self.currentPage() is self.company:
            self.company.name.setFocus()

    def _not_read(self, problems: Sequence[Problem]) -> None:
        self.company.show_problems(problems)

    def _dress(self) -> None:
        self.setWindowTitle(tr("工坊 · 第一天"))
        self.setObjectName("firstRun")
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        for button, text in (
            (QWizard.WizardButton.BackButton, "上一步"),
            (QWizard.WizardButton.NextButton, "下一步"),
            (QWizard.WizardButton.FinishButton, "完成" if self.again else "开始用"),
            (QWizard.WizardButton.CancelButton, "关闭" if self.again else "以后再说"),
        ):
            self.setButtonText(button, tr(text))
