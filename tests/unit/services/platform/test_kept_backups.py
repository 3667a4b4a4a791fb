"""Backups made by the program: verified, named by their moment, thinned to 7 days, 4 weeks and 12 months."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.platform.backup import restore, verify_backup
from services.platform.books import open_book
from services.platform.db import Database
from services.platform.kept_backups import ENDING, Kept, back_up, folder_of, kept, thin, to_keep

NOW = dt.datetime(2026, 3, 10, 18, 0)


def stay(moments: list[dt.datetime]) -> list[dt.datetime]:
    return [one.made for one in to_keep(Kept(Path(f"{made:%Y%m%d%H%M%S}"), made) for made in moments)]


def test_of_one_day_the_newest_stays() -> None:
    morning, evening = NOW.replace(hour=9), NOW
    assert stay([morning, evening]) == [evening]


def test_two_years_of_daily_backups_thin_to_seven_days_four_weeks_and_twelve_months() -> None:
    every = [NOW - dt.timedelta(days=days) for days in range(730)]
    found = stay(every)
    assert found[:7] == every[:7]
    weeks = {made.isocalendar()[:2] for made in found}
    months = {(made.year, made.month) for made in found}
    assert len(months) == 12
    assert {made.isocalendar()[:2] for made in every[:22]} <= weeks
    assert len(found) <= 7 + 4 + 12
    assert min(found) >= NOW - dt.timedelta(days=366)


def test_thinning_day_by_day_ends_where_thinning_once_does() -> None:
    left: list[dt.datetime] = []
    for days in range(400, -1, -1):
        left = stay([*left, NOW - dt.timedelta(days=days)])
    months = {(made.year, made.month) for made in left}
    assert left[:7] == [NOW - dt.timedelta(days=days) for days in range(7)]
    assert len(months) == 12


def test_a_factory_that_closes_for_months_keeps_its_last_backups() -> None:
    old = [NOW - dt.timedelta(days=200 + days) for days in range(5)]
    assert stay([NOW, *old]) == [NOW, *old]


def test_a_backup_of_the_day_is_verified_and_can_be_restored(sqlite_book: Database, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "备份", sqlite_book)
    made = back_up(sqlite_book, folder)
    assert [one.file for one in kept(folder)] == [made.file]
    assert verify_backup(made.file).manifest == made.manifest
    restore(made.file, tmp_path / "again.db")
    open_book(tmp_path / "again.db").close()


def test_strange_files_are_neither_counted_nor_removed(sqlite_book: Database, tmp_path: Path) -> None:
    folder = tmp_path / "备份"
    folder.mkdir()
    (folder / f"mine{ENDING}").write_text("x", encoding="utf-8")
    (folder / "20260101-080000.txt").write_text("x", encoding="utf-8")
    for month in range(1, 13):
        for day in (1, 2, 3):
            (folder / f"2025{month:02d}{day:02d}-080000{ENDING}").write_text("x", encoding="utf-8")
    gone = thin(folder)
    assert gone
    assert (folder / f"mine{ENDING}").exists()
    assert (folder / "20260101-080000.txt").exists()
    assert all(file.name.startswith("2025") for file in gone)


def test_two_books_of_one_name_have_two_folders(sqlite_book: Database, tmp_path: Path) -> None:
    assert sqlite_book.path is not None
    (tmp_path / "二厂").mkdir()
    copy = tmp_path / "二厂" / sqlite_book.path.name
    copy.write_bytes(sqlite_book.path.read_bytes())
    other = open_book(copy)
    assert folder_of(tmp_path, other) != folder_of(tmp_path, sqlite_book)
    other.close()


def test_a_backup_that_fails_takes_nothing_away(sqlite_book: Database, tmp_path: Path) -> None:
    folder = tmp_path / "备份"
    back_up(sqlite_book, folder)
    before = [one.file for one in kept(folder)]
    assert sqlite_book.path is not None
    sqlite_book.close()
    sqlite_book.path.write_bytes(b"broken" * 1000)
    with pytest.raises(Refused, match=r"backup\."):
        back_up(sqlite_book, folder)
    assert [one.file for one in kept(folder)] == before
