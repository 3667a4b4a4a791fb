"""Beside the page while F1 is open: why the figure under the cursor is what it is. It follows the cursor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QMetaObject, QObject, QTimer, QUrl
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from models.kernel.refs import DocRef
from ui.framework.desk import Desk
from ui.framework.page import Page

DELAY_MS: Final = 150


class WhyHere(QObject):
    """Fills the upper part of the help panel; nothing to say hides it."""

    def __init__(self, desk: Desk, browser: QTextBrowser, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page: Page | None = None
        self._connection = QMetaObject.Connection()
        self._asked = 0
        self.browser = browser
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._ask)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def follow(self, page: Page | None) -> None:
        """The page in front while the panel is open; None when it closes."""
        # By its connection: the page, or the timer of a closing window, may be gone by now.
        QObject.disconnect(self._connection)
        self._page = page
        if page is not None:
            self._connection = page.state_changed.connect(self._timer.start)
        self._ask()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if (
            self._page is not None
            and new is not None
            and shiboken6.isValid(self._page)
            and self._page.isAncestorOf(new)
        ):
            self._timer.start()

    def _ask(self) -> None:
        page = self._page
        # An answer still under way is about what the clerk has left.
        self._asked += 1
        asked = page.reasons() if page is not None and shiboken6.isValid(page) else None
        if asked is None:
            self.browser.hide()
            return
        self._desk.ops.run_query(
            partial(_answered, self._asked, asked), self._show, owner=self, on_refused=self._nothing, latest="why_here"
        )

    def _show(self, answer: tuple[int, str]) -> None:
        number, text = answer
        if number != self._asked:
            return
        self.browser.setHtml(text)
        self.browser.setVisible(bool(text))
        QTimer.singleShot(0, self.browser, self._to_top)

    def _to_top(self) -> None:
        """A browser that was just shown has scrolled while it was laid out."""
        self.browser.verticalScrollBar().setValue(0)

    def _nothing(self, problems: object) -> None:
        del problems
        self.browser.hide()

    def _follow(self, url: QUrl) -> None:
        kind, _, rest = url.toString().partition(":")
        if kind == "item":
            for verb in self._desk.actions.item_verbs[:1]:
                verb.run(rest)
        elif kind == "doc":
            code, number_id, number = rest.split(":", 2)
            self._desk.navigator.open(DocRef(code, int(number_id), number))


def _answered(number: int, asked: Callable[[], str]) -> tuple[int, str]:
    return number, asked()
