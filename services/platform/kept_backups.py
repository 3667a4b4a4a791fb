"""Backups that the program makes by itself: one a closing, thinned to 7 days, 4 weeks and 12 months."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.kernel.problems import Refused
from services.platform import file_store, sealed
from services.platform.backup import Backup, backup
from services.platform.db import Database

DAYS: Final = 7
WEEKS: Final = 4
MONTHS: Final = 12
ENDING: Final = ".gfbak"
FILES: Final = "files"
"""the folder of attached files that all backups of a book share: each closing adds only what is new"""
NAME: Final = re.compile(r"(\d{8}-\d{6})\.gfbak")
STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup file made by the program, and when (local time)."""

    file: Path
    made: dt.datetime

    @property
    def size(self) -> int:
        """Bytes of the file, 0 when it is gone."""
        try:
            return self.file.stat().st_size
        except OSError:
            return 0


def folder_of(root: Path, db: Database) -> Path:
    """The folder of a book's backups below a root: its name and a mark, since two books may have one name."""
    told = str(db.path.resolve()) if db.path is not None else db.engine.url.render_as_string(hide_password=True)
    name = db.path.stem if db.path is not None else str(db.engine.url.database)
    plain = re.sub(r"[^\w.-]+", "_", name)[:40] or "book"
    return root / f"{plain}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def kept(folder: Path) -> list[Kept]:
    """The backups of a folder, newest first; other files are not looked at."""
    made = []
    for file in folder.glob(f"*{ENDING}") if folder.is_dir() else ():
        found = NAME.fullmatch(file.name)
        if found is not None:
            made.append(Kept(file, dt.datetime.strptime(found[1], STAMP)))  # noqa: DTZ007 local time, as named
    return sorted(made, key=lambda one: one.made, reverse=True)


def back_up(db: Database, folder: Path) -> Backup:
    """A verified backup of now, then the folder is thinned. A backup that cannot be made takes no older one away."""
    folder.mkdir(parents=True, exist_ok=True)
    now = db.clock().astimezone()
    made = backup(db, folder / f"{now.strftime(STAMP)}{ENDING}", beside=FILES)
    thin(folder)
    return made


def thin(folder: Path) -> list[Path]:
    """Removes what is neither the newest of one of the last days, weeks or months that have backups; the files removed."""
    every = kept(folder)
    staying = {one.file for one in to_keep(every)}
    gone = [one.file for one in every if one.file not in staying]
    for file in gone:
        file.unlink(missing_ok=True)
    if gone:
        _thin_files(folder, staying)
    return gone


def _thin_files(folder: Path, staying: Iterable[Path]) -> None:
    """Removes attached files that no backup names any more; none while one of the backups cannot be asked."""
    try:
        named = {one.sha256 for file in staying for one in sealed.listed(file)}
    except Refused:
        return
    for file in file_store.contents(folder / FILES):
        if file.name not in named:
            file.unlink(missing_ok=True)


def to_keep(backups: Iterable[Kept]) -> list[Kept]:
    """The newest of each of the last 7 days, 4 ISO weeks and 12 months in which there is a backup."""
    newest_first = sorted(backups, key=lambda one: one.made, reverse=True)
    staying: dict[Path, Kept] = {}
    for group, count in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        for one in _first_of_each(newest_first, group, count):
            staying[one.file] = one
    return sorted(staying.values(), key=lambda one: one.made, reverse=True)


def _first_of_each(backups: Sequence[Kept], group: Callable[[Kept], object], count: int) -> list[Kept]:
    seen: dict[object, Kept] = {}
    for one in backups:
        seen.setdefault(group(one), one)
    return list(seen.values())[:count]


def _day(one: Kept) -> object:
    return one.made.date()


def _week(one: Kept) -> object:
    return one.made.isocalendar()[:2]


def _month(one: Kept) -> object:
    return one.made.year, one.made.month
