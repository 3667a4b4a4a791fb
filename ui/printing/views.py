"""The page of form templates."""

from __future__ import annotations

from functools import partial

from services.reporting import api
from ui.framework.desk import Desk
from ui.framework.list_print import SETUP
from ui.framework.navigator import PageSpec
from ui.printing.printers import print_setup
from ui.printing.templates_page import TemplatesPage


def register(desk: Desk) -> None:
    """Under 系统, for who keeps templates; and the printers of this machine for every list."""
    desk.tools[SETUP] = partial(print_setup, desk)
    desk.navigator.register(
        PageSpec("print/templates", "打印模板", "system", TemplatesPage, "print", right=api.KEEP_TEMPLATES, order=30)
    )
