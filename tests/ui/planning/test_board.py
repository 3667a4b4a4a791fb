"""The planning board: run, filter, explain, change, release and take back, from the keyboard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from models.kernel.vocabulary import EXCEPTION_KINDS
from services.planning import api
from services.planning.views import ExceptionRow
from tests.ui.planning.conftest import TODAY, Factory, in_front, key, typed
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.framework.texts import SOURCE, use_language
from ui.planning import dialogs
from ui.planning.board_page import BoardPage
from ui.planning.plan_rows import EXCEPTION_COLUMNS

Put = Callable[[Page], None]
Quiet = Callable[[], None]
Key = Qt.Key


HINT_MARGINS = 16


@pytest.fixture
def board(desk: Desk, factory: Factory, put: Put) -> BoardPage:
    api.run_mrp(factory.db, "t", start=TODAY)
    page = BoardPage(desk)
    put(page)
    page.grid.setFocus()
    return page


def test_the_hint_of_the_search_is_whole_in_a_small_window(board: BoardPage, qtbot: QtBot) -> None:
    board.resize(1206, 660)
    qtbot.wait(20)
    search = board.top.search
    assert search.fontMetrics().horizontalAdvance(search.placeholderText()) + HINT_MARGINS <= search.width()


def rows(page: BoardPage) -> dict[str, Decimal]:
    return {row.order.item_code: row.order.quantity for row in page.grid.model.records()}


def go(page: BoardPage, code: str) -> None:
    for at in range(page.grid.model.rowCount()):
        if page.grid.model.record(at).order.item_code == code:
            page.grid.view.select_cell(at)
            return
    raise AssertionError(code)


def test_without_a_run_the_board_says_how_to_get_one(desk: Desk, put: Put) -> None:
    page = BoardPage(desk)
    put(page)
    assert "F5" in page.why.toPlainText()
    assert not page.qaction("release").isEnabled()


def test_f5_plans_off_the_windows_thread_and_shows_the_new_run(
    desk: Desk, put: Put, quiet: Quiet, qtbot: QtBot
) -> None:
    page = BoardPage(desk)
    put(page)
    page.refresh_by_key()
    qtbot.waitUntil(lambda: page.run_id == 1)
    quiet()
    qtbot.waitUntil(lambda: page.grid.model.rowCount() > 0)
    assert rows(page)["FG100"] == 84
    assert page.top.runs.currentText().startswith("#1 ")


def test_at_07a_the_sum_behind_a_quantity_stands_beside_it(board: BoardPage, quiet: Quiet) -> None:
    go(board, "RM403")
    quiet()
    text = board.why.toPlainText()
    assert "为什么" in text
    assert "现存" in text
    assert "84×4×1.05" in text
    assert "供给谁" in text
    assert "RM403" in board.timeline.title.text()
    assert board.timeline.grid.model.rowCount() > 1


def test_a_link_leads_to_the_planned_order_it_names(board: BoardPage, quiet: Quiet) -> None:
    go(board, "RM403")
    quiet()
    board.why.anchorClicked.emit(QUrl("planned:1"))
    current = board.grid.current()
    assert current is not None
    assert current.order.seq == 1


def test_filters_narrow_the_board_and_the_count_says_so(board: BoardPage) -> None:
    board.top.kind.setCurrentIndex(board.top.kind.findData("production"))
    board.top.kind.activated.emit(0)
    assert set(rows(board)) == {"FG100", "SA200", "SA300"}
    key(Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    typed("sa2")
    key(Key.Key_Return)
    assert set(rows(board)) == {"SA200"}
    assert board.top.count.text().startswith("1 / ")
    assert board.grid.view.hasFocus()


def test_the_panel_tells_of_the_order_that_a_search_puts_where_another_stood(board: BoardPage, quiet: Quiet) -> None:
    board.grid.view.select_cell(0)
    quiet()
    first = board.why.toPlainText()
    board.top.look_for("RM405")
    quiet()
    assert set(rows(board)) == {"RM405"}
    assert board.why.toPlainText() != first
    assert "RM405" in board.why.toPlainText()


def test_what_an_order_serves_leads_to_its_document(
    board: BoardPage, quiet: Quiet, factory: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(board.desk.navigator, "open", lambda target: opened.append(target.number))
    (sale,) = factory.numbers("sales_order")
    go(board, "FG100")
    quiet()
    board.why.anchorClicked.emit(QUrl(f"find:sales_order:{sale}"))
    quiet()
    assert f"find:sales_order:{sale}" in board.why.toHtml()
    assert opened == [sale]


def test_f8_shows_what_would_be_made_and_a_second_f8_makes_it(board: BoardPage, quiet: Quiet, factory: Factory) -> None:
    board.grid.model.set_marks(range(board.grid.model.rowCount()), marked=True)
    key(Key.Key_F8)
    quiet()
    dialog = board.findChild(dialogs.ReleaseDialog)
    assert dialog is not None
    assert dialog.summary.text().startswith("1 张采购订单、3 张生产任务单")
    assert factory.numbers("purchase_order") == []
    dialog.accept()
    quiet()
    assert len(factory.numbers("purchase_order")) == 1
    assert len(factory.numbers("production_order")) == 3
    assert "已投放" in board.note.text()
    assert board.grid.model.rowCount() == 0
    board.trigger("undo")
    quiet()
    assert factory.numbers("production_order") == []
    assert board.grid.model.rowCount() > 0


def test_a_planned_order_is_edited_split_and_merged(board: BoardPage, quiet: Quiet, qtbot: QtBot) -> None:
    go(board, "SA200")
    before = rows(board)["SA200"]
    key(Key.Key_F2)
    dialog = board.findChild(dialogs.EditDialog)
    assert dialog is not None
    in_front(qtbot, dialog)
    typed("90")
    dialog.accept()
    quiet()
    assert before != 90
    assert rows(board)["SA200"] == 90
    go(board, "SA200")
    quiet()
    assert "已手工改为 90" in board.why.toPlainText()
    board.trigger("split")
    split = board.findChild(dialogs.SplitDialog)
    assert split is not None
    in_front(qtbot, split)
    typed("/3")
    split.accept()
    quiet()
    parts = [row for row in board.grid.model.records() if row.order.item_code == "SA200"]
    assert [row.order.quantity for row in parts] == [30, 30, 30]
    board.grid.model.set_marks([board.grid.model.row_of(row.id) for row in parts], marked=True)
    board.trigger("merge")
    quiet()
    assert rows(board)["SA200"] == 90


def test_a_wrong_edit_is_refused_in_the_panel(board: BoardPage, quiet: Quiet, qtbot: QtBot) -> None:
    go(board, "SA200")
    key(Key.Key_F2)
    dialog = board.findChild(dialogs.EditDialog)
    assert dialog is not None
    in_front(qtbot, dialog)
    typed("0")
    dialog.accept()
    quiet()
    assert board.refusals.texts()


def test_two_runs_are_compared_with_their_reasons(
    board: BoardPage, factory: Factory, quiet: Quiet, qtbot: QtBot
) -> None:
    factory.write(
        "sales_order",
        [{"item": "FG100", "quantity": 10, "price": Decimal(9), "due_date": TODAY.replace(day=30)}],
        partner="C1",
    )
    api.run_mrp(factory.db, "t", start=TODAY)
    board.show_run(0)
    quiet()
    assert board.run_id == 2
    board.trigger("compare")
    quiet()
    dialog = board.findChild(dialogs.CompareDialog)
    assert dialog is not None
    assert "变化" in dialog.summary.text()
    texts = [
        dialog.grid.model.text(at, dialog.grid.model.section("causes")) for at in range(dialog.grid.model.rowCount())
    ]
    assert any("XSDD" in text for text in texts)
    close = dialog.findChild(QPushButton, "close")
    assert close is not None
    assert close.text() == "关闭"
    close.click()
    assert not dialog.isVisible()
    qtbot.waitUntil(board.grid.view.hasFocus)


def test_any_other_run_may_be_chosen_to_compare_with(board: BoardPage, factory: Factory, quiet: Quiet) -> None:
    sale = {"item": "FG100", "quantity": 10, "price": Decimal(9), "due_date": TODAY.replace(day=30)}
    factory.write("sales_order", [sale], partner="C1")
    for _ in range(2):
        api.run_mrp(factory.db, "t", start=TODAY)
    board.show_run(0)
    quiet()
    board.trigger("compare")
    quiet()
    dialog = board.findChild(dialogs.CompareDialog)
    assert dialog is not None
    assert [dialog.other.itemData(at) for at in range(dialog.other.count())] == [2, 1]
    assert (dialog.other.currentData(), dialog.summary.text()) == (2, "两次运算的计划订单完全相同")
    dialog.other.setCurrentIndex(1)
    quiet()
    assert "变化" in dialog.summary.text()
    assert dialog.windowTitle() == "第 1 次运算 → 第 3 次运算"
    dialog.close()
    board.show_run(1)
    quiet()
    assert board.qaction("compare").isEnabled()


def test_exceptions_lead_to_their_planned_order(desk: Desk, factory: Factory, put: Put, quiet: Quiet) -> None:
    overdue, soon = dt.date(2026, 3, 2), dt.date(2026, 3, 11)
    supply = {"item": "RM403", "quantity": 5, "price": Decimal(1), "due_date": overdue}
    factory.write("purchase_order", [supply], partner="S1")
    factory.write(
        "sales_order", [{"item": "FG100", "quantity": 50, "price": Decimal(99), "due_date": soon}], partner="C1"
    )
    api.run_mrp(factory.db, "t", start=TODAY)
    page = BoardPage(desk)
    put(page)
    found = list(page.exceptions.content.model.records())
    assert {("past_due_supply", "RM403"), ("late_start", "FG100")} <= {(row.kind, row.item_code) for row in found}
    assert page.tabs.tabText(1) == f"例外 {len(found)}"
    for at, row in enumerate(found):
        page.tabs.setCurrentIndex(1)
        assert row.item_code in page.exceptions.content.model.text(
            at, page.exceptions.content.model.section("sentence")
        )
        page.exceptions.content.view.select_cell(at)
        page.exceptions.content.opened.emit(row)
        quiet()
        current = page.grid.current()
        assert page.tabs.currentIndex() == 0
        assert current is not None
        assert current.order.item_code == row.item_code
        assert row.planned_id in {None, current.order.id}


@pytest.mark.parametrize("kind", EXCEPTION_KINDS)
def test_exceptions_are_told_in_the_language_of_the_window(kind: str) -> None:
    row = ExceptionRow(1, kind, 1, "RM403", "Screw", "", None, "RM404", Decimal(200), Decimal(20), TODAY, TODAY)
    column = next(column for column in EXCEPTION_COLUMNS if column.key == "sentence")
    assert column.get is not None
    chinese = column.get(row)
    use_language("en")
    try:
        told = column.get(row)
    finally:
        use_language(SOURCE)
    assert chinese.endswith("。")
    assert told.endswith(".")
    assert "RM403" in told
