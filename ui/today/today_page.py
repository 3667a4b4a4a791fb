"""今日待办: what is late, short, waiting or to approve; Enter opens the filtered list, S puts a line aside until its number changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from services.documents import api as documents
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.grid import Grid
from ui.framework.navigator import PageRef, RecordRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import tr
from ui.today.rows import (
    BADGES,
    COLUMNS,
    DETAIL_COLUMNS,
    WORK_DETAILS,
    WORKLIST,
    Hidden,
    place_of,
    title_of,
    topics,
)

if TYPE_CHECKING:
    from services.reporting.api import WorkDetail, WorkRow

HEIGHTS: Final = (300, 320)
DRAFTS: Final = ("draft", "backflush")


class TodayPage(Page):
    """The lines above, the cases behind the current one below; both are read by one service, so counts and cases agree."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "今日待办", icon_name="area-today")
        self.topics = topics()
        self.help_key = "today"
        self.hidden = Hidden(desk.settings)
        self.rows: Sequence[WorkRow] = ()
        self._wanted: tuple[str, ...] = ()
        self.grid = Grid(desk, "today", COLUMNS, key="key")
        self.cases = Grid(desk, "today/cases", DETAIL_COLUMNS)
        self.grid.empty_label.setText(tr("没有要办的事"))
        self.cases.empty_label.setText(tr("选中一件事，这里列出是哪几条"))
        self.cases_label = QLabel(self)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.count = QLabel(self)
        self.schemes = GridSchemes(self, self.grid)
        self._lay_out()
        self.grid.opened.connect(self._open)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.summary.connect(self.selection_summary)
        self.cases.opened.connect(self._open_case)
        self.cases.model.rows_changed.connect(self.state_changed)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.cases.view.customContextMenuRequested.connect(self.show_context_menu)
        self.add_actions(self._actions())
        self.schemes.start()

    def refresh(self) -> None:
        """Counts again."""
        session = self.desk.session
        self.run_query(partial(WORKLIST, session.db, session.today()), self._show, latest="work")

    def on_shown(self) -> None:
        """Keys go to the list."""
        self.grid.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """badge: the count in the frame's head that was pressed; its first line becomes current."""
        badge = BADGES.get(str(arguments.get("badge", "")))
        if badge is not None:
            self._wanted = badge[1]
            self._show(self.rows)

    def open_current(self) -> None:
        """Opens the list behind the current line."""
        row = self.grid.current()
        if row is not None:
            self._open(row)

    def approve(self) -> None:
        """F8: approves the drafts chosen below, here; refusals name what is wrong."""
        refs = [case.ref for case in self.cases.chosen() if case.ref is not None]
        if refs and self._can_approve():
            session = self.desk.session
            ids = [ref.id for ref in refs]
            self.run_command(partial(documents.approve, session.db, session.user, ids), title="审核")

    def step(self, places: int) -> None:
        """J and K: in the list that has the focus."""
        (self.cases if self.cases.view.hasFocus() else self.grid).view.move_row(places)

    def hide_current(self) -> None:
        """S: the line goes until its number changes."""
        row = self.grid.current()
        if row is not None:
            at = self.grid.view.currentIndex().row()
            self.hidden.put_aside(row)
            self._show(self.rows)
            if self.grid.model.rowCount():
                self.grid.view.select_cell(min(at, self.grid.model.rowCount() - 1))

    def bring_back(self) -> None:
        """Shift+S: everything is shown again."""
        self.hidden.bring_back()
        self._show(self.rows)

    def _show(self, rows: Sequence[WorkRow]) -> None:
        self.rows = rows
        shown = [row for row in rows if row not in self.hidden]
        self.grid.set_rows(shown)
        if self._wanted and rows:
            found = next((row.key for row in shown if row.kind in self._wanted), None)
            if found is not None:
                if self.grid.model.row_of(found) < 0:
                    self.grid.model.clear_filters()
                self.grid.view.select_cell(self.grid.model.row_of(found))
            self._wanted = ()
        aside = len(rows) - len(shown)
        self.note.setText(tr("放在一边 {count} 行，数字变了会再出现（Shift+S 全部显示）", count=aside))
        self.note.setVisible(aside > 0)
        self._row_changed(self.grid.view.currentIndex().row())

    def _row_changed(self, row: int) -> None:
        self.state_changed.emit()
        if not 0 <= row < self.grid.model.rowCount():
            self.cases.set_rows([])
            self.cases_label.setText(tr("没有要办的事"))
            return
        found = self.grid.model.record(row)
        self.cases_label.setText(tr("{title} 明细（Enter 打开）", title=tr(title_of(found))))
        session = self.desk.session
        self.run_query(partial(WORK_DETAILS, session.db, found, session.today()), self.cases.set_rows, latest="cases")

    def _open(self, row: WorkRow) -> None:
        place = place_of(row)
        if place is None or self.desk.navigator.open(place) is None:
            self.cases.setFocus()

    def _open_case(self, case: WorkDetail) -> None:
        if case.ref is not None:
            self.desk.navigator.open(case.ref)
        elif self.desk.navigator.open(PageRef("workbench", (("code", case.item_code),))) is None:
            self.desk.navigator.open(RecordRef("items", case.item_code))

    def _has_row(self) -> bool:
        return self.grid.current() is not None

    def _can_approve(self) -> bool:
        row = self.grid.current()
        if row is None or row.kind not in DRAFTS or not self.cases.model.rowCount():
            return False
        return self.desk.session.allowed(f"{row.subject}.approve")

    def _has_hidden(self) -> bool:
        return any(row in self.hidden for row in self.rows)

    def _actions(self) -> list[Action]:
        return [
            Action(
                "open",
                "打开清单",
                self.open_current,
                "Ctrl+Return",
                "page",
                self._has_row,
                "打开筛选好的清单，或到下面的明细",
            ),
            Action("down", "下一行", partial(self.step, 1), "J", where="menu", group="move"),
            Action("up", "上一行", partial(self.step, -1), "K", where="menu", group="move"),
            Action(
                "approve",
                "审核",
                self.approve,
                "F8",
                "approve",
                self._can_approve,
                "就地审核光标处的草稿",
                group="act",
            ),
            Action("hide", "先放一边", self.hide_current, "S", "down", self._has_row, "到数字变了再显示", group="hide"),
            Action("bring_back", "显示放一边的", self.bring_back, "Shift+S", "up", self._has_hidden, group="hide"),
            *self.schemes.actions_of_page(),
        ]

    def _show_count(self) -> None:
        self.count.setText(tr("{shown} / {total} 行", shown=self.grid.model.rowCount(), total=len(self.rows)))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.schemes)
        line.addStretch(1)
        line.addWidget(self.count)
        self.count.setObjectName("faintLabel")
        self.grid.model.rows_changed.connect(self._show_count)
        self.body.addLayout(line)
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.cases_label)
        column.addWidget(self.cases, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.grid)
        split.addWidget(below)
        split.setSizes(list(HEIGHTS))
        self.body.addWidget(split, 1)
        self.body.addWidget(self.note)
