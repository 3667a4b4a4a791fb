"""Ending what a thread asks of the database: an answer nobody waits for any more, work that was cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection

PAUSE_S: Final = 0.05
_here = threading.local()


class Stopped(Exception):
    """The work ended because a stop was asked for."""


class Stop:
    """Called from any thread, it ends the statement that the work inside `over` is waiting for; it returns at once.

    Work that fails after the stop was asked for fails as Stopped, with the driver's error of the interrupted statement as the
    cause; the transaction around it is rolled back by its own exit. What was committed before stays.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[Any] = []
        self.asked = False

    def __call__(self) -> None:
        """Asks for the stop."""
        self.asked = True
        threading.Thread(target=self._interrupt, name="stop", daemon=True).start()

    @contextmanager
    def over(self) -> Iterator[None]:
        """Makes this the stop of the thread that is inside.

        Raises:
            Stopped: the work inside failed after the stop was asked for.
        """
        before = getattr(_here, "stop", None)
        _here.stop = self
        try:
            yield
        except Exception as error:
            # An interrupted statement fails in its driver's own way: SQLAlchemy's error, or the driver's own out of a COPY.
            if not self.asked or isinstance(error, Stopped):
                raise
            raise Stopped from error
        finally:
            _here.stop = before

    @contextmanager
    def around(self, conn: Connection) -> Iterator[None]:
        """While inside, the statements of a connection are what a stop ends."""
        raw = conn.connection.driver_connection
        with self._lock:
            if self.asked:
                raise Stopped
            self._running.append(raw)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(raw)

    def _interrupt(self) -> None:
        # Again and again: many short statements in a row are interrupted only while one of them runs.
        while self._running:
            # Under the lock: a connection that went back to the pool meanwhile may work for somebody else.
            with self._lock:
                for raw in self._running:
                    (raw.interrupt if hasattr(raw, "interrupt") else raw.cancel)()
            time.sleep(PAUSE_S)


def checkpoint(*_: object) -> None:
    """Raises Stopped when the work of this thread was stopped: asked before every statement, and between long calculations."""
    stop: Stop | None = getattr(_here, "stop", None)
    if stop is not None and stop.asked:
        raise Stopped


@contextmanager
def stoppable(conn: Connection) -> Iterator[None]:
    """Inside, the stop of this thread, if it has one, ends what the connection is asked."""
    stop: Stop | None = getattr(_here, "stop", None)
    if stop is None:
        yield
    else:
        with stop.around(conn):
            yield
