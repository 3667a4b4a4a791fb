"""Python's cycle collector, kept on the window's thread."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QObject, QTimer

EVERY_MS: Final = 1000


class Collector(QObject):
    """Collects what Python's own collector would, but between two events of this thread instead of within any thread.

    The collector runs in whichever thread makes the object too many, and frees the Qt objects it finds there. Qt objects may be
    freed only by the thread they live in; a widget freed by a reader of the database ends the program (decision 0020).
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collects the oldest generation that is due, by the thresholds Python itself uses."""
        due = [
            at
            for at, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit > 0
        ]
        if due:
            gc.collect(due[-1])


@contextmanager
def cycles_freed_here() -> Iterator[None]:
    """While inside, cycles are freed by this thread only, the one that runs the event loop; afterwards as before."""
    was_on = gc.isenabled()
    gc.disable()
    # What is loaded by now stays: walking it again and again would be felt as a stutter.
    gc.collect()
    gc.freeze()
    collector = Collector()
    try:
        yield
    finally:
        collector.deleteLater()
        gc.unfreeze()
        if was_on:
            gc.enable()
