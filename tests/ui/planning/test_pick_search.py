"""A merged pick list by its number: typed or scanned on the bench or into Ctrl+K; documents scanned into Ctrl+K open at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from services.documents import api as documents
from services.reporting import api as reporting
from tests.ui.planning.conftest import TODAY, Factory
from ui.documents.document_page import DocumentPage
from ui.framework.grid.layout import MemorySettings
from ui.framework.page import Page
from ui.production.picking_page import PickingPage
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

NUMBER = "JYH-20260310-00001"


@pytest.fixture
def frame(qapp: QApplication, factory: Factory, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The main window on three orders; the first and the third were looked at as one pick list."""
    apply_theme(qapp)
    orders = [factory.order("SA300", quantity, dt.date(2026, 3, 10)) for quantity in (10, 15, 20)]
    reporting.pick_list(factory.db, "tester", [orders[0].ref.id, orders[2].ref.id], day=TODAY)
    made = MainFrame(open_desk(factory.db, user="tester", settings=MemorySettings(), today=lambda: TODAY))
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    made.desk.ops.close()


@pytest.fixture
def quiet(qtbot: QtBot, frame: MainFrame) -> Callable[[], None]:
    """Waits until the window has read what it wanted."""

    def wait() -> None:
        for _ in range(4):
            qtbot.wait(3)
            qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)

    return wait


def scan(field: QWidget, text: str) -> None:
    """Keys 5 ms apart, and Enter, as a gun sends them."""
    for at, letter in enumerate(text):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter.upper())), Qt.KeyboardModifier.NoModifier, letter)
        event.setTimestamp(1000 + 5 * at)
        QApplication.sendEvent(field, event)
    QTest.keyClick(field, Qt.Key.Key_Return)


def shown(page: Page | None) -> list[tuple[str, bool]]:
    assert isinstance(page, PickingPage)
    return [(row["number"], bool(row["take"])) for row in page.order_grid.model.lines()]


def bench(frame: MainFrame, quiet: Callable[[], None]) -> PickingPage:
    page = frame.desk.navigator.open("production/picking")
    quiet()
    assert isinstance(page, PickingPage)
    return page


@pytest.mark.parametrize("typed", [NUMBER, "jyh2026031000001", "]C1" + NUMBER])
def test_a_list_number_scanned_into_ctrl_k_opens_the_bench_with_exactly_its_orders(
    frame: MainFrame, factory: Factory, quiet: Callable[[], None], typed: str
) -> None:
    numbers = factory.numbers("production_order")
    frame.open_palette()
    scan(frame.palette_popup.field, typed)
    quiet()
    page = frame.tabs.front()
    assert shown(page) == [(numbers[0], True), (numbers[2], True)]
    assert isinstance(page, PickingPage)
    assert page.note.text() == f"{NUMBER}（2026-03-10，tester，打印过 0 次）：2 张单"
    assert not frame.palette_popup.isVisible()
    page.search.clear()
    assert [number for number, _ in shown(page)] == numbers
    assert page.note.isHidden()


def test_the_box_of_the_bench_takes_the_number_and_drops_what_was_ticked(
    frame: MainFrame, factory: Factory, quiet: Callable[[], None]
) -> None:
    page = bench(frame, quiet)
    page.trigger("all")
    scan(page.search, NUMBER)
    quiet()
    numbers = factory.numbers("production_order")
    assert shown(page) == [(numbers[0], True), (numbers[2], True)]


def test_an_order_drawn_meanwhile_is_named(frame: MainFrame, factory: Factory, quiet: Callable[[], None]) -> None:
    first, _, third = factory.numbers("production_order")
    page = bench(frame, quiet)
    scan(page.search, third)
    assert (shown(page)[-1], page.search.text()) == ((third, True), "")
    page.make_picks()
    quiet()
    documents.approve(factory.db, "tester", [page.made[0].id])
    page.search.look_up(NUMBER)
    quiet()
    assert shown(page) == [(first, True)]
    assert page.note.text().endswith(f"：2 张单；已领完或已关闭：{third}")


def test_a_list_of_pick_lists_offers_them_to_open_and_print(
    frame: MainFrame, factory: Factory, quiet: Callable[[], None]
) -> None:
    page = bench(frame, quiet)
    page.trigger("all")
    page.merged.setChecked(False)
    page.make_picks()
    quiet()
    slips = list(page.made)
    made, _ = reporting.pick_list(factory.db, "tester", [ref.id for ref in slips[1:]], day=TODAY)
    page.search.look_up(made.number)
    quiet()
    assert (shown(page), list(page.made)) == ([], slips[1:])
    assert page.note.text().endswith("；领料单 " + "、".join(ref.number for ref in slips[1:]))


def test_a_number_nobody_knows_gets_a_sentence(frame: MainFrame, quiet: Callable[[], None]) -> None:
    page = bench(frame, quiet)
    page.search.look_up(NUMBER)
    quiet()
    page.search.selectAll()
    scan(page.search, "JYH-20260310-00077")
    quiet()
    assert page.note.isHidden()
    assert "没有号为 JYH-20260310-00077 的合并拣货单" in page.refusals.list.item(0).text()
    frame.open_palette()
    popup = frame.palette_popup
    scan(popup.field, "JYH-20260310-00077")
    quiet()
    assert popup.texts() == ["没有找到 JYH-20260310-00077。请核对号码，或打名称、拼音首字母"]
    assert (popup.isVisible(), popup.field.selectedText()) == (True, "JYH-20260310-00077")
    popup.hide()


def test_a_document_scanned_into_ctrl_k_opens_before_anybody_chooses(
    frame: MainFrame, factory: Factory, quiet: Callable[[], None]
) -> None:
    number = factory.numbers("production_order")[1]
    frame.open_palette()
    scan(frame.palette_popup.field, number)
    quiet()
    page = frame.tabs.front()
    assert isinstance(page, DocumentPage)
    assert number in page.title


def test_digits_that_several_numbers_have_stay_to_choose_from(
    frame: MainFrame, factory: Factory, quiet: Callable[[], None]
) -> None:
    before = frame.tabs.front()
    frame.open_palette()
    scan(frame.palette_popup.field, "20260310")
    quiet()
    assert frame.palette_popup.isVisible()
    assert frame.tabs.front() is before
    frame.palette_popup.hide()
