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
    assert kitting.count.text() == "2 张，齐套 1"


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
