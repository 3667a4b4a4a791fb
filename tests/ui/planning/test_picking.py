"""The pick bench: orders ticked, all or whole kits, sums for the store, pick lists of one workshop in one paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from services.documents import api as documents
from services.printing.api import PdfPages
from services.production import api as production
from tests.ui.planning.conftest import TODAY, Factory, key, typed
from ui.documents.defaults import default_spec
from ui.documents.list_page import DocumentListPage
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.framework.preview import PreviewDialog
from ui.production.pick_paper import list_actions
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


def test_the_merged_list_has_its_number_its_templates_and_counts_on_every_order(
    bench: PickingPage, quiet: Quiet, factory: Factory, tmp_path: Path
) -> None:
    def shown() -> str:
        pages = PdfPages(dialog._pdf)
        return "\n".join(pages.text(n) for n in range(1, pages.count + 1))

    bench.trigger("all")
    bench.preview()
    quiet()
    dialog = bench.findChild(PreviewDialog)
    assert "JYH-20260310-00001" in shown()
    assert "次打印" not in shown()
    assert [dialog.template.itemText(i) for i in range(dialog.template.count())] == ["A4", "A5", "241×140"]
    dialog.template.setCurrentText("241×140")
    quiet()
    assert dialog._source.size_mm(1) == (241, 140)
    dialog.save_to(tmp_path / "拣货单.pdf")
    quiet()
    counts = [row.print_count for row in documents.list_documents(factory.db, "production_order").rows]
    assert counts == [1, 1]
    assert "第 2 次打印" in shown()
    assert "JYH-20260310-00001" in shown()
    dialog.reject()
    bench.preview()
    quiet()
    again = bench.findChildren(PreviewDialog)[-1]
    assert again.note.text() == "JYH-20260310-00001 打印过 1 次"
    again.reject()
    quiet()


def test_pick_lists_of_the_list_are_printed_as_one_without_the_bench(
    bench: PickingPage, quiet: Quiet, factory: Factory, put: Put, desk: Desk
) -> None:
    bench.merged.setChecked(False)
    bench.trigger("all")
    bench.make_picks()
    quiet()
    spec = replace(default_spec("material_issue", today=desk.session.today), list_actions=list_actions)
    page = DocumentListPage(desk, spec)
    put(page)
    quiet()
    page.grid.model.set_marks([0, 1], True)
    page.trigger("merge_picks")
    quiet()
    dialog = page.findChild(PreviewDialog)
    text = PdfPages(dialog._pdf).text(1)
    assert "合 并 拣 货 单" in text
    assert "JYH-20260310-00001" in text
    row = next(line for line in text.splitlines() if line.split()[1:2] == ["RM406"])
    assert {"25", "10", "15"} <= set(row.split())
    dialog.reject()
    quiet()


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


def order_figures(page: PickingPage) -> list[tuple[bool, Decimal]]:
    return [(bool(row["take"]), row["kits"]) for row in page.order_grid.model.lines()]


def test_what_was_typed_over_survives_search_another_tick_and_refresh(bench: PickingPage, quiet: Quiet) -> None:
    bench.order_grid.view.select_cell(1, "kits")
    typed("7")
    key(Qt.Key.Key_Return)
    bench.order_grid.view.select_cell(0, "take")
    key(Qt.Key.Key_Space)
    bench.line_grid.view.setFocus()
    bench.line_grid.view.select_cell(0, "quantity")
    typed("4")
    key(Qt.Key.Key_Return)
    figures, picked = [(True, Decimal(10)), (False, Decimal(7))], [("RM406", 4, None), ("RM407", 10, None)]
    for text in ("没有这样的单", "SA300", ""):
        bench.search.setText(text)
        assert lines(bench) == picked
    assert order_figures(bench) == figures
    bench.request_refresh()
    quiet()
    assert (order_figures(bench), lines(bench), bench.note.isHidden()) == (figures, picked, True)
    bench.order_grid.model.change(1, {"take": True})
    assert lines(bench)[:2] == picked
    bench.order_grid.model.change(0, {"take": False})
    bench.order_grid.model.change(0, {"take": True})
    assert lines(bench)[0] == ("RM406", 10, None)


def test_a_refresh_says_what_typed_figure_is_no_longer_possible(
    bench: PickingPage, quiet: Quiet, factory: Factory, desk: Desk
) -> None:
    bench.trigger("all")
    bench.order_grid.model.change(1, {"kits": Decimal(12)})
    bench.line_grid.model.change(2, {"quantity": Decimal(14)})
    bench.line_grid.model.change(3, {"quantity": Decimal(16)})
    first, second = bench.orders
    picks = production.propose_picks([first]) + [
        replace(line, quantity=Decimal(5)) for line in production.propose_picks([second])
    ]
    refs, _ = production.create_picks(factory.db, "tester", picks, day=TODAY)
    documents.approve(factory.db, "tester", [ref.id for ref in refs])
    bench.request_refresh()
    quiet()
    assert order_figures(bench) == [(True, Decimal(5))]
    assert lines(bench) == [("RM406", 10, None), ("RM407", 16, 11)]
    assert bench.note.text() == (
        f"刷新后：{first.ref.number} 已领完或已关闭，不再勾选；{second.ref.number} 本次套数 12 多于待领 10，改为 5；"
        f"{second.ref.number} 的 RM406 本次 14 多于未领 10，已重算"
    )


def test_a_scan_goes_to_the_line_of_the_item_and_names_one_that_is_not_there(
    bench: PickingPage, quiet: Quiet, desk: Desk
) -> None:
    said: list[str] = []
    desk.ops.told.connect(said.append)
    bench.trigger("all")
    view = bench.line_grid.lines_view
    view.select_cell(0, "quantity")
    places = []
    for _ in range(2):
        view.scanned("RM407")
        quiet()
        places.append((view.currentIndex().row(), view.lines.columns[view.currentIndex().column()].key))
    assert places == [(1, "quantity"), (3, "quantity")]
    before = lines(bench)
    view.scanned("RM401")
    quiet()
    assert view.currentIndex().row() == 3
    assert lines(bench) == before
    assert said[-1].startswith("RM401 ")


def test_the_open_cell_outlives_a_refresh(bench: PickingPage, quiet: Quiet) -> None:
    bench.order_grid.view.select_cell(0, "take")
    key(Qt.Key.Key_Space)
    bench.line_grid.view.setFocus()
    bench.line_grid.view.select_cell(0, "quantity")
    typed("1")
    bench.request_refresh()
    quiet()
    typed(".5")
    key(Qt.Key.Key_Return)
    quiet()
    assert lines(bench)[0] == ("RM406", Decimal("1.5"), None)
