"""Ending what a thread asks of the database: an answer nobody waits for any more, work that was cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

_here = threading.local()


class Stopped(Exception):
    """A stop was asked for before the database was."""


class Stop:
    """Called from any thread, it ends the statement that the work inside `over` is waiting for; it returns at once.

    The interrupted statement raises the driver's error, the transaction around it is rolled back by its own exit, and no later
    one is begun: entering a transaction raises Stopped. What was committed before stays.
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
        """Makes this the stop of the thread that is inside."""
        before = getattr(_here, "stop", None)
        _here.stop = self
        try:
            yield
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
        # Under the lock: a connection that went back to the pool meanwhile may work for somebody else.
        with self._lock:
            for raw in self._running:
                (raw.interrupt if hasattr(raw, "interrupt") else raw.cancel)()


@contextmanager
def stoppable(conn: Connection) -> Iterator[None]:
    """Inside, the stop of this thread, if it has one, ends what the connection is asked."""
    stop: Stop | None = getattr(_here, "stop", None)
    if stop is None:
        yield
    else:
        with stop.around(conn):
            yield
