"""T1: kills a process in the middle of its work, again and again, and looks what is left of the book.

`python -m tests.reliability.killing FOLDER MODE COUNT SEED` prints one JSON object. Modes: posting, creating, backing_up,
restoring, importing, closing, migrating.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
from pathlib import Path

import app.wiring
from services.documents import api as documents
from services.papers import api as papers
from services.platform import books
from services.platform.backup import backup, restore, verify_backup
from services.platform.db import Database
from tests.reliability import killing_more
from tests.reliability.killed import BEGUN, Outcome, killed_after, look, tell, told_steps
from tests.support.factory import USER, Factory, furnish, stock_up
from tests.support.random_clerk import RandomClerk


def posting(folder: Path, outcome: Outcome, count: int, factory: Factory) -> None:
    """Random documents of all types; after each kill the book is proved and every acknowledged step looked for."""
    file = folder / "book.db"
    chance = random.Random(outcome.seed)
    for number in range(count):
        seed = chance.randrange(2**32)

        def work(mouth: int, seed: int = seed) -> None:
            db = books.open_book(file)
            clerk = RandomClerk(db, factory, seed, told=lambda deed, key: tell(mouth, deed, key))
            for deed in ("order", "pick", "buy", "goods", "receive"):
                clerk.act(deed)
            os.write(mouth, BEGUN)
            while True:
                clerk.act()

        lines, alive = killed_after(chance.uniform(5, 150), work)
        failures = [line for line in lines if line.startswith("failed")]
        outcome.kills += 1
        outcome.ended_before += not alive
        outcome.acknowledged += len(told_steps(lines))
        outcome.wrong += [f"kill {number} seed {seed}: {line}" for line in [*failures, *look(file, lines)]]
        if len(outcome.wrong) > 5:
            return


def creating(folder: Path, outcome: Outcome, count: int, _factory: Factory) -> None:
    """A book that is being made is there whole or not at all."""
    chance = random.Random(outcome.seed)
    for number in range(count):
        file = folder / f"new-{number}.db"

        def work(mouth: int, file: Path = file) -> None:
            os.write(mouth, BEGUN)
            books.create(file).close()

        _, alive = killed_after(chance.uniform(0, 300), work)
        outcome.kills += 1
        outcome.ended_before += not alive
        if not file.exists():
            books.create(file).close()
        outcome.wrong += [f"kill {number}: {line}" for line in look(file, [])]


def backing_up(folder: Path, outcome: Outcome, count: int, _factory: Factory) -> None:
    """A backup that is being made leaves the older one or the new one in its place, each with its attached files."""
    chance = random.Random(outcome.seed)
    file, copy, shared = folder / "book.db", folder / "copy.gfbak", folder / "shared.gfbak"
    db = books.open_book(file)
    backup(db, copy)
    backup(db, shared, beside="kept")
    db.close()

    def work(mouth: int) -> None:
        mine = books.open_book(file)
        os.write(mouth, BEGUN)
        while True:
            backup(mine, copy)
            shutil.rmtree(folder / "kept")
            backup(mine, shared, beside="kept")

    for number in range(count):
        killed_after(chance.uniform(5, 120), work)
        outcome.kills += 1
        outcome.wrong += [f"kill {number}: {line}" for line in look(file, [])]
        outcome.wrong += [f"kill {number}: {problem}" for problem in verify_backup(copy).problems]
        verify_backup(shared)
        again = books.open_book(file)
        outcome.wrong += [f"kill {number}: {problem}" for problem in backup(again, shared, beside="kept").problems]
        outcome.wrong += [f"kill {number}: {problem}" for problem in verify_backup(shared).problems]
        again.close()


def restoring(folder: Path, outcome: Outcome, count: int, _factory: Factory) -> None:
    """A book that is being replaced is the old one or the restored one."""
    chance = random.Random(outcome.seed)
    file, copy = folder / "book.db", folder / "copy.gfbak"
    db = books.open_book(file)
    backup(db, copy)
    db.close()

    def work(mouth: int) -> None:
        os.write(mouth, BEGUN)
        while True:
            restore(copy, file)

    for number in range(count):
        killed_after(chance.uniform(5, 120), work)
        outcome.kills += 1
        outcome.wrong += [f"kill {number}: {line}" for line in look(file, [])]
        for kept in folder.glob("*.before-restore*"):
            shutil.rmtree(kept) if kept.is_dir() else kept.unlink()


def _attach(db: Database, factory: Factory, folder: Path) -> None:
    """A drawing at an order, so that backups and restores have files to carry."""
    ref, _ = documents.save_document(db, USER, factory.order("5"))
    (folder / "图纸.pdf").write_bytes(os.urandom(300_000))
    papers.attach(db, USER, ref.id, [folder / "图纸.pdf"])


MODES = {
    "posting": posting, "creating": creating, "backing_up": backing_up, "restoring": restoring,
    "importing": killing_more.importing, "closing": killing_more.closing, "migrating": killing_more.migrating,
}  # fmt: skip


def main(folder: Path, mode: str, count: int, seed: int) -> Outcome:
    """Furnishes a book in the folder and kills whoever works on it."""
    assert app.wiring.AREAS
    db = books.create(folder / "book.db")
    factory = furnish(db)
    with db.write(USER) as tx:
        stock_up(tx, factory, 2)
    if mode in ("backing_up", "restoring"):
        _attach(db, factory, folder)
    db.close()
    outcome = Outcome(mode, seed)
    MODES[mode](folder, outcome, count, factory)
    return outcome


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps(found.__dict__, ensure_ascii=False))
