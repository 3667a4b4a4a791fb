"""计划台: what a run proposes, why, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QTabWidget

from models.kernel.refs import Changes
from services.planning import api
from services.platform.api import text
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.grid import Grid
from ui.framework.later import Later
from ui.framework.ops import Progress
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import language, page_title, tr
from ui.planning import dialogs
from ui.planning.plan_rows import EXCEPTION_COLUMNS, BoardFilter, BoardRow, board_rows, plan_columns
from ui.planning.plan_verbs import PlanVerbs
from ui.planning.run_bar import RunBar
from ui.planning.timeline_panel import TimelinePanel
from ui.planning.why_panel import WhyPanel

MOST_ROWS: Final = 60_000
WIDE: Final = (820, 380)
HIGH: Final = (430, 210)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything one reading of the board brings."""

    runs: Sequence[api.RunRow]
    run_id: int
    rows: Sequence[BoardRow]
    exceptions: Sequence[api.ExceptionRow]
    batches: Sequence[api.BatchRow]


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished run and what it changed."""

    summary: api.RunSummary
    changes: Changes


class BoardPage(Page):
    """Planned orders of a run with filters; beside the row its reasons, below it the item's timeline."""

    topics = frozenset({"planned_order", "mrp_run"})
    rights: Mapping[str, str] = {
        "rerun": "plan.run", "release": "plan.release", "undo": "plan.release", "edit": "plan.edit", "split": "plan.edit",
        "merge": "plan.edit",
    }  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "计划台", icon_name="board")
        self.run_id = 0
        self.rows: Sequence[BoardRow] = ()
        self.top = RunBar(self)
        self.grid = Grid(desk, "planning/board", plan_columns(desk.session.today()), markable=True, key="id")
        self.exceptions = Later(self._made_exceptions, self)
        self.schemes = GridSchemes(self, self.grid, self.top.filters, self._restore)
        self.tabs = QTabWidget(self)
        self.why = WhyPanel(self)
        self.timeline = TimelinePanel(self)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.verbs = PlanVerbs(self, self.grid, self.say)
        self._lay_out()
        self.add_actions(self._actions())
        self.schemes.start()

    # the page's duties

    def refresh(self) -> None:
        """Reads the run shown (the newest at first)."""
        self.run_query(partial(_read, self.desk.session.db, self.run_id), self._show, latest="board")

    def refresh_by_key(self) -> None:
        """F5 plans again."""
        self.rerun()

    def on_shown(self) -> None:
        """The clerk starts in the list."""
        self.grid.setFocus()

    # showing

    def show_run(self, run_id: int) -> None:
        """Shows another run."""
        self.run_id = run_id
        self.request_refresh()

    def _show(self, board: Board) -> None:
        self.run_id, self.rows = board.run_id, board.rows
        self.verbs.show_run(board.run_id, board.batches)
        self.top.show_runs(board.runs, board.run_id)
        self.top.show_choices(board.rows)
        self.exceptions.fill(lambda grid: grid.set_rows(board.exceptions))
        self.tabs.setTabText(1, tr("例外 {count}", count=f"{len(board.exceptions):,}"))
        self._filter(self.top.filter)
        self.state_changed.emit()
        nothing = "没有符合条件的计划订单" if board.runs else "还没有运算过。按 F5 运算物料需求。"
        self.grid.empty_label.setText(tr(nothing))
        if not board.runs:
            self.why.setPlainText(tr("还没有运算过。按 F5 运算物料需求。"))

    def say(self, sentence: str) -> None:
        """One sentence under the board."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _filter(self, wanted: BoardFilter) -> None:
        shown = [row for row in self.rows if wanted.keeps(row)]
        self.grid.set_rows(shown)
        self._current_changed()

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.top.restore(state)
        self._filter(self.top.filter)

    def _show_count(self) -> None:
        self.top.show_count(self.grid.model.rowCount(), len(self.rows))

    def _current_changed(self) -> None:
        row = self.grid.current() if self.grid.model.rowCount() else None
        if row is None:
            self.why.show_nothing()
            return
        order = row.order
        self.why.show_order(order)
        self.timeline.show_item(order.run_id, order.item_id, f"{order.item_code} {order.item_name}".strip())

    def _exception_changed(self) -> None:
        grid = self.exceptions.content
        row = grid.current() if grid.model.rowCount() else None
        if row is not None and self.tabs.currentIndex() == 1:
            self.timeline.show_item(row.run_id, row.item_id, f"{row.item_code} {row.item_name}".strip())
            orders = [one.order for one in self.rows if one.order.item_id == row.item_id]
            meant = next((order for order in orders if order.id == row.planned_id), orders[0] if orders else None)
            if meant is not None:
                self.why.show_order(meant)
            else:
                self.why.setPlainText(api.exception_sentence(row, self.desk.session.language))

    def _go_to(self, seq: int) -> None:
        """To another planned order of the run, past the filters if they hide it."""
        found = next((row for row in self.rows if row.order.seq == seq), None)
        if found is None:
            return
        at = self.grid.model.row_of(found.id)
        if at < 0:
            self.top.look_for("")
            self.grid.model.clear_filters()
            self.grid.set_rows(self.rows)
            at = self.grid.model.row_of(found.id)
        self.tabs.setCurrentIndex(0)
        self.grid.view.select_cell(at)

    def _open_exception(self, row: api.ExceptionRow) -> None:
        found = next((one for one in self.rows if one.order.id == row.planned_id), None)
        found = found or next((one for one in self.rows if one.order.item_id == row.item_id), None)
        if found is not None:
            self._go_to(found.order.seq)

    # planning

    def rerun(self) -> None:
        """F5: plans from today on a thread of its own, with progress and cancel in the status bar."""
        session = self.desk.session
        self.run_long(partial(_run, session.db, session.user, session.today()), title="计算物料需求", on_done=self._ran)

    def _ran(self, ran: Ran) -> None:
        self.run_id = ran.summary.run_id
        self.request_refresh()

    def compare(self) -> None:
        """比较运算: with the run before, or any other that is chosen there."""
        runs = {int(self.top.runs.itemData(at)): self.top.runs.itemText(at) for at in range(self.top.runs.count())}
        if len(runs) > 1:
            other = self._run_before() or min(run_id for run_id in runs if run_id != self.run_id)
            dialogs.CompareDialog(self.desk, runs, shown=self.run_id, other=other, parent=self).open()

    # building

    def _has_other(self) -> bool:
        return self.top.runs.count() > 1

    def _run_before(self) -> int:
        ids = sorted(int(self.top.runs.itemData(at)) for at in range(self.top.runs.count()))
        earlier = [run_id for run_id in ids if run_id < self.run_id]
        return earlier[-1] if earlier else 0

    def _actions(self) -> list[Action]:
        return [
            *self.verbs.actions(),
            Action("rerun", "重新运算 F5", self.rerun, "", "run", tooltip="从今天起重新计算 (F5)", group="run"),
            Action("compare", "比较运算", self.compare, "Ctrl+B", "flow", self._has_other, group="run"),
            Action("search", "搜索", self.top.search.setFocus, "Ctrl+F", "search", where="menu", group="out"),
            *self.schemes.actions_of_page(),
        ]

    def _made_exceptions(self) -> Grid:
        grid = Grid(self.desk, "planning/exceptions", EXCEPTION_COLUMNS)
        grid.view.customContextMenuRequested.connect(self.show_context_menu)
        grid.current_row_changed.connect(self._exception_changed)
        grid.opened.connect(self._open_exception)
        return grid

    def _lay_out(self) -> None:
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.grid, page_title("计划订单"))
        self.tabs.addTab(self.exceptions, tr("例外"))
        self.schemes.setProperty("corner", True)
        self.tabs.setCornerWidget(self.schemes, Qt.Corner.TopRightCorner)
        left = QSplitter(Qt.Orientation.Vertical, self)
        left.addWidget(self.tabs)
        left.addWidget(self.timeline)
        left.setSizes(list(HIGH))
        left.setStretchFactor(0, 1)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.addWidget(left)
        across.addWidget(self.why)
        across.setSizes(list(WIDE))
        across.setStretchFactor(0, 2)
        across.setStretchFactor(1, 1)
        self.body.addWidget(self.top)
        self.body.addWidget(across, 1)
        self.body.addWidget(self.note)
        self.note.hide()
        self.top.run_wanted.connect(self.show_run)
        self.top.filter_changed.connect(self._filter)
        self.top.text_changed.connect(self.grid.model.set_quick_text)
        self.top.left.connect(self.grid.setFocus)
        self.grid.model.rows_changed.connect(self._show_count)
        self.grid.current_row_changed.connect(self._current_changed)
        self.grid.summary.connect(self.selection_summary)
        self.grid.model.marks_changed.connect(self.state_changed)
        self.grid.opened.connect(self.verbs.open)
        for grid in (self.grid, self.timeline.grid):
            grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.why.planned_wanted.connect(self._go_to)


def _read(db: Any, run_id: int) -> Board:
    """The run of that number, or the newest; its orders, exceptions and standing releases."""
    runs = api.list_runs(db)
    known = {run.run_id for run in runs}
    shown = run_id if run_id in known else (runs[0].run_id if runs else 0)
    if not shown:
        return Board((), 0, (), (), ())
    orders = api.planned_orders(db, shown, limit=MOST_ROWS)
    exceptions = api.exceptions(db, shown)
    return Board(runs, shown, board_rows(orders, exceptions), exceptions, api.release_batches(db, shown))


def _run(db: Any, user: Any, start: date, progress: Progress) -> Ran:
    summary = api.run_mrp(db, user, start=start, progress=partial(_told, progress))
    return Ran(summary, Changes(topics=frozenset({"planned_order", "mrp_run"})))


def _told(progress: Progress, done: int, total: int, code: str) -> None:
    progress(done, total, text(code, language()))
