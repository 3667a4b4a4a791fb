"""Attached files in a folder beside the book, each under the hash of its content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from models.kernel.problems import refuse
from services.platform.clock import system_clock
from services.platform.file_store import BLOCK, contents, path_of

MOST_BYTES: Final = 20 * 1024 * 1024
ORPHAN_DAYS: Final = 7
_DRAWINGS: Final = "dwg dxf step stp igs iges stl sldprt sldasm prt asm x_t pdf ofd"
_PICTURES: Final = "png jpg jpeg gif bmp webp tif tiff heic mp4 mov mp3 wav"
_PAPERS: Final = "doc docx xls xlsx ppt pptx csv txt md rtf odt ods odp wps et dps eml msg zip 7z rar"
ALLOWED: Final = frozenset(f"{_DRAWINGS} {_PICTURES} {_PAPERS}".split())
"""what may be attached: drawings, pictures, papers; nothing that runs when it is opened"""


def shown_name(source: Path) -> str:
    """The name a file is listed under: its last part, without control characters; refused when its kind is not allowed."""
    name = "".join(letter for letter in source.name if letter.isprintable()).strip(" .")[-200:]
    kind = Path(name).suffix.lstrip(".").casefold()
    if kind not in ALLOWED:
        raise refuse("attachment.kind", name=name or source.name, kind=kind or "—")
    return name


def plain_name(name: str) -> str:
    """The last part of a listed name, on any system: a book from elsewhere must not choose the folder it is copied to."""
    last = "".join(letter for letter in re.split(r"[\\/:]", name)[-1] if letter.isprintable())
    return last.strip(" .")[-200:] or "file"


def put(folder: Path, source: Path) -> tuple[str, int]:
    """Copies a file under its hash; hash and size. The place has the file whole or not at all."""
    try:
        size = source.stat().st_size
        if size > MOST_BYTES:
            raise refuse("attachment.too_large", name=source.name, size=_mega(size), limit=_mega(MOST_BYTES))
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".adding-", dir=folder)
        made = Path(name)
        try:
            digest, size = _copy(source, handle)
            target = path_of(folder, digest)
            target.parent.mkdir(exist_ok=True)
            if not target.exists():
                made.replace(target)
            else:
                os.utime(target)
        finally:
            made.unlink(missing_ok=True)
    except OSError as error:
        raise refuse("attachment.unreadable", name=source.name, reason=error.strerror or str(error)) from error
    return digest, size


def _copy(source: Path, handle: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(handle, "wb") as out, source.open("rb") as read:
        while block := read.read(BLOCK):
            size += len(block)
            if size > MOST_BYTES:
                raise refuse("attachment.too_large", name=source.name, size=_mega(size), limit=_mega(MOST_BYTES))
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), size


def take(folder: Path, sha256: str, target: Path, name: str) -> None:
    """Copies a stored content to a place; refused when it is missing or was changed."""
    stored = path_of(folder, sha256)
    try:
        content = stored.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise refuse("attachment.changed", name=name, folder=str(folder))
        target.write_bytes(content)
    except FileNotFoundError as error:
        raise refuse("attachment.missing", name=name, folder=str(folder)) from error
    except OSError as error:
        raise refuse("attachment.unreadable", name=name, reason=error.strerror or str(error)) from error


def orphans(folder: Path, known: frozenset[str], *, days: int = ORPHAN_DAYS) -> Iterator[Path]:
    """Files that no document names and that were there for so many days."""
    limit = system_clock().timestamp() - days * 86400
    for file in contents(folder):
        if file.name not in known and file.stat().st_mtime < limit:
            yield file


def _mega(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"
