"""待办, 缺料, 逾期 in the frame's head, counted again whenever something finished that may change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QPushButton

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from ui.framework.colors import current
from ui.framework.desk import Desk
from ui.framework.icons import tone_icon
from ui.framework.navigator import PageRef
from ui.framework.texts import tr
from ui.today.rows import BADGES, WORKLIST, topics

if TYPE_CHECKING:
    from services.reporting.api import WorkRow

DELAY_MS: Final = 400
AGAIN_MS: Final = 120_000
"""what other computers did is counted after this time at the latest"""
ALARMS: Final = frozenset({"short", "late"})


class HeadCounts(QObject):
    """A hub listener with one button a count; a press opens the work list at its first line."""

    def __init__(
        self, desk: Desk, add_badge: Callable[[str, str, Callable[[], object]], QPushButton], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._topics = topics()
        self.buttons: dict[str, QPushButton] = {}
        self.counts: dict[str, int] = {}
        for key, (title, _kinds) in BADGES.items():
            self.buttons[key] = add_badge(key, tr(title), partial(self._open, key))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.read)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.read)
        self._again.start()
        desk.hub.add(self)
        self._timer.start(0)

    def changes_arrived(self, changes: Changes) -> None:
        """Several commands in a row are counted once."""
        if self._topics & changes.topics:
            self._timer.start(DELAY_MS)

    def read(self) -> None:
        """Counts on a reading thread."""
        session = self._desk.session
        ask = partial(WORKLIST, session.db, session.today())
        self._desk.ops.run_query(ask, self._show, owner=self, on_refused=self._not_allowed, latest="counts")

    def _show(self, rows: Sequence[WorkRow]) -> None:
        for key, (_title, kinds) in BADGES.items():
            self.counts[key] = sum(row.count for row in rows if row.kind in kinds)
        self.paint()

    def paint(self) -> None:
        """What was counted, in the colours of the scheme."""
        for key, count in self.counts.items():
            title, button = BADGES[key][0], self.buttons[key]
            button.setText(f"{tr(title)} {count:,}")
            tone = "muted" if not count else "danger" if key in ALARMS else "warn"
            button.setIcon(tone_icon(tone, dot=True))
            button.setStyleSheet(f"color: {current().tones[tone]};")
            button.setAccessibleName(f"{tr(title)} {count}")

    def _not_allowed(self, problems: Sequence[Problem]) -> None:
        del problems

    def _open(self, key: str) -> None:
        self._desk.navigator.open(PageRef("today", (("badge", key),)))
