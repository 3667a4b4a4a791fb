"""The grid as a line editor: Enter flow, typed values, input methods, look-up, paste, fill, undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QStandardItemModel
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import TODAY, compose, type_chinese
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import ChoiceEdit
from ui.framework.grid.grid import LineGrid
from ui.framework.grid.header import RowHeader
from ui.framework.grid.lines import LineModel
from ui.framework.lookup import LookupDialog, LookupEdit, LookupRow, LookupSource

Show = Callable[[QWidget], None]
ITEMS = [
    LookupRow("RM401", "灯珠", ("2835",), {"unit": "颗", "price": Decimal("0.35")}),
    LookupRow("RM403", "螺丝", ("M3×10",), {"unit": "个", "price": Decimal("0.02")}),
    LookupRow("RM404", "硅脂", ("",), {"unit": "kg", "price": Decimal(30)}),
]


def search(text: str, limit: int) -> Sequence[LookupRow]:
    pinyin = {"RM401": "dz", "RM403": "ls", "RM404": "gz"}
    wanted = text.casefold()
    hits = [row for row in ITEMS if wanted in row.code.casefold() or wanted in row.name or wanted in pinyin[row.code]]
    return sorted(hits, key=lambda row: row.code.casefold() != wanted)[:limit]


def amount(row: Mapping[str, Any]) -> Mapping[str, Any]:
    if row.get("quantity") is None or row.get("price") is None:
        return {"amount": None}
    return {"amount": (row["quantity"] * row["price"]).quantize(Decimal("0.01"))}


COLUMNS = (
    Column(
        "item",
        "物料",
        kind="lookup",
        editable=True,
        lookup="item",
        fills={"item_name": "name", "unit": "unit", "price": "price"},
        required=True,
    ),
    Column("item_name", "名称"),
    Column("unit", "单位", width=50),
    Column("quantity", "数量", kind="number", editable=True, total=True, derive=amount),
    Column("price", "单价", kind="price", editable=True, derive=amount),
    Column("amount", "金额", kind="money", total=True),
    Column("due", "交期", kind="date", editable=True),
    Column("note", "备注", editable=True, remark=True),
)


@pytest.fixture
def grid(desk: Desk, show: Show) -> LineGrid:
    desk.lookups.register("item", LookupSource("物料", search, ("编码", "名称", "规格")))
    made = LineGrid(desk, "t/lines", COLUMNS)
    QAbstractItemModelTester(made.model, made.model)
    made.resize(1000, 400)
    made.set_rows([])
    show(made)
    made.view.setFocus()
    return made


def editor(grid: LineGrid) -> QLineEdit:
    found = QApplication.focusWidget()
    assert isinstance(found, QLineEdit)
    assert grid.view.isAncestorOf(found)
    return found


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def typed(text: str) -> None:
    """Types into whatever has the focus, as fingers do: the first key opens the editor."""
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def here(grid: LineGrid) -> tuple[int, str]:
    index = grid.view.currentIndex()
    return index.row(), grid.model.columns[index.column()].key


def test_a_line_is_entered_without_leaving_the_keys(grid: LineGrid, settled: Callable[[], None]) -> None:
    assert here(grid) == (0, "item")
    typed("RM403")
    key(Qt.Key.Key_Return)
    settled()
    assert here(grid) == (0, "quantity")
    typed("12")
    key(Qt.Key.Key_Return)
    assert here(grid) == (0, "price")
    key(Qt.Key.Key_Return)
    typed("+5")
    key(Qt.Key.Key_Return)
    assert here(grid) == (0, "note")
    key(Qt.Key.Key_Return)
    assert here(grid) == (1, "item")
    row = grid.rows()[0]
    assert (row["item"], row["item_name"], row["unit"], row["amount"]) == ("RM403", "螺丝", "个", Decimal("0.24"))
    assert row["due"] == date(2026, 3, 15)
    assert len(grid.rows()) == 1


def test_enter_on_a_blank_last_line_leaves_the_grid(grid: LineGrid, qtbot: QtBot) -> None:
    grid.view.select_cell(0, "note")
    with qtbot.waitSignal(grid.left):
        key(Qt.Key.Key_Return)
    assert grid.model.rowCount() == 1


def test_shift_enter_goes_back(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert here(grid) == (0, "item")


def test_pinyin_finds_the_item_and_enter_takes_the_first_hit(
    grid: LineGrid, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    typed("ls")
    edit = editor(grid)
    assert isinstance(edit, LookupEdit)
    qtbot.waitUntil(lambda: edit.popup_open)
    key(Qt.Key.Key_Return)
    settled()
    assert grid.rows()[0]["item"] == "RM403"
    assert grid.rows()[0]["item_name"] == "螺丝"
    assert here(grid) == (0, "quantity")


def test_an_unknown_code_stays_visible_and_says_so(grid: LineGrid, settled: Callable[[], None]) -> None:
    typed("XX9")
    key(Qt.Key.Key_Return)
    settled()
    [(row, column, text)] = grid.model.faults()
    assert (row, column) == (0, "item")
    assert "XX9" in text
    assert "F7" in text
    assert grid.model.text(0, 0) == "XX9"


def test_f7_opens_the_list_and_enter_takes(grid: LineGrid, qtbot: QtBot, settled: Callable[[], None]) -> None:
    key(Qt.Key.Key_F7)
    dialog = (
        editor(grid).findChild(LookupDialog)
        if isinstance(QApplication.focusWidget(), LookupEdit)
        else QApplication.activeModalWidget()
    )
    assert isinstance(dialog, LookupDialog)
    type_chinese(dialog.search_field, "硅脂")
    qtbot.waitUntil(lambda: len(dialog.model.hits) == 1)
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: here(grid) == (0, "quantity"))
    qtbot.waitUntil(grid.view.hasFocus)
    assert grid.rows()[0]["item"] == "RM404"


def test_enter_belongs_to_the_input_method_while_it_composes(grid: LineGrid) -> None:
    grid.view.select_cell(0, "note")
    typed("a")
    edit = editor(grid)
    compose(edit, "gangguan")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_F7)
    assert QApplication.focusWidget() is edit
    assert here(grid) == (0, "note")
    type_chinese(edit, "钢管")
    compose(edit, "")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert grid.model.record(0)["note"] == "a钢管"


def test_an_input_method_may_start_a_cell(grid: LineGrid) -> None:
    grid.view.select_cell(0, "note")
    compose(grid.view, "gang")
    key(Qt.Key.Key_Return)
    assert here(grid) == (0, "note")
    type_chinese(grid.view, "钢管")
    key(Qt.Key.Key_Return)
    assert grid.model.record(0)["note"] == "钢管"


def test_escape_keeps_the_old_value(grid: LineGrid) -> None:
    grid.view.select_cell(0, "note")
    typed("x")
    key(Qt.Key.Key_Escape)
    assert not grid.model.record(0)["note"]


def test_a_wrong_number_is_marked_and_the_line_keeps_its_value(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    typed("1x")
    key(Qt.Key.Key_Return)
    assert grid.model.faults() == [(0, "quantity", "“1x”不是数字")]
    assert grid.model.text(0, 3) == ""
    assert grid.model.data(grid.model.index(0, 3)) == "1x"
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    typed("=12*3")
    key(Qt.Key.Key_Return)
    assert grid.model.faults() == []
    assert grid.model.record(0)["quantity"] == Decimal(36)


def test_a_block_from_excel_fills_columns_grows_lines_and_reports_bad_cells(
    grid: LineGrid, settled: Callable[[], None]
) -> None:
    block = (
        "RM401\t灯珠\t颗\t1,200\t￥0.35\t\t2026/3/5\t急\r\n"
        'RM403\t\t\t３００\t0.02\t\t2026年3月6日\t"两行\n备注"\r\n'
        "RM404\t\t\tabc\t30\t\t\t\r\n"
    )
    QGuiApplication.clipboard().setText(block)
    grid.view.select_cell(0, "item")
    key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settled()
    lines = grid.model.lines()
    assert [line["item_name"] for line in lines] == ["灯珠", "螺丝", "硅脂"]
    assert [line["quantity"] for line in lines] == [Decimal(1200), Decimal(300), None]
    assert lines[0]["amount"] == Decimal("420.00")
    assert [line["due"] for line in lines] == [date(2026, 3, 5), date(2026, 3, 6), None]
    assert lines[1]["note"] == "两行\n备注"
    assert [(row, column) for row, column, _ in grid.model.faults()] == [(2, "quantity")]
    while grid.model.undo.canUndo():
        grid.model.undo.undo()
    assert grid.model.lines() == []
    assert grid.model.rowCount() == 1


def test_ctrl_d_copies_the_cell_above_with_what_the_look_up_filled(grid: LineGrid) -> None:
    grid.set_rows([{"item": "RM403", "item_name": "螺丝", "unit": "个", "price": Decimal("0.02")}, {}])
    grid.view.select_cell(1, "item")
    key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert grid.model.record(1)["item_name"] == "螺丝"


def test_two_dots_copy_the_remark_above_and_slashes_the_first(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲"}, {"note": "乙"}, {}, {}])
    grid.view.select_cell(2, "note")
    typed("..")
    key(Qt.Key.Key_Down)
    typed("//")
    key(Qt.Key.Key_Return)
    assert [grid.model.record(row)["note"] for row in (2, 3)] == ["乙", "甲"]


def test_lines_are_inserted_deleted_and_brought_back(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲"}, {"note": "乙"}])
    grid.view.select_cell(1, "note")
    key(Qt.Key.Key_Insert)
    assert [row["note"] for row in grid.model.records()] == ["甲", None, "乙"]
    grid.view.select_cell(0, "note")
    key(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert [row["note"] for row in grid.model.records()] == [None, "乙"]
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [row["note"] for row in grid.model.records()] == ["甲", "乙"]
    key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert grid.model.rowCount() == 3


def test_an_approved_document_takes_no_typing(grid: LineGrid) -> None:
    grid.set_rows([{"note": "甲"}])
    grid.set_read_only(True)
    grid.view.select_cell(0, "note")
    typed("x")
    key(Qt.Key.Key_Delete)
    key(Qt.Key.Key_Insert)
    assert [row["note"] for row in grid.model.records()] == ["甲"]


def test_typed_values_are_read_as_a_clerk_means_them() -> None:
    model = LineModel(COLUMNS, today=lambda: TODAY)
    model.set_lines([{}])
    expected = {
        "0": date(2026, 3, 10),
        "-3": date(2026, 3, 7),
        "15": date(2026, 3, 15),
        "3-5": date(2026, 3, 5),
        "0412": date(2026, 4, 12),
    }
    for text, day in expected.items():
        assert model.type_text(0, "due", text)
        assert model.record(0)["due"] == day
    assert not model.type_text(0, "due", "2-30")


ALIKE = [
    LookupRow("B1", "短", values={"bar": "690123"}),
    LookupRow("B2", "长", values={"bar": "6901234"}),
    LookupRow("B3", "同", values={"bar": "6909999"}),
    LookupRow("B4", "同", values={"bar": "6909999"}),
]


def by_barcode(text: str, limit: int) -> Sequence[LookupRow]:
    hits = [replace(row, exact=row.value("bar") == text) for row in ALIKE if text in row.value("bar")]
    return sorted(hits, key=lambda row: not row.exact)[:limit]


def test_the_exact_barcode_wins_among_those_that_contain_it(
    desk: Desk, grid: LineGrid, settled: Callable[[], None]
) -> None:
    desk.lookups.register("item", LookupSource("物料", by_barcode))
    typed("690123")
    key(Qt.Key.Key_Return)
    settled()
    assert (grid.rows()[0]["item"], grid.model.faults()) == ("B1", [])


def test_a_barcode_of_two_items_opens_the_list(
    desk: Desk, grid: LineGrid, qtbot: QtBot, settled: Callable[[], None]
) -> None:
    desk.lookups.register("item", LookupSource("物料", by_barcode))
    typed("6909999")
    key(Qt.Key.Key_Return)
    settled()
    [(row, column, sentence)] = grid.model.faults()
    assert (row, column) == (0, "item")
    assert "2" in sentence
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LookupDialog)
    qtbot.waitUntil(lambda: [hit.code for hit in dialog.model.hits] == ["B3", "B4"])
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: here(grid) == (0, "quantity"))
    assert (grid.rows()[0]["item"], grid.model.faults()) == ("B4", [])


def test_pasted_codes_of_several_items_open_no_list(desk: Desk, grid: LineGrid, settled: Callable[[], None]) -> None:
    desk.lookups.register("item", LookupSource("物料", by_barcode))
    QGuiApplication.clipboard().setText("6909999\n690123\n")
    key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert [line["item"] for line in grid.model.lines()] == ["6909999", "B1"]
    assert [(row, column) for row, column, _ in grid.model.faults()] == [(0, "item")]
    assert QApplication.activeModalWidget() is None


def test_alt_down_opens_the_words_of_a_cell(desk: Desk, show: Show) -> None:
    words = {"normal": "普通", "rework": "返修"}
    made = LineGrid(desk, "t/words", (Column("kind", "类型", kind="choice", choices=words, editable=True),))
    made.set_rows([{"kind": "normal"}])
    show(made)
    made.view.setFocus()
    key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    combo = made.view.indexWidget(made.view.currentIndex())
    assert isinstance(combo, ChoiceEdit)
    assert combo.view().isVisible()
    QTest.keyClick(combo.view(), Qt.Key.Key_Down)
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    QTest.keyClick(combo, Qt.Key.Key_Return)
    assert made.model.record(0)["kind"] == "rework"


class Numbered(QStandardItemModel):
    """Notes which rows were asked for their number."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows, 1)
        self.asked: set[int] = set()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        self.asked.add(section)
        return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None


def test_the_numbers_of_rows_are_as_wide_as_the_last_and_only_that_is_measured(qapp: QApplication) -> None:
    table, usual = QTableView(), QTableView()
    table.setVerticalHeader(RowHeader(table))
    model = Numbered(1200)
    for view in (table, usual):
        view.setModel(model)
    model.asked.clear()
    wide = table.verticalHeader().sizeHint().width()
    assert model.asked == {1199}
    assert wide == usual.verticalHeader().sizeHint().width()
    model.setRowCount(9)
    assert 0 < table.verticalHeader().sizeHint().width() < wide
