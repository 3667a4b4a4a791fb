"""The file of a backup: a zip of manifest, book and attached files whose comment is the hash of all that belongs to the book.

The contents of attached files are left out of that hash, since each carries its own as its name: a damaged drawing must not
cost the book. Their names, sizes and places are under the seal.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from models.kernel.problems import Problem, refuse
from services.platform.file_store import NamedFile, Readable, hash_of, path_of

_FORMAT = 2
_FORMATS = {1, 2}
"""1 had no attached files"""
_SEAL = 64
_BLOCK = 1 << 20
_MANIFEST, _BOOK, _LIST, _FILES = "manifest.json", "book", "files.json", "files/"
_SAMPLES, _SAMPLE = 16, 1 << 16
_PAYS: Final = 0.9
"""packing that leaves more than this is not worth its time"""
_PACKED_KINDS: Final = "pdf ofd png jpg jpeg gif webp heic mp4 mov mp3 docx xlsx pptx odt ods odp wps et dps zip 7z rar"
_PACKED: Final = frozenset(_PACKED_KINDS.split())
"""kinds that are compressed already"""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: kind of database, schema revision, length and head of its audit chain, when, bytes of the book.

    files, files_size: attached files that the book names and the backup keeps, in bytes; lost: those that were not to be had.
    beside: the folder next to the backup that keeps their contents, "" if they are in the backup itself.
    """

    kind: str
    revision: str
    audit_rows: int
    audit_head: str
    made_at: str
    size: int
    files: int = 0
    files_size: int = 0
    lost: int = 0
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or proved. problems: attached files that are not whole; the book itself is."""

    file: Path
    manifest: Manifest
    problems: tuple[Problem, ...] = ()


def write(
    file: Path, manifest: Manifest, payload: Path, files: Sequence[NamedFile] = (), folder: Path | None = None
) -> None:
    """Writes manifest and payload into a sealed file, and the contents of the files from a folder if one is given."""
    try:
        # A file copied from elsewhere may bear a date that a zip cannot write.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
            archive.writestr(_MANIFEST, json.dumps({"format": _FORMAT, **asdict(manifest)}, sort_keys=True))
            archive.write(payload, _BOOK, zipfile.ZIP_DEFLATED if _packs(payload) else zipfile.ZIP_STORED)
            archive.writestr(_LIST, json.dumps([asdict(one) for one in files], ensure_ascii=False))
            if folder is not None:
                for one in files:
                    packed = one.name.rpartition(".")[2].casefold() in _PACKED
                    kind = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
                    archive.write(path_of(folder, one.sha256), _inside(one), kind)
            archive.comment = b"0" * _SEAL
        seal = _hash(file)
        with file.open("rb+") as stream:
            stream.seek(-_SEAL, os.SEEK_END)
            stream.write(seal.encode())
    except OSError as error:
        raise refuse("backup.cannot_write", name=str(file), reason=error.strerror or str(error)) from error


def read(file: Path, payload: Path | None = None) -> Manifest:
    """The manifest of a file whose seal is whole; its book is unpacked into payload. Refused when a byte is not as it was."""
    manifest = manifest_of(file)
    with file.open("rb") as stream:
        stream.seek(-_SEAL, os.SEEK_END)
        seal = stream.read().decode("ascii", "replace")
    if seal != _hash(file):
        raise refuse("backup.damaged", name=str(file), reason="sha256")
    if payload is not None:
        with zipfile.ZipFile(file) as archive, archive.open(_BOOK) as packed, payload.open("wb") as plain:
            shutil.copyfileobj(packed, plain, _BLOCK)
        if payload.stat().st_size != manifest.size:
            raise refuse("backup.damaged", name=str(file), reason="size")
    return manifest


def manifest_of(file: Path) -> Manifest:
    """The manifest of a file that is a backup; refused when it is none. The seal is not looked at."""
    if not file.is_file():
        raise refuse("backup.missing", name=str(file))
    try:
        with zipfile.ZipFile(file) as archive:
            told = json.loads(archive.read(_MANIFEST))
        if told.pop("format") not in _FORMATS:
            raise refuse("backup.newer_format", name=str(file))
        return Manifest(**told)
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, NotImplementedError, EOFError) as error:
        raise refuse("backup.not_a_backup", name=str(file)) from error
    except (OSError, RuntimeError) as error:
        raise refuse("backup.damaged", name=str(file), reason=str(error)) from error


def listed(file: Path) -> list[NamedFile]:
    """The attached files that a backup keeps, inside or beside it; none in one that was made before backups kept them."""
    try:
        with zipfile.ZipFile(file) as archive:
            return [NamedFile(**one) for one in json.loads(archive.read(_LIST))] if _LIST in archive.namelist() else []
    except (*_BROKEN, TypeError) as error:
        raise refuse("backup.damaged", name=str(file), reason=str(error)) from error


def unpack(file: Path, manifest: Manifest, take: Callable[[Readable, NamedFile], bool]) -> list[NamedFile]:
    """Hands the content of each kept file to take, which says whether it is that content; those that are lost or damaged."""
    beside = _beside(file, manifest)
    bad = []
    with zipfile.ZipFile(file) as archive:
        for one in listed(file):
            try:
                with _content(archive, beside, one) as stream:
                    whole = take(stream, one)
            except _Lost:
                whole = False
            if not whole:
                bad.append(one)
    return bad


def prove_files(file: Path, manifest: Manifest) -> list[NamedFile]:
    """The kept files whose content is lost or is not what its hash says."""
    return unpack(file, manifest, lambda stream, one: hash_of(stream, limit=one.size) == one.sha256)


class _Lost(Exception):
    """A content cannot be read."""


@contextmanager
def _content(archive: zipfile.ZipFile, beside: Path | None, one: NamedFile) -> Iterator[Readable]:
    try:
        stream = path_of(beside, one.sha256).open("rb") if beside is not None else archive.open(_inside(one))
    except _BROKEN as error:
        raise _Lost from error
    with stream:
        yield _Readable(stream)


class _Readable:
    """A stream whose own errors are those of a lost content, not of the place it is copied to."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(size)
        except _BROKEN as error:
            raise _Lost from error


