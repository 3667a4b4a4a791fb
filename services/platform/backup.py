"""Backups: a consistent copy of a book with its manifest, sealed; restored only after it has been proved."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from models.kernel.problems import Problem, Refused, refuse
from services.platform import audit, books, file_store, postgres_dump, sealed
from services.platform.db import Database, connect, database_url
from services.platform.file_store import NamedFile, Readable
from services.platform.places import check_place, check_plain
from services.platform.sealed import Backup, Manifest

__all__ = ["Backup", "backup", "restore", "verify_backup"]


def backup(db: Database, file: str | Path, *, beside: str = "") -> Backup:
    """A verified copy of the book while others work; an older backup in that place is replaced, nothing else is.

    SQLite is copied page by page in one consistent view, PostgreSQL by pg_dump. Refused when the copy does not stand, and under
    a clerk's log-in on a server, which does not read everything. Attached files go into the backup; with beside into the folder
    of that name next to it, which many backups share and which gets only what it lacks. Those that are lost already are told,
    the book is backed up without them.
    """
    target = Path(file).absolute()
    _check_target(target)
    with _work_folder(target.parent) as folder:
        payload, ready = folder / "payload", folder / "ready"
        manifest, files = _copy_sqlite(db, payload) if db.dialect == "sqlite" else _copy_postgresql(db, payload)
        with db.read() as conn:
            home = file_store.folder_of(conn)
        if beside:
            lost = file_store.copy_missing(home, target.with_name(beside), files)
        else:
            lost = [one for one in files if not file_store.is_whole(home, one.sha256)]
        files = [one for one in files if one not in lost]
        manifest = replace(
            manifest, files=len(files), files_size=sum(one.size for one in files), lost=len(lost), beside=beside
        )
        sealed.write(ready, manifest, payload, files, None if beside else home)
        made = sealed.read(ready)
        # What lies beside was proved when it was put there.
        lost += [] if beside else sealed.prove_files(ready, made)
        _replace(ready, target)
    return Backup(target, made, file_store.told_of("backup.files_lost", lost, folder=str(home)))


def verify_backup(file: str | Path) -> Backup:
    """Proves a backup: its seal, the schema it has, the audit chain and the head that its manifest names, each attached file.

    Attached files that are lost or damaged are told; the book is whole without them.
    """
    source = Path(file).absolute()
    with _work_folder(None) as folder:
        manifest, _ = _unpacked(source, folder / "payload")
        bad = sealed.prove_files(source, manifest)
    return Backup(source, manifest, file_store.told_of("backup.files_absent", bad, name=source.name))


def restore(file: str | Path, target: str | Path) -> Backup:
    """Puts a backup in the place of a book, proved first; the book that was there is kept as *.before-restore.

    SQLite: a path, where a book may lie or not. PostgreSQL: the URL of the database that is to hold the book. Attached files
    are put into the folder of the book, beside those that lie there; the ones that could not be had are told.
    """
    source, url = Path(file).absolute(), database_url(target)
    kind = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
    place = Path(url.database or "").absolute() if kind == "sqlite" else None
    if place is not None and not place.parent.is_dir():
        raise refuse("database.no_folder", name=str(place.parent))
    if place is not None:
        check_plain(place)
        check_place(place)
    with _work_folder(place.parent if place else None) as folder:
        payload = folder / "payload"
        manifest, files = _unpacked(source, payload)
        if manifest.kind != kind:
            raise refuse("backup.other_kind", name=str(source), kind=manifest.kind, wanted=kind)
        if place is not None:
            problems = _put_files(source, manifest, files, file_store.folder_beside(place))
            _put_in_place(payload, place)
        else:
            postgres_dump.load_into(payload, url, manifest)
            problems = _put_files_of_server(source, manifest, url)
    return Backup(source, manifest, problems)


def _put_files_of_server(source: Path, manifest: Manifest, url: URL) -> tuple[Problem, ...]:
    db = connect(url.render_as_string(hide_password=False))
    try:
        with db.read() as conn:
            files, home = file_store.named(conn), file_store.reachable(conn)
    except Refused as refused:
        return refused.problems
    finally:
        db.close()
    return _put_files(source, manifest, files, home)


def _put_files(source: Path, manifest: Manifest, files: Sequence[NamedFile], home: Path) -> tuple[Problem, ...]:
    """Puts what the backup keeps into the folder of a book; files: what that book names, told when it is not there after all."""

    def take(stream: Readable, one: NamedFile) -> bool:
        return file_store.is_whole(home, one.sha256) or file_store.put(stream, home, one)

    reason = "—"
    try:
        sealed.unpack(source, manifest, take)
    except OSError as error:
        reason = error.strerror or str(error)
    lost = [one for one in files if not file_store.is_whole(home, one.sha256)]
    return file_store.told_of("backup.files_not_restored", lost, folder=str(home), reason=reason)


def _copy_sqlite(db: Database, payload: Path) -> tuple[Manifest, list[NamedFile]]:
    assert db.path is not None
    try:
        source = f"{db.path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(payload)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise refuse("backup.source_damaged", name=str(db.path), reason=str(error)) from error
    return _proved(payload, str(db.path), made_at=db.clock().isoformat(timespec="seconds"))


def _copy_postgresql(db: Database, payload: Path) -> tuple[Manifest, list[NamedFile]]:
    if login := db.login():
        raise refuse("backup.not_the_owner", login=login, name=db.engine.url.database or "")
    postgres_dump.dump(db.engine.url, payload)
    revision = books.schema_revision(db)
    with db.read() as conn:
        rows, fault = audit.verify(conn)
        head, files = audit.head(conn), file_store.named(conn)
    if fault is not None:
        raise refuse("backup.source_damaged", name=_shown(db.engine.url), reason=f"audit {fault.seq}")
    moment = db.clock().isoformat(timespec="seconds")
    return Manifest("postgresql", revision or "", rows, head, moment, payload.stat().st_size), files


def _proved(payload: Path, name: str, *, made_at: str = "") -> tuple[Manifest, list[NamedFile]]:
    """Opens a copy and proves it: structure, schema, audit chain; and the attached files it names.

    Damage is told about the book called name.
    """
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
            head, files = audit.head(conn), file_store.named(conn)
    except DBAPIError as error:
        raise refuse("backup.source_damaged", name=name, reason=str(error.orig)) from error
    finally:
        copy.close()
        _back_to_one_file(payload)
    if fault is not None:
        raise refuse("backup.source_damaged", name=name, reason=f"audit {fault.seq}")
    return Manifest("sqlite", revision, rows, head, made_at, payload.stat().st_size), files


def _back_to_one_file(payload: Path) -> None:
    with closing(sqlite3.connect(payload)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")


def _unpacked(source: Path, payload: Path) -> tuple[Manifest, list[NamedFile]]:
    """Unseals a backup into payload and proves what came out; and the attached files that a SQLite book names."""
    manifest = sealed.read(source, payload)
    known = books.revisions()
    if manifest.revision not in known:
        raise refuse("database.newer", name=str(source), found=manifest.revision, known=known[-1])
    if manifest.kind == "postgresql":
        postgres_dump.check(payload, source)
        return manifest, []
    found, files = _proved(payload, str(source))
    told = (manifest.revision, manifest.audit_rows, manifest.audit_head)
    if (found.revision, found.audit_rows, found.audit_head) != told:
        raise refuse("backup.damaged", name=str(source), reason="audit head")
    return manifest, files


def _put_in_place(payload: Path, place: Path) -> None:
    if place.exists():
        _release(place)
        kept, copy = _free_name(place), payload.with_name("kept")
        # A copy, not a link: a book under two names would be written past the journal of the other.
        shutil.copyfile(place, copy)
        file_store.twin(file_store.folder_beside(place), file_store.folder_beside(kept))
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
    check_plain(target)
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
