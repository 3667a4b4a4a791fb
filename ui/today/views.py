"""The start page, first in the navigation."""

from __future__ import annotations

from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec


def register(desk: Desk) -> None:
    """The work list."""
    desk.navigator.register(
        PageSpec(
            "today", "今日待办", "today", AtNeed("ui.today.today_page", "TodayPage"), "area-today", "Alt+Home", order=1
        )
    )
