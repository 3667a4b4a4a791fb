"""The page of merged pick lists, by keys: found, followed to the bench, printed again, exported, seen by who may see it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.production import api as production
from services.reporting import api as reporting
from tests.support.people import staff
from tests.ui.planning.conftest import TODAY, Factory, key
from ui.framework.grid.layout import MemorySettings
from ui.framework.preview import PreviewDialog
from ui.production.pick_lists_page import PickListsPage
from ui.production.picking_page import PickingPage
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

Quiet = Callable[[], None]
CONTROL = Qt.KeyboardModifier.ControlModifier
OLD, NEW = "JYH-20260110-00001", "JYH-20260310-00001"


@pytest.fixture
def orders(factory: Factory) -> list[DocRef]:
    """Three orders; a list of the first of two months ago, and one of the two others of today, printed once."""
    made = [factory.order("SA300", quantity, dt.date(2026, 3, 10)).ref for quantity in (10, 15, 20)]
    reporting.pick_list(factory.db, "李仓管", [made[0].id], day=dt.date(2026, 1, 10))
    listed, _ = reporting.pick_list(factory.db, "tester", [ref.id for ref in made[1:]], day=TODAY)
    reporting.count_pick_list(factory.db, "tester", listed)
    return made


@pytest.fixture
def frame(
    qapp: QApplication, factory: Factory, orders: list[DocRef], show: Callable[[QWidget], None]
) -> Iterator[MainFrame]:
    assert orders
    apply_theme(qapp)
    made = MainFrame(open_desk(factory.db, user="tester", settings=MemorySettings(), today=lambda: TODAY))
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    made.desk.ops.close()


@pytest.fixture
def quiet(qtbot: QtBot, frame: MainFrame) -> Quiet:
    def wait() -> None:
        for _ in range(4):
            qtbot.wait(3)
            qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)

    return wait


@pytest.fixture
def page(frame: MainFrame, quiet: Quiet) -> PickListsPage:
    made = frame.desk.navigator.open("production/pick-lists")
    assert isinstance(made, PickListsPage)
    quiet()
    return made


def texts(page: PickListsPage) -> list[list[str]]:
    model = page.grid.model
    keys = ("number", "day", "by", "documents", "state", "share", "printed")
    return [[model.text(row, model.section(name)) for name in keys] for row in range(model.rowCount())]


def search(page: PickListsPage, text: str, qtbot: QtBot, quiet: Quiet) -> None:
    page.search_field.setText(text)
    qtbot.waitUntil(lambda: not page.search_field.waiting)
    quiet()


def draw(factory: Factory, order: DocRef, mode: production.Mode = "direct") -> None:
    """Picks all that an order has still to draw, or as far as the store reaches."""
    lines = production.propose_picks(production.pick_orders(factory.db, [order.id]), mode=mode)
    made, _ = production.create_picks(factory.db, "tester", lines, day=TODAY)
    documents.approve(factory.db, "tester", [ref.id for ref in made])


def test_the_last_30_days_are_shown_first_and_a_whole_number_is_found_whatever_its_day(
    page: PickListsPage, orders: list[DocRef], qtbot: QtBot, quiet: Quiet
) -> None:
    assert texts(page) == [[NEW, "2026-03-10", "tester", f"{orders[1].number}、{orders[2].number}", "未领", "0%", "1"]]
    assert page.count_label.text() == "共 1"
    key(Qt.Key.Key_F, CONTROL)
    assert page.search_field.hasFocus()
    search(page, "jyh2026011000001", qtbot, quiet)
    assert [row[0] for row in texts(page)] == [OLD]
    search(page, "李仓管", qtbot, quiet)
    assert texts(page) == []
    page.range_box.setCurrentIndex(0)
    quiet()
    assert [row[2] for row in texts(page)] == ["李仓管"]
    search(page, orders[2].number.lower(), qtbot, quiet)
    assert [row[0] for row in texts(page)] == [NEW]


def test_enter_leads_to_the_bench_with_exactly_its_orders_ticked(
    frame: MainFrame, page: PickListsPage, orders: list[DocRef], quiet: Quiet
) -> None:
    assert page.grid.view.hasFocus()
    key(Qt.Key.Key_Return)
    quiet()
    bench = frame.tabs.front()
    assert isinstance(bench, PickingPage)
    assert {order.ref for order in bench.ticked()} == set(orders[1:])
    assert bench.order_grid.model.rowCount() == 2


def test_printed_again_it_keeps_its_number_until_something_was_drawn(
    frame: MainFrame, page: PickListsPage, factory: Factory, orders: list[DocRef], quiet: Quiet, qtbot: QtBot
) -> None:
    key(Qt.Key.Key_P, CONTROL)
    quiet()
    dialog = shown_preview(frame, qtbot)
    assert not page.note.isVisible()
    dialog.reject()
    quiet()
    assert [row[0] for row in texts(page)] == [NEW]
    draw(factory, orders[1])
    page.request_refresh()
    quiet()
    assert texts(page)[0][4] == "领了一部分"
    page.grid.setFocus()
    key(Qt.Key.Key_P, CONTROL)
    quiet()
    shown_preview(frame, qtbot).reject()
    quiet()
    assert page.note.isVisible()
    assert page.note.text() == f"{NEW} 编号以后有变动（领过、改过或少了单），现在要领的编为 JYH-20260310-00002"
    assert [row[0] for row in texts(page)] == ["JYH-20260310-00002", NEW]


def test_what_was_drawn_is_seen_at_once_and_a_closed_order_cannot_be_printed(
    page: PickListsPage, factory: Factory, orders: list[DocRef], quiet: Quiet
) -> None:
    assert page.qaction("reprint").isEnabled()
    draw(factory, orders[1], "stock")
    draw(factory, orders[2], "stock")
    page.request_refresh()
    quiet()
    assert texts(page)[0][4] == "领了一部分"
    documents.close(factory.db, "tester", [ref.id for ref in orders[1:]])
    page.request_refresh()
    quiet()
    assert texts(page)[0][4] == "不再领"
    assert not page.qaction("reprint").isEnabled()


def test_the_list_is_exported_as_it_is_shown(page: PickListsPage, quiet: Quiet, tmp_path: Path) -> None:
    file = tmp_path / "拣货单.csv"
    page.export_to(file)
    quiet()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        head, row = list(csv.reader(stream))
    assert head[:3] == ["拣货单号", "日期", "编制人"]
    assert row[0] == NEW
    assert page.conditions() == [("日期", "近 30 天")]


def test_who_may_not_see_orders_finds_no_list_and_who_may_not_print_has_no_paper(
    factory: Factory, orders: list[DocRef], qtbot: QtBot
) -> None:
    assert orders
    people = staff(factory.db)
    found = {}
    for role in ("warehouse", "planner", "sales", ""):
        access = people[role]
        desk = open_desk(
            factory.db.acting_as(access), user=access.name, settings=MemorySettings(), today=lambda: TODAY,
            allowed=access.allows,
        )  # fmt: skip
        frame = MainFrame(desk)
        qtbot.addWidget(frame)
        frame.show()
        made = desk.navigator.open("production/pick-lists")
        assert isinstance(made, PickListsPage)
        for _ in range(3):
            qtbot.wait(5)
            qtbot.waitUntil(lambda ops=desk.ops: ops.idle, timeout=8000)
        seen = access.allows("production_order.read")
        assert [row[0] for row in texts(made)] == ([NEW] if seen else []), role
        assert made.qaction("reprint").isEnabled() == (seen and access.allows("production_order.print")), role
        found[role] = seen
        desk.ops.close()
    assert found["warehouse"]
    assert not found[""]


def shown_preview(frame: MainFrame, qtbot: QtBot) -> PreviewDialog:
    """The preview that was just opened."""
    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in frame.findChildren(PreviewDialog)), timeout=8000)
    (dialog,) = [dialog for dialog in frame.findChildren(PreviewDialog) if dialog.isVisible()]
    QTest.qWait(5)
    return dialog
