"""Folders of attached files: each content under its own hash, so that any copy of it is proved by its name."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

from sqlalchemy import Connection, inspect, select

from models.documents.tables import attachment, doc
from models.kernel.problems import Problem, refuse
from services.platform import parameters

BLOCK: Final = 1 << 20
FOLDER: Final = "files_folder"
"""the parameter that names the shared folder of a PostgreSQL book"""
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_NAMES_TOLD: Final = 3


class Readable(Protocol):
    """Whatever gives bytes block by block."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A content that the book names: hash, bytes, and for people one name it has and the document that has it."""

    sha256: str
    size: int
    name: str
    number: str


def folder_beside(book: Path) -> Path:
    """The files of a SQLite book: "<book>.files"."""
    return book.with_name(book.name + ".files")


def folder_of(conn: Connection) -> Path:
    """Beside a SQLite book; for PostgreSQL the shared folder that the parameter names, else one of this machine's user."""
    url = conn.engine.url
    if conn.dialect.name == "sqlite" and url.database:
        return folder_beside(Path(url.database))
    told = parameters.load(conn).text(FOLDER).strip()
    if told:
        return Path(told)
    from platformdirs import user_data_path

    return user_data_path("Gongfang", appauthor=False) / "files" / str(url.database)


def reachable(conn: Connection) -> Path:
    """The folder, to be written to; refused when it is a shared one that this machine does not reach.

    Such a folder is never made here: a share that is not mounted would become an empty folder of this machine.
    """
    folder = folder_of(conn)
    if conn.dialect.name != "sqlite" and parameters.load(conn).text(FOLDER).strip() and not folder.is_dir():
        raise refuse("attachment.folder", folder=str(folder))
    return folder


def named(conn: Connection) -> list[NamedFile]:
    """Every content a book names, once, by the first name it got; none where the schema knew no attachments yet."""
    if not inspect(conn).has_table(attachment.name):
        return []
    a = attachment.c
    query = (
        select(a.sha256, a.size, a.name, doc.c.number)
        .join_from(attachment, doc, doc.c.id == a.doc_id)
        .order_by(a.id.desc())
    )
    found = {row.sha256: NamedFile(*row) for row in conn.execute(query)}
    return [found[key] for key in sorted(found)]


def path_of(folder: Path, sha256: str) -> Path:
    """Where the content of a hash lies: ab/abcdef…"""
    if not _SHA.fullmatch(sha256):
        raise ValueError(f"no sha256: {sha256}")
    return folder / sha256[:2] / sha256


def hash_of(stream: Readable, out: IO[bytes] | None = None, limit: int | None = None) -> str:
    """SHA-256 of what is left in a stream, copied to out on the way; more bytes than the limit give no hash at all."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        size += len(block)
        if limit is not None and size > limit:
            return ""
        digest.update(block)
        if out is not None:
            out.write(block)
    return digest.hexdigest()


def is_whole(folder: Path, sha256: str) -> bool:
    """Whether the content of a hash is there and unchanged."""
    try:
        with path_of(folder, sha256).open("rb") as stream:
            return hash_of(stream) == sha256
    except (OSError, ValueError):
        return False


def put(stream: Readable, folder: Path, file: NamedFile) -> bool:
    """Copies a content under its hash; False when it is not that content: then nothing is kept. It is there whole or not at all."""
    target = path_of(folder, file.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".adding-", dir=folder)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            fits = hash_of(stream, out, file.size) == file.sha256
            out.flush()
            os.fsync(out.fileno())
        if fits:
            made.replace(target)
        return fits
    finally:
        made.unlink(missing_ok=True)


def copy_missing(source: Path, target: Path, files: Iterable[NamedFile]) -> list[NamedFile]:
    """Copies what target lacks from another folder, each proved by its hash; those that could not be had are returned.

    What lies there with the right number of bytes is taken as whole: it was proved when it was put there.
    """
    lost = []
    for file in files:
        place = path_of(target, file.sha256)
        if place.is_file() and place.stat().st_size == file.size:
            continue
        try:
            stream = path_of(source, file.sha256).open("rb")
        except OSError:
            lost.append(file)
            continue
        with stream:
            if not put(stream, target, file):
                lost.append(file)
    return lost


def twin(source: Path, target: Path) -> None:
    """The files of one folder in another too, as links where the disk can, since a content is never changed in its place."""
    for file in contents(source):
        place = target / file.parent.name / file.name
        if place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, place)
        except OSError:
            with suppress(OSError):
                shutil.copyfile(file, place)


def contents(folder: Path) -> Iterator[Path]:
    """Every stored content of a folder."""
    for file in sorted(folder.glob("*/*")):
        if _SHA.fullmatch(file.name) and file.is_file():
            yield file


def told_of(code: str, lost: Iterable[NamedFile], **where: object) -> tuple[Problem, ...]:
    """One problem for files that are lost, with their number and the first names; nothing for none."""
    files = list(lost)
    if not files:
        return ()
    names = tuple(f"{file.number} {file.name}" for file in files[:_NAMES_TOLD])
    return (Problem(code, {"count": len(files), "names": names, **where}),)