def _beside(file: Path, manifest: Manifest) -> Path | None:
    """The folder of contents next to a backup; a name that leads elsewhere is none."""
    name = manifest.beside
    if not name:
        return None
    if Path(name).name != name or name == ".." or "\\" in name or ":" in name:
        raise refuse("backup.damaged", name=str(file), reason=name)
    return file.with_name(name)


def _inside(one: NamedFile) -> str:
    return f"{_FILES}{path_of(Path(), one.sha256).as_posix()}"


def _packs(payload: Path) -> bool:
    """Whether packing pays, tried on blocks from all over the file: a dump is packed already, and so is a book full of pictures."""
    size = payload.stat().st_size
    plain = packed = 0
    with payload.open("rb") as stream:
        for number in range(_SAMPLES):
            stream.seek(size * number // _SAMPLES)
            block = stream.read(_SAMPLE)
            plain += len(block)
            packed += len(zlib.compress(block, 1))
    return packed < plain * _PAYS


def _hash(file: Path) -> str:
    """SHA-256 of everything but the seal and the contents of attached files."""
    try:
        with zipfile.ZipFile(file) as archive:
            end = archive.start_dir
            offsets = [one.header_offset for one in archive.infolist() if one.filename.startswith(_FILES)]
    except _BROKEN as error:
        raise refuse("backup.damaged", name=str(file), reason="zip") from error
    begin = min(offsets, default=end)
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        for start, stop in ((0, begin), (end, file.stat().st_size - _SEAL)):
            stream.seek(start)
            left = stop - start
            while left > 0 and (block := stream.read(min(_BLOCK, left))):
                digest.update(block)
                left -= len(block)
    return digest.hexdigest()
