"""Habits of Excel: where a paste begins and what it fills, Ctrl with arrows, Home and End, whole rows by Shift+Space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.test_grid_lines import COLUMNS, search
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.jumping import edge
from ui.framework.grid.pasting import filled_up
from ui.framework.lookup import LookupSource

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Show = Callable[[QWidget], None]


@dataclass(frozen=True)
class Order:
    number: str
    quantity: int | None


@pytest.fixture
def grid(desk: Desk, show: Show) -> LineGrid:
    """Five lines with quantities 1 to 5 and prices 10 to 50."""
    desk.lookups.register("item", LookupSource("物料", search, ("编码", "名称", "规格")))
    made = LineGrid(desk, "t/excel", COLUMNS)
    made.resize(900, 400)
    made.set_rows([{"quantity": Decimal(n), "price": Decimal(10 * n), "note": f"n{n}"} for n in range(1, 6)])
    show(made)
    made.view.setFocus()
    return made


@pytest.fixture
def orders(desk: Desk, show: Show) -> Grid:
    """A list of six orders, the fourth without a quantity."""
    columns = (Column("number", "单号", kind="code"), Column("quantity", "数量", kind="number"))
    made = Grid(desk, "t/orders", columns, markable=True, key="number")
    made.resize(500, 400)
    made.set_rows([Order(f"D{n}", None if n == 4 else n) for n in range(1, 7)])
    show(made)
    made.view.setFocus()
    return made


def press(grid: Grid | LineGrid, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(grid.view, key, held)


def paste(grid: LineGrid, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(grid, Key.Key_V, held=CONTROL)


def column(grid: LineGrid, key: str) -> list[int | None]:
    return [None if row.get(key) is None else int(row[key]) for row in grid.model.records()]


def selected(grid: Grid | LineGrid) -> list[tuple[int, str]]:
    return sorted(grid.view.selected_cells())


def test_a_paste_begins_at_the_top_left_of_the_selection_however_it_was_made(grid: LineGrid) -> None:
    grid.view.select_cell(1, "quantity")
    press(grid, Key.Key_Down, Key.Key_Down, held=SHIFT)
    paste(grid, "7\n8\n9\n")
    assert column(grid, "quantity") == [1, 7, 8, 9, 5]
    grid.view.select_cell(3, "price")
    press(grid, Key.Key_Up, Key.Key_Left, held=SHIFT)
    paste(grid, "70\t700\n80\t800\n")
    assert (column(grid, "quantity"), column(grid, "price")) == ([1, 7, 70, 80, 5], [10, 20, 700, 800, 50])


def test_one_value_fills_a_selection_in_one_step(grid: LineGrid) -> None:
    grid.view.select_cell(1, "quantity")
    press(grid, Key.Key_Down, Key.Key_Down, held=SHIFT)
    paste(grid, "77")
    assert column(grid, "quantity") == [1, 77, 77, 77, 5]
    press(grid, Key.Key_Z, held=CONTROL)
    assert column(grid, "quantity") == [1, 2, 3, 4, 5]


def test_a_row_pasted_on_a_selection_of_rows_fills_each(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    press(grid, Key.Key_Down, Key.Key_Down, held=SHIFT)
    paste(grid, "7\t70")
    assert (column(grid, "quantity"), column(grid, "price")) == ([7, 7, 7, 4, 5], [70, 70, 70, 40, 50])


def test_a_block_that_is_no_part_of_the_selection_goes_in_once(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    press(grid, Key.Key_Down, Key.Key_Down, held=SHIFT)
    paste(grid, "7\n8")
    assert column(grid, "quantity") == [7, 8, 3, 4, 5]


def test_a_selection_with_a_gap_is_pasted_at_the_current_cell(grid: LineGrid) -> None:
    grid.view.select_cell(1, "quantity")
    far = grid.model.index(3, grid.model.section("quantity"))
    grid.view.selectionModel().setCurrentIndex(far, QItemSelectionModel.SelectionFlag.Select)
    paste(grid, "7")
    assert column(grid, "quantity") == [1, 2, 3, 7, 5]


def test_what_was_pasted_is_selected(grid: LineGrid) -> None:
    grid.view.select_cell(3, "quantity")
    paste(grid, "7\t70\n8\t80\n9\t90\n")
    assert selected(grid) == [(row, key) for row in (3, 4, 5) for key in ("price", "quantity")]
    assert grid.view.currentIndex() == grid.model.index(3, grid.model.section("quantity"))


def test_ctrl_and_an_arrow_go_to_the_edge_and_what_follows_acts_there(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    press(grid, Key.Key_Down, held=CONTROL)
    press(grid, Key.Key_Delete)
    assert column(grid, "quantity") == [1, 2, 3, 4, None]
    press(grid, Key.Key_Up, held=CONTROL)
    assert selected(grid) == [(3, "quantity")]
    press(grid, Key.Key_Right, held=CONTROL)
    press(grid, Key.Key_C, held=CONTROL)
    assert QGuiApplication.clipboard().text() == "40"


def test_ctrl_shift_and_an_arrow_take_the_selection_along_and_back(grid: LineGrid) -> None:
    grid.view.select_cell(1, "quantity")
    press(grid, Key.Key_Down, held=CONTROL | SHIFT)
    assert selected(grid) == [(row, "quantity") for row in range(1, 5)]
    press(grid, Key.Key_Right, held=SHIFT)
    assert selected(grid) == [(row, key) for row in range(1, 5) for key in ("price", "quantity")]
    press(grid, Key.Key_Up, held=CONTROL | SHIFT)
    assert selected(grid) == [(row, key) for row in (0, 1) for key in ("price", "quantity")]


@pytest.mark.parametrize(("key", "row"), [(Key.Key_Home, 0), (Key.Key_End, 5), (Key.Key_Up, 0), (Key.Key_Down, 5)])
def test_a_verb_after_ctrl_and_a_key_is_about_the_row_of_the_cursor(orders: Grid, key: Qt.Key, row: int) -> None:
    orders.view.select_cell(2, "number")
    press(orders, key, held=CONTROL)
    assert [order.number for order in orders.chosen()] == [f"D{row + 1}"]
    press(orders, Key.Key_Space)
    assert [order.number for order in orders.model.marked_records()] == [f"D{row + 1}"]


def test_ctrl_and_a_page_key_do_not_part_cursor_and_selection(orders: Grid) -> None:
    orders.view.select_cell(2, "number")
    press(orders, Key.Key_PageDown, held=CONTROL)
    assert orders.current() == orders.chosen()[0]


def test_shift_and_space_select_whole_rows(orders: Grid, grid: LineGrid) -> None:
    orders.view.select_cell(1, "quantity")
    press(orders, Key.Key_Down, held=SHIFT)
    press(orders, Key.Key_Space, held=SHIFT)
    assert selected(orders) == [(row, key) for row in (1, 2) for key in ("number", "quantity")]
    assert orders.model.marked_records() == []
    grid.view.select_cell(1, "note")
    press(grid, Key.Key_Space, held=SHIFT)
    assert {row for row, _ in selected(grid)} == {1}
    assert len(selected(grid)) == len(grid.view.shown_sections())
    assert grid.model.record(1)["note"] == "n2"


def test_the_edge_is_where_what_is_filled_ends_or_begins() -> None:
    filled = "xxx..x.".__getitem__
    places = [edge(lambda at: filled(at) == "x", here, 7, 1) for here in range(7)]
    assert places == [2, 2, 5, 5, 5, 6, 6]
    assert [edge(lambda at: filled(at) == "x", here, 7, -1) for here in range(7)] == [0, 0, 0, 2, 2, 2, 5]


def test_a_block_is_repeated_only_where_it_fits() -> None:
    assert filled_up([["a", "b"]], 2, 2) == [["a", "b"], ["a", "b"]]
    assert filled_up([["a"], ["b"]], 4, 3) == [["a"] * 3, ["b"] * 3, ["a"] * 3, ["b"] * 3]
    assert filled_up([["a"], ["b"], ["c"]], 4, 1) == [["a"], ["b"], ["c"]]
    assert filled_up([["a", "b"], ["c"]], 2, 4) == [["a", "b", "a", "b"], ["c", "", "c", ""]]


def test_a_wrong_cell_is_mended_from_what_was_typed(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    QTest.keyClicks(grid.view, "1")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "x2")
    QTest.keyClick(editor, Key.Key_Return)
    assert len(grid.model.faults()) == 1
    grid.view.select_cell(0, "quantity")
    press(grid, Key.Key_F2)
    again = QApplication.focusWidget()
    assert isinstance(again, QLineEdit)
    assert again.text() == "1x2"
    QTest.keyClick(again, Key.Key_Return)
    assert len(grid.model.faults()) == 1
    assert column(grid, "quantity") == [1, 2, 3, 4, 5]


def test_two_dots_on_the_first_line_change_nothing(grid: LineGrid) -> None:
    for text in ("..", "//"):
        grid.model.type_text(0, "note", text)
    assert grid.model.record(0)["note"] == "n1"


def test_a_paste_where_nothing_can_be_changed_is_told(grid: LineGrid) -> None:
    told: list[str] = []
    grid.lines_view.refused.connect(told.append)
    grid.set_read_only(True)
    grid.view.select_cell(0, "quantity")
    paste(grid, "77")
    assert column(grid, "quantity") == [1, 2, 3, 4, 5]
    assert ["没有填" in sentence for sentence in told] == [True]


def test_columns_that_were_moved_are_pasted_into_as_they_stand(grid: LineGrid) -> None:
    header, section = grid.view.header, grid.model.section
    header.moveSection(header.visualIndex(section("note")), header.visualIndex(section("quantity")) + 1)
    grid.view.select_cell(1, "quantity")
    press(grid, Key.Key_Right, Key.Key_Down, held=SHIFT)
    paste(grid, "7\tz")
    assert column(grid, "quantity") == [1, 7, 7, 4, 5]
    assert [row["note"] for row in grid.model.records()] == ["n1", "z", "z", "n4", "n5"]
