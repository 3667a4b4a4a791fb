"""T1: kills a process in the middle of its work, again and again, and looks what is left of the book.

`python -m tests.reliability.killing FOLDER MODE COUNT SEED` prints one JSON object. Modes: posting, creating, backing_up,
restoring. Children are forked from a process that has everything loaded, so that a kill costs milliseconds. A child tells
each committed step down a pipe after the commit: what was told and is not in the book has been lost.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

import app.wiring
from models.documents.tables import doc
from models.platform.tables import audit_event
from services.documents.types import registry
from services.platform import books
from services.platform.backup import backup, restore, verify_backup
from services.reporting.invariants import check
from tests.support.factory import USER, Factory, furnish, stock_up
from tests.support.random_clerk import RandomClerk

PYTHON_ENDS = 42
BEGUN = b"begun\n"
# What the audit chain calls a step that was told; any other deed ends in an approval.
TOLD_AS = {
    "draft": ("create", "change"), "reverse": ("reverse",), "remove": ("delete",), "close": ("close",),
    "reopen": ("reopen",),
}  # fmt: skip


@dataclass
class Outcome:
    """What the kills did: children killed, steps acknowledged, and everything that should not be."""

    mode: str
    seed: int
    kills: int = 0
    ended_before: int = 0
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)


def killed_after(milliseconds: float, work: Callable[[int], None]) -> tuple[list[str], bool]:
    """Runs work in a child that is killed so long after its first word; what it told, and whether it was still alive."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        try:
            work(mouth)
        except BaseException as failure:
            os.write(mouth, f"failed {failure!r}\n".encode())
        os._exit(PYTHON_ENDS)
    os.close(mouth)
    heard = b""
    while BEGUN not in heard and (part := os.read(ear, 65536)):
        heard += part
    time.sleep(milliseconds / 1000)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while part := os.read(ear, 65536):
        heard += part
    os.close(ear)
    return heard.decode().splitlines(), os.WIFSIGNALED(status)


def told_states(lines: list[str]) -> dict[int, str]:
    """document -> what the last acknowledged step left it as."""
    states: dict[int, str] = {}
    for deed, key in _told(lines):
        states[key] = {"draft": "Z", "reverse": "Z", "remove": "gone"}.get(deed, "C")
    return states


def _told(lines: list[str]) -> list[tuple[str, int]]:
    pairs = (line.partition(" ") for line in lines)
    return [(deed, int(key)) for deed, _, key in pairs if key.isdigit()]


def look(file: Path, lines: list[str]) -> list[str]:
    """What is wrong with a book whose process was killed: broken invariants, and acknowledged steps that are not there."""
    db = books.open_book(file)
    try:
        wrong = [f"{found.code} {row}" for found in check(db) for row in found.broken]
        with db.read() as conn:
            stored = {row.id: (row.status, row.closing) for row in conn.execute(select(doc))}
            untold = _untold(conn, lines)
    finally:
        db.close()
    for key, state in told_states(lines).items():
        if key in untold:
            continue
        status, closing = stored.get(key, ("gone", ""))
        if status != state and not (state == "gone" and closing == "H"):
            wrong.append(f"lost: document {key} was told {state} and is {status}")
    return wrong


def _untold(conn: Connection, lines: list[str]) -> set[int]:
    """Documents of the one step that may have been committed and not told: those in the chain after the last told event."""
    told = _told(lines)
    if not told:
        return set()
    deed, key = told[-1]
    a = audit_event.c
    mine = select(func.max(a.seq)).where(a.entity_id == key, a.action.in_(TOLD_AS.get(deed, ("approve",))))
    kinds = [kind.code for kind in registry]
    last = conn.execute(mine.where(a.entity.in_(kinds))).scalar() or 0
    return set(conn.execute(select(a.entity_id).where(a.entity.in_(kinds), a.seq > last)).scalars())


def posting(folder: Path, outcome: Outcome, count: int, factory: Factory) -> None:
    """Random documents of all types; after each kill the book is proved and every acknowledged step looked for."""
    file = folder / "book.db"
    chance = random.Random(outcome.seed)
    for number in range(count):
        seed = chance.randrange(2**32)

        def work(mouth: int, seed: int = seed) -> None:
            db = books.open_book(file)
            clerk = RandomClerk(db, factory, seed, told=lambda deed, key: _tell(mouth, deed, key))
            for deed in ("order", "pick", "buy", "goods", "receive"):
                clerk.act(deed)
            os.write(mouth, BEGUN)
            while True:
                clerk.act()

        lines, alive = killed_after(chance.uniform(5, 150), work)
        failures = [line for line in lines if line.startswith("failed")]
        outcome.kills += 1
        outcome.ended_before += not alive
        outcome.acknowledged += len(_told(lines))
        outcome.wrong += [f"kill {number} seed {seed}: {line}" for line in [*failures, *look(file, lines)]]
        if len(outcome.wrong) > 5:
            return


def _tell(mouth: int, deed: str, key: int) -> None:
    os.write(mouth, f"{deed} {key}\n".encode())


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
    """A backup that is being made leaves the older one or the new one in its place."""
    chance = random.Random(outcome.seed)
    file, copy = folder / "book.db", folder / "copy.gfbak"
    db = books.open_book(file)
    backup(db, copy)
    db.close()

    def work(mouth: int) -> None:
        mine = books.open_book(file)
        os.write(mouth, BEGUN)
        while True:
            backup(mine, copy)

    for number in range(count):
        killed_after(chance.uniform(5, 120), work)
        outcome.kills += 1
        outcome.wrong += [f"kill {number}: {line}" for line in look(file, [])]
        verify_backup(copy)


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
            kept.unlink()


MODES = {"posting": posting, "creating": creating, "backing_up": backing_up, "restoring": restoring}


def main(folder: Path, mode: str, count: int, seed: int) -> Outcome:
    """Furnishes a book in the folder and kills whoever works on it."""
    assert app.wiring.AREAS
    db = books.create(folder / "book.db")
    factory = furnish(db)
    with db.write(USER) as tx:
        stock_up(tx, factory, 2)
    db.close()
    outcome = Outcome(mode, seed)
    MODES[mode](folder, outcome, count, factory)
    return outcome


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    print(json.dumps(found.__dict__, ensure_ascii=False))
