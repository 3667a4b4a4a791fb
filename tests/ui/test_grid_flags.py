"""Yes/no cells: a box where they can be changed, 是 or blank where they are only read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid, LineGrid
from ui.shell.theme import apply_theme

COLUMNS = (
    Column("take", "领", kind="flag", width=40, editable=True),
    Column("key_part", "关键", kind="flag", width=44),
    Column("note", "备注", editable=True),
)
ROWS = [{"take": False, "key_part": True, "note": "a"}, {"take": True, "key_part": False, "note": "b"}]
CHECK = Qt.ItemDataRole.CheckStateRole
DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def grid(desk: Desk, show: Callable[[QWidget], None]) -> LineGrid:
    made = LineGrid(desk, "t/flags", COLUMNS)
    QAbstractItemModelTester(made.model, made.model)
    made.model.fixed_rows = True
    made.resize(500, 200)
    made.set_rows(ROWS)
    show(made)
    made.view.setFocus()
    made.view.select_cell(0, "note")
    return made


def role(grid: LineGrid, wanted: Qt.ItemDataRole) -> list[list[Any]]:
    return [[grid.model.index(row, column).data(wanted) for column in (0, 1)] for row in (0, 1)]


def middle(grid: LineGrid, row: int, section: int) -> QPoint:
    return grid.view.visualRect(grid.model.index(row, section)).center()


def shades(grid: LineGrid, row: int, section: int) -> int:
    """How many colours the cell is painted in."""
    image: QImage = grid.view.viewport().grab().toImage()
    rect = grid.view.visualRect(grid.model.index(row, section)).adjusted(2, 2, -2, -2)
    return len({image.pixel(x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom())})


def test_only_what_can_be_changed_is_a_box(grid: LineGrid) -> None:
    off, on = Qt.CheckState.Unchecked, Qt.CheckState.Checked
    assert role(grid, CHECK) == [[off, None], [on, None]]
    assert role(grid, DISPLAY) == [["", "是"], ["是", ""]]
    grid.model.read_only = True
    assert role(grid, CHECK) == [[None, None], [None, None]]


@pytest.mark.parametrize("dark", [False, True])
def test_an_empty_box_is_seen_in_light_and_dark(grid: LineGrid, qapp: QApplication, dark: bool) -> None:
    apply_theme(qapp, dark=dark)
    assert shades(grid, 0, 0) > 1
    assert shades(grid, 1, 0) > shades(grid, 0, 0)
    assert shades(grid, 1, 1) == 1
    apply_theme(qapp)


def test_space_and_a_click_on_the_box_turn_it_round_and_copies_say_yes(grid: LineGrid) -> None:
    grid.view.select_cell(0, "take")
    QTest.keyClick(grid.view, Qt.Key.Key_Space)
    assert [row["take"] for row in grid.rows()] == [True, True]
    viewport = grid.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle(grid, 1, 0))
    assert [row["take"] for row in grid.rows()] == [True, False]
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=middle(grid, 1, 0))
    assert grid.view.state() != grid.view.State.EditingState
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=middle(grid, 0, 0) - QPoint(17, 0))
    assert grid.rows()[0]["take"] is True
    grid.view.selectAll()
    grid.view.copy()
    assert QGuiApplication.clipboard().text().splitlines()[0].split("\t") == ["是", "是", "a"]


def test_a_click_on_a_yes_or_no_of_a_list_only_goes_there(
    desk: Desk, show: Callable[[QWidget], None], qtbot: QtBot
) -> None:
    made = Grid(desk, "t/flags_read", COLUMNS)
    made.resize(500, 200)
    made.set_rows(ROWS)
    show(made)
    place = made.view.visualRect(made.model.index(1, 0)).center()
    with qtbot.captureExceptions() as exceptions:
        QTest.mouseClick(made.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert exceptions == []
    assert made.view.currentIndex().row() == 1
    assert made.model.value(0, 0) is False
