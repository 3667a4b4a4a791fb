"""Backups are consistent while others work, are proved before they replace anything, and damaged ones are refused."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from models.documents.tables import doc
from models.kernel.problems import Refused
from services.platform import audit, books, postgres_dump, sealed
from services.platform.backup import backup, restore, verify_backup
from services.platform.db import connect
from tests.support.acting import post, save
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

SEED = 20260310


def test_a_backup_holds_everything_and_names_the_audit_head(shop: Shop, tmp_path: Path) -> None:
    post(shop, shop.factory.order("5"))
    made = backup(shop.db, tmp_path / "备份.gfbak")
    with shop.db.read() as conn:
        assert made.manifest.audit_head == audit.head(conn)
        assert made.manifest.audit_rows == audit.verify(conn)[0]
    assert made.manifest.kind == shop.db.dialect
    assert verify_backup(made.file) == made
    assert [path.name for path in tmp_path.iterdir() if "gongfang" in path.name] == []


def test_a_restored_book_equals_the_one_that_was_backed_up(sqlite_shop: Shop, tmp_path: Path) -> None:
    post(sqlite_shop, sqlite_shop.factory.order("5"))
    before = everything(sqlite_shop.db)
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    post(sqlite_shop, sqlite_shop.factory.order("7"))
    later = everything(sqlite_shop.db)
    place = sqlite_shop.db.path
    assert place is not None
    sqlite_shop.db.close()
    restore(made.file, place)
    assert everything(sqlite_shop.db) == before
    assert broken(sqlite_shop.db) == []
    kept = place.with_name(place.name + ".before-restore")
    assert everything(books.open_book(kept)) == later
    sqlite_shop.db.close()
    restore(made.file, place)
    assert place.with_name(place.name + ".before-restore-2").exists()


def test_a_book_is_restored_where_none_was(sqlite_shop: Shop, tmp_path: Path) -> None:
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    restore(made.file, tmp_path / "新账套.db")
    copy = books.open_book(tmp_path / "新账套.db")
    assert everything(copy) == everything(sqlite_shop.db)
    copy.close()


def test_a_postgresql_book_is_dumped_and_restored_beside_and_the_names_are_swapped(
    postgres_shop: Shop, tmp_path: Path
) -> None:
    post(postgres_shop, postgres_shop.factory.order("5"))
    made = backup(postgres_shop.db, tmp_path / "book.gfbak")
    before = everything(postgres_shop.db)
    url = make_url(postgres_shop.url)
    target = url.set(database=f"{url.database}_copy")
    shown = target.render_as_string(hide_password=False)
    try:
        restore(made.file, shown)
        copy = books.open_book(shown)
        assert everything(copy) == before
        save(Shop(copy, postgres_shop.factory, shown), postgres_shop.factory.order("9"))
        assert codes(refused(restore, made.file, shown)) == {"backup.target_in_use"}
        copy.close()
        restore(made.file, shown)
        copy = books.open_book(shown)
        assert everything(copy) == before
        assert broken(copy) == []
        copy.close()
    finally:
        with postgres_dump._administration(target) as admin:
            for name in (target.database, f"{target.database}_before_restore"):
                admin.execute(f'drop database if exists "{name}" with (force)'.encode())


def test_without_the_tools_of_postgresql_a_sentence_says_so(
    postgres_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    assert codes(refused(backup, postgres_shop.db, tmp_path / "book.gfbak")) == {"backup.no_tool"}
    assert list(tmp_path.glob("*.gfbak")) == []


def test_a_backup_taken_while_others_post_is_whole(sqlite_shop: Shop, tmp_path: Path) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.is_set():
                post(sqlite_shop, sqlite_shop.factory.order("1"))
        except BaseException as failure:
            failures.append(failure)

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        made = [backup(sqlite_shop.db, tmp_path / f"{n}.gfbak") for n in range(8)]
    finally:
        stop.set()
        clerk.join()
    assert failures == []
    rows = [one.manifest.audit_rows for one in made]
    assert rows == sorted(rows)
    restore(made[-1].file, tmp_path / "last.db")
    copy = books.open_book(tmp_path / "last.db")
    assert broken(copy) == []
    copy.close()


@pytest.fixture
def whole(sqlite_shop: Shop, tmp_path: Path) -> Path:
    """A good backup."""
    post(sqlite_shop, sqlite_shop.factory.order("5"))
    return backup(sqlite_shop.db, tmp_path / "whole.gfbak").file


def test_two_hundred_damaged_backups_are_refused_and_nothing_is_replaced(whole: Path, tmp_path: Path) -> None:
    """Half of them have one bit flipped, half are cut off."""
    random.seed(SEED)
    good = whole.read_bytes()
    book = tmp_path / "book.db"
    restore(whole, book)
    before = book.read_bytes()
    hurt = tmp_path / "hurt.gfbak"
    passed = []
    for number in range(200):
        place = random.randrange(len(good))
        if number % 2:
            changed = bytearray(good)
            changed[place] ^= 1 << random.randrange(8)
            hurt.write_bytes(changed)
        else:
            hurt.write_bytes(good[:place])
        try:
            restore(hurt, book)
        except Refused as refusal:
            told = codes(refusal.problems)
        else:
            told = {"restored"}
        if not told <= {"backup.damaged", "backup.not_a_backup", "backup.newer_format"}:
            passed.append(f"{number}: byte {place}: {told}")
    assert not passed, f"seed {SEED}"
    assert book.read_bytes() == before
    assert not list(tmp_path.glob("*.before-restore*"))


def resealed(tmp_path: Path, whole: Path, change: str = "", **manifest: object) -> Path:
    """The backup with a change in its book or its manifest and a seal that fits."""
    payload = tmp_path / "payload"
    told = sealed.read(whole, payload)
    if change:
        with closing(sqlite3.connect(payload)) as raw:
            raw.executescript(change)
    made = tmp_path / "resealed.gfbak"
    sealed.write(made, replace(told, size=payload.stat().st_size, **manifest), payload)  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize(
    ("change", "manifest", "code"),
    [
        (
            "drop trigger audit_event_no_update; update audit_event set user = '别人' where seq = 3",
            {},
            "source_damaged",
        ),
        ("drop trigger audit_event_no_delete; delete from audit_event where seq = 3", {}, "source_damaged"),
        (
            "drop trigger audit_event_no_delete; delete from audit_event where seq = (select max(seq) from audit_event)",
            {},
            "damaged",
        ),
        ("drop table alembic_version", {}, "no_book"),
        ("", {"audit_head": "0" * 64}, "damaged"),
        ("", {"kind": "postgresql"}, "other_kind"),
    ],
)
def test_a_backup_with_a_fitting_seal_is_still_proved(
    whole: Path, tmp_path: Path, change: str, manifest: dict[str, object], code: str
) -> None:
    made = resealed(tmp_path, whole, change, **manifest)
    found = codes(refused(restore, made, tmp_path / "book.db"))
    assert found & {f"backup.{code}", "backup.damaged"}
    assert not (tmp_path / "book.db").exists()


def test_a_backup_of_a_newer_schema_is_refused(whole: Path, tmp_path: Path) -> None:
    made = resealed(tmp_path, whole, "update alembic_version set version_num = '9999'", revision="9999")
    assert codes(refused(restore, made, tmp_path / "book.db")) == {"database.newer"}


def test_what_is_no_backup_is_said_to_be_none(whole: Path, tmp_path: Path, sqlite_shop: Shop) -> None:
    assert sqlite_shop.db.path is not None
    for content in (b"", b"PK\x03\x04", sqlite_shop.db.path.read_bytes()):
        other = tmp_path / "other"
        other.write_bytes(content)
        assert codes(refused(restore, other, tmp_path / "book.db")) == {"backup.not_a_backup"}
    assert codes(refused(verify_backup, tmp_path / "none")) == {"backup.missing"}


def test_a_backup_never_overwrites_what_is_no_backup(sqlite_shop: Shop, tmp_path: Path) -> None:
    assert sqlite_shop.db.path is not None
    assert codes(refused(backup, sqlite_shop.db, sqlite_shop.db.path)) == {"backup.would_overwrite"}
    assert codes(refused(backup, sqlite_shop.db, tmp_path)) == {"backup.would_overwrite"}
    assert codes(refused(backup, sqlite_shop.db, tmp_path / "none" / "x")) == {"database.no_folder"}
    first = backup(sqlite_shop.db, tmp_path / "x.gfbak")
    save(sqlite_shop, sqlite_shop.factory.order("1"))
    assert backup(sqlite_shop.db, tmp_path / "x.gfbak").manifest.audit_rows > first.manifest.audit_rows


def test_a_book_that_is_open_elsewhere_is_not_replaced(sqlite_shop: Shop, whole: Path) -> None:
    assert sqlite_shop.db.path is not None
    with sqlite_shop.db.read() as conn:
        conn.execute(select(doc)).all()
        assert codes(refused(restore, whole, sqlite_shop.db.path)) == {"backup.target_in_use"}
    assert broken(sqlite_shop.db) == []


def test_a_damaged_book_is_not_backed_up_but_can_be_replaced(sqlite_shop: Shop, whole: Path, tmp_path: Path) -> None:
    hurt = tmp_path / "hurt.db"
    restore(whole, hurt)
    content = bytearray(hurt.read_bytes())
    content[4096 * 5 : 4096 * 40] = b"\xff" * (4096 * 35)
    hurt.write_bytes(content)
    db = connect(hurt)
    found = codes(refused(backup, db, tmp_path / "copy.gfbak"))
    db.close()
    assert found == {"backup.source_damaged"}
    assert not (tmp_path / "copy.gfbak").exists()
    restore(whole, hurt)
    copy = books.open_book(hurt)
    assert broken(copy) == []
    copy.close()
