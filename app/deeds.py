"""What the dialogs of the start ask for, done: books opened and held, made, filled, restored; nothing here knows a window."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.commands import safeguard
from app.looking import look_into
from app.opened import OpenedBook
from app.paths import data_folder
from app.recent import RecentBook, forget, note, recent_books
from services.platform import books
from services.platform.access.holding import has_users
from services.platform.backup import Backup, restore
from services.platform.db import Database
from services.platform.held import ENDING, Hold, hold
from services.platform.places import check_place
from services.platform.servers import Server, check_server, keep_password, without_password

TRIAL: Final = "示范工厂.db"
NEW: Final = "我的账套"
Tell = Callable[[int, int, str], None]


class StartDeeds:
    """The deeds of the start, for one account of this machine."""

    def __init__(self, user: str) -> None:
        self._user = user

    def recent(self) -> Sequence[RecentBook]:
        """Books opened before."""
        return recent_books()

    def forget(self, target: str | Server) -> None:
        """Takes a book off the list."""
        forget(target)

    def suggested_file(self) -> Path:
        """A free name in this account's own folder."""
        folder = data_folder()
        file, number = folder / f"{NEW}.db", 1
        while file.exists():
            number += 1
            file = folder / f"{NEW}{number}.db"
        return file

    def has_trial(self) -> bool:
        """Whether the trial book is there."""
        return self._trial.exists()

    def open_file(self, file: str) -> OpenedBook:
        """Opens a file, held for this window."""
        import app.wiring  # noqa: F401 registers the document types

        if "://" in file:
            return OpenedBook(books.open_book(file, before_upgrade=safeguard), without_password(file), None)
        held = self._held(file)
        try:
            db = books.open_book(file, before_upgrade=safeguard)
        except BaseException:
            held.release()
            raise
        note(file, company_of(db))
        return OpenedBook(db, file, held)

    def make_file(self, file: str) -> OpenedBook:
        """An empty book in a new file."""
        import app.wiring  # noqa: F401 registers the document types

        db = books.create(file)
        try:
            held = hold(file, self._user)
        except BaseException:
            db.close()
            raise
        note(file)
        return OpenedBook(db, file, held, fresh=True)

    def open_trial(self, tell: Tell, *, reset: bool = False) -> OpenedBook:
        """The trial factory: filled beside its place first, so that one filled halfway never stands there."""
        file = self._trial
        if file.exists() and not reset:
            return self.open_file(str(file))
        if file.exists():
            self._held(str(file)).release()
        half = file.with_name(f"{file.name}.new")
        _remove(half)
        try:
            self._fill(half, tell)
            _remove(file)
            half.replace(file)
        finally:
            _remove(half)
        return self.open_file(str(file))

    def open_server(
        self, server: Server, password: str, *, make: bool = False, keep: bool = True
    ) -> tuple[OpenedBook, bool]:
        """A book on a server; the password goes into the connection and, if wanted, into the key store."""
        import app.wiring  # noqa: F401 registers the document types

        check_server(server)
        url = server.url(password).render_as_string(hide_password=False)
        db = books.create(url) if make else books.open_book(url, before_upgrade=safeguard)
        kept = keep and keep_password(server, password)
        note(server, company_of(db))
        return OpenedBook(db, server, None, fresh=make), kept

    def restore(self, backup: Path, target: Path) -> Backup:
        """Puts a backup into a file that no window has open."""
        check_place(target)
        held = hold(target, self._user) if target.exists() else None
        try:
            return restore(backup, target)
        finally:
            if held is not None:
                held.release()

    def restore_to_server(
        self, backup: Path, server: Server, password: str, *, keep: bool = True
    ) -> tuple[Backup, OpenedBook, bool]:
        """Puts a backup into a database of a server, proved before the names are swapped, and opens it."""
        check_server(server)
        made = restore(backup, server.url(password).render_as_string(hide_password=False))
        opened, kept = self.open_server(server, password, keep=keep)
        return made, opened, kept

    def look_into(self, backup: Path) -> OpenedBook:
        """A backup as a book that is only read."""
        return look_into(backup, self._user)

    @property
    def _trial(self) -> Path:
        return data_folder() / TRIAL

    def _held(self, file: str) -> Hold:
        check_place(file)
        return hold(file, self._user)

    def _fill(self, file: Path, tell: Tell) -> None:
        from app.demo import TODAY, fill
        from app.demo.days import OPENING

        def told(day: dt.date) -> None:
            tell((day - OPENING).days, (TODAY - OPENING).days, f"{day:%Y-%m-%d}")

        db = books.create(file)
        try:
            fill(db, progress=told)
        finally:
            db.close()


def company_of(db: Database) -> str:
    """The company's name as the list of recent books shows it; nobody has logged in yet, so only the head of every print."""
    from services.platform import parameters

    with db.read() as conn:
        return parameters.load(conn).text("company_name")


def is_new(db: Database) -> bool:
    """Whether nothing was ever entered: no user, no parameter, no item."""
    from sqlalchemy import select

    from models.masterdata.tables import item, parameter

    with db.read() as conn:
        entered = any(conn.execute(select(table).limit(1)).first() for table in (item, parameter))
        return not entered and not has_users(conn)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ENDING):
        beside = file.with_name(file.name + ending)
        if beside.is_dir():
            shutil.rmtree(beside)
        else:
            beside.unlink(missing_ok=True)
