"""Saving a tree: every level that was typed into goes to the services in one command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from services.engineering import api
from ui.engineering.draft import Lines
from ui.engineering.typing_in import unsaved_faults

if TYPE_CHECKING:
    from ui.engineering.bom_page import BomPage


class TreeSaving:
    """Serves one page. rows: row of the last save -> item of the bill and key of the line, for the places of refusals."""

    def __init__(self, page: BomPage) -> None:
        self._page = page
        self.rows: Mapping[int, tuple[int, int]] = {}
        self._sent: Mapping[int, Lines] = {}

    @property
    def adopting(self) -> bool:
        """Whether bills were saved whose stored version has not been read yet."""
        return bool(self._sent)

    def shown(self, tree: api.BomTree, *, kept: bool) -> None:
        """The tree was read again. kept: it is not shown, since something was typed; then only the versions are taken over."""
        sent, self._sent = self._sent, {}
        bills = self._page.book.bills if kept and self._page.book is not None else {}
        for item_id in sent:
            head, bill = tree.chosen.get(item_id), bills.get(item_id)
            if head is not None and bill is not None:
                bill.head, bill.version_code = head, head.version_code

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
            sent = {bill.item_id: bill.filled for bill in page.book.dirty_bills}
            page.run_command(
                lambda: api.save_tree(db, user, edits), on_done=partial(self._saved, sent), title="保存物料清单"
            )

    def _saved(self, sent: Mapping[int, Lines], saved: api.TreeSaved) -> None:
        page = self._page
        if page.book is None:
            return
        for item_id, lines in sent.items():
            if item_id in page.book.bills:
                page.book.bills[item_id].saved(lines)
        self._sent = sent
        mine = [code for (item_id, code) in saved.ids if item_id == page.book.root_id]
        page.version = mine[0] if mine else page.version
        page.request_refresh()
