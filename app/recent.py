"""Books opened on this machine, the last one first; passwords are never among what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.paths import remember, settings
from services.platform.servers import Server, server_of, without_password

MOST: Final = 12
KEY: Final = "recent_books"


@dataclass(frozen=True, slots=True)
class RecentBook:
    """A book that was opened: a file, or a server. company: what it said it was."""

    target: str | Server
    company: str = ""

    @property
    def shown(self) -> str:
        """File or address as a list shows it."""
        return self.target.shown if isinstance(self.target, Server) else self.target

    @property
    def missing(self) -> bool:
        """Whether the file is no longer there; of a server nobody knows before asking."""
        return isinstance(self.target, str) and not Path(self.target).exists()


def recent_books() -> list[RecentBook]:
    """Newest first; what cannot be read any more is left out."""
    made = []
    for entry in settings().get(KEY, []):
        target = _target(entry)
        if target is not None:
            made.append(RecentBook(target, str(entry.get("company", ""))))
    return made


def note(target: str | Server, company: str = "") -> None:
    """Puts a book first. A URL given by hand is not remembered: it may hold a password."""
    if isinstance(target, str) and "://" in target:
        return
    given = str(Path(target).resolve()) if isinstance(target, str) else target
    others = [book for book in recent_books() if book.target != given]
    _store([RecentBook(given, company), *others][:MOST])
    if isinstance(given, str):
        remember(last_book=given)


def forget(target: str | Server) -> None:
    """Takes a book off the list; the book itself stays."""
    _store([book for book in recent_books() if book.target != target])


def _store(books: list[RecentBook]) -> None:
    remember(**{KEY: [_entry(book) for book in books]})


def _entry(book: RecentBook) -> dict[str, Any]:
    if isinstance(book.target, Server):
        return {"server": book.target.as_dict(), "company": book.company}
    return {"file": without_password(book.target), "company": book.company}


def _target(entry: object) -> str | Server | None:
    if not isinstance(entry, dict):
        return None
    if isinstance(entry.get("server"), dict):
        return server_of(entry["server"])
    file = entry.get("file")
    return file if isinstance(file, str) and file else None
