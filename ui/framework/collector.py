"""Python's cycle collector, kept on the window's thread and out of the clerk's way."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

EVERY_MS: Final = 1000
PAUSE_S: Final = 3.0
HANDS: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    }
)


class Collector(QObject):
    """Collects what Python's own collector would, but between two events of this thread instead of within any thread.

    The collector runs in whichever thread makes the object too many, and frees the Qt objects it finds there. Qt objects may be
    freed only by the thread they live in; a widget freed by a reader of the database ends the program (decision 0020).
    It waits for a pause of the clerk: to walk over what ten pages or a list of 50,000 rows made takes 50 to 120 ms.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._touched = time.monotonic()
        # Keys and mouse reach the window that has the focus first. A filter of the application would see each event of each widget.
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication), "a window needs an application"
        app.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())
        # What an input method composes does not come through the window.
        QGuiApplication.inputMethod().cursorRectangleChanged.connect(self._touch)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collects the oldest generation that is due, by the thresholds Python itself uses, unless the clerk is at work."""
        if time.monotonic() - self._touched < PAUSE_S:
            return
        due = [
            at
            for at, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit > 0
        ]
        if due:
            gc.collect(due[-1])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys and mouse of a window."""
        del watched
        if event.type() in HANDS:
            self._touch()
        return False

    def _touch(self) -> None:
        self._touched = time.monotonic()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)


@contextmanager
def cycles_freed_here() -> Iterator[None]:
    """While inside, cycles are freed by this thread only, the one that runs the event loop; afterwards as before."""
    was_on = gc.isenabled()
    gc.disable()
    # What is loaded by now stays: walking it again and again would be felt as a stutter. Where nothing was collected so far nothing
    # but modules is there yet, and no cycle worth the walk over them.
    if was_on:
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
