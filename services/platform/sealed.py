"""The file of a backup: a zip of manifest and book whose comment is the hash of all that stands before it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path

from models.kernel.problems import refuse

_FORMAT = 1
_SEAL = 64
_BLOCK = 1 << 20
_MANIFEST, _BOOK = "manifest.json", "book"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: kind of database, schema revision, length and head of its audit chain, when, bytes of the book."""

    kind: str
    revision: str
    audit_rows: int
    audit_head: str
    made_at: str
    size: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or proved."""

    file: Path
    manifest: Manifest


def write(file: Path, manifest: Manifest, payload: Path) -> None:
    """Writes manifest and payload into a sealed file."""
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_MANIFEST, json.dumps({"format": _FORMAT, **asdict(manifest)}, sort_keys=True))
            archive.write(payload, _BOOK)
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
        if told.pop("format") != _FORMAT:
            raise refuse("backup.newer_format", name=str(file))
        return Manifest(**told)
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, NotImplementedError, EOFError) as error:
        raise refuse("backup.not_a_backup", name=str(file)) from error
    except (OSError, RuntimeError) as error:
        raise refuse("backup.damaged", name=str(file), reason=str(error)) from error


def _hash(file: Path) -> str:
    """SHA-256 of everything but the seal."""
    left = file.stat().st_size - _SEAL
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while left > 0:
            block = stream.read(min(_BLOCK, left))
            if not block:
                break
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()
