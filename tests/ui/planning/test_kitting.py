"""The kitting desk: sets by the order of the rows, rows moved, an order not yet taken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.planning.conftest import Factory, key
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.planning.kitting_page import KittingPage
from ui.planning.kitting_table import LIMIT, SETS, STATE

Put = Callable[[Page], None]
Quiet = Callable[[], None]


@pytest.fixture
def kitting(desk: Desk, factory: Factory, put: Put) -> KittingPage:
    """Two orders that share 20 pieces of RM407: the first needs 15, the second 10."""
    factory.order("SA300", 15, dt.date(2026, 3, 10))
    factory.order("SA300", 10, dt.date(2026, 3, 12))
    page = KittingPage(desk)
    put(page)
    QAbstractItemModelTester(page.table.kits, page.table.kits)
    page.table.setFocus()
    return page


def sets(page: KittingPage) -> list[str]:
    kits = page.table.kits
    return [str(kits.data(kits.index(row, SETS))) for row in range(kits.rowCount())]


def test_the_earlier_start_is_served_first_and_the_bottleneck_is_named(kitting: KittingPage) -> None:
    assert sets(kitting) == ["15/15", "5/10"]
    kits = kitting.table.kits
    assert [kits.data(kits.index(row, STATE)) for row in range(2)] == ["齐套", "不齐套"]
    assert kits.data(kits.index(1, LIMIT)) == "料RM407 缺 5 · 没有在途"
    assert kitting.top.count.text() == "2 张，齐套 1"


def test_alt_up_serves_an_order_earlier_and_everything_is_dealt_again(kitting: KittingPage, quiet: Quiet) -> None:
    kitting.table.selectRow(1)
    key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    quiet()
    assert sets(kitting) == ["10/10", "10/15"]
    current = kitting.table.current()
    assert current is not None
    assert current.ordered == 10
    kitting.trigger("restore")
    quiet()
    assert sets(kitting) == ["15/15", "5/10"]


def test_a_dropped_row_goes_where_it_was_dropped(kitting: KittingPage, quiet: Quiet) -> None:
    kits = kitting.table.kits
    mime = kits.mimeData([kits.index(1, 0)])
    kits.dropMimeData(mime, Qt.DropAction.MoveAction, 0, 0, kits.index(-1, -1))
    quiet()
    assert sets(kitting) == ["10/10", "10/15"]


def test_in_a_filtered_table_an_order_moves_before_the_one_below_which_it_is_seen(
    kitting: KittingPage, factory: Factory, quiet: Quiet
) -> None:
    factory.order("SA300", 3, dt.date(2026, 3, 14))
    factory.order("SA300", 4, dt.date(2026, 3, 16))
    kitting.request_refresh()
    quiet()
    last = kitting.table.kits.orders[3].ref.number
    kitting.trigger("search")
    kitting.top.search.setText(last[-5:])
    assert [order.ordered for order in kitting.table.kits.orders] == [4]
    assert kitting.table.kits.headerData(0, Qt.Orientation.Vertical) == "4"
    assert kitting.top.count.text() == "4 张，齐套 1，显示 1"
    first = kitting.orders[0].ref.number
    kitting.top.search.setText("SCRW")
    kitting.top.search.setText(f"{first[:5]}")
    kitting.top.state.setCurrentIndex(kitting.top.state.findData("short"))
    kitting.top.state.activated.emit(0)
    assert [order.ordered for order in kitting.table.kits.orders] == [10, 3, 4]
    kitting.table.selectRow(2)
    key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    key(Qt.Key.Key_Return)
    kitting.table.selectRow(2)
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
    kitting.table.selectRow(1)
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
    assert kitting.table.kits.orders[0].ref.number in text


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
