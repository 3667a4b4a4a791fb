"""Documents being typed, kept beside the books in the user's own folder until they are saved or given up."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.platform.clock import Clock, system_clock
from services.platform.db import Database

SCHEMA: Final = 1
MOST_BYTES: Final = 4_000_000
"""a draft larger than this is not kept"""
_TABLE: Final = """
create table if not exists draft (
  owner text not null, key text not null, session text not null, type text not null, number text not null,
  lines integer not null, kept_at text not null, schema integer not null, body text not null,
  primary key (owner, key)
) strict
"""
_ADDED: Final = """
insert into draft (owner, key, session, type, number, lines, kept_at, schema, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (owner, key) do update set session = excluded.session, number = excluded.number, lines = excluded.lines,
kept_at = excluded.kept_at, schema = excluded.schema, body = excluded.body
"""


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A document that was being typed: what it is, how many lines it had and when it was kept last (UTC, ISO)."""

    key: str
    type: str
    number: str
    lines: int
    kept_at: str
    body: dict[str, Any]


class DraftStore:
    """One per running program. What another program that still runs has open is not offered; what a dead one left is.

    Safe from any thread; a draft that was dropped is never kept again, however late its last keeping arrives.
    """

    def __init__(self, folder: Path, *, clock: Clock = system_clock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "drafts.db"
        self._folder = folder
        self._clock = clock
        self._session = uuid.uuid4().hex
        self._dropped: set[str] = set()
        self._lock = threading.Lock()
        self._alive = _hold(self._mark_of(self._session))

    def keep(self, owner: str, key: str, *, type_code: str, number: str, lines: int, body: dict[str, Any]) -> bool:
        """Keeps a draft under its key; False if it was dropped meanwhile, is too large, or the disk refuses."""
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        if len(text) > MOST_BYTES:
            return False
        row = (owner, key, self._session, type_code, number, lines, self._clock().isoformat(), SCHEMA, text)
        with self._lock:
            if key in self._dropped:
                return False
            try:
                with self._open() as raw:
                    raw.execute(_ADDED, row)
            except (sqlite3.Error, UnicodeError):
                return False
        return True

    def drop(self, owner: str, key: str) -> None:
        """Forgets a draft for good: it was saved, or given up."""
        with self._lock:
            self._dropped.add(key)
            with suppress(sqlite3.Error, UnicodeError), self._open() as raw:
                raw.execute("delete from draft where owner = ? and key = ?", (owner, key))

    def left_over(self, owner: str) -> list[KeptDraft]:
        """What programs that no longer run left of an owner's drafts, latest first; what cannot be read is passed over."""
        try:
            with self._lock, self._open() as raw:
                query = "select key, type, number, lines, kept_at, session, schema, body from draft where owner = ?"
                rows = raw.execute(query + " order by kept_at desc", (owner,)).fetchall()
        except (sqlite3.Error, UnicodeError):
            return []
        made = []
        for key, type_code, number, lines, kept_at, session, schema, text in rows:
            if schema != SCHEMA or self._runs(session):
                continue
            with suppress(ValueError):
                body = json.loads(text)
                if isinstance(body, dict):
                    made.append(KeptDraft(key, type_code, number, lines, kept_at, body))
        return made

    def close(self) -> None:
        """The program ends; what is still kept counts as left over."""
        if self._alive is not None:
            self._alive.close()
            self._alive = None
            with suppress(OSError):
                self._mark_of(self._session).unlink()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._file, timeout=2.0)) as raw, raw:
            raw.execute("pragma synchronous = normal")
            raw.execute(_TABLE)
            yield raw

    def _mark_of(self, session: str) -> Path:
        return self._folder / f"{session}.running"

    def _runs(self, session: str) -> bool:
        if session == self._session:
            return True
        mark = self._mark_of(session)
        if not mark.exists():
            return False
        held = _hold(mark)
        if held is None:
            return True
        held.close()
        with suppress(OSError):
            mark.unlink()
        return False


def _hold(mark: Path) -> sqlite3.Connection | None:
    """Holds a file until the program ends, even by a crash: the system lets go of it then. None if somebody holds it."""
    raw = sqlite3.connect(mark, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        raw.execute("pragma journal_mode = delete")
        raw.execute("pragma locking_mode = exclusive")
        raw.execute("begin exclusive")
    except sqlite3.Error:
        raw.close()
        return None
    return raw


def draft_owner(db: Database, user: str) -> str:
    """Whose drafts: the user, and the book by its file's full path or its address without password."""
    place = str(db.path.resolve()) if db.path is not None else db.engine.url.set(password=None).render_as_string()
    return f"{user} {place}"
