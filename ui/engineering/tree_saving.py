"""Saving a tree: every level that was typed into goes to the services in one command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.engineering import api
from ui.engineering.typing_in import unsaved_faults

if TYPE_CHECKING:
    from ui.engineering.bom_page import BomPage


class TreeSaving:
    """Serves one page. rows: row of the last save -> item of the bill and key of the line, for the places of refusals."""

    def __init__(self, page: BomPage) -> None:
        self._page = page
        self.rows: Mapping[int, tuple[int, int]] = {}

    def save(self) -> None:
        """Faults in the tree come first; without changes nothing is sent."""
        page = self._page
        page.tree.finish_editing()
        if page.book is None:
            return
        faults = unsaved_faults(page.book)
        if faults:
            page.refusals.show_lines(faults)
            return
        edits, self.rows = page.book.edits()
        if edits:
            db, user = page.desk.session.db, page.desk.session.user
            page.run_command(lambda: api.save_tree(db, user, edits), on_done=self._saved, title="保存物料清单")

    def _saved(self, saved: api.TreeSaved) -> None:
        page = self._page
        if page.book is None:
            return
        for bill in page.book.bills.values():
            bill.saved()
        mine = [code for (item_id, code) in saved.ids if item_id == page.book.root_id]
        page.version = mine[0] if mine else page.version
        page.request_refresh()
