"""The page of the workbench, and the verbs on whatever item stands under the cursor."""

from __future__ import annotations

from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec
from ui.workbench.workbench_page import WorkbenchPage


def register(desk: Desk) -> None:
    """The page in the navigation."""
    desk.navigator.register(
        PageSpec(
            "workbench", "物料工作台", "inventory", WorkbenchPage, "box", "Ctrl+Alt+W", "master.items.read", order=5
        )
    )
