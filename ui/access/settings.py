"""What each user arranged on this machine: his own layouts, falling back to what was there before he had any."""

from __future__ import annotations

from ui.framework.grid.layout import SettingsStore


class UserSettings:
    """Settings under a user's name; what he never set is read from the machine's."""

    def __init__(self, shared: SettingsStore, login: str) -> None:
        self._shared = shared
        self._prefix = f"user/{login.replace('/', '_')}/"

    def load(self, name: str) -> str | None:
        """The user's text of that name, else the machine's."""
        mine = self._shared.load(self._prefix + name)
        return self._shared.load(name) if mine is None else mine

    def save(self, name: str, text: str) -> None:
        """Keeps a text for this user only."""
        self._shared.save(self._prefix + name, text)
