"""One window for one book: a lock beside the file that the system lets go when the program ends, however it ends."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from models.kernel.problems import refuse
from services.platform.clock import Clock, system_clock

ENDING: Final = ".lock"
LOCKED_BYTE: Final = 1 << 30
"""far behind the text: on Windows a locked range cannot be read by others"""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a book open in a window."""

    pid: int
    host: str
    since: str
    user: str


class Hold:
    """A book held by this program until `release` or its end. stale: the holder before ended without letting go."""

    def __init__(self, file: Path, descriptor: int, stale: Holder | None) -> None:
        self.file = file
        self.stale = stale
        self._descriptor = descriptor

    def release(self) -> None:
        """Lets go; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        if sys.platform == "win32":
            os.close(descriptor)
            _remove(self.file)
        else:
            # Removed while it is still locked: whoever waits for the lock sees that the name is gone and starts again.
            _remove(self.file)
            os.close(descriptor)


def hold(book: str | Path, user: str, *, clock: Clock = system_clock) -> Hold:
    """Takes a book for one window; refused while another has it, naming process, machine, user and since when.

    The lock is the system's, so one left behind by a crash does not hold; reading commands need none.
    """
    file = lock_file(book)
    while True:
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise refuse("place.no_lock", name=str(file), reason=error.strerror or str(error)) from error
        if not _lock(descriptor):
            other = _read(descriptor)
            os.close(descriptor)
            raise refuse(
                "place.in_use", name=str(book), user=other.user if other else "?", host=other.host if other else "?",
                pid=other.pid if other else 0, since=other.since if other else "?",
            )  # fmt: skip
        if _is_still_there(file, descriptor):
            break
        os.close(descriptor)
    stale = _read(descriptor)
    holder = Holder(os.getpid(), socket.gethostname(), clock().astimezone().strftime("%Y-%m-%d %H:%M"), user)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps(asdict(holder), ensure_ascii=False).encode())
    return Hold(file, descriptor, stale)


def lock_file(book: str | Path) -> Path:
    """Where the lock of a book lies: beside it."""
    path = Path(os.path.realpath(book))
    return path.with_name(path.name + ENDING)


def _lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_still_there(file: Path, descriptor: int) -> bool:
    """Whether the locked file still has its name: the holder before may have removed it meanwhile."""
    try:
        named = file.stat()
    except FileNotFoundError:
        return False
    return sys.platform == "win32" or os.path.samestat(named, os.fstat(descriptor))


def _read(descriptor: int) -> Holder | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        return Holder(**json.loads(os.read(descriptor, 4096)))
    except (OSError, ValueError, TypeError):
        return None


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return
