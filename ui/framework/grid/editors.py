"""Cell editors: a line edit that knows when an input method is composing, and a combo for closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ui.framework.texts import tr

# On Linux a line edit keeps these for moving and deleting as Emacs does; here they are keys of the window.
WINDOW_KEYS = (Qt.Key.Key_K, Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_H)


class WordEdit(QLineEdit):
    """The line edit of all windows.

    It reports whether an input method still holds unconfirmed text (then Enter and F-keys belong to that), and leaves Ctrl+K and its
    like to the window on every platform.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._preedit = ""

    @property
    def composing(self) -> bool:
        """True while the input method shows text that is not committed."""
        return bool(self._preedit)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remembers the preedit text, then lets the line edit handle it."""
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        """Window keys are not taken as editing keys."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _is_window_key(event):
            event.ignore()
            return False
        return super().event(event)


def _is_window_key(event: QKeyEvent) -> bool:
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in WINDOW_KEYS


class CellEdit(WordEdit):
    """A line edit inside a cell: no frame of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFrame(False)


class ChoiceEdit(QComboBox):
    """A closed vocabulary: typing the first character selects, Alt+Down opens."""

    composing = False

    def __init__(self, choices: Mapping[Any, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, word in choices.items():
            self.addItem(tr(word), value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_value(self, value: Any) -> None:
        """Selects a value; an unknown one selects nothing."""
        self.setCurrentIndex(self.findData(value))
