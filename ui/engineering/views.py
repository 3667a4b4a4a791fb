"""The pages of engineering: the bill of material tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec, RecordRef

if TYPE_CHECKING:
    from ui.engineering.bom_page import BomPage

_PAGE: Final = AtNeed("ui.engineering.bom_page", "BomPage")


def register(desk: Desk) -> None:
    """The page in the navigation, and a window for the bill of any item."""
    desk.navigator.register(PageSpec("bom", "多级 BOM", "masterdata", _PAGE, "tree", right="bom.read", order=20))
    desk.navigator.register_record("bom", _window)


def _window(desk: Desk, ref: RecordRef) -> BomPage:
    page: BomPage = _PAGE(desk, ref.code)
    return page
