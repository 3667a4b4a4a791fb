"""The pages of planning: the board and the kitting desk."""

from __future__ import annotations

from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec


def register(desk: Desk) -> None:
    """Pages of the navigation."""
    desk.navigator.register(
        PageSpec(
            "planning/board",
            "计划台",
            "planning",
            AtNeed("ui.planning.board_page", "BoardPage"),
            "board",
            right="plan.read",
            order=10,
        )
    )
    desk.navigator.register(
        PageSpec(
            "planning/kitting",
            "齐套沙盘",
            "planning",
            AtNeed("ui.planning.kitting_page", "KittingPage"),
            "box",
            right="plan.read",
            order=20,
        )
    )
    desk.navigator.register(
        PageSpec(
            "planning/batch",
            "批量新增任务单",
            "planning",
            AtNeed("ui.planning.batch_page", "BatchPage"),
            "push",
            right="production_order.save",
            order=30,
        )
    )
