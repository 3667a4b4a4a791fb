"""The pick bench: orders ticked, all or whole kits, sums for the store, pick lists of one workshop in one paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from services.documents import api as documents
from tests.ui.planning.conftest import Factory, key, typed
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.framework.preview import PreviewDialog
from ui.production.picking_page import PickingPage

Put = Callable[[Page], None]
Quiet = Callable[[], None]


@pytest.fixture
def bench(desk: Desk, factory: Factory, put: Put) -> PickingPage:
    """Two orders of one workshop that share 20 pieces of RM407: 10 and 15."""
    factory.order("SA300", 10, dt.date(2026, 3, 10))
    factory.order("SA300", 15, dt.date(2026, 3, 12))
    page = PickingPage(desk)
    put(page)
    page.order_grid.view.setFocus()
    return page


def lines(page: PickingPage) -> list[tuple[str, Decimal, Decimal | None]]:
    return [(row["code"], row["quantity"], row["short"]) for row in page.line_grid.model.records()]


def test_at_13_two_orders_are_ticked_summed_and_picked_on_one_list(
    bench: PickingPage, quiet: Quiet, factory: Factory
) -> None:
    key(Qt.Key.Key_Space)
    assert lines(bench) == [("RM406", 10, None), ("RM407", 10, None)]
    bench.trigger("all")
    assert lines(bench) == [("RM406", 10, None), ("RM407", 10, None), ("RM406", 15, None), ("RM407", 15, 5)]
    sums = [(row.code, row.quantity, row.short) for row in bench.sum_grid.model.records()]
    assert sums == [("RM406", 25, None), ("RM407", 25, 5)]
    assert bench.tabs.tabText(1) == "材料汇总 2 · 缺 1"
    key(Qt.Key.Key_F8)
    quiet()
    (number,) = factory.numbers("material_issue")
    assert number in bench.note.text()
    ref = documents.find_document(factory.db, number)
    assert ref is not None
    assert len(documents.get_document(factory.db, ref.id).lines) == 4


def test_whole_kits_follow_what_the_store_can_serve_or_what_is_typed(bench: PickingPage) -> None:
    bench.trigger("all")
    bench.mode.setCurrentIndex(bench.mode.findData("kit"))
    bench.propose()
    assert [quantity for _, quantity, _ in lines(bench)] == [10, 10, 15, 15]
    bench.order_grid.view.select_cell(1, "kits")
    typed("7")
    key(Qt.Key.Key_Return)
    assert [quantity for _, quantity, _ in lines(bench)] == [10, 10, 7, 7]


def test_as_far_as_the_store_reaches_the_earlier_order_comes_first(bench: PickingPage) -> None:
    bench.trigger("all")
    bench.mode.setCurrentIndex(bench.mode.findData("stock"))
    bench.propose()
    assert lines(bench) == [("RM406", 10, None), ("RM407", 10, None), ("RM406", 15, None), ("RM407", 10, None)]


def test_a_quantity_typed_over_is_what_is_picked(bench: PickingPage, quiet: Quiet, factory: Factory) -> None:
    key(Qt.Key.Key_Space)
    bench.line_grid.view.setFocus()
    bench.line_grid.view.select_cell(0, "quantity")
    typed("4")
    key(Qt.Key.Key_Return)
    assert bench.line_grid.model.rowCount() == 2
    bench.make_picks()
    quiet()
    ref = documents.find_document(factory.db, factory.numbers("material_issue")[0])
    assert ref is not None
    assert [line.quantity for line in documents.get_document(factory.db, ref.id).lines] == [4, 10]


def test_the_paper_is_shown_before_anything_is_made(bench: PickingPage, quiet: Quiet, factory: Factory) -> None:
    bench.trigger("all")
    bench.preview()
    quiet()
    dialog = bench.findChild(PreviewDialog)
    assert dialog is not None
    assert factory.numbers("material_issue") == []
    dialog.close()


def test_the_kitting_desk_sends_its_order_here_ticked(bench: PickingPage, quiet: Quiet) -> None:
    second = bench.orders[1].ref.id
    bench.apply_arguments({"orders": (second,)})
    quiet()
    assert [order.ref.id for order in bench.ticked()] == [second]


def test_search_keeps_what_is_ticked(bench: PickingPage) -> None:
    key(Qt.Key.Key_Space)
    first = bench.ticked()[0].ref.number
    bench.search.setText("没有这样的单")
    assert [row["number"] for row in bench.order_grid.model.lines()] == [first]
