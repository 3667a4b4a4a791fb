"""Who made, changed and approved a document, and when: as much of it as there is room for; a click shows the history."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from services.documents.api import DocumentView, HistoryRow
from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.texts import tr

CHANGES: Final = ("change", "amend")
GAP: Final = "    "


class AuthorsLabel(ElidedLabel):
    """The longest telling that fits: with times, with days, names alone, the last deed alone; the tool tip has all of it.

    wanted() when it is clicked.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("faintLabel")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._tellings: tuple[str, ...] = ()

    def show_view(self, view: DocumentView) -> None:
        """The deeds of a stored document; nothing for one that is not saved yet."""
        self._tellings = tellings(view)
        whole = self._tellings[0]
        self.setText(whole)
        self.setAccessibleName(whole)
        self.setToolTip(f"{whole}\n{tr('点一下看历史 (Ctrl+Shift+H)')}" if whole else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if whole else Qt.CursorShape.ArrowCursor)

    def least(self) -> int:
        """Pixels that its shortest telling takes."""
        return self.fontMetrics().horizontalAdvance(self._tellings[-1]) if self._tellings else 0

    def shown(self) -> str:
        """The telling that has room, the shortest one shortened where none has."""
        wide = self.contentsRect().width()
        for telling in self._tellings:
            if self.fontMetrics().horizontalAdvance(telling) <= wide:
                return telling
        shortest = self._tellings[-1] if self._tellings else ""
        return self.fontMetrics().elidedText(shortest, Qt.TextElideMode.ElideRight, wide)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        super().mouseReleaseEvent(event)
        if (
            self.text()
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.wanted.emit()


def tellings(view: DocumentView) -> tuple[str, ...]:
    """From all of it to the last deed alone."""
    timed, days, names = _deeds(view, 0), _deeds(view, 1), _deeds(view, 2)
    printed = [tr("已打印 {count} 次", count=view.print_count)] if view.print_count else []
    made = ([*timed, *printed], timed, days, names, days[-1:], names[-1:])
    return tuple(dict.fromkeys(GAP.join(parts) for parts in made))


def _deeds(view: DocumentView, shortened: int) -> list[str]:
    made, change, approved = view.created_at, _last_change(view), view.approved_at
    deeds: list[tuple[Any, str]] = []
    if view.created_by and made is not None:
        deeds.append((made, tr("制单 {user} {time}", user=view.created_by, time=_stamp(made, shortened)).strip()))
    if change is not None:
        word = "变更 {user} {time}" if change.action == "amend" else "修改 {user} {time}"
        deeds.append((change.at, tr(word, user=change.user, time=_stamp(change.at, shortened)).strip()))
    if view.approved_by and approved is not None:
        told = tr("审核 {user} {time}", user=view.approved_by, time=_stamp(approved, shortened)).strip()
        deeds.append((approved, told))
    return [told for _, told in sorted(deeds, key=lambda deed: deed[0])]


def _last_change(view: DocumentView) -> HistoryRow | None:
    return max((row for row in view.history if row.action in CHANGES), key=lambda row: row.at, default=None)


def _stamp(at: Any, shortened: int) -> str:
    whole = Column("", "", kind="stamp").show(at)
    return (whole, whole.rpartition(" ")[0], "")[shortened]
