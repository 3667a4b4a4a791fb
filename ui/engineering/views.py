"""The pages of engineering: the bill of material tree."""

from __future__ import annotations

from ui.engineering.bom_page import BomPage
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec, RecordRef


def register(desk: Desk) -> None:
    """The page in the navigation, and a window for the bill of any item."""
    desk.navigator.register(PageSpec("bom", "多级 BOM", "masterdata", _page, "tree", right="bom.read", order=20))
    desk.navigator.register_record("bom", _window)


def _page(desk: Desk) -> BomPage:
    return BomPage(desk)


def _window(desk: Desk, ref: RecordRef) -> BomPage:
    return BomPage(desk, ref.code)
