"""The kitting desk: sets by the order of the rows, rows moved, an order not yet taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.documents import api as documents
from services.production import api as production
from tests.ui.planning.conftest import Factory, key
from ui.framework.desk import Desk
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.page import Page
from ui.planning.kitting_page import KittingPage
from ui.planning.kitting_table import KittingView

Put = Callable[[Page], None]
Quiet = Callable[[], None]


@pytest.fixture
def kitting(desk: Desk, factory: Factory, put: Put) -> KittingPage:
    """Two orders that share 20 pieces of RM407: the first needs 15, the second 10."""
    factory.order("SA300", 15, dt.date(2026, 3, 10))
    factory.order("SA300", 10, dt.date(2026, 3, 12))
    page = KittingPage(desk)
    put(page)
    QAbstractItemModelTester(page.table.model, page.table.model)
    page.table.setFocus()
    return page


def texts(page: KittingPage, key: str) -> list[str]:
    """A column as the clerk reads it."""
    model = page.table.model
    return [model.text(row, model.section(key)) for row in range(model.rowCount())]


def sets(page: KittingPage) -> list[str]:
    return texts(page, "sets")


def ordered(page: KittingPage) -> list[int]:
    return [int(order.ordered) for order in page.table.orders()]


def drop(page: KittingPage, row: int, before: int) -> None:
    """What Qt does when a dragged row is let go between two others."""
    model = page.table.model
    dragged = model.mimeData([model.index(row, 0)])
    move = Qt.DropAction.MoveAction
    if model.canDropMimeData(dragged, move, before, 0, QModelIndex()):
        model.dropMimeData(dragged, move, before, 0, QModelIndex())


def stand_at(page: KittingPage, row: int) -> None:
    page.table.view.select_cell(row)


def test_the_earlier_start_is_served_first_and_the_bottleneck_is_named(kitting: KittingPage) -> None:
    assert sets(kitting) == ["15/15", "5/10"]
    assert texts(kitting, "status") == ["齐套", "不齐套"]
    assert texts(kitting, "limit")[1] == "料RM407 缺 5 · 没有在途"
    assert kitting.top.count.text() == "2 张，齐套 1"


def test_alt_up_serves_an_order_earlier_and_everything_is_dealt_again(kitting: KittingPage, quiet: Quiet) -> None:
    stand_at(kitting, 1)
    key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    quiet()
    assert sets(kitting) == ["10/10", "10/15"]
    current = kitting.table.order()
    assert current is not None
    assert current.ordered == 10
    kitting.trigger("restore")
    quiet()
    assert sets(kitting) == ["15/15", "5/10"]


def test_a_dropped_row_goes_where_it_was_dropped(kitting: KittingPage, quiet: Quiet) -> None:
    drop(kitting, 1, 0)
    quiet()
    assert sets(kitting) == ["10/10", "10/15"]


def test_a_row_is_dragged_by_its_rank_and_cells_elsewhere_are_selected(
    kitting: KittingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[list[tuple[int, int]]] = []
    view, model = kitting.table.view, kitting.table.model

    def start(self: KittingView, actions: Qt.DropAction) -> None:
        dragged.append([(cell.row(), cell.column()) for cell in self.selectedIndexes()])

    monkeypatch.setattr(KittingView, "startDrag", start)

    def pull(key: str) -> None:
        here, there = (view.visualRect(model.index(row, model.section(key))).center() for row in (1, 0))
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=here)
        for place in (here + QPoint(0, -3), there, there + QPoint(0, 1)):
            moved = QMouseEvent(
                QEvent.Type.MouseMove, QPointF(place), QPointF(view.viewport().mapToGlobal(place)),
                Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
            )  # fmt: skip
            QApplication.sendEvent(view.viewport(), moved)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=there)

    pull("rank")
    assert dragged == [[(1, 0)]]
    pull("product")
    assert dragged == [[(1, 0)]]
    assert {row for row, key in view.selected_cells() if key == "product"} == {0, 1}


def test_sorted_or_filtered_rows_are_not_moved_and_it_is_said_why(
    kitting: KittingPage, desk: Desk, quiet: Quiet
) -> None:
    said: list[str] = []
    desk.ops.told.connect(said.append)
    model = kitting.table.model
    number = model.section("number")
    model.set_sort([SortKey(number, descending=True)])
    assert sets(kitting) == ["5/10", "15/15"]
    stand_at(kitting, 0)
    key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    drop(kitting, 1, 0)
    quiet()
    assert kitting.order == []
    assert len(said) == 1
    assert "不能调整次序" in said[0]
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    model.set_sort([SortKey(model.section("rank"), descending=False)])
    model.set_filter("status", ColumnFilter(frozenset({"不齐套"})))
    assert kitting.top.count.text() == "2 张，齐套 1，显示 1"
    assert not model.movable
    model.clear_filters()
    drop(kitting, 1, 0)
    quiet()
    assert sets(kitting) == ["10/10", "10/15"]


def test_the_columns_are_remembered_and_kept_in_a_scheme(
    kitting: KittingPage, desk: Desk, put: Put, quiet: Quiet
) -> None:
    header, model = kitting.table.view.header, kitting.table.model
    header.set_shown(model.section("deep"), shown=False)
    header.resizeSection(model.section("limit"), 333)
    kitting.table.save_layout()
    again = KittingPage(desk)
    put(again)
    assert again.table.view.isColumnHidden(model.section("deep"))
    assert again.table.view.columnWidth(model.section("limit")) == 333
    kept = again.schemes.set._capture()
    again.table.reset_layout()
    again.schemes.set._apply(kept)
    assert again.table.view.isColumnHidden(model.section("deep"))


def test_a_wide_window_shows_the_materials_whole_and_a_narrow_one_the_bottleneck(desk: Desk, qtbot: QtBot) -> None:
    for wide, whole in ((1198, False), (1750, True)):
        page = KittingPage(desk)
        qtbot.addWidget(page)
        page.resize(wide, 600)
        page.show()
        view, parts = page.table.view, page.parts.view
        limit = page.table.model.section("limit")
        qtbot.waitUntil(
            lambda view=view, limit=limit: (
                view.columnViewportPosition(limit) + view.columnWidth(limit) <= view.viewport().width()
            )
        )
        assert (parts.horizontalScrollBar().maximum() == 0) is whole


def test_cells_are_copied_as_from_any_list(kitting: KittingPage) -> None:
    kitting.table.view.selectRow(0)
    kitting.table.view.copy()
    cells = QGuiApplication.clipboard().text().strip().split("\t")
    assert cells[0] == "1"
    assert cells[1] == kitting.orders[0].ref.number
    assert cells[3] == "2026-03-10"


def test_the_count_is_of_those_served_and_names_what_is_not_listed(
    kitting: KittingPage, factory: Factory, quiet: Quiet
) -> None:
    picked = production.propose_picks(production.pick_orders(factory.db, [kitting.orders[0].ref.id]), mode="stock")
    made, _ = production.create_picks(factory.db, "t", picked, day=dt.date(2026, 3, 10))
    documents.approve(factory.db, "t", [ref.id for ref in made])
    kitting.request_refresh()
    quiet()
    assert kitting.table.model.rowCount() == 1
    assert kitting.top.count.text() == "1 张，齐套 0 · 另有 1 张已领齐未列出"
    kitting.top.hide_drawn.setChecked(False)
    assert kitting.top.count.text() == "2 张，齐套 1 · 其中 1 张已领齐"


def test_in_a_filtered_table_an_order_moves_before_the_one_below_which_it_is_seen(
    kitting: KittingPage, factory: Factory, quiet: Quiet
) -> None:
    factory.order("SA300", 3, dt.date(2026, 3, 14))
    factory.order("SA300", 4, dt.date(2026, 3, 16))
    kitting.request_refresh()
    quiet()
    last = kitting.table.orders()[3].ref.number
    kitting.trigger("search")
    kitting.top.search.setText(last[-5:])
    assert kitting.table.model.rowCount() == 4
    key(Qt.Key.Key_Return)
    assert ordered(kitting) == [4]
    assert texts(kitting, "rank") == ["4"]
    assert kitting.top.count.text() == "4 张，齐套 1，显示 1"
    first = kitting.orders[0].ref.number
    kitting.top.search.setText("SCRW")
    kitting.top.search.setText(f"{first[:5]}")
    kitting.top.state.setCurrentIndex(kitting.top.state.findData("short"))
    kitting.top.state.activated.emit(0)
    assert ordered(kitting) == [10, 3, 4]
    stand_at(kitting, 2)
    key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    key(Qt.Key.Key_Return)
    stand_at(kitting, 2)
    key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    quiet()
    assert [order.ordered for order in kitting.orders] == [15, 10, 4, 3]
    kitting.schemes.choose("")
    kitting.deal_at(0, 4)
    quiet()
    assert [order.ordered for order in kitting.orders] == [10, 4, 3, 15]


def test_what_is_on_order_is_kept_in_a_scheme_as_days_from_today(kitting: KittingPage, quiet: Quiet) -> None:
    kitting.top.supply.setCurrentIndex(1)
    kitting.top.supply.activated.emit(1)
    quiet()
    assert kitting.top.until == dt.date(2026, 3, 24)
    kept = kitting.top.filters()
    assert kept["days"] == 14
    kitting.top.restore({})
    assert kitting.top.until is None
    assert not kitting.top.until_field.isEnabled()
    kitting.top._today = lambda: dt.date(2026, 4, 1)
    kitting.top.restore(kept)
    assert kitting.top.until == dt.date(2026, 4, 15)


def test_the_materials_of_the_current_order_stand_beside_it(kitting: KittingPage) -> None:
    stand_at(kitting, 1)
    rows = [(row.code, row.required, row.available, row.short) for row in kitting.parts.model.records()]
    assert rows == [("RM407", 10, 5, 5), ("RM406", 10, 45, 0)]


def test_a_rush_order_that_takes_from_others_says_from_whom(kitting: KittingPage, quiet: Quiet) -> None:
    kitting.rush.product.setText("SA300")
    kitting.rush.quantity.setText("8")
    kitting.rush.start.setText("3-9")
    kitting.rush.ask()
    quiet()
    text = kitting.verdict.text()
    assert "可以接，但会让下面的任务单不再齐套" in text
    assert kitting.table.orders()[0].ref.number in text


def test_a_rush_order_without_parts_names_them(kitting: KittingPage, quiet: Quiet) -> None:
    kitting.rush.product.setText("SA300")
    kitting.rush.quantity.setText("21")
    kitting.rush.start.setText("3-9")
    kitting.rush.ask()
    quiet()
    assert "不能按时接" in kitting.verdict.text()
    assert "RM407 料RM407 缺 1" in kitting.verdict.text()


def test_a_rush_order_of_an_unknown_item_is_refused_in_words(kitting: KittingPage, quiet: Quiet) -> None:
    kitting.rush.product.setText("NOPE")
    kitting.rush.quantity.setText("x")
    kitting.rush.ask()
    assert "不是数字" in kitting.rush.fault.text()
    kitting.rush.quantity.setText("1")
    kitting.rush.ask()
    quiet()
    assert "NOPE" in kitting.refusals.texts()[0]
