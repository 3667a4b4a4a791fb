"""批量新增任务单: rows ticked by keys become draft orders; what cannot be made is listed with its row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal as D

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from services.documents import api as documents
from tests.ui.planning.conftest import Factory, key, typed
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.planning.batch_page import BatchPage

Put = Callable[[Page], None]
Quiet = Callable[[], None]


@pytest.fixture
def page(desk: Desk, factory: Factory, put: Put) -> BatchPage:
    """The page on the factory's one open sales order of FG100."""
    made = BatchPage(desk)
    put(made)
    made.grid.view.setFocus()
    return made


def rows(page: BatchPage) -> list[tuple[str, D, bool]]:
    return [(row["item_code"], row["quantity"], bool(row.get("take"))) for row in page.grid.model.lines()]


def test_a_ticked_row_becomes_a_draft_and_leaves_the_list(page: BatchPage, quiet: Quiet, factory: Factory) -> None:
    assert rows(page) == [("FG100", D(100), False)]
    page.grid.model.put_cells([(0, "workshop", "总装")])
    page.grid.view.select_cell(0, "take")
    key(Qt.Key.Key_Space)
    assert rows(page)[0][2]
    before = set(factory.numbers("production_order"))
    key(Qt.Key.Key_F8)
    quiet()
    (number,) = set(factory.numbers("production_order")) - before
    ref = documents.find_document(factory.db, number)
    assert ref is not None
    view = documents.get_document(factory.db, ref.id)
    assert (view.status, view.workshop, view.lines[0].quantity) == ("Z", "总装", D(100))
    assert rows(page) == []


def test_what_is_typed_outlives_a_search_and_a_fault_is_told_where_its_row_stands_then(
    page: BatchPage, quiet: Quiet, factory: Factory, qtbot: QtBot
) -> None:
    for code in ("SA200", "RM401"):
        page.product.setText(code)
        page.amount.setText("5")
        page.add_for_stock()
        quiet()
    assert [code for code, _quantity, _take in rows(page)] == ["FG100", "SA200", "RM401"]
    page.grid.model.change(0, {"quantity": D(70)})
    page.grid.model.change(2, {"take": False})
    key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page.search.setText("rm4")
    assert page.search.waiting
    key(Qt.Key.Key_Return)
    assert page.grid.view.hasFocus()
    assert not page.search.waiting
    assert rows(page) == [("SA200", D(5), True), ("RM401", D(5), False)]
    page.search.clear()
    qtbot.waitUntil(lambda: len(rows(page)) == 3)
    assert rows(page) == [("FG100", D(70), False), ("SA200", D(5), True), ("RM401", D(5), False)]
    page.grid.model.change(2, {"take": True})
    before = len(factory.numbers("production_order"))
    page.make()
    quiet()
    assert len(factory.numbers("production_order")) == before + 1
    assert [code for code, _quantity, _take in rows(page)] == ["FG100", "RM401"]
    assert [(one.code, one.place.line) for one in page.refusals.problems] == [("batch.no_workshop", 2)]


def test_a_row_for_stock_is_added_and_a_missing_workshop_is_told(page: BatchPage, quiet: Quiet) -> None:
    page.product.setText("RM401")
    page.amount.setText("30")
    page.add_for_stock()
    quiet()
    assert rows(page)[-1] == ("RM401", D(30), True)
    page.make()
    quiet()
    assert [problem.code for problem in page.refusals.problems] == ["batch.no_workshop"]


def test_what_is_typed_outlives_a_refresh_in_the_open_cell_too(page: BatchPage, quiet: Quiet) -> None:
    page.grid.view.select_cell(0, "workshop")
    typed("A1")
    key(Qt.Key.Key_Return)
    page.grid.view.select_cell(0, "quantity")
    typed("7")
    page.request_refresh()
    quiet()
    typed("5")
    key(Qt.Key.Key_Return)
    assert rows(page) == [("FG100", D(75), False)]
    page.request_refresh()
    quiet()
    assert rows(page) == [("FG100", D(75), False)]
    assert page.grid.model.record(0)["workshop"] == "A1"


def test_what_is_left_of_a_line_that_was_made_in_part_is_offered_as_it_is(page: BatchPage, quiet: Quiet) -> None:
    page.grid.model.change(0, {"quantity": D(60), "workshop": "总装", "take": True})
    page.make()
    quiet()
    assert rows(page) == [("FG100", D(40), True)]
