"""The pages that belong to all documents together."""

from __future__ import annotations

from ui.documents.today_page import TodayPage
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec


def register(desk: Desk) -> None:
    """The work list, first in the navigation."""
    desk.navigator.register(PageSpec("today", "今日待办", "today", TodayPage, "area-today", "Ctrl+1", order=1))
