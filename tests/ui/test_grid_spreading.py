"""What a window has to spare goes to the columns of words, until a width is chosen by hand."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import SAVE_DELAY_MS, Grid
from ui.framework.grid.layout import apply_layout, layout_of
from ui.framework.grid.spreading import spread

Show = Callable[[QWidget], None]
COLUMNS = (
    Column("code", "编码", kind="code", width=110),
    Column("name", "名称", width=150),
    Column("unit", "单位", width=44),
    Column("quantity", "数量", kind="number", width=80),
    Column("note", "备注", width=100),
)
DECLARED = {"code": 110, "name": 150, "unit": 44, "quantity": 80, "note": 100}


@pytest.fixture
def grid(desk: Desk, show: Show) -> Grid:
    """484 pixels of columns in a window of 784."""
    made = Grid(desk, "spread/list", COLUMNS, key="code")
    made.set_rows([{"code": "A", "name": "灯", "unit": "个", "quantity": 1, "note": ""}])
    show(made)
    fit(made, 784)
    return made


def fit(grid: Grid, wide: int) -> None:
    """Makes the rows so many pixels wide."""
    grid.resize(wide + grid.width() - grid.view.viewport().width(), 300)


def widths(grid: Grid) -> dict[str, int]:
    return {column.key: grid.view.columnWidth(at) for at, column in enumerate(grid.model.columns)}


def test_only_columns_of_words_grow_in_proportion_and_the_window_is_full(grid: Grid) -> None:
    assert widths(grid) == {**DECLARED, "name": 150 + 180, "note": 100 + 120}
    assert grid.view.horizontalScrollBar().maximum() == 0
    fit(grid, 1000)
    assert sum(widths(grid).values()) == 1000


def test_a_narrow_window_leaves_every_column_its_declared_width(grid: Grid) -> None:
    fit(grid, 400)
    assert widths(grid) == DECLARED
    fit(grid, 784)
    assert sum(widths(grid).values()) == 784


def test_a_column_does_not_grow_without_end() -> None:
    assert spread(5000, {1: 150, 2: 200}, {1: 480, 2: 600}) == {1: 480, 2: 600}
    assert spread(500, {1: 100, 2: 100}, {1: 150, 2: 900}) == {1: 150, 2: 550}
    assert spread(-80, {1: 150}, {1: 480}) == {1: 150}
    assert spread(100, {}, {}) == {}


def test_the_window_alone_changes_no_remembered_layout(grid: Grid, desk: Desk, qtbot: QtBot) -> None:
    fit(grid, 900)
    qtbot.wait(SAVE_DELAY_MS + 100)
    assert desk.settings.load("grid/spread/list") is None


def test_a_width_chosen_by_hand_is_remembered_and_all_stay_as_they_stand(grid: Grid, desk: Desk, show: Show) -> None:
    grid.view.header.resizeSection(0, 130)
    assert widths(grid) == {**DECLARED, "code": 130, "name": 330, "note": 220}
    fit(grid, 1200)
    assert widths(grid)["name"] == 330
    grid.save_layout()
    again = Grid(desk, "spread/list", COLUMNS, key="code")
    show(again)
    fit(again, 1000)
    assert widths(again) == widths(grid)
    again.reset_layout()
    assert sum(widths(again).values()) == 1000


def test_a_layout_sorted_or_with_a_column_hidden_spreads_again_in_another_window(
    grid: Grid, desk: Desk, show: Show
) -> None:
    header = grid.view.header
    header.set_shown(4, shown=False)
    assert widths(grid) == {**DECLARED, "name": 480, "note": 0}
    header.toggle_sort(0, add=False)
    kept = json.loads(layout_of(grid.view))
    assert [column["width"] for column in kept["columns"]] == list(DECLARED.values())
    grid.save_layout()
    again = Grid(desk, "spread/list", COLUMNS, key="code")
    show(again)
    fit(again, 500)
    assert widths(again)["name"] == 500 - 110 - 44 - 80
    again.view.header.set_shown(4, shown=True)
    assert sum(widths(again).values()) == 500


def test_a_layout_of_before_keeps_its_widths(grid: Grid) -> None:
    kept = json.loads(layout_of(grid.view))
    del kept["spread"]
    assert apply_layout(grid.view, json.dumps(kept))
    assert widths(grid) == DECLARED
