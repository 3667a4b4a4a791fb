"""今日: how many documents of each type wait for approval and how many are open; Enter opens the filtered list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.documents import api
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.navigator import AREAS, PageRef
from ui.framework.page import Page
from ui.framework.texts import tr


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the work list: documents of a type in a state."""

    type: str
    title: str
    area: str
    state: str
    count: int


WORDS = {"draft": "待审核", "approved": "未完"}
HINTS = {"draft": "还没有审核，账上还没有", "approved": "已审核，还没有做完或关闭"}
ASKED = {"draft": ("Z", ("C",)), "approved": ("C", ("C",))}


COLUMNS = (
    Column("state", "事项", kind="badge", width=96, choices=WORDS, tones={"draft": "warn", "approved": "info"}),
    Column("area", "部门", kind="choice", width=90, choices=AREAS),
    Column("title", "单据", width=150),
    Column("count", "张数", kind="number", width=80, total=True),
    Column("hint", "说明", width=260, get=lambda row: tr(HINTS[row.state])),
)


class TodayPage(Page):
    """Counts come from the lists' own queries, so a number here is the number of rows there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "今日待办", icon_name="area-today")
        self.topics = frozenset().union(*(kind.topics | {kind.code} for kind in api.document_types()))
        self.grid = Grid(desk, "today", COLUMNS)
        self.body.addWidget(self.grid, 1)
        self.grid.opened.connect(self._open)
        self.grid.summary.connect(self.selection_summary)
        self.add_actions(
            [Action("open", "打开清单", self.open_current, "", "page", lambda: self.grid.current() is not None)]
        )

    def refresh(self) -> None:
        """Counts again."""
        self.run_query(partial(count_work, self.desk), self._show, latest="work")

    def on_shown(self) -> None:
        """Keys go to the grid."""
        self.grid.setFocus()

    def open_current(self) -> None:
        """Opens the list behind the current line."""
        row = self.grid.current()
        if row is not None:
            self._open(row)

    def _show(self, rows: Sequence[WorkRow]) -> None:
        self.grid.set_rows(rows)
        self.state_changed.emit()

    def _open(self, row: WorkRow) -> None:
        self.desk.navigator.open(PageRef(f"{row.type}/list", (("states", (row.state,)), ("text", ""))))


def count_work(desk: Desk) -> list[WorkRow]:
    """Types with something to do, drafts first; only lists that the navigation knows."""
    made = []
    for state, (status, closings) in ASKED.items():
        for kind in api.document_types():
            if not desk.navigator.can_open(f"{kind.code}/list") or (state == "approved" and not kind.closes):
                continue
            found = api.list_documents(desk.session.db, kind.code, statuses=(status,), closings=closings, limit=1)
            if found.total:
                made.append(WorkRow(kind.code, kind.title, kind.area, state, found.total))
    return made
