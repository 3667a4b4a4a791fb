"""The page of the workbench, and its verbs on whatever item stands under the cursor."""

from __future__ import annotations

from functools import partial
from typing import Final

from ui.framework.actions import ItemVerb
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageRef, PageSpec

READ_ITEMS: Final = "master.items.read"
READ_BOM: Final = "bom.read"
VERBS: Final = (
    ("workbench", "物料工作台", "", "Ctrl+Shift+I", "box"),
    ("stores", "库存", "stores", "", "area-inventory"),
    ("used", "用在哪里", "used", "", "tree"),
    ("moves", "来源与去向", "moves", "", "flow"),
)
"""key, title, tab of the workbench, shortcut, icon"""


def register(desk: Desk) -> None:
    """The page in the navigation; the verbs for who may see items."""
    desk.navigator.register(
        PageSpec(
            "workbench",
            "物料工作台",
            "inventory",
            AtNeed("ui.workbench.workbench_page", "WorkbenchPage"),
            "box",
            "Ctrl+Alt+W",
            READ_ITEMS,
            order=5,
        )
    )
    if desk.session.allowed(READ_ITEMS):
        desk.tools["item_story"] = partial(_story, desk)
        desk.actions.register_item_verbs(
            *(
                ItemVerb(key, title, partial(_open, desk, tab), shortcut, icon)
                for key, title, tab, shortcut, icon in VERBS
                if tab != "used" or desk.session.allowed(READ_BOM)
            )
        )


def _story(desk: Desk, code: str) -> str:
    from ui.workbench.story import item_story

    return item_story(desk.session.db, desk.session.today(), code)


def _open(desk: Desk, tab: str, code: str) -> None:
    arguments = (("code", code), ("tab", tab))
    desk.navigator.open(PageRef("workbench", arguments))
