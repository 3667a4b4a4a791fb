"""粘贴匹配 in a tree: a block from Excel or a chat becomes lines of a bill, once the clerk confirmed their items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ui.engineering.branches import Pasted
from ui.engineering.draft import DraftBook, DraftLine
from ui.engineering.fields import read
from ui.framework.actions import Action
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.engineering.bom_page import BomPage

TOOL: Final = "paste_match"
"""the desk's tool, registered by the area of matching"""
EXTRA: Final = ("scrap_rate", "warehouse")


class MatchedLines:
    """Serves one page: the lines come after the current one, as one step of the undo."""

    def __init__(self, page: BomPage) -> None:
        self._page = page

    def actions(self) -> list[Action]:
        """Ctrl+Shift+V, where the desk has the tool."""
        if TOOL not in self._page.desk.tools:
            return []
        tip = "Excel、聊天里的一块：列自动认，物料自动找"
        return [
            Action(
                "match",
                "粘贴匹配",
                self.start,
                "Ctrl+Shift+V",
                "paste",
                self._possible,
                tip,
                where="menu",
                group="edit",
            )
        ]

    def start(self) -> None:
        """Opens the dialog on what lies on the clipboard."""
        page, place = self._page, self._page.tree.current_place()
        if page.model is None or place is None:
            return
        target = place if place.above is None else place.above
        item = page.model.look.item_of(target)
        sender = tr("贴进 {item} 的清单，用量取数量一列", item=item.label if item is not None else "")

        def taken(rows: Sequence[Mapping[str, Any]]) -> None:
            if page.model is not None and page.model.places.numbered(place.number) is place:
                tops = [line_of(row, page.model.book, page.desk.session.today()) for row in rows]
                page.typing.paste(Pasted(tops), place)

        page.desk.tools[TOOL](page, partner_id=None, sender=sender, taken=taken, extra=EXTRA)

    def _possible(self) -> bool:
        page, place = self._page, self._page.tree.current_place()
        if page.model is None or place is None:
            return False
        if place.above is not None:
            return not page.model.look.locked(place)
        bill = page.model.book.bills.get(page.model.book.root_id)
        return bill is None or not bill.locked


def line_of(row: Mapping[str, Any], book: DraftBook, today: date) -> DraftLine:
    """A confirmed row as a line; a loss rate that cannot be read stays marked in its cell."""
    line = DraftLine(text=str(row["item_code"]), note=row.get("note") or "", warehouse_id=row.get("warehouse_id"))
    if row.get("quantity"):
        line = line.changed(numerator=row["quantity"])
    written = str(row.get("scrap_rate") or "")
    if not written:
        return line
    try:
        return line.changed(**read("scrap_rate", written, book, today=today))
    except ValueError as fault:
        return line.with_fault("scrap_rate", written, str(fault))
