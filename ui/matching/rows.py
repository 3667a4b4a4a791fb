"""What the clerk decided about each pasted row, and the document lines that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from models.kernel.problems import Problem
from services.matching.api import Candidate, Choice, Matched, MatchRow, problems_of
from ui.framework.colors import Tone

State = Literal["sure", "accepted", "doubtful", "none", "skipped"]
WORDS: Final[dict[State, str]] = {
    "sure": "已匹配", "accepted": "已确认", "doubtful": "请确认", "none": "没找到", "skipped": "不要",
}  # fmt: skip
TONES: Final[dict[State, Tone]] = {
    "sure": "ok", "accepted": "ok", "doubtful": "warn", "none": "danger", "skipped": "muted",
}  # fmt: skip
UNDECIDED: Final = ("doubtful", "none")


@dataclass(slots=True)
class Decision:
    """A pasted row, the item in view for it, and whether the clerk took or left it."""

    row: MatchRow
    chosen: Candidate | None = None
    accepted: bool = False
    skipped: bool = False

    @property
    def state(self) -> State:
        """What the row is now."""
        if self.skipped:
            return "skipped"
        if self.accepted and self.chosen is not None:
            return "accepted"
        return self.row.level

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the row as the item in view."""
        return problems_of(self.row, self.chosen)

    def choose(self, candidate: Candidate) -> None:
        """Takes an item for the row."""
        self.chosen, self.accepted, self.skipped = candidate, True, False

    def toggle_skipped(self) -> None:
        """Leaves the row out, or takes it in again."""
        self.skipped = not self.skipped


def decisions(matched: Matched) -> list[Decision]:
    """Every row with its first candidate in view; what does not look like a line is left out from the start."""
    return [
        Decision(row, row.candidates[0] if row.candidates else None, skipped=not row.wanted) for row in matched.rows
    ]


def take_over(before: Sequence[Decision], now: Sequence[Decision]) -> None:
    """Decides rows as they were decided before, where the words of the item are still the same."""
    known = {one.row.index: one for one in before}
    for one in now:
        old = known.get(one.row.index)
        if old is None or old.row.key != one.row.key:
            continue
        if old.accepted and old.chosen is not None:
            one.choose(old.chosen)
        if old.skipped == old.row.wanted:
            one.skipped = old.skipped


def lines_of(decided: Sequence[Decision]) -> list[dict[str, Any]]:
    """The lines to append to a document, in the order they were pasted."""
    return [
        {
            "item_id": one.chosen.item_id, "item_code": one.chosen.code, "item_name": one.chosen.name,
            "spec": one.chosen.spec, "unit": one.chosen.unit, "decimals": one.chosen.decimals,
            "available": one.chosen.available, "quantity": one.row.quantity, "price": one.row.price,
            "due_date": one.row.due_date, "note": one.row.note or None, **one.row.extra,
        }
        for one in decided
        if one.chosen is not None and one.state in ("sure", "accepted")
    ]  # fmt: skip


def choices_of(decided: Sequence[Decision]) -> list[Choice]:
    """What is worth remembering: texts the clerk had to decide about, and remembered ones that served again."""
    return [
        Choice(one.row.key, one.chosen.item_id)
        for one in decided
        if one.chosen is not None
        and (one.state == "accepted" or (one.state == "sure" and one.chosen.reason == "remembered"))
    ]
