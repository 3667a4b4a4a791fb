"""The tree is built and changed from the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.engineering import api
from services.platform.db import Database
from tests.ui.conftest import compose, type_chinese
from tests.ui.engineering.conftest import key, outline, stored, typed
from ui.engineering.bom_page import BomPage
from ui.engineering.fields import SECTIONS
from ui.engineering.outputs_dialog import OutputsDialog

Open = Callable[[str], BomPage]
Settled = Callable[[], None]
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def go(page: BomPage, *rows: int, column: str = "code") -> None:
    assert page.model is not None
    index = page.model.top()
    for row in rows:
        page.tree.expand(index)
        index = page.model.index(row, 0, index)
    page.tree.go(index, column)


def test_the_tree_opens_with_the_states_of_the_bills(open_bom: Open) -> None:
    page = open_bom("FG100")
    assert outline(page) == [
        "FG100", ".SA200 1", "..RM401 12", "..RM402 1", "..RM403 2", "..RM404 1/100", ".SA300 1", ".RM403 4", ".RM405 1",
    ]  # fmt: skip
    assert page.model is not None
    words = [page.model.look.texts(place)[SECTIONS["bill"]] for place in page.model.below(page.model._top)]
    assert words == ["V1.0 已审核", "未建清单", "", ""]
    assert page.title == "清单 FG100"


def test_a_bill_is_typed_with_enter_and_tab_only(open_bom: Open, settled: Settled, lamps: Database) -> None:
    page = open_bom("FG200")
    assert outline(page) == ["FG200", ". 1"]
    typed("sa200")
    key(Key.Key_Tab)
    typed("2")
    key(Key.Key_Return)
    typed("RM403")
    key(Key.Key_Tab)
    typed("3/67")
    key(Key.Key_Tab)
    typed("5")
    key(Key.Key_Return)
    settled()
    assert outline(page, 1) == ["FG200", ".SA200 2", ".RM403 3/67", ". 1"]
    assert page.dirty
    key(Key.Key_S, CONTROL)
    settled()
    assert not page.dirty
    assert stored(lamps, "FG200")[:2] == ["FG200", ".SA200 2/1"]
    assert stored(lamps, "FG200")[-1] == ".RM403 3/67"


def test_names_and_pinyin_find_the_component(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG200")
    typed("zx")
    key(Key.Key_Return)
    settled()
    assert outline(page)[1] == ".RM405 1"
    key(Key.Key_F2)
    focus = QApplication.focusWidget()
    assert focus is not None
    type_chinese(focus, "铝壳")
    key(Key.Key_Return)
    settled()
    assert outline(page)[2] == ".RM402 1"


def test_enter_confirms_the_input_method_before_it_leaves_the_cell(open_bom: Open) -> None:
    page = open_bom("FG200")
    key(Key.Key_F2)
    editor = QApplication.focusWidget()
    assert editor is not None
    compose(editor, "lv")
    key(Key.Key_Return)
    assert QApplication.focusWidget() is editor
    compose(editor, "")
    key(Key.Key_Escape)
    assert page.tree.hasFocus()


def test_alt_right_makes_a_line_a_child_and_one_save_writes_both_levels(
    open_bom: Open, settled: Settled, lamps: Database
) -> None:
    page = open_bom("FG100")
    go(page, 2)
    key(Key.Key_Right, ALT)
    assert outline(page)[6:] == [".SA300 1", "..RM403 4", ".RM405 1"]
    place = page.tree.current_place()
    assert place is not None
    assert place.line.text == "RM403"
    key(Key.Key_S, CONTROL)
    settled()
    assert stored(lamps, "FG100")[6:] == [".SA300 1/1", "..RM403 4/1", ".RM405 1/1"]
    key(Key.Key_Left, ALT)
    assert outline(page)[6:] == [".SA300 1", ".RM403 4", ".RM405 1"]


def test_a_shared_sub_assembly_changes_in_every_place(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG200")
    for text in ("SA300", "FG100"):
        typed(text)
        key(Key.Key_Return)
        settled()
    go(page, 0)
    key(Key.Key_Insert, CONTROL)
    typed("RM402")
    key(Key.Key_Return)
    settled()
    rows = [row for row in outline(page) if row.endswith("RM402 1")]
    assert {"..RM402 1", "...RM402 1"} <= set(rows)


def test_a_loop_is_refused_where_it_is_typed_with_its_path(open_bom: Open, settled: Settled, lamps: Database) -> None:
    page = open_bom("SA300")
    typed("fg100")
    key(Key.Key_Return)
    settled()
    assert "SA300 → FG100 → SA300" in page.refusals.texts()[0]
    assert page.model is not None
    place = page.model.below(page.model._top)[0]
    assert "SA300 → FG100 → SA300" in page.model.look.fault(place, "code")
    assert outline(page)[1] == ".FG100 1"
    key(Key.Key_S, CONTROL)
    settled()
    assert page.dirty
    assert stored(lamps, "SA300") == ["SA300"]
    page._follow(page.refusals.problems[0])
    assert page.tree.current_place() is place


def test_an_unknown_component_and_a_wrong_number_stay_marked_and_are_not_saved(
    open_bom: Open, settled: Settled
) -> None:
    page = open_bom("FG200")
    typed("NOPE")
    key(Key.Key_Tab)
    typed("abc")
    key(Key.Key_Tab)
    settled()
    assert outline(page)[1] == ".NOPE abc"
    key(Key.Key_S, CONTROL)
    assert len(page.refusals.texts()) == 2
    assert page.dirty


def test_an_approved_bill_takes_no_typing_and_says_the_way_out(open_bom: Open, settled: Settled) -> None:
    page = open_bom("SA200")
    go(page, 0, column="usage")
    typed("9")
    assert outline(page)[1] == ".RM401 12"
    key(Key.Key_Insert)
    assert "反审核" in page.refusals.texts()[0]
    go(page)
    key(Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    settled()
    go(page, 0, column="usage")
    typed("9")
    key(Key.Key_Return)
    assert outline(page)[1] == ".RM401 9"


def test_f8_approves_the_drafts_of_the_whole_tree(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    go(page)
    key(Key.Key_F8)
    settled()
    assert page.book is not None
    assert page.book.state_text(page.book.root_id) == "V1.0 已审核"


def test_a_backflush_without_a_warehouse_is_not_approved_and_enter_leads_to_its_cell(
    open_bom: Open, settled: Settled
) -> None:
    page = open_bom("FG100")
    go(page, 2, column="issue")
    key(Key.Key_F2)
    focus = QApplication.focusWidget()
    assert focus is not None
    type_chinese(focus, "倒冲")
    key(Key.Key_Return)
    key(Key.Key_S, CONTROL)
    settled()
    go(page)
    key(Key.Key_F8)
    settled()
    (said,) = page.refusals.texts()
    assert "FG100 V1.0 第 30 行的 RM403 螺丝" in said
    page.refusals.list.setFocus()
    key(Key.Key_Return)
    place = page.tree.current_place()
    assert place is not None
    assert place.line.text == "RM403"
    assert page.tree.currentIndex().column() == SECTIONS["warehouse_id"]
    typed("W2")
    key(Key.Key_Return)
    key(Key.Key_S, CONTROL)
    settled()
    go(page)
    key(Key.Key_F8)
    settled()
    assert page.book is not None
    assert page.book.state_text(page.book.root_id) == "V1.0 已审核"


def test_delete_undo_and_redo(open_bom: Open) -> None:
    page = open_bom("FG100")
    before = outline(page)
    go(page, 0)
    key(Key.Key_Delete)
    assert outline(page, 1) == ["FG100", ".SA300 1", ".RM403 4", ".RM405 1"]
    key(Key.Key_Z, CONTROL)
    assert outline(page) == before
    assert not page.dirty
    key(Key.Key_Y, CONTROL)
    assert page.dirty


def test_ctrl_d_takes_over_the_value_above_and_space_turns_a_flag(open_bom: Open) -> None:
    page = open_bom("FG100")
    go(page, 3, column="scrap_rate")
    key(Key.Key_D, CONTROL)
    assert page.model is not None
    lines = page.model.book.lines(page.model.book.root_id)
    assert lines[3].scrap_rate == lines[2].scrap_rate
    go(page, 0, column="skip_level")
    key(Key.Key_Space)
    assert page.model.book.lines(page.model.book.root_id)[0].skip_level


def test_lines_move_up_and_down(open_bom: Open) -> None:
    page = open_bom("FG100")
    go(page, 3)
    key(Key.Key_Up, ALT)
    key(Key.Key_Up, ALT)
    assert outline(page, 1) == ["FG100", ".SA200 1", ".RM405 1", ".SA300 1", ".RM403 4"]
    key(Key.Key_Down, ALT)
    assert outline(page, 1)[2:4] == [".SA300 1", ".RM405 1"]


def test_a_branch_goes_to_the_clipboard_with_its_levels_and_back(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    go(page, 0)
    key(Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    rows = [line.split("\t")[:4] for line in text.splitlines()]
    assert rows[0] == ["层级", "物料", "名称规格", "用量"]
    assert [row[:2] for row in rows[1:]] == [
        ["1", "SA200"], ["1.1", "RM401"], ["1.2", "RM402"], ["1.3", "RM403"], ["1.4", "RM404"],
    ]  # fmt: skip
    page = open_bom("FG200")
    key(Key.Key_V, CONTROL)
    settled()
    assert outline(page) == ["FG200", ".SA200 1", "..RM401 12", "..RM402 1", "..RM403 2", "..RM404 1/100"]
    assert page.book is not None
    assert [bill.item_id for bill in page.book.dirty_bills] == [page.book.root_id]


def test_excel_rows_with_levels_build_every_level(open_bom: Open, settled: Settled, lamps: Database) -> None:
    page = open_bom("FG200")
    block = "层级\t物料\t用量\t损耗率\n1\tSA300\t1\t\n1.1\tRM402\t2\t3%\n1.2\tRM404\t1/50\t\n2\tRM403\t8\t"
    QGuiApplication.clipboard().setText(block)
    key(Key.Key_V, CONTROL)
    settled()
    assert outline(page) == ["FG200", ".SA300 1", "..RM402 2", "..RM404 1/50", ".RM403 8"]
    key(Key.Key_S, CONTROL)
    settled()
    assert stored(lamps, "FG200") == ["FG200", ".SA300 1/1", "..RM402 2/1", "..RM404 1/50", ".RM403 8/1"]


def test_cut_and_paste_moves_a_line(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    go(page, 3)
    key(Key.Key_X, CONTROL)
    go(page, 0)
    key(Key.Key_V, CONTROL)
    settled()
    assert outline(page, 1) == ["FG100", ".SA200 1", ".RM405 1", ".SA300 1", ".RM403 4"]
    key(Key.Key_Z, CONTROL)
    key(Key.Key_Z, CONTROL)
    assert not page.dirty


def test_levels_open_by_number(open_bom: Open) -> None:
    page = open_bom("FG100")
    assert page.model is not None
    key(Key.Key_1, CONTROL)
    first = page.model.index(0, 0, page.model.top())
    assert not page.tree.isExpanded(first)
    key(Key.Key_0, CONTROL)
    assert page.tree.isExpanded(page.model.index(0, 0, page.model.top()))


def test_what_is_typed_survives_a_broadcast(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    go(page, 0, column="usage")
    typed("5")
    key(Key.Key_Return)
    page.request_refresh()
    settled()
    assert outline(page)[1] == ".SA200 5"


def test_co_products_and_the_note_are_entered_beside_the_tree(
    open_bom: Open, settled: Settled, qtbot: QtBot, lamps: Database
) -> None:
    page = open_bom("FG100")
    go(page)
    key(Key.Key_O, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    dialog = page.findChild(OutputsDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.note.setText("连料冲压")
    row = api.items_of(lamps, ["RM402"])["RM402"]
    dialog.grid.model.change(
        0, {"item_id": row.id, "item_code": "RM402", "item_name": row.name, "numerator": Decimal("0")}
    )
    key(Key.Key_S, CONTROL)
    settled()
    assert len(dialog.refusals.texts()) == 1
    dialog.grid.model.change(0, {"numerator": Decimal("0.5")})
    key(Key.Key_S, CONTROL)
    settled()
    assert page.top.about.text().startswith("另产 铝壳 0.5")
    assert page.top.about.text().endswith("连料冲压")
    assert page.model is not None
    assert page.model.look.texts(page.model._top)[SECTIONS["bill"]] == "V1.0 未审核 +副产1"
    go(page)
    assert "连料冲压" in page.facts.text.text()


def test_the_open_cell_outlives_a_broadcast_and_can_be_saved(open_bom: Open, settled: Settled, lamps: Database) -> None:
    page = open_bom("FG100")
    go(page, 2, column="usage")
    page.refresh()
    typed("7")
    settled()
    typed("5")
    assert page.dirty
    key(Key.Key_S, CONTROL)
    settled()
    assert not page.dirty
    assert stored(lamps, "FG100")[-2:] == [".RM403 75/1", ".RM405 1/1"]


def test_what_is_typed_while_a_bill_is_saved_is_saved_next(
    open_bom: Open, settled: Settled, lamps: Database, qtbot: QtBot
) -> None:
    page = open_bom("FG100")
    go(page, 2, column="usage")
    typed("5")
    key(Key.Key_Tab)
    go(page, 3, column="usage")
    key(Key.Key_S, CONTROL)
    typed("8")
    settled()
    key(Key.Key_Tab)
    qtbot.wait(60)
    settled()
    assert page.dirty
    assert stored(lamps, "FG100")[-2:] == [".RM403 5/1", ".RM405 1/1"]
    key(Key.Key_S, CONTROL)
    settled()
    assert page.refusals.texts() == []
    assert not page.dirty
    assert stored(lamps, "FG100")[-2:] == [".RM403 5/1", ".RM405 8/1"]
