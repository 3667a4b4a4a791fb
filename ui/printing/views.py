"""The page of form templates."""

from __future__ import annotations

from functools import partial
from typing import Final

from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.list_print import SETUP
from ui.framework.navigator import PageSpec

KEEP_TEMPLATES: Final = "admin.templates"


def register(desk: Desk) -> None:
    """Under 系统, for who keeps templates; and the printers of this machine for every list."""
    desk.tools[SETUP] = partial(AtNeed("ui.printing.printers", "print_setup"), desk)
    desk.navigator.register(
        PageSpec(
            "print/templates",
            "打印模板",
            "system",
            AtNeed("ui.printing.templates_page", "TemplatesPage"),
            "print",
            right=KEEP_TEMPLATES,
            order=30,
        )
    )
