"""Barcode guns: told from a hand by the time between characters, and what they send around a code is taken off."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

GAP_MS: Final = 35
END_MS: Final = 500
SHORTEST: Final = 6
_AIM: Final = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_REMOVING: Final = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


def bare_code(text: str) -> str:
    """A scanned code alone: no control characters, no symbology identifier (`]C1`)."""
    return _AIM.sub("", letters_of(text).strip())


def letters_of(text: str) -> str:
    """Text without control characters."""
    return "".join(letter for letter in text if letter.isprintable())


def now_ms() -> float:
    """A clock that only runs forward, in ms."""
    return time.monotonic() * 1000


class Strokes:
    """The characters that came into an editor, kept while each follows the last within 35 ms.

    A key is timed by its event's own stamp, so that keys which waited for a busy window are not taken for a gun; a key without a stamp, or
    one held down, is a hand's. Text of an input method has no stamp and is timed by clock when it arrives; what was composed is a hand's.
    """

    def __init__(self) -> None:
        self.clock: Callable[[], float] = now_ms
        self._run = ""
        self._stamp: int | None = None
        self._arrived = 0.0

    def key(self, event: QKeyEvent) -> None:
        """Takes note of a key."""
        text = event.text()
        if event.key() in _REMOVING:
            self._run = ""
        elif text and text.isprintable():
            if event.isAutoRepeat() or not event.timestamp():
                self._run = ""
            else:
                self._add(text, event.timestamp())

    def committed(self, text: str, *, composed: bool) -> None:
        """Takes note of text from an input method."""
        if composed:
            self._run = ""
        elif text:
            self._add(text, None)

    def scan(self, text: str) -> tuple[str, str] | None:
        """What a hand typed before, and the code a gun typed at the end of text (in narrow characters); None if no gun did.

        A code has six characters or more and does not look like a sum, a signed or grouped number or a date with strokes.
        """
        code = bare_code(unicodedata.normalize("NFKC", self._run))
        if len(code) < SHORTEST or not code.isascii() or code[0] in "=+-" or "," in code or "/" in code:
            return None
        return (text.removesuffix(self._run), code) if text.endswith(self._run) else None

    @property
    def begun(self) -> bool:
        """Whether the last character was the first of its run."""
        return len(self._run) == 1

    def alone(self) -> str:
        """The code that a gun typed and nobody anything before it; "" if no gun did."""
        found = self.scan(self._run)
        return found[1] if found is not None else ""

    def ended(self, stamp: int) -> str:
        """The code that an Enter ends, pressed at stamp (0: not known), if it follows within half a second; the next run begins."""
        late = self.clock() - self._arrived
        if stamp and self._stamp is not None:
            late = min(late, stamp - self._stamp)
        code = self.alone() if late < END_MS else ""
        self._run = ""
        return code

    def _add(self, text: str, stamp: int | None) -> None:
        arrived = self.clock()
        gap = arrived - self._arrived if stamp is None or self._stamp is None else stamp - self._stamp
        self._run = self._run + text if gap < GAP_MS else text
        self._stamp, self._arrived = stamp, arrived
