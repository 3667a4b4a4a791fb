"""Children that are killed in the middle of their work, what they told before, and what is left of the book.

Children are forked from a process that has everything loaded, so that a kill costs milliseconds. A child tells each committed
step down a pipe after the commit: what was told and is not in the book has been lost.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, func, select

from models.documents.tables import doc
from models.platform.tables import audit_event
from services.documents.types import registry
from services.platform import books
from services.reporting.invariants import check

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
    for deed, key in told_steps(lines):
        states[key] = {"draft": "Z", "reverse": "Z", "remove": "gone"}.get(deed, "C")
    return states


def told_steps(lines: list[str]) -> list[tuple[str, int]]:
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
    told = told_steps(lines)
    if not told:
        return set()
    deed, key = told[-1]
    a = audit_event.c
    mine = select(func.max(a.seq)).where(a.entity_id == key, a.action.in_(TOLD_AS.get(deed, ("approve",))))
    kinds = [kind.code for kind in registry]
    last = conn.execute(mine.where(a.entity.in_(kinds))).scalar() or 0
    return set(conn.execute(select(a.entity_id).where(a.entity.in_(kinds), a.seq > last)).scalars())


def tell(mouth: int, deed: str, key: int) -> None:
    """Acknowledges a step."""
    os.write(mouth, f"{deed} {key}\n".encode())
