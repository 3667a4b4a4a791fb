"""The search field above a list: it asks once the typing pauses, and Enter goes on to the list."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.framework.grid.editors import WordEdit
from ui.framework.texts import tr

PAUSE_MS: Final = 180


class SearchField(WordEdit):
    """A field for a part of what a list shows; the hint names what is looked in.

    wanted() comes 180 ms after the last change of the text.
    """

    wanted = Signal()

    def __init__(self, hint: str, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(tr("搜索"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(280)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.wanted)
        self.textChanged.connect(self._timer.start)

    @property
    def waiting(self) -> bool:
        """Whether a change of the text is still to be told."""
        return self._timer.isActive()

    def hurry(self) -> None:
        """Tells a change that is still to be told, now: Enter does not wait for the pause, and nothing comes after it."""
        if self.waiting:
            self._timer.stop()
            self.wanted.emit()
