"""T3: images of a book as a power cut leaves it: the journal cut off, with holes or out of order behind what was flushed.

What the disk promised stands: everything written before a flush that has returned. Whatever was written after it may be there,
not be there, or be there in part and in any order. From every such image the book opens, is whole, and has every document that
was acknowledged; of the one under way it has all or nothing.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from models.documents.tables import doc
from services.documents import api
from services.platform import books
from services.platform.db import Database
from tests.reliability.sizes import IMAGES
from tests.support.acting import save
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.shops import Shop

SEED = 20260310
WAL_HEAD, FRAME_HEAD, PAGE = 32, 24, 4096
FRAME = FRAME_HEAD + PAGE


@dataclass(frozen=True)
class Moment:
    """A commit under way: book and journal when the one before was flushed, and when this one was; who was acknowledged then."""

    book: bytes
    before: bytes
    after: bytes
    acknowledged: frozenset[int]
    under_way: int


def files(db: Database) -> tuple[Path, Path]:
    """The book and its journal."""
    assert db.path is not None
    return db.path, db.path.with_name(db.path.name + "-wal")


def moments(shop: Shop, count: int) -> list[Moment]:
    """Approves drafts one after the other and keeps what lay on the disk before and after each commit."""
    book, journal = files(shop.db)
    drafts = [save(shop, shop.factory.opening("BULB", str(number + 1), "1")) for number in range(count)]
    with shop.db.engine.connect() as conn:
        conn.exec_driver_sql("pragma wal_checkpoint(truncate)")
        conn.rollback()
    made = []
    done: set[int] = set()
    for ref in drafts:
        before = journal.read_bytes()
        api.approve(shop.db, USER, [ref.id])
        made.append(Moment(book.read_bytes(), before, journal.read_bytes(), frozenset(done), ref.id))
        done.add(ref.id)
    return made


def torn(moment: Moment, chance: random.Random) -> bytes:
    """The journal with what came after the last flush cut off, with holes, out of order, or with bits turned."""
    flushed, written = moment.before, moment.after[len(moment.before) :]
    start = WAL_HEAD if not flushed else 0
    head, frames = written[:start], [written[at : at + FRAME] for at in range(start, len(written), FRAME)]
    way = chance.randrange(5)
    if way == 0:
        return flushed + written[: chance.randrange(len(written) + 1)]
    if way == 1:
        return flushed + head + b"".join(frame if chance.random() < 0.7 else bytes(len(frame)) for frame in frames)
    if way == 2:
        chance.shuffle(frames)
        return flushed + head + b"".join(frames)
    if way == 3:
        changed = bytearray(written)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(changed))
            changed[place : place + 512] = bytes(min(512, len(changed) - place))
        return flushed + bytes(changed)
    return flushed + head + b"".join(frames[: chance.randrange(len(frames) + 1)])


def opened(folder: Path, book: bytes, journal: bytes) -> Database:
    """An image, opened as the program opens a book after a power cut."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "book.db").write_bytes(book)
    (folder / "book.db-wal").write_bytes(journal)
    return books.open_book(folder / "book.db")


def approved(db: Database) -> set[int]:
    """The documents that are approved."""
    with db.read() as conn:
        return set(conn.execute(select(doc.c.id).where(doc.c.status == "C")).scalars())


def quick_check(file: Path) -> str:
    """What SQLite says of the file."""
    with closing(sqlite3.connect(file)) as raw:
        return str(raw.execute("pragma quick_check").fetchone()[0])


def faults_of(folder: Path, moment: Moment, journal: bytes, known: set[int]) -> tuple[list[str], bool]:
    """What is wrong with an image, and whether the commit under way is in it."""
    db = opened(folder, moment.book, journal)
    try:
        there = approved(db) - known
        wrong = [f"lost {key}" for key in moment.acknowledged - there]
        wrong += [f"nobody approved {key}" for key in there - moment.acknowledged - {moment.under_way}]
        wrong += [f"{row}" for row in broken(db)]
    finally:
        db.close()
    found = quick_check(folder / "book.db")
    return wrong + ([found] if found != "ok" else []), moment.under_way in there


def test_whatever_a_power_cut_leaves_of_the_journal_the_book_is_whole(sqlite_shop: Shop, tmp_path: Path) -> None:
    known = approved(sqlite_shop.db)
    made = moments(sqlite_shop, 12)
    chance = random.Random(SEED)
    kept = 0
    for number in range(IMAGES):
        moment = made[number % len(made)]
        wrong, there = faults_of(tmp_path / "image", moment, torn(moment, chance), known)
        assert not wrong, f"seed {SEED}, image {number}"
        kept += there
    # Both ends occur: the commit under way is there where all of it was written, else nothing of it is.
    assert 0 < kept < IMAGES
    whole, there = faults_of(tmp_path / "image", made[-1], made[-1].after, known)
    assert (whole, there) == ([], True)
    # A journal that lacks what was flushed is what the disk promises never to leave: here it must be seen.
    lost, _ = faults_of(tmp_path / "image", made[-1], made[-1].before[: len(made[-1].before) // 2], known)
    assert any(line.startswith("lost") for line in lost)


def test_a_power_cut_while_the_journal_is_written_back_loses_nothing(sqlite_shop: Shop, tmp_path: Path) -> None:
    """The journal is flushed first; the pages of the book are the old or the new ones, in part and in any order."""
    known = approved(sqlite_shop.db)
    last = moments(sqlite_shop, 8)[-1]
    book, _ = files(sqlite_shop.db)
    with sqlite_shop.db.engine.connect() as conn:
        conn.exec_driver_sql("pragma wal_checkpoint(full)")
        conn.rollback()
    after = book.read_bytes()
    everyone = last.acknowledged | {last.under_way}
    chance = random.Random(SEED)
    for number in range(IMAGES // 4):
        mixed = bytearray(after)
        for place in range(0, len(after), 512):
            if chance.random() < 0.5:
                mixed[place : place + 512] = last.book[place : place + 512].ljust(512, b"\0")
        if chance.random() < 0.5:
            mixed = mixed[: max(len(last.book), chance.randrange(len(mixed) + 1))]
        moment = Moment(bytes(mixed), last.before, last.after, everyone, last.under_way)
        wrong, there = faults_of(tmp_path / "image", moment, last.after, known)
        assert not wrong, f"seed {SEED}, image {number}"
        assert there
