"""Light or dark, larger or smaller letters, at once and remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from ui.framework import colors
from ui.framework.grid.layout import SettingsStore
from ui.shell.theme import DEFAULT_POINT, MAX_POINT, MIN_POINT, apply_theme


class Look(QObject):
    """changed() after the theme was applied: whoever holds icons paints them again."""

    changed = Signal()

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def point_size(self) -> int:
        """Letter size as chosen, within 9 to 14."""
        text = self._settings.load("look/size") or ""
        size = int(text) if text.isdigit() else DEFAULT_POINT
        return min(max(size, MIN_POINT), MAX_POINT)

    def apply(self) -> None:
        """Applies what was remembered."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, dark=self._settings.load("look/dark") == "1", point_size=self.point_size)
            self.changed.emit()

    def toggle_dark(self) -> None:
        """Light to dark and back."""
        self._settings.save("look/dark", "0" if colors.current().dark else "1")
        self.apply()

    def larger(self) -> None:
        """One point more."""
        self._resize(self.point_size + 1)

    def smaller(self) -> None:
        """One point less."""
        self._resize(self.point_size - 1)

    def _resize(self, size: int) -> None:
        self._settings.save("look/size", str(min(max(size, MIN_POINT), MAX_POINT)))
        self.apply()
