"""A journal that a crash left beside a deleted book is never played into the book that takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from services.masterdata import api as masterdata
from services.platform import books
from services.platform.backup import backup, restore
from services.platform.db import Database


def crashed(folder: Path) -> Path:
    """A place where a book stood whose last transactions are still in its journal; the file itself was deleted."""
    live = books.create(folder / "账套.db")
    masterdata.save_records(live, "张会计", "units", [{"code": "旧", "name": "旧", "decimals": 0}])
    gone = folder / "alt"
    gone.mkdir()
    for tail in ("-wal", "-shm"):
        shutil.copyfile(folder / f"账套.db{tail}", gone / f"账套.db{tail}")
    live.close()
    assert (gone / "账套.db-wal").stat().st_size
    return gone / "账套.db"


def units(db: Database) -> int:
    return masterdata.list_records(db, "units").total


def test_a_new_book_does_not_take_up_the_journal_of_the_old_one(tmp_path: Path) -> None:
    file = crashed(tmp_path)
    made = books.create(file)
    assert units(made) == 0
    made.close()
    assert file.with_name("账套.db-wal.left").stat().st_size


def test_nor_does_a_restored_one(tmp_path: Path) -> None:
    empty = books.create(tmp_path / "leer.db")
    copy = backup(empty, tmp_path / "备份.gfbak")
    empty.close()
    file = crashed(tmp_path)
    restore(copy.file, file)
    again = books.open_book(file)
    assert units(again) == 0
    again.close()
    assert file.with_name("账套.db-wal.left").stat().st_size


def test_what_lies_beside_a_book_that_is_there_is_its_own(tmp_path: Path) -> None:
    live = books.create(tmp_path / "账套.db")
    masterdata.save_records(live, "张会计", "units", [{"code": "个", "name": "个", "decimals": 0}])
    assert books.set_leftovers_aside(tmp_path / "账套.db") == []
    assert units(live) == 1
    live.close()


def test_several_leftovers_are_all_kept(tmp_path: Path) -> None:
    file = tmp_path / "账套.db"
    for _ in range(2):
        file.with_name("账套.db-wal").write_bytes(b"x")
        books.set_leftovers_aside(file)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["账套.db-wal.left", "账套.db-wal.left-2"]
