"""Answers that would replace the rows under an open cell: they wait until the clerk has left it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ui.framework.grid.open_cell import OpenCell

LOOK_MS: Final = 25


class HeldAnswers(QObject):
    """Belongs to one page. Of several answers of one name the newest counts."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._waiting: dict[str, tuple[Callable[[Any], object], Any]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._again)

    def take(self, name: str, on_done: Callable[[Any], object], answer: Any) -> None:
        """Hands an answer on, now or once no cell of the page is open."""
        self._waiting[name] = on_done, answer
        self._again()

    def _again(self) -> None:
        if any(cell.open for cell in self._page.findChildren(OpenCell)):
            self._timer.start()
            return
        waiting, self._waiting = self._waiting, {}
        for on_done, answer in waiting.values():
            on_done(answer)
