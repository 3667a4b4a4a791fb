"""Closed pages go away: nothing keeps them, and no class loses references while windows come and go."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.delegate import GridDelegate
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.header import GridHeader
from ui.framework.grid.line_view import LineView
from ui.framework.grid.lines import LineModel
from ui.framework.grid.model import GridModel
from ui.framework.grid.totals import TotalsRow
from ui.framework.grid.view import ListView
from ui.framework.navigator import PageSpec
from ui.framework.page import Page
from ui.shell.frame import MainFrame

COLUMNS = (
    Column("code", "物料", kind="code", editable=True),
    Column("share", "完成", kind="progress"),
    Column("quantity", "数量", kind="number", editable=True, total=True),
)
ROWS = [{"code": f"RM{n}", "share": 0.5, "quantity": n} for n in range(30)]
WINDOWS = 6
CLASSES = (ListView, LineView, GridModel, LineModel, GridHeader, GridDelegate, TotalsRow, Page)


class FullPage(Page):
    """A page with a list, a line editor and a query under way."""

    topics = frozenset({"stock"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "页")
        self.list = Grid(desk, "life/list", COLUMNS, markable=True)
        self.lines = LineGrid(desk, "life/lines", COLUMNS)
        for widget in (self.list, self.lines, QLineEdit(self)):
            self.body.addWidget(widget)
        self.list.summary.connect(self.selection_summary)

    def refresh(self) -> None:
        self.run_query(lambda: ROWS, self.show_rows)

    def show_rows(self, rows: list[dict[str, object]]) -> None:
        self.list.set_rows(rows)
        self.lines.set_rows(rows)
        self.list.view.selectAll()


@pytest.fixture
def frame(desk: Desk, qtbot: QtBot) -> MainFrame:
    desk.navigator.register(PageSpec("full", "页", "today", FullPage))
    made = MainFrame(desk)
    qtbot.addWidget(made)
    made.show()
    return made


def references() -> dict[str, int]:
    """References to every function that a class of the grid defines."""
    gc.collect()
    return {f"{kind.__name__}.{name}": sys.getrefcount(value) for kind in CLASSES for name, value in vars(kind).items()}


def open_and_close(frame: MainFrame, settled: Callable[[], None], qtbot: QtBot) -> weakref.ref[Page]:
    page = frame.desk.navigator.open("full")
    assert page is not None
    qtbot.wait(5)
    settled()
    page.grab()
    found = weakref.ref(page)
    del page
    frame.tabs.close_front()
    qtbot.wait(60)
    return found


def test_a_closed_page_is_gone(frame: MainFrame, settled: Callable[[], None], qtbot: QtBot) -> None:
    found = open_and_close(frame, settled, qtbot)
    gc.collect()
    assert found() is None


def test_no_class_loses_references_when_windows_come_and_go(
    frame: MainFrame, settled: Callable[[], None], qtbot: QtBot
) -> None:
    open_and_close(frame, settled, qtbot)
    before = references()
    for _ in range(WINDOWS):
        open_and_close(frame, settled, qtbot)
    after = references()
    # A function that loses a reference with every window has lost WINDOWS of them; what earlier tests left behind may go too.
    assert {name: (before[name], after[name]) for name in after if after[name] <= before[name] - WINDOWS} == {}
