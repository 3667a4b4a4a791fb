"""A book that is open for this window."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from services.platform.db import Database
from services.platform.held import Hold
from services.platform.servers import Server


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """A book that is open for this window. target is what is remembered; hold is None for a server: there many work at once.

    looked_at: when the backup was made that is only looked at; its copy lies in thrown_away.
    """

    db: Database
    target: str | Server
    hold: Hold | None
    fresh: bool = False
    looked_at: str = ""
    thrown_away: Path | None = None

    @property
    def looking(self) -> bool:
        """Whether this is a backup that is only looked at."""
        return self.thrown_away is not None

    def seen(self, db: Database) -> Database:
        """The book as a window gets it: a backup that is looked at cannot be changed."""
        return db.for_reading() if self.looking else db

    @property
    def shown(self) -> str:
        """File or address."""
        return self.target.shown if isinstance(self.target, Server) else self.target

    def close(self) -> None:
        """Lets the book go."""
        self.db.close()
        if self.hold is not None:
            self.hold.release()
        if self.thrown_away is not None:
            shutil.rmtree(self.thrown_away, ignore_errors=True)
