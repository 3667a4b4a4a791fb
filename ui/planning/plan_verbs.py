"""Verbs on planned orders: release with preview and undo, edit, split, merge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from models.kernel.refs import Changes
from services.planning import api
from ui.framework.actions import Action
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import listed, tr
from ui.planning import dialogs
from ui.planning.plan_rows import BoardRow


@dataclass(frozen=True, slots=True)
class Done:
    """A command's answer with what it changed."""

    result: Any
    changes: Changes


def _done(answer: tuple[Any, Changes]) -> Done:
    return Done(*answer)


class PlanVerbs:
    """Serves one board; say shows one sentence under it."""

    def __init__(self, page: Page, grid: Grid, say: Callable[[str], object]) -> None:
        self._page = page
        self._grid = grid
        self._say = say
        self._run_id = 0
        self._batches: Sequence[api.BatchRow] = ()
        self._merge = True

    def show_run(self, run_id: int, batches: Sequence[api.BatchRow]) -> None:
        """Another run is shown, or its releases changed."""
        self._run_id, self._batches = run_id, batches

    def actions(self) -> list[Action]:
        """Buttons and lines of the menu."""
        return [
            Action(
                "release",
                "投放所选",
                self.release,
                "F8",
                "push",
                self._any,
                "先看预览，再生成草稿订单",
                group="release",
            ),
            Action("undo", "撤销上次投放", self.undo_release, "", "reverse", self._has_batch, group="release"),
            Action("edit", "修改", self.edit, "F2", "edit", self._any, "数量、日期、供应商、车间", group="change"),
            Action("split", "拆分", self.split, "", "flow", self._one, group="change"),
            Action(
                "merge", "合并", self.merge_chosen, "", "box", self._several, "同一物料的几张合成一张", group="change"
            ),
        ]

    # releasing

    def chosen(self) -> list[BoardRow]:
        """Ticked rows, else the selected ones, that are not released yet."""
        return [row for row in self._grid.chosen() if row.order.status == "proposed"]

    def release(self) -> None:
        """F8: shows what would be made; the clerk agrees in the dialog."""
        rows = self.chosen()
        if rows:
            dialog = dialogs.ReleaseDialog(self._page.desk, self._run_id, rows, merge=self._merge, parent=self._page)
            dialog.confirmed.connect(partial(self._release, [row.id for row in rows]))
            dialog.open()

    def _release(self, ids: Sequence[int], merge: bool) -> None:
        self._merge = merge
        session, run_id = self._page.desk.session, self._run_id
        self._page.run_long(
            lambda _progress: _done(api.release_orders(session.db, session.user, run_id=run_id, ids=ids, merge=merge)),
            title="投放计划订单", on_done=self._released,
        )  # fmt: skip

    def _released(self, done: Done) -> None:
        result: api.ReleaseResult = done.result
        self._grid.model.clear_marks()
        shown = listed(ref.number for ref in result.documents[:3])
        more = tr(" 等 {count} 张", count=len(result.documents)) if len(result.documents) > 3 else ""
        self._say(tr("已投放：{shown}{more}。审核后执行；可以撤销本次投放。", shown=shown, more=more))

    def undo_release(self) -> None:
        """Takes the last release of this run back."""
        if self._batches:
            session, batch = self._page.desk.session, self._batches[0].batch_id
            self._page.run_command(
                lambda: _done(api.undo_release(session.db, session.user, batch)), on_done=self._undone, title="撤销投放"
            )

    def _undone(self, done: Done) -> None:
        self._say(tr("已撤销投放，删除了 {count} 张单据", count=len(done.result)))

    # changing planned orders

    def edit(self) -> None:
        """F2: quantity, dates, supplier, workshop."""
        rows = self.chosen()
        if rows:
            dialog = dialogs.EditDialog(self._page.desk, rows, self._page)
            dialog.changed.connect(partial(self._edit, [row.id for row in rows]))
            dialog.open()

    def _edit(self, ids: Sequence[int], change: api.PlannedChange) -> None:
        session = self._page.desk.session
        for planned_id in ids:
            self._page.run_command(
                partial(api.edit_planned, session.db, session.user, planned_id, change), title="修改计划订单"
            )

    def split(self) -> None:
        """拆分."""
        rows = self.chosen()
        if len(rows) == 1:
            dialog = dialogs.SplitDialog(rows[0].order, self._page)
            dialog.wanted.connect(partial(self._split, rows[0].id))
            dialog.open()

    def _split(self, planned_id: int, wanted: Any) -> None:
        session = self._page.desk.session
        act: Callable[..., Changes] = api.split_planned_evenly if isinstance(wanted, int) else api.split_planned
        self._page.run_command(partial(act, session.db, session.user, planned_id, wanted), title="拆分计划订单")

    def merge_chosen(self) -> None:
        """合并."""
        ids = [row.id for row in self.chosen()]
        session = self._page.desk.session
        self._page.run_command(partial(api.merge_planned, session.db, session.user, ids), title="合并计划订单")

    def open(self, row: BoardRow) -> None:
        """Enter: edits a proposal."""
        if row.order.status == "proposed":
            self.edit()

    # what is allowed now

    def _any(self) -> bool:
        return bool(self.chosen())

    def _one(self) -> bool:
        return len(self.chosen()) == 1

    def _several(self) -> bool:
        return len(self.chosen()) > 1

    def _has_batch(self) -> bool:
        return bool(self._batches)
