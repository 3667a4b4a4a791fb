"""Verbs on the version of the selected item: approve, reverse, copy, disable, delete, compare, where used, summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.kernel.problems import Problem
from services.engineering import api
from ui.engineering import dialogs
from ui.engineering.draft import DraftBook
from ui.engineering.outputs_dialog import OutputsDialog
from ui.engineering.tree_view import BomTreeView
from ui.framework.actions import Action
from ui.framework.page import Page

Copied = Callable[[str, api.TreeSaved], object]


class VersionVerbs:
    """Serves one page. copied(code of the item, saved) shows a new version."""

    def __init__(self, page: Page, view: BomTreeView, copied: Copied) -> None:
        self._page = page
        self._view = view
        self._copied = copied
        self.book: DraftBook | None = None

    def actions(self) -> list[Action]:
        """Buttons and lines of the menu."""
        below = "所选物料及其下级未审核的清单"
        return [
            Action("approve", "审核", self.approve, "F8", "approve", self._has_drafts, below, group="edit"),
            Action("reverse", "反审核", self.reverse, "Shift+F8", "reverse", self._approved, group="edit"),
            Action(
                "new_version",
                "新版本",
                self.new_version,
                "",
                "copy",
                self._clean,
                "复制成下一个版本号",
                group="version",
            ),
            Action("compare", "比较版本", self.compare, "", "flow", self._several, group="look"),
            Action(
                "where_used", "反查", self.where_used, "Ctrl+U", "up", self.has_item, "哪些产品用到它", group="look"
            ),
            Action("summary", "综合展开", self.summary, "", "down", self._has_bill, "最底层材料合计", group="look"),
            Action(
                "outputs",
                "产出与备注",
                self.outputs,
                "Ctrl+Shift+O",
                "down",
                self._clean,
                "联产品、副产品和版本备注",
                where="menu",
                group="version",
            ),
            Action("toggle", "启用或禁用", self.toggle, "", "stop", self._clean, where="menu", group="version"),
            Action(
                "delete",
                "删除此版本",
                self.delete,
                "",
                "delete",
                self._draft,
                where="menu",
                group="version",
                danger=True,
            ),
        ]

    # what is selected

    def item(self) -> api.ItemRow | None:
        """The item of the current line."""
        place = self._view.current_place() if self.book is not None else None
        return self.book.component(place.line) if self.book is not None and place is not None else None

    def head(self) -> api.BomHead | None:
        """Its stored version."""
        item = self.item()
        bill = self.book.bills.get(item.id) if self.book is not None and item is not None else None
        return bill.head if bill is not None else None

    def drafts(self) -> dict[int, int]:
        """Drafts of the item and of everything below it, to be approved together: id -> version."""
        item = self.item()
        if self.book is None or item is None:
            return {}
        found: dict[int, int] = {}
        seen: set[int] = set()
        stack = [item.id]
        while stack:
            item_id = stack.pop()
            if item_id in seen:
                continue
            seen.add(item_id)
            bill = self.book.bills.get(item_id)
            if bill is not None and bill.head is not None and bill.head.state == "draft" and bill.stored:
                found[bill.head.id] = bill.head.version
            stack += [row.id for line in self.book.lines(item_id) if (row := self.book.component(line)) is not None]
        return found

    # verbs

    def approve(self) -> None:
        """F8."""
        if self.book is not None and self.book.dirty_bills:
            self._page.show_problems([Problem("bom.save_first", {"bom": self.book.dirty_name})])
            return
        heads = self.drafts()
        self._run(lambda db, user: api.approve_bom(db, user, heads), "审核物料清单")

    def reverse(self) -> None:
        """Takes the approval of the selected item's bill back."""
        head = self.head()
        if head is not None:
            self._run(lambda db, user: api.reverse_bom(db, user, {head.id: head.version}), "反审核物料清单")

    def new_version(self) -> None:
        """Copies the selected item's version into the next number."""
        head, item = self.head(), self.item()
        if head is not None and item is not None:
            code = item.code
            session = self._page.desk.session
            self._page.run_command(
                lambda: api.copy_version(session.db, session.user, head.id),
                on_done=lambda saved: self._copied(code, saved),
                title="复制版本",
            )

    def toggle(self) -> None:
        """Disables the selected item's version, or enables it again."""
        head = self.head()
        if head is not None:
            act = api.disable if head.enabled else api.enable
            self._run(lambda db, user: act(db, user, head.id, head.version), "启用或禁用")

    def delete(self) -> None:
        """Deletes the selected item's draft."""
        head = self.head()
        if head is not None:
            self._run(lambda db, user: api.delete_draft(db, user, head.id, head.version), "删除版本")

    def compare(self) -> None:
        """比较版本."""
        item = self.item()
        if item is not None and self.book is not None:
            heads = self.book.versions.get(item.id, ())
            dialogs.CompareDialog(self._page.desk, item, heads, self._page).open()

    def outputs(self) -> None:
        """产出与备注."""
        item, head = self.item(), self.head()
        if item is not None and head is not None:
            allowed = self._page.desk.session.allowed("bom.change")
            OutputsDialog(self._page.desk, item, head, self._page, allowed=allowed).open()

    def where_used(self) -> None:
        """反查."""
        item = self.item()
        if item is not None:
            dialogs.WhereUsedDialog(self._page.desk, item, self._page).open()

    def summary(self) -> None:
        """综合展开."""
        item = self.item()
        if item is not None:
            dialogs.SummaryDialog(self._page.desk, item, self._page).open()

    # what is allowed now

    def has_item(self) -> bool:
        """Whether the current line has an item."""
        return self.item() is not None

    def _has_drafts(self) -> bool:
        return bool(self.drafts())

    def _approved(self) -> bool:
        head = self.head()
        return head is not None and head.status == "C"

    def _draft(self) -> bool:
        head = self.head()
        return head is not None and head.status == "Z"

    def _clean(self) -> bool:
        return self.head() is not None and self.book is not None and not self.book.dirty_bills

    def _several(self) -> bool:
        item = self.item()
        return item is not None and self.book is not None and len(self.book.versions.get(item.id, ())) > 1

    def _has_bill(self) -> bool:
        return self.head() is not None

    def _run(self, act: Callable[[Any, Any], Any], title: str) -> None:
        session = self._page.desk.session
        self._page.run_command(lambda: act(session.db, session.user), title=title)
