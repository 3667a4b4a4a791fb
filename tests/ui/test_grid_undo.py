"""Undo in a line editor: one step takes back all that one act did, also what was wrong and what a code brought later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget

from tests.ui.conftest import TODAY, compose, type_chinese
from tests.ui.test_grid_lines import COLUMNS, search
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.grid.lines import LineModel
from ui.framework.lookup import LookupSource

Settle = Callable[[], None]


@pytest.fixture
def grid(desk: Desk, show: Callable[[QWidget], None]) -> LineGrid:
    desk.lookups.register("item", LookupSource("物料", search, ("编码", "名称", "规格")))
    made = LineGrid(desk, "t/undo", COLUMNS)
    QAbstractItemModelTester(made.model, made.model)
    made.set_rows([])
    show(made)
    return made


@pytest.fixture
def said(desk: Desk) -> list[str]:
    told: list[str] = []
    desk.ops.told.connect(told.append)
    return told


def press(grid: LineGrid, key: Qt.Key) -> None:
    QTest.keyClick(grid.view, key, Qt.KeyboardModifier.ControlModifier)


def paste(grid: LineGrid, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(grid, Qt.Key.Key_V)


def undo(grid: LineGrid) -> None:
    press(grid, Qt.Key.Key_Z)


def redo(grid: LineGrid) -> None:
    press(grid, Qt.Key.Key_Y)


def type_cell(grid: LineGrid, row: int, key: str, text: str) -> None:
    grid.model.type_text(row, key, text)


def test_a_wrong_paste_is_taken_back_with_its_marks(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([{"quantity": Decimal(5)}])
    grid.view.select_cell(0, "quantity")
    paste(grid, "abc")
    assert [fault[:2] for fault in grid.model.faults()] == [(0, "quantity")]
    undo(grid)
    assert grid.model.faults() == []
    assert grid.model.record(0)["quantity"] == Decimal(5)


def test_a_wrong_typed_value_is_taken_back(grid: LineGrid) -> None:
    grid.set_rows([{"quantity": Decimal(5)}])
    type_cell(grid, 0, "quantity", "7")
    type_cell(grid, 0, "quantity", "viel")
    undo(grid)
    assert grid.model.faults() == []
    assert grid.model.record(0)["quantity"] == Decimal(7)
    redo(grid)
    assert len(grid.model.faults()) == 1


def test_lines_that_a_paste_added_come_back_with_what_is_wrong_in_them(grid: LineGrid) -> None:
    grid.set_rows([{"note": "x"}])
    grid.view.select_cell(0, "quantity")
    paste(grid, "1\nabc\n3")
    faults = grid.model.faults()
    undo(grid)
    assert (grid.model.rowCount(), grid.model.faults()) == (1, [])
    redo(grid)
    assert (grid.model.rowCount(), grid.model.faults()) == (3, faults)
    assert len(faults) == 1


def test_one_step_takes_pasted_codes_back_with_what_they_brought(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([])
    grid.view.select_cell(0, "item")
    paste(grid, "RM401\nRM403\nNIX")
    settled()
    assert [row["item_name"] for row in grid.model.records()] == ["灯珠", "螺丝", None]
    undo(grid)
    assert (grid.model.lines(), grid.model.rowCount(), grid.model.faults()) == ([], 1, [])
    redo(grid)
    assert [row["item_name"] for row in grid.model.records()] == ["灯珠", "螺丝", None]
    assert [fault[:2] for fault in grid.model.faults()] == [(2, "item")]


def test_one_step_takes_a_typed_code_back(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([{"item": "RM403", "item_name": "螺丝", "unit": "个"}])
    type_cell(grid, 0, "item", "RM401")
    settled()
    assert grid.model.record(0)["item_name"] == "灯珠"
    undo(grid)
    assert (grid.model.record(0)["item"], grid.model.record(0)["item_name"]) == ("RM403", "螺丝")


def test_what_a_code_brings_goes_to_its_line_although_that_moved(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([{"note": "甲"}, {"note": "乙"}])
    type_cell(grid, 1, "item", "RM401")
    grid.model.insert_rows(0, [grid.model.blank_row()])
    settled()
    assert [row.get("item_name") for row in grid.model.records()] == [None, None, "灯珠"]
    undo(grid)
    undo(grid)
    assert [row.get("item_name") for row in grid.model.records()] == [None, None]
    redo(grid)
    assert [row.get("item_name") for row in grid.model.records()] == [None, "灯珠"]


def test_a_code_taken_back_before_its_answer_brings_nothing(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([{"note": "甲"}])
    type_cell(grid, 0, "item", "RM401")
    undo(grid)
    settled()
    assert (grid.model.record(0).get("item"), grid.model.record(0).get("item_name")) == (None, None)
    assert grid.model.undo.count() == 1


def test_a_pasted_price_is_not_the_items_own(grid: LineGrid, settled: Settle) -> None:
    grid.view.select_cell(0, "item")
    paste(grid, "RM401\t\t\t10\t0.99\nRM401\t\t\t10\t")
    settled()
    assert [row["price"] for row in grid.model.records()] == [Decimal("0.99"), Decimal("0.35")]
    assert [row["amount"] for row in grid.model.records()] == [Decimal("9.90"), Decimal("3.50")]


@pytest.mark.parametrize("code", ["NIX", ""])
def test_a_code_pasted_over_another_leaves_nothing_of_it(grid: LineGrid, settled: Settle, code: str) -> None:
    grid.set_rows([{"item": "RM401", "item_name": "灯珠", "unit": "颗", "price": Decimal("0.35")}])
    grid.view.select_cell(0, "item")
    paste(grid, f"{code}\n\n")
    assert [grid.model.record(0)[key] for key in ("item_name", "unit", "price")] == [None, None, None]
    settled()
    assert [grid.model.record(0)[key] for key in ("item_name", "unit", "price")] == [None, None, None]
    undo(grid)
    assert grid.model.record(0)["item_name"] == "灯珠"


def test_an_unknown_code_stays_marked_when_it_is_typed_again(grid: LineGrid, settled: Settle) -> None:
    grid.set_rows([{}])
    type_cell(grid, 0, "item", "NIX")
    settled()
    type_cell(grid, 0, "item", "NIX")
    settled()
    assert [fault[:2] for fault in grid.model.faults()] == [(0, "item")]


def test_a_cell_that_is_filled_or_chosen_is_no_longer_wrong(grid: LineGrid) -> None:
    grid.set_rows([{"quantity": Decimal(1)}, {}])
    type_cell(grid, 1, "quantity", "viel")
    grid.view.select_cell(1, "quantity")
    press(grid, Qt.Key.Key_D)
    assert grid.model.faults() == []
    assert grid.model.index(1, grid.model.section("quantity")).data() == "1"
    model = LineModel((Column("kind", "类型", kind="choice", editable=True, choices={"a": "甲"}),), today=lambda: TODAY)
    model.set_lines([{"kind": "a"}])
    model.type_text(0, "kind", "丁")
    assert model.faults()
    model.change(0, {"kind": "a"})
    assert model.faults() == []


def test_ctrl_d_over_several_cells_copies_the_first_as_excel_does(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲"}, {"note": "乙"}, {"note": "丙"}, {}])
    section = grid.model.section("note")
    grid.view.select_cell(1, "note")
    cells = QItemSelection(grid.model.index(1, section), grid.model.index(3, section))
    grid.view.selectionModel().select(cells, QItemSelectionModel.SelectionFlag.Select)
    press(grid, Qt.Key.Key_D)
    assert [row["note"] for row in grid.model.records()] == ["甲", "乙", "乙", "乙"]


def test_the_only_line_deleted_comes_back_in_one_step(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲"}])
    grid.view.select_cell(0, "note")
    press(grid, Qt.Key.Key_Delete)
    assert (grid.model.lines(), grid.model.rowCount()) == ([], 1)
    undo(grid)
    assert [row["note"] for row in grid.model.records()] == ["甲"]


def test_lines_deleted_from_several_places_come_back_where_they_were(grid: LineGrid) -> None:
    names = list("甲乙丙丁戊己")
    grid.set_rows([{"note": name} for name in names])
    grid.model.remove_rows([1, 2, 4])
    assert [row["note"] for row in grid.model.records()] == ["甲", "丁", "己"]
    undo(grid)
    assert [row["note"] for row in grid.model.records()] == names
    redo(grid)
    assert [row["note"] for row in grid.model.records()] == ["甲", "丁", "己"]


def test_a_block_goes_to_the_first_column_when_the_cursor_stands_in_a_hidden_one(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲", "quantity": Decimal(1)}])
    grid.view.select_cell(0, "note")
    grid.view.header.set_shown(grid.model.section("note"), shown=False)
    paste(grid, "\tx\tx\t3")
    assert (grid.model.record(0)["note"], grid.model.record(0)["quantity"]) == ("甲", Decimal(3))


def test_what_of_a_block_has_no_place_is_told(grid: LineGrid, said: list[str]) -> None:
    grid.set_rows([{"note": "甲"}, {"note": "乙"}])
    grid.view.select_cell(0, "due")
    paste(grid, "2026-3-5\tx\t\n2026-3-6\ty\t ")
    assert said == []
    paste(grid, "2026-3-5\tx\t\tzu viel\n2026-3-6\ty")
    assert said == ["粘贴的最后 1 列没有填：右边没有这么多列"]
    said.clear()
    grid.model.fixed_rows = True
    paste(grid, "2026-3-5\n2026-3-6\n\n2026-3-8\n\n")
    assert said == ["粘贴的最后 1 行没有填：这里的行是给定的，不能加行"]
    assert [row["due"] for row in grid.model.records()] == [date(2026, 3, 5), date(2026, 3, 6)]


@pytest.mark.parametrize(
    "pressed", [Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete, Qt.Key.Key_F7]
)
def test_no_key_leaves_a_filled_cell_whose_first_text_is_being_composed(grid: LineGrid, pressed: Qt.Key) -> None:
    grid.set_rows([{"note": "上"}, {"note": "甲"}, {"note": "下"}])
    grid.view.select_cell(1, "note")
    compose(grid.view, "bei")
    QTest.keyClick(grid.view, pressed)
    assert grid.view.currentIndex().row() == 1
    assert [row["note"] for row in grid.model.records()] == ["上", "甲", "下"]
    type_chinese(grid.view, "备注")
    editor = grid.view.indexWidget(grid.view.currentIndex())
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert [row["note"] for row in grid.model.records()] == ["上", "备注", "下"]
