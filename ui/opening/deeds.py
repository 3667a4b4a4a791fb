"""What the dialogs of the start may ask of the program that composes it; every deed may be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from services.platform.api import Backup, Database, Server

Tell = Callable[[int, int, str], None]
"""told how far a long deed is: done, total, words"""


class Recent(Protocol):
    """A book opened before."""

    @property
    def target(self) -> str | Server:
        """File or server."""

    @property
    def company(self) -> str:
        """What it said it was."""

    @property
    def shown(self) -> str:
        """File or address, never with a password."""

    @property
    def missing(self) -> bool:
        """Whether the file is gone."""


class Opened(Protocol):
    """A book that is open and held for this window. fresh: just made, so the first-run wizard follows."""

    @property
    def db(self) -> Database:
        """The book."""

    @property
    def shown(self) -> str:
        """File or address."""

    @property
    def fresh(self) -> bool:
        """Whether it is empty."""


class Deeds(Protocol):
    """Runs off the window's thread."""

    def recent(self) -> Sequence[Recent]:
        """Books opened before, the last one first."""

    def forget(self, target: str | Server) -> None:
        """Takes a book off that list."""

    def suggested_file(self) -> Path:
        """Where a new book would lie: a free name in this account's own folder."""

    def has_trial(self) -> bool:
        """Whether the trial book is there."""

    def open_file(self, file: str) -> Opened:
        """Opens a file and holds it."""

    def make_file(self, file: str) -> Opened:
        """Makes an empty book."""

    def open_trial(self, tell: Tell, *, reset: bool = False) -> Opened:
        """The trial book, filled when it is not there or is to be as on the first day."""

    def open_server(
        self, server: Server, password: str, *, make: bool = False, keep: bool = True
    ) -> tuple[Opened, bool]:
        """A book on a server; make: a new one in an empty database. Second: whether the password is in the key store."""

    def restore(self, backup: Path, target: Path) -> Backup:
        """Puts a backup into a file and proves it."""

    def restore_to_server(
        self, backup: Path, server: Server, password: str, *, keep: bool = True
    ) -> tuple[Backup, Opened, bool]:
        """Puts a backup into a server's database and opens it. Last: whether the password is in the key store."""

    def look_into(self, backup: Path) -> Opened:
        """A backup as a book that is only read."""
