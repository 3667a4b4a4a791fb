"""Attached files are part of a backup, each proved by its hash; a lost one is told and never costs the book."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import tracemalloc
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.kernel.problems import Problem, Refused
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform import books, file_store, parameters, postgres_dump
from services.platform.backup import backup, restore, verify_backup
from services.platform.db import Database
from services.platform.kept_backups import FILES, back_up, kept
from tests.support.acting import save
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

SEED = 20260310
CONTENTS = {"图纸.pdf": b"%PDF-1.4 drawing", "合同.txt": "合同正文\n".encode() * 4000, "照片.JPG": b"\xff\xd8 picture"}


def attached(shop: Shop, folder: Path, contents: dict[str, bytes] | None = None) -> int:
    """A draft with files; its id."""
    folder.mkdir(exist_ok=True)
    ref = save(shop, shop.factory.order("5"))
    sources = []
    for name, content in (contents or CONTENTS).items():
        (folder / name).write_bytes(content)
        sources.append(folder / name)
    papers.attach(shop.db, USER, ref.id, sources)
    return ref.id


def home(db: Database) -> Path:
    """Where the files of a book lie."""
    with db.read() as conn:
        return file_store.folder_of(conn)


def read_back(db: Database, doc: int, folder: Path) -> dict[str, bytes]:
    """The files of a document as a clerk gets them."""
    folder.mkdir(exist_ok=True)
    rows = papers.list_attachments(db, doc)
    return {row.name: papers.save_attachment_as(db, row.id, folder).read_bytes() for row in rows}


def told(problems: Sequence[Problem]) -> dict[str, object]:
    """The numbers of the one problem that is told."""
    (problem,) = problems
    return {"code": problem.code, **problem.args}


def hurt(file: Path, mark: bytes) -> None:
    """Changes one byte of a content within a backup."""
    content = bytearray(file.read_bytes())
    place = content.index(mark)
    content[place] ^= 1
    file.write_bytes(content)


def test_a_backup_carries_the_files_to_a_place_that_never_had_them(sqlite_shop: Shop, tmp_path: Path) -> None:
    doc = attached(sqlite_shop, tmp_path / "桌面")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    assert (made.problems, made.manifest.files, made.manifest.lost) == ((), 3, 0)
    assert made.manifest.files_size == sum(len(content) for content in CONTENTS.values())
    assert verify_backup(made.file) == made
    elsewhere = tmp_path / "另一台电脑"
    elsewhere.mkdir()
    assert restore(made.file, elsewhere / "新账套.db").problems == ()
    copy = books.open_book(elsewhere / "新账套.db")
    assert read_back(copy, doc, tmp_path / "out") == CONTENTS
    assert broken(copy) == []
    copy.close()


@pytest.mark.parametrize("moment", [0, 2**33])
def test_a_file_of_any_date_is_backed_up(sqlite_shop: Shop, tmp_path: Path, moment: int) -> None:
    attached(sqlite_shop, tmp_path / "桌面")
    for file in file_store.contents(home(sqlite_shop.db)):
        os.utime(file, (moment, moment))
    assert backup(sqlite_shop.db, tmp_path / "book.gfbak").manifest.files == 3


def test_pictures_and_archives_are_stored_and_text_is_packed(sqlite_shop: Shop, tmp_path: Path) -> None:
    attached(sqlite_shop, tmp_path / "桌面")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    with zipfile.ZipFile(made.file) as archive:
        listed = {one["sha256"]: one["name"] for one in json.loads(archive.read("files.json"))}
        kinds = {listed[one.filename[-64:]]: one.compress_type for one in archive.infolist() if "/" in one.filename}
    assert kinds == {"图纸.pdf": zipfile.ZIP_STORED, "照片.JPG": zipfile.ZIP_STORED, "合同.txt": zipfile.ZIP_DEFLATED}


def test_a_book_of_random_bytes_is_stored_and_one_of_rows_is_packed(sqlite_shop: Shop, tmp_path: Path) -> None:
    packed = backup(sqlite_shop.db, tmp_path / "rows.gfbak")
    with zipfile.ZipFile(packed.file) as archive:
        assert archive.getinfo("book").compress_type == zipfile.ZIP_DEFLATED
    random.seed(SEED)
    with sqlite_shop.db.engine.connect() as conn:
        conn.exec_driver_sql("create table noise (id integer primary key, data blob) strict")
        for _ in range(40):
            conn.exec_driver_sql("insert into noise (data) values (?)", (random.randbytes(1 << 20),))
        conn.commit()
    stored = backup(sqlite_shop.db, tmp_path / "noise.gfbak")
    with zipfile.ZipFile(stored.file) as archive:
        assert archive.getinfo("book").compress_type == zipfile.ZIP_STORED
    assert verify_backup(stored.file) == stored


def test_a_restore_leaves_other_files_alone_and_the_book_that_was_there_keeps_its_own(
    sqlite_shop: Shop, tmp_path: Path
) -> None:
    doc = attached(sqlite_shop, tmp_path / "桌面")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    later = attached(sqlite_shop, tmp_path / "后来", {"后来.pdf": b"later"})
    place = sqlite_shop.db.path
    assert place is not None
    lost = next(file_store.contents(home(sqlite_shop.db)))
    lost.write_bytes(b"changed meanwhile")
    sqlite_shop.db.close()
    assert restore(made.file, place).problems == ()
    assert read_back(sqlite_shop.db, doc, tmp_path / "out") == CONTENTS
    kept_book = books.open_book(place.with_name(place.name + ".before-restore"))
    assert read_back(kept_book, later, tmp_path / "out2") == {"后来.pdf": b"later"}
    kept_book.close()
    assert len(list(file_store.contents(home(sqlite_shop.db)))) == 4


def test_a_lost_file_is_told_when_the_backup_is_made_and_the_book_is_backed_up(
    sqlite_shop: Shop, tmp_path: Path
) -> None:
    doc = attached(sqlite_shop, tmp_path / "桌面")
    rows = {row.name: row for row in papers.list_attachments(sqlite_shop.db, doc)}
    file_store.path_of(home(sqlite_shop.db), rows["图纸.pdf"].sha256).unlink()
    file_store.path_of(home(sqlite_shop.db), rows["合同.txt"].sha256).write_bytes(b"not that")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    found = told(made.problems)
    assert (found["code"], found["count"], made.manifest.lost) == ("backup.files_lost", 2, 2)
    assert "图纸.pdf" in str(found["names"])
    assert verify_backup(made.file).manifest.files == 1
    again = restore(made.file, tmp_path / "again.db")
    assert told(again.problems)["code"] == "backup.files_not_restored"
    copy = books.open_book(tmp_path / "again.db")
    assert len(papers.list_attachments(copy, doc)) == 3
    assert {row.partition(" ")[0] for row in broken(copy)} == {"I34"}
    copy.close()


def test_a_damaged_file_in_a_backup_is_told_and_everything_else_is_restored(sqlite_shop: Shop, tmp_path: Path) -> None:
    doc = attached(sqlite_shop, tmp_path / "桌面")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    hurt(made.file, b"%PDF-1.4 drawing")
    found = told(verify_backup(made.file).problems)
    assert (found["code"], found["count"]) == ("backup.files_absent", 1)
    result = told(restore(made.file, tmp_path / "again.db").problems)
    assert (result["code"], result["count"]) == ("backup.files_not_restored", 1)
    assert "图纸.pdf" in str(result["names"])
    copy = books.open_book(tmp_path / "again.db")
    rows = {row.name: row.id for row in papers.list_attachments(copy, doc)}
    good = papers.save_attachment_as(copy, rows["合同.txt"], tmp_path / "out.txt")
    assert good.read_bytes() == CONTENTS["合同.txt"]
    assert codes(refused(papers.save_attachment_as, copy, rows["图纸.pdf"], tmp_path / "x")) == {"attachment.missing"}
    copy.close()


def test_any_damaged_byte_costs_the_backup_or_one_file_and_is_always_told(sqlite_shop: Shop, tmp_path: Path) -> None:
    """T13 with files: half the bits flipped among their contents; none passes unseen, none of those costs the book."""
    attached(sqlite_shop, tmp_path / "桌面", {"噪声.zip": random.Random(SEED).randbytes(40_000), **CONTENTS})
    whole = backup(sqlite_shop.db, tmp_path / "whole.gfbak").file
    good = whole.read_bytes()
    with zipfile.ZipFile(whole) as archive:
        inside = min(one.header_offset for one in archive.infolist() if one.filename.startswith("files/"))
        end = archive.start_dir
    chance = random.Random(SEED)
    copy = tmp_path / "hurt.gfbak"
    unseen, cost = [], []
    for number in range(200):
        place = chance.randrange(inside, end) if number % 2 else chance.randrange(len(good))
        changed = bytearray(good)
        changed[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(changed)
        try:
            problems = {problem.code for problem in verify_backup(copy).problems}
        except Refused as refusal:
            problems = codes(refusal.problems)
            if inside <= place < end:
                cost.append(f"byte {place}: {problems}")
        # A bit of a file's local header that no reader looks at is no damage: its content is proved by its hash.
        if not problems and not _harmless(copy, whole):
            unseen.append(f"byte {place}")
        assert problems <= {
            "backup.damaged", "backup.not_a_backup", "backup.newer_format", "backup.files_absent",
        }  # fmt: skip
    assert not unseen, f"seed {SEED}"
    assert not cost, f"seed {SEED}"


def _harmless(copy: Path, whole: Path) -> bool:
    with zipfile.ZipFile(copy) as changed, zipfile.ZipFile(whole) as archive:
        return all(changed.read(name) == archive.read(name) for name in archive.namelist())


def test_a_backup_made_before_files_were_part_of_it_is_restored(sqlite_shop: Shop, tmp_path: Path) -> None:
    doc = attached(sqlite_shop, tmp_path / "桌面")
    made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
    old = _as_format_1(made.file, tmp_path / "old.gfbak")
    assert verify_backup(old).problems == ()
    assert told(restore(old, tmp_path / "again.db").problems)["count"] == 3
    place = sqlite_shop.db.path
    assert place is not None
    sqlite_shop.db.close()
    assert restore(old, place).problems == ()
    assert read_back(sqlite_shop.db, doc, tmp_path / "out") == CONTENTS


def _as_format_1(new: Path, old: Path) -> Path:
    import hashlib

    with zipfile.ZipFile(new) as archive, zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED) as plain:
        manifest = json.loads(archive.read("manifest.json"))
        for key in ("files", "files_size", "lost", "beside"):
            del manifest[key]
        plain.writestr("manifest.json", json.dumps(manifest | {"format": 1}))
        plain.writestr("book", archive.read("book"))
        plain.comment = b"0" * 64
    content = old.read_bytes()[:-64]
    old.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return old


def test_the_backups_of_a_book_share_one_folder_of_files_and_thinning_keeps_what_is_named(
    sqlite_shop: Shop, tmp_path: Path
) -> None:
    folder = tmp_path / "备份"
    shared = folder / FILES
    moment = [dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)]
    sqlite_shop.db.clock = lambda: moment[0]
    doc = attached(sqlite_shop, tmp_path / "桌面")
    back_up(sqlite_shop.db, folder)
    first = {file: file.stat().st_mtime_ns for file in file_store.contents(shared)}
    assert len(first) == 3
    row = next(row for row in papers.list_attachments(sqlite_shop.db, doc) if row.name == "图纸.pdf")
    papers.detach(sqlite_shop.db, USER, row.id)
    attached(sqlite_shop, tmp_path / "后来", {"后来.pdf": b"later"})
    for months in range(1, 15):
        moment[0] += dt.timedelta(days=31)
        back_up(sqlite_shop.db, folder)
        if months == 1:
            assert {file: file.stat().st_mtime_ns for file in first} == first
    left = {file.name for file in file_store.contents(shared)}
    assert row.sha256 not in left
    assert len(left) == 3
    newest = kept(folder)[0]
    assert verify_backup(newest.file).problems == ()
    assert restore(newest.file, tmp_path / "again.db").problems == ()
    copy = books.open_book(tmp_path / "again.db")
    assert broken(copy) == []
    copy.close()
    moved = newest.file.rename(tmp_path / "moved.gfbak")
    assert told(verify_backup(moved).problems)["count"] == 3


def test_a_backup_from_elsewhere_does_not_choose_the_folder_it_takes_files_from(
    sqlite_shop: Shop, tmp_path: Path
) -> None:
    attached(sqlite_shop, tmp_path / "桌面")
    for beside in ("../files", "/etc", "..", "a\\b", "C:x"):
        made = _resealed_with(sqlite_shop, tmp_path, beside)
        assert codes(refused(restore, made, tmp_path / "again.db")) == {"backup.damaged"}
        assert not (tmp_path / "again.db").exists()


def _resealed_with(shop: Shop, tmp_path: Path, beside: str) -> Path:
    from dataclasses import replace

    from services.platform import sealed

    payload = tmp_path / "payload"
    whole = backup(shop.db, tmp_path / "x.gfbak").file
    manifest = sealed.read(whole, payload)
    made = tmp_path / "resealed.gfbak"
    sealed.write(made, replace(manifest, beside=beside), payload, sealed.listed(whole))
    return made


def test_large_files_do_not_fill_the_memory(sqlite_shop: Shop, tmp_path: Path) -> None:
    attached(sqlite_shop, tmp_path / "桌面", {"大.zip": random.Random(SEED).randbytes(19 << 20)})
    tracemalloc.start()
    try:
        made = backup(sqlite_shop.db, tmp_path / "book.gfbak")
        verify_backup(made.file)
        restore(made.file, tmp_path / "again.db")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 << 20


def test_a_postgresql_book_takes_its_files_along(postgres_shop: Shop, tmp_path: Path) -> None:
    shared = tmp_path / "共享"
    shared.mkdir()
    masterdata.save_records(postgres_shop.db, USER, "parameters", [{"key": file_store.FOLDER, "value": str(shared)}])
    doc = attached(postgres_shop, tmp_path / "桌面")
    made = backup(postgres_shop.db, tmp_path / "book.gfbak")
    assert (made.manifest.files, made.problems) == (3, ())
    assert verify_backup(made.file) == made
    for file in file_store.contents(shared):
        file.unlink()
    url = make_url(postgres_shop.url)
    target = url.set(database=f"{url.database}_files")
    shown = target.render_as_string(hide_password=False)
    try:
        assert restore(made.file, shown).problems == ()
        copy = books.open_book(shown)
        assert read_back(copy, doc, tmp_path / "out") == CONTENTS
        copy.close()
        shared.rename(tmp_path / "没连上")
        assert {problem.code for problem in restore(made.file, shown).problems} == {"attachment.folder"}
        copy = books.open_book(shown)
        assert len(papers.list_attachments(copy, doc)) == 3
        copy.close()
    finally:
        with postgres_dump._administration(target) as admin:
            for name in (target.database, f"{target.database}_before_restore"):
                admin.execute(f'drop database if exists "{name}" with (force)'.encode())


def test_a_shared_folder_that_is_not_reached_is_told_and_never_made(postgres_shop: Shop, tmp_path: Path) -> None:
    shared = tmp_path / "没连上"
    masterdata.save_records(postgres_shop.db, USER, "parameters", [{"key": file_store.FOLDER, "value": str(shared)}])
    ref = save(postgres_shop, postgres_shop.factory.order("5"))
    (tmp_path / "a.pdf").write_bytes(b"a")
    assert codes(refused(papers.attach, postgres_shop.db, USER, ref.id, [tmp_path / "a.pdf"])) == {"attachment.folder"}
    assert not shared.exists()


@pytest.mark.parametrize("value", ["附件", "share/files", "C:files", "\\files"])
def test_the_shared_folder_is_a_whole_path(sqlite_shop: Shop, value: str) -> None:
    rows = [{"key": file_store.FOLDER, "value": value}]
    assert codes(refused(masterdata.save_records, sqlite_shop.db, USER, "parameters", rows)) == {"parameter.folder"}


@pytest.mark.parametrize("value", ["", "\\\\fileserver\\工坊\\附件", "D:\\附件", "/mnt/附件"])
def test_a_whole_path_is_taken_on_every_machine(sqlite_shop: Shop, value: str) -> None:
    masterdata.save_records(sqlite_shop.db, USER, "parameters", [{"key": file_store.FOLDER, "value": value}])
    with sqlite_shop.db.read() as conn:
        assert parameters.load(conn).text(file_store.FOLDER) == value
