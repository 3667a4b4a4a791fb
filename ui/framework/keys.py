"""Keys as a keyboard prints them: Enter and arrows, the same on buttons, in menus, in hints and on the sheet of keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

NAMES: Final = {"Return": "Enter", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Delete": "Del"}
"""What Qt calls a key, and what stands on it."""

_installed: list[KeyNames] = []


def key_name(shortcut: str) -> str:
    """The words of a shortcut as it is declared: "Ctrl+Return" is "Ctrl+Enter", "Alt+Up" is "Alt+↑"."""
    return "+".join(NAMES.get(part, part) for part in shortcut.split("+"))


def key_of(shortcut: str) -> QKeySequence:
    """The key of a shortcut as it is declared: read by Qt's own names, not by those the window shows, where two keys are called Enter."""
    return QKeySequence(shortcut, QKeySequence.SequenceFormat.PortableText)


def keys_of(shortcut: str) -> list[QKeySequence]:
    """The keys of a shortcut: Return is also the Enter of the number pad."""
    pad = [shortcut.replace("Return", "Enter")] if "Return" in shortcut else []
    return [key_of(each) for each in (shortcut, *pad)]


class KeyNames(QTranslator):
    """Gives Qt's own menus the same names; all other words stay with the translators that were there before."""

    def isEmpty(self) -> bool:
        """It has words, though no file."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """The name of a key; None leaves the word to the next translator."""
        del disambiguation, n
        return NAMES.get(source) if context == "QShortcut" else None


def install_key_names(app: QApplication) -> None:
    """Puts the names before those of Qt; the translators of a language are installed before."""
    for old in _installed:
        app.removeTranslator(old)
    _installed[:] = [KeyNames(app)]
    app.installTranslator(_installed[0])
