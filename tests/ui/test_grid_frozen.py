"""Frozen columns, pictures of rows, and barcode guns typing into lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.frozen import FrozenTable
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.layout import layout_of
from ui.framework.lookup import LookupRow, LookupSource

Show = Callable[[QWidget], None]
WIDE = tuple(Column(f"c{n}", f"列{n}", width=120, total=n == 1, kind="number" if n == 1 else "text") for n in range(12))
ROWS = [{f"c{n}": Decimal(row) if n == 1 else f"{row}-{n}" for n in range(12)} for row in range(60)]


@pytest.fixture
def grid(desk: Desk, show: Show) -> Grid:
    """Twelve columns in a window for four."""
    made = Grid(desk, "frozen/list", WIDE, key="c0")
    made.set_rows(ROWS)
    made.resize(520, 300)
    show(made)
    return made


def table_of(grid: Grid) -> FrozenTable:
    """The table of the frozen columns, which lies over the grid by now."""
    table = grid.view.frozen.table
    assert table is not None
    return table


def test_a_grid_without_frozen_columns_has_one_table(grid: Grid) -> None:
    assert len(grid.findChildren(QTableView)) == 1
    grid.view.horizontalScrollBar().setValue(400)
    assert len(grid.findChildren(QTableView)) == 1
    grid.view.header.freeze("c1")
    assert len(grid.findChildren(QTableView)) == 2


def test_frozen_columns_stay_while_the_rest_scrolls(grid: Grid) -> None:
    view = grid.view
    view.header.freeze("c1")
    assert not view.frozen.shown
    view.horizontalScrollBar().setValue(400)
    assert view.frozen.shown
    assert view.frozen.width_frozen() == 240
    view.verticalScrollBar().setValue(20)
    assert table_of(grid).verticalScrollBar().value() == 20
    view.select_cell(21, "c3")
    assert view.columnViewportPosition(3) >= 240
    before = view.horizontalScrollBar().value()
    view.select_cell(22, "c0")
    assert view.horizontalScrollBar().value() == before
    view.header.freeze("")
    assert not view.frozen.shown


def test_frozen_columns_begin_at_the_row_the_grid_stands_at(grid: Grid) -> None:
    view = grid.view
    view.header.freeze("c1")
    view.verticalScrollBar().setValue(25)
    view.horizontalScrollBar().setValue(400)
    assert table_of(grid).verticalScrollBar().value() == 25
    assert table_of(grid).rowViewportPosition(26) == view.rowViewportPosition(26)


def test_a_click_on_a_frozen_cell_makes_it_current(grid: Grid) -> None:
    view = grid.view
    view.header.freeze("c0")
    view.horizontalScrollBar().setValue(400)
    spot = table_of(grid).visualRect(grid.model.index(3, 0)).center()
    QTest.mouseClick(table_of(grid).viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (3, 0)


def test_freezing_is_remembered_and_the_default_has_none(desk: Desk, grid: Grid, show: Show) -> None:
    grid.view.header.freeze("c2")
    grid.save_layout()
    again = Grid(desk, "frozen/list", WIDE, key="c0")
    show(again)
    assert again.view.frozen.key == "c2"
    again.reset_layout()
    assert again.view.frozen.key == ""
    assert '"frozen": ""' in layout_of(again.view)


def test_what_is_frozen_leaves_a_third_of_the_window_and_comes_back_in_a_wider_one(desk: Desk, grid: Grid) -> None:
    said: list[str] = []
    desk.ops.told.connect(said.append)
    view = grid.view
    view.header.freeze("c7")
    view.horizontalScrollBar().setValue(900)
    assert view.frozen.sections == [0, 1]
    assert view.frozen.width_frozen() == 240 <= view.viewport().width() * 2 / 3
    assert said == ["窗口太窄，只冻结到“列1”；窗口放宽就全部冻结"]
    view.select_cell(5, "c11")
    assert view.columnViewportPosition(11) >= 240
    assert view.columnViewportPosition(11) + 120 <= view.viewport().width()
    grid.resize(1500, 300)
    view.horizontalScrollBar().setValue(0)
    assert view.frozen.sections == list(range(8))
    assert '"frozen": "c7"' in layout_of(view)
    grid.resize(160, 300)
    assert view.frozen.sections == []
    assert said[1:] == ["窗口太窄，冻结的列放不下，暂不冻结；窗口放宽就恢复"]
    view.horizontalScrollBar().setValue(400)
    assert not view.frozen.shown


def test_rows_are_copied_as_a_picture(grid: Grid) -> None:
    grid.view.selectRow(1)
    QTest.keyClick(grid.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    image = QGuiApplication.clipboard().image()
    assert image.width() >= 12 * 120 * 2
    assert image.height() > 60 * 20 * 2


BARCODES = [f"69{number * 37:011d}" for number in range(1, 31)]


def gun(text: str) -> None:
    """A barcode gun while a Chinese input method is on: text arrives in pieces from the method, then Enter."""
    for letter in text:
        event = QInputMethodEvent()
        event.setCommitString(letter)
        QApplication.sendEvent(QApplication.focusWidget(), event)
        QTest.qWait(5)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_thirty_scans_at_five_milliseconds_a_character_are_intact(desk: Desk, show: Show, qtbot: QtBot) -> None:
    def search(text: str, limit: int) -> Sequence[LookupRow]:
        return [LookupRow(f"I{code[-4:]}", code) for code in BARCODES if text == code][:limit]

    desk.lookups.register("scans", LookupSource("物料", search))
    columns = (
        Column("code", "物料", kind="lookup", lookup="scans", editable=True, fills={"name": "name"}),
        Column("name", "条码"),
    )
    grid = LineGrid(desk, "scans/lines", columns)
    grid.set_rows([])
    show(grid)
    grid.view.setFocus()
    for code in BARCODES:
        gun(code)
    qtbot.waitUntil(lambda: desk.ops.idle, timeout=5000)
    assert [row["name"] for row in grid.rows()] == BARCODES


def test_preedit_text_and_enter_commit_no_line(desk: Desk, show: Show) -> None:
    grid = LineGrid(desk, "ime/lines", (Column("note", "备注", editable=True),))
    grid.set_rows([])
    show(grid)
    grid.view.setFocus()
    QTest.keyClick(grid.view, Qt.Key.Key_F2)
    event = QInputMethodEvent("luo", [])
    QApplication.sendEvent(QApplication.focusWidget(), event)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert grid.model.rowCount() == 1
    assert grid.model.lines() == []
