"""Which codes a user took in a look-up and how often: remembered, so that they come first the next time."""

from __future__ import annotations

import json
from typing import Final

from ui.framework.grid.layout import SettingsStore

KEPT: Final = 300


class UsedCodes:
    """Counts by code under a name of the user's settings; a damaged text counts as nothing taken."""

    def __init__(self, settings: SettingsStore, name: str) -> None:
        self._settings = settings
        self._name = f"used/{name}"
        self.counts: dict[str, int] = self._load()

    def take(self, code: str) -> None:
        """One more choice of a code; the least taken are forgotten beyond 300."""
        counts = dict(self.counts)
        counts[code] = counts.get(code, 0) + 1
        if len(counts) > KEPT:
            fewest = min(counts, key=lambda other: (counts[other], other == code))
            del counts[fewest]
        # Replaced as a whole: a search on another thread reads the one it was given.
        self.counts = counts
        self._settings.save(self._name, json.dumps(counts, ensure_ascii=False))

    def _load(self) -> dict[str, int]:
        try:
            found = json.loads(self._settings.load(self._name) or "{}")
            return {str(code): int(count) for code, count in found.items()}
        except (ValueError, TypeError, AttributeError):
            return {}
