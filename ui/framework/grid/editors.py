"""Cell editors: a line edit that knows when an input method is composing, and a combo for closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from ui.framework.grid.columns import Column
from ui.framework.grid.scanning import Strokes, letters_of
from ui.framework.texts import tr

# On Linux a line edit keeps these for moving and deleting as Emacs does; here they are keys of the window.
WINDOW_KEYS = (Qt.Key.Key_K, Qt.Key.Key_E, Qt.Key.Key_D, Qt.Key.Key_H)

ENDING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


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
        """Remembers the preedit text, then lets the line edit handle it; a line end that came as text is an Enter."""
        self._preedit = event.preeditString()
        text = event.commitString()
        if text.isprintable():
            super().inputMethodEvent(event)
            return
        clean = QInputMethodEvent(event.preeditString(), event.attributes())
        shown = letters_of(text)
        clean.setCommitString(shown, event.replacementStart(), event.replacementLength())
        super().inputMethodEvent(clean)
        if text.endswith(("\r", "\n")):
            none = Qt.KeyboardModifier.NoModifier
            QApplication.postEvent(self, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While an input method composes, Enter, Esc and F-keys go no further: no dialog takes, closes or does anything."""
        if self.composing and _ends_something(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Window keys are not taken as editing keys; while an input method composes no key is a shortcut."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.composing and _ends_something(event):
            event.accept()
            return True
        if override and isinstance(event, QKeyEvent) and _is_window_key(event):
            event.ignore()
            return False
        return super().event(event)


def _ends_something(event: QKeyEvent) -> bool:
    return event.key() in ENDING_KEYS or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


def _is_window_key(event: QKeyEvent) -> bool:
    return event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in WINDOW_KEYS


class CellEdit(WordEdit):
    """A line edit inside a cell: no frame of its own; it knows how fast its characters came."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setFrame(False)
        self.strokes = Strokes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Times the key."""
        self.strokes.key(event)
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Times the text."""
        text = letters_of(event.commitString())
        self.strokes.committed(text, composed=self.composing or bool(event.preeditString()))
        super().inputMethodEvent(event)


def scan_in(editor: QWidget, column: Column) -> tuple[str, str] | None:
    """What a hand typed, and the code a gun typed behind it, in a cell for a number, a date or a choice; None where that is no question."""
    if isinstance(editor, ChoiceEdit):
        code = editor.strokes.alone()
        return ("", code) if code else None
    if isinstance(editor, CellEdit) and (column.numeric or column.kind == "date"):
        return editor.strokes.scan(editor.text())
    return None


class ChoiceEdit(QComboBox):
    """A closed vocabulary: typing the first character selects, Alt+Down opens."""

    composing = False

    def __init__(self, choices: Mapping[Any, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for value, word in choices.items():
            self.addItem(tr(word), value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strokes = Strokes()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Times the key."""
        self.strokes.key(event)
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Times the text, which chooses as keys do: Chinese words are typed so; a line end is an Enter."""
        text = event.commitString()
        self.strokes.committed(letters_of(text), composed=bool(event.preeditString()))
        clean = QInputMethodEvent(event.preeditString(), event.attributes())
        clean.setCommitString(letters_of(text), event.replacementStart(), event.replacementLength())
        super().inputMethodEvent(clean)
        if text.endswith(("\r", "\n")):
            none = Qt.KeyboardModifier.NoModifier
            QApplication.postEvent(self, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r"))

    def show_value(self, value: Any) -> None:
        """Selects a value; an unknown one selects nothing."""
        self.setCurrentIndex(self.findData(value))
