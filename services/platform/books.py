"""Making, opening and upgrading a book."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from models.kernel.problems import refuse
from services.platform.clock import Clock, system_clock
from services.platform.db import APPLICATION_ID, Database, connect, database_url
from services.platform.log_ins import guards_are_old
from services.platform.places import check_place, check_plain

MIGRATIONS = Path(__file__).resolve().parents[2] / "models" / "migrations"


def create(target: str | Path, *, clock: Clock = system_clock) -> Database:
    """A new, empty book with the current schema; refused when something is there already."""
    url = database_url(target)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        if file.exists():
            raise refuse("database.exists", name=str(file))
        if not file.parent.is_dir():
            raise refuse("database.no_folder", name=str(file.parent))
        check_place(file)
        try:
            _build(file)
        except OSError as error:
            raise refuse("database.unwritable", reason=error.strerror or str(error)) from error
        return connect(target, clock=clock)
    db = connect(target, clock=clock)
    try:
        with db.read() as conn:
            if inspect(conn).get_table_names():
                raise refuse("database.exists", name=str(db.engine.url.render_as_string()))
    except DBAPIError as error:
        db.close()
        raise refuse("database.unreachable", name=_shown(db), reason=_reason(error)) from error
    upgrade(db)
    return db


def _build(file: Path) -> None:
    """Makes a book beside its place and gives it the name when it is whole: killed halfway, nothing stands there."""
    with tempfile.TemporaryDirectory(prefix=".gongfang-", dir=file.absolute().parent) as folder:
        made = Path(folder) / "book"
        db = connect(made)
        upgrade(db)
        db.close()
        with closing(sqlite3.connect(made)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
        set_leftovers_aside(file)
        try:
            os.link(made, file)
        except FileExistsError as error:
            raise refuse("database.exists", name=str(file)) from error
        except OSError:
            shutil.copyfile(made, file)


def set_leftovers_aside(file: Path) -> list[Path]:
    """Renames journals that lie where a book is to be put but there is none; where they are now.

    A journal is not tied to its file: SQLite would play that of a deleted book into the new one.
    """
    moved: list[Path] = []
    for tail in ("-wal", "-shm", "-journal"):
        left = file.with_name(file.name + tail)
        if left.exists() and not file.exists():
            place, number = left.with_name(f"{left.name}.left"), 1
            while place.exists():
                number += 1
                place = left.with_name(f"{left.name}.left-{number}")
            moved.append(left.replace(place))
    return moved


def open_book(
    target: str | Path, *, clock: Clock = system_clock, before_upgrade: Callable[[Database], None] | None = None
) -> Database:
    """Opens an existing book: refuses what is none, what is newer than this program, and upgrades what is older."""
    url = database_url(target)
    if url.get_backend_name() == "sqlite":
        _check_file(Path(url.database or ""))
    db = connect(target, clock=clock)
    try:
        found = schema_revision(db)
    except DBAPIError as error:
        db.close()
        raise refuse("database.unreachable", name=_shown(db), reason=_reason(error)) from error
    if found is None:
        db.close()
        raise refuse("database.not_a_book", name=_shown(db))
    known = revisions()
    if found not in known:
        db.close()
        raise refuse("database.newer", name=_shown(db), found=found, known=known[-1])
    if found != known[-1]:
        if login := db.login():
            db.close()
            raise refuse("database.owner_only", login=login, deed=f"{found} → {known[-1]}")
        if before_upgrade is not None:
            before_upgrade(db)
        upgrade(db)
    elif db.dialect != "sqlite" and (login := db.login()) and guards_are_old(db):
        db.close()
        raise refuse("database.roles_old", login=login)
    return db


def revisions() -> list[str]:
    """Every schema revision this program knows, oldest first; the files are named after them."""
    return sorted(file.stem.split("_", 1)[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def schema_revision(db: Database) -> str | None:
    """The revision a database is at, None if it holds no book."""
    with db.read() as conn:
        if not inspect(conn).has_table("alembic_version"):
            return None
        found = conn.execute(text("select version_num from alembic_version")).scalar()
    return str(found) if found else None


def upgrade(db: Database) -> None:
    """Brings the schema to the newest revision, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with db.engine.connect().execution_options(gongfang_write=True) as conn, conn.begin():
        config.attributes["connection"] = conn
        command.upgrade(config, "head")
    if db.dialect == "sqlite":
        with db.engine.connect() as conn:
            conn.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def _check_file(file: Path) -> None:
    if not file.exists():
        raise refuse("database.missing", name=str(file))
    check_plain(file)
    check_place(file)
    try:
        raw = sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)
        try:
            raw.execute("select count(*) from sqlite_master").fetchone()
        finally:
            raw.close()
    except sqlite3.DatabaseError as error:
        raise refuse("database.not_a_database", name=str(file), reason=str(error)) from error


def _shown(db: Database) -> str:
    return str(db.path) if db.path else db.engine.url.render_as_string(hide_password=True)


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0]
