"""The way back to the first day from the window of a book, and a mark in its top line as long as something of that day is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from ui.framework.colors import current
from ui.framework.desk import Desk
from ui.framework.icons import tone_icon
from ui.framework.texts import listed, tr
from ui.opening.first_run import FirstRunWizard
from ui.opening.present import missing

TOPICS: Final = frozenset({"parameters", "warehouses", "items"})
Badge = Callable[[str, str, Callable[[], object]], QPushButton]


class FirstDayAgain(QObject):
    """A hub listener with one button, which is gone once nothing is missing.

    named(company): the company has another name. administrator_made(): the book has its first user.
    """

    named = Signal(str)
    administrator_made = Signal()

    def __init__(self, desk: Desk, add_badge: Badge, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._complete = False
        self.missing: tuple[str, ...] = ()
        self.wizard: FirstRunWizard | None = None
        self.badge = add_badge("first_day", "", self.open)
        self.badge.hide()
        desk.hub.add(self)
        self._count()

    def open(self) -> None:
        """第一天设置…"""
        session = self._desk.session
        wizard = FirstRunWizard(
            session.db, session.user, self._desk.ops, self._desk.sentence, session.today(), self._window, again=True
        )
        wizard.finished.connect(self._closed)
        self.wizard = wizard
        wizard.open()

    def changes_arrived(self, changes: Changes) -> None:
        """What was missing may be there now; what was complete is not asked about again."""
        if not self._complete and TOPICS & changes.topics:
            self._count()

    def paint(self) -> None:
        """The mark in the colours of the scheme."""
        self.badge.setText(tr("第一天还差：{what}", what=listed(tr(title) for title in self.missing)))
        self.badge.setIcon(tone_icon("warn", dot=True))
        self.badge.setStyleSheet(f"color: {current().tones['warn']};")
        self.badge.setToolTip(tr("打开“第一天设置…”接着填"))
        self.badge.setVisible(bool(self.missing))

    def _count(self) -> None:
        ask = partial(missing, self._desk.session.db)
        self._desk.ops.run_query(ask, self._show, owner=self, on_refused=self._not_allowed, latest="first_day")

    def _show(self, found: tuple[str, ...]) -> None:
        self.missing, self._complete = found, not found
        self.paint()

    def _not_allowed(self, problems: Sequence[Problem]) -> None:
        del problems

    def _closed(self, result: int) -> None:
        del result
        wizard, self.wizard = self.wizard, None
        if wizard is None:
            return
        if wizard.company.is_written:
            self.named.emit(wizard.company.company)
        if wizard.access is not None:
            self._desk.say(tr("{name} 已是管理员，现在请登录。", name=wizard.access.title))
            self.administrator_made.emit()
        wizard.deleteLater()
