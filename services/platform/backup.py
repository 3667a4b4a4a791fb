"""Backups: a consistent copy of a book with its manifest, sealed; restored only after it has been proved."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from models.kernel.problems import Refused, refuse
from services.platform import audit, books, postgres_dump, sealed
from services.platform.db import Database, connect, database_url
from services.platform.places import check_place
from services.platform.sealed import Backup, Manifest

__all__ = ["Backup", "backup", "restore", "verify_backup"]


def backup(db: Database, file: str | Path) -> Backup:
    """A verified copy of the book while others work; an older backup in that place is replaced, nothing else is.

    SQLite is copied page by page in one consistent view, PostgreSQL by pg_dump. Refused when the copy does not stand.
    """
    target = Path(file).absolute()
    _check_target(target)
    with _work_folder(target.parent) as folder:
        payload = folder / "payload"
        if db.dialect == "sqlite":
            manifest = _copy_sqlite(db, payload)
        else:
            manifest = _copy_postgresql(db, payload)
        ready = folder / "ready"
        sealed.write(ready, manifest, payload)
        made = sealed.read(ready)
        _replace(ready, target)
    return Backup(target, made)


def verify_backup(file: str | Path) -> Backup:
    """Proves a backup: its seal, the schema it has, the audit chain and the head that its manifest names."""
    source = Path(file).absolute()
    with _work_folder(None) as folder:
        return Backup(source, _unpacked(source, folder / "payload"))


def restore(file: str | Path, target: str | Path) -> Backup:
    """Puts a backup in the place of a book, proved first; the book that was there is kept as *.before-restore.

    SQLite: a path, where a book may lie or not. PostgreSQL: the URL of the database that is to hold the book.
    """
    source, url = Path(file).absolute(), database_url(target)
    kind = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
    place = Path(url.database or "").absolute() if kind == "sqlite" else None
    if place is not None and not place.parent.is_dir():
        raise refuse("database.no_folder", name=str(place.parent))
    if place is not None:
        check_place(place)
    with _work_folder(place.parent if place else None) as folder:
        payload = folder / "payload"
        manifest = _unpacked(source, payload)
        if manifest.kind != kind:
            raise refuse("backup.other_kind", name=str(source), kind=manifest.kind, wanted=kind)
        if place is not None:
            _put_in_place(payload, place)
        else:
            postgres_dump.load_into(payload, url, manifest)
    return Backup(source, manifest)


def _copy_sqlite(db: Database, payload: Path) -> Manifest:
    assert db.path is not None
    try:
        source = f"{db.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(payload)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise refuse("backup.source_damaged", name=str(db.path), reason=str(error)) from error
    return _proved(payload, str(db.path), made_at=db.clock().isoformat(timespec="seconds"))


def _copy_postgresql(db: Database, payload: Path) -> Manifest:
    postgres_dump.dump(db.engine.url, payload)
    revision = books.schema_revision(db)
    with db.read() as conn:
        rows, fault = audit.verify(conn)
        head = audit.head(conn)
    if fault is not None:
        raise refuse("backup.source_damaged", name=_shown(db.engine.url), reason=f"audit {fault.seq}")
    moment = db.clock().isoformat(timespec="seconds")
    return Manifest("postgresql", revision or "", rows, head, moment, payload.stat().st_size)


def _proved(payload: Path, name: str, *, made_at: str = "") -> Manifest:
    """Opens a copy and proves it: structure, schema, audit chain. Damage is told about the book called name."""
    try:
        with closing(sqlite3.connect(f"{payload.as_uri()}?mode=ro", uri=True)) as raw:
            found = [str(row[0]) for row in raw.execute("PRAGMA quick_check")]
    except sqlite3.DatabaseError as error:
        raise refuse("backup.source_damaged", name=name, reason=str(error)) from error
    if found != ["ok"]:
        raise refuse("backup.source_damaged", name=name, reason=found[0])
    copy = connect(payload)
    try:
        revision = books.schema_revision(copy)
        if revision is None:
            raise refuse("backup.no_book", name=name)
        with copy.read() as conn:
            rows, fault = audit.verify(conn)
            head = audit.head(conn)
    except DBAPIError as error:
        raise refuse("backup.source_damaged", name=name, reason=str(error.orig)) from error
    finally:
        copy.close()
        _back_to_one_file(payload)
    if fault is not None:
        raise refuse("backup.source_damaged", name=name, reason=f"audit {fault.seq}")
    return Manifest("sqlite", revision, rows, head, made_at, payload.stat().st_size)


def _back_to_one_file(payload: Path) -> None:
    with closing(sqlite3.connect(payload)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")


def _unpacked(source: Path, payload: Path) -> Manifest:
    """Unseals a backup into payload and proves what came out."""
    manifest = sealed.read(source, payload)
    known = books.revisions()
    if manifest.revision not in known:
        raise refuse("database.newer", name=str(source), found=manifest.revision, known=known[-1])
    if manifest.kind == "postgresql":
        postgres_dump.check(payload, source)
        return manifest
    found = _proved(payload, str(source))
    told = (manifest.revision, manifest.audit_rows, manifest.audit_head)
    if (found.revision, found.audit_rows, found.audit_head) != told:
        raise refuse("backup.damaged", name=str(source), reason="audit head")
    return manifest


def _put_in_place(payload: Path, place: Path) -> None:
    if place.exists():
        _release(place)
        kept, copy = _free_name(place), payload.with_name("kept")
        # A copy, not a link: a book under two names would be written past the journal of the other.
        shutil.copyfile(place, copy)
        copy.replace(kept)
        for tail in ("-wal", "-shm"):
            beside = place.with_name(place.name + tail)
            if beside.exists():
                beside.replace(kept.with_name(kept.name + tail))
    else:
        books.set_leftovers_aside(place)
    _replace(payload, place)


def _release(place: Path) -> None:
    """Brings a book to one file; refused while another program has it open. One that is damaged is left as it is."""
    try:
        with closing(sqlite3.connect(place, timeout=1)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise refuse("backup.target_in_use", name=str(place), reason=str(error)) from error
    except sqlite3.DatabaseError:
        return


def _free_name(place: Path) -> Path:
    kept, number = place.with_name(place.name + ".before-restore"), 1
    while kept.exists():
        number += 1
        kept = place.with_name(f"{place.name}.before-restore-{number}")
    return kept


def _check_target(target: Path) -> None:
    if not target.parent.is_dir():
        raise refuse("database.no_folder", name=str(target.parent))
    if target.is_dir():
        raise refuse("backup.would_overwrite", name=str(target))
    if target.exists() and target.stat().st_size:
        try:
            sealed.manifest_of(target)
        except Refused as refused:
            raise refuse("backup.would_overwrite", name=str(target)) from refused


def _replace(ready: Path, target: Path) -> None:
    """Puts a finished file in its place in one step; it is on the disk before its name is."""
    try:
        with ready.open("rb+") as stream:
            os.fsync(stream.fileno())
        ready.replace(target)
        if os.name == "posix":
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise refuse("backup.cannot_write", name=str(target), reason=error.strerror or str(error)) from error


@contextmanager
def _work_folder(beside: Path | None) -> Iterator[Path]:
    """A folder for half-made files, on the disk of the target so that the last step is a rename."""
    try:
        with tempfile.TemporaryDirectory(prefix=".gongfang-", dir=beside) as name:
            yield Path(name)
    except OSError as error:
        raise refuse("backup.cannot_write", name=str(beside or ""), reason=error.strerror or str(error)) from error


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)
