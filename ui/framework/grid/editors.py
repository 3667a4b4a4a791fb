"""Cell editors: a line edit that knows when an input method is composing, and a combo for closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from ui.framework.texts import tr


class CellEdit(QLineEdit):
    """A line edit that reports whether an input method still holds unconfirmed text (then Enter and F-keys belong to it)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preedit = ""
        self.setFrame(False)

    @property
    def composing(self) -> bool:
        """True while the input method shows text that is not committed."""
        return bool(self._preedit)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Remembers the preedit text, then lets the line edit handle it."""
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)


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
