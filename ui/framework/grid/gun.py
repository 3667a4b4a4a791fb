"""A gun fired at a grid where no cell takes typing: what it typed is held together, and its Enter hands the code to the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView

from ui.framework.grid.delegate import ENTER
from ui.framework.grid.scanning import Strokes, letters_of

LINE_ENDS: Final = ("\r", "\n")


class Gun(QObject):
    """Belongs to one view. Until its code is known, its letters search in a list as typed ones do; then the cursor goes back first.

    back(cell) brings the cursor back to where it stood, scanned(code) gets the code.
    """

    def __init__(
        self,
        view: QAbstractItemView,
        back: Callable[[QPersistentModelIndex], object],
        scanned: Callable[[str], object],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._back = back
        self._scanned = scanned
        self.strokes = Strokes()
        self._began_at = QPersistentModelIndex()

    def took(self, event: QKeyEvent) -> bool:
        """Takes note of a key; True if it was the Enter behind a code."""
        if event.key() in ENTER:
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            return modifiers == Qt.KeyboardModifier.NoModifier and self._fired(self.strokes.ended(event.timestamp()))
        self.strokes.key(event)
        self._note_place()
        return False

    def took_text(self, event: QInputMethodEvent) -> bool:
        """Takes note of text from an input method; True if its end was the line end behind a code."""
        text = event.commitString()
        self.strokes.committed(letters_of(text), composed=bool(event.preeditString()))
        self._note_place()
        return text.endswith(LINE_ENDS) and self._fired(self.strokes.ended(0))

    def _note_place(self) -> None:
        if self.strokes.begun:
            self._began_at = QPersistentModelIndex(self._view.currentIndex())

    def _fired(self, code: str) -> bool:
        if not code:
            return False
        if self._began_at.isValid():
            self._back(self._began_at)
        self._scanned(code)
        return True
