"""Lists longer than a page: read on at the end, back at the start, straight to either edge, sorted as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from services.documents import api
from services.masterdata import api as masterdata
from services.platform.books import open_book
from services.platform.db import Database
from tests.benchmark.million import furnish
from ui.documents import list_rows, record_list
from ui.documents.list_page import DocumentListPage
from ui.documents.list_reading import PAGE_ROWS
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

COUNT = 3300
CONTROL = Qt.KeyboardModifier.ControlModifier
Wait = Callable[[], None]


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of 3,300 sales orders, made once."""
    file = tmp_path_factory.mktemp("long") / "长.db"
    furnish(file, COUNT)
    return file


@pytest.fixture
def long_book(long_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    mine = tmp_path / "长.db"
    shutil.copyfile(long_file, mine)
    db = open_book(mine)
    yield db
    db.close()


@pytest.fixture
def frame(qapp: QApplication, long_book: Database, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The window on it."""
    apply_theme(qapp)
    desk = open_desk(long_book, user="tester", settings=MemorySettings())
    made = MainFrame(desk)
    made.resize(1366, 768)
    show(made)
    yield made
    desk.ops.close()


@pytest.fixture
def settle(frame: MainFrame, qtbot: QtBot) -> Wait:
    """Until every job has answered and every page has read again."""

    def wait() -> None:
        for _ in range(2):
            qtbot.wait(30)
            qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=10_000)

    return wait


@pytest.fixture
def orders(frame: MainFrame, settle: Wait) -> DocumentListPage:
    """The list of sales orders, all states, read for the first time."""
    page = frame.desk.navigator.open("sales_order/list")
    assert isinstance(page, DocumentListPage)
    for button in page.state_buttons.values():
        button.setChecked(True)
    settle()
    QAbstractItemModelTester(page.grid.model, page.grid.model)
    return page


def numbers(page: DocumentListPage) -> list[str]:
    return [row.ref.number for row in page.grid.model.records()]


def newest(first: int, last: int) -> list[str]:
    """Numbers of the orders from the first-newest to the last-newest."""
    return [f"SO{COUNT - n:08}" for n in range(first, last)]


def scroll_to(page: DocumentListPage, row: int) -> None:
    page.grid.view.verticalScrollBar().setValue(row)


def test_a_list_opens_with_its_newest_page_and_is_counted_beside_it(orders: DocumentListPage) -> None:
    assert numbers(orders) == newest(0, PAGE_ROWS)
    assert orders.count_label.text() == "共 3,300，显示 1,000"


def test_scrolling_to_the_end_reads_on_until_all_is_there(orders: DocumentListPage, settle: Wait) -> None:
    scroll_to(orders, orders.grid.model.rowCount())
    settle()
    assert numbers(orders) == newest(0, 2 * PAGE_ROWS)
    for _ in range(2):
        scroll_to(orders, orders.grid.model.rowCount())
        settle()
    assert numbers(orders) == newest(0, COUNT)
    assert orders.count_label.text() == "共 3,300"
    assert orders.reader.held.whole


def test_the_sum_of_a_part_does_not_call_itself_the_total(orders: DocumentListPage, settle: Wait) -> None:
    totals = orders.grid.totals
    assert totals.label == "已读合计"
    read = totals.text("quantity")
    for _ in range(3):
        scroll_to(orders, orders.grid.model.rowCount())
        settle()
    assert orders.reader.held.whole
    assert totals.label == "合计"
    assert totals.text("quantity") != read
    orders.grid.model.set_filter("partner_name", ColumnFilter(contains="客户004"))
    settle()
    assert totals.label == "合计"


def test_ctrl_end_shows_the_oldest_and_scrolling_up_reads_back(orders: DocumentListPage, settle: Wait) -> None:
    view = orders.grid.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End, CONTROL)
    settle()
    assert numbers(orders) == newest(COUNT - PAGE_ROWS, COUNT)
    assert orders.grid.current().ref.number == "SO00000001"
    scroll_to(orders, 500)
    top = orders.grid.model.record(500)
    scroll_to(orders, 150)
    settle()
    assert numbers(orders) == newest(COUNT - 2 * PAGE_ROWS, COUNT)
    assert orders.grid.model.record(view.verticalScrollBar().value() + 350) == top
    assert orders.grid.current().ref.number == "SO00000001"
    QTest.keyClick(view, Qt.Key.Key_Home, CONTROL)
    settle()
    assert numbers(orders) == newest(0, PAGE_ROWS)
    assert orders.grid.current().ref.number == f"SO{COUNT:08}"


def test_a_change_elsewhere_reads_the_same_part_again(
    orders: DocumentListPage, frame: MainFrame, long_book: Database, settle: Wait
) -> None:
    QTest.keyClick(orders.grid.view, Qt.Key.Key_End, CONTROL)
    settle()
    row = orders.grid.model.record(100)
    frame.desk.ops.run_command(lambda: api.close(long_book, "tester", [row.ref.id]), owner=orders)
    settle()
    assert numbers(orders) == newest(COUNT - PAGE_ROWS, COUNT)
    orders.request_refresh()
    settle()
    assert numbers(orders) == newest(COUNT - PAGE_ROWS, COUNT)


def test_the_far_end_is_let_go_but_never_what_is_ticked(
    orders: DocumentListPage, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_rows, "KEPT_ROWS", 1500)
    scroll_to(orders, 900)
    settle()
    assert numbers(orders) == newest(500, 2000)
    assert orders.grid.model.record(orders.grid.view.verticalScrollBar().value()).ref.number == newest(900, 901)[0]
    scroll_to(orders, 0)
    settle()
    assert numbers(orders) == newest(0, 1500)
    orders.grid.model.set_marks([3])
    scroll_to(orders, 1400)
    settle()
    assert numbers(orders) == newest(0, 2500)
    QTest.keyClick(orders.grid.view, Qt.Key.Key_End, CONTROL)
    settle()
    assert [row.ref.number for row in orders.grid.chosen()] == newest(3, 4)


def test_a_list_that_is_not_whole_is_sorted_by_the_database(orders: DocumentListPage, settle: Wait) -> None:
    model = orders.grid.model
    model.set_sort([SortKey(model.section("number"))])
    settle()
    assert numbers(orders) == newest(0, COUNT)[::-1][:PAGE_ROWS]
    scroll_to(orders, 900)
    settle()
    assert numbers(orders) == newest(0, COUNT)[::-1][: 2 * PAGE_ROWS]
    model.set_sort([SortKey(model.section("partner_name"), descending=True), SortKey(model.section("quantity"))])
    settle()
    rows = list(model.records())
    assert [(row.partner_name, -row.quantity) for row in rows] == sorted(
        ((row.partner_name, -row.quantity) for row in rows), reverse=True
    )
    assert rows[0].partner_name == "客户0999"
    model.set_sort([])
    settle()
    assert numbers(orders) == newest(0, PAGE_ROWS)


def test_a_filter_starts_from_the_newest_again(orders: DocumentListPage, settle: Wait) -> None:
    QTest.keyClick(orders.grid.view, Qt.Key.Key_End, CONTROL)
    settle()
    orders.search_field.setText("客户0042")
    orders.request_refresh()
    settle()
    found = [row.partner_name for row in orders.grid.model.records()]
    assert set(found) == {"客户0042"}
    assert orders.count_label.text() == f"共 {len(found)}"
    orders.search_field.clear()
    orders.request_refresh()
    settle()
    assert numbers(orders) == newest(0, PAGE_ROWS)


def test_a_filter_asked_again_before_its_answer_starts_from_the_newest_too(
    orders: DocumentListPage, settle: Wait
) -> None:
    QTest.keyClick(orders.grid.view, Qt.Key.Key_End, CONTROL)
    settle()
    orders.search_field.setText("客户0042")
    orders.reader.refresh()
    orders.reader.refresh()
    settle()
    everything = api.list_documents(orders.desk.session.db, "sales_order", limit=COUNT).rows
    assert numbers(orders) == [row.ref.number for row in everything if row.partner_name == "客户0042"]


def test_a_filter_of_the_grid_that_leaves_few_rows_reads_on_by_itself(orders: DocumentListPage, settle: Wait) -> None:
    orders.grid.model.set_filter("partner_name", ColumnFilter(contains="客户004"))
    settle()
    settle()
    everything = api.list_documents(orders.desk.session.db, "sales_order", limit=COUNT).rows
    assert numbers(orders) == [row.ref.number for row in everything if row.partner_name.startswith("客户004")]
    assert orders.reader.held.whole


def test_a_list_of_records_shows_its_first_ones_and_then_all_of_them(
    frame: MainFrame, long_book: Database, settle: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_list, "PAGE_ROWS", 300)
    page = frame.desk.navigator.open("customers/records")
    assert isinstance(page, record_list.RecordListPage)
    model = page.grid.model
    QAbstractItemModelTester(model, model)
    shown: list[int] = []
    model.rows_changed.connect(lambda: shown.append(model.rowCount()))
    settle()
    assert shown == [300, 1000]
    assert page.count_label.text() == "共 1,000"
    model.set_sort([SortKey(model.section("code"), descending=True)])
    model.set_filter("name", ColumnFilter(contains="99"))
    assert [row["code"] for row in model.records()] == [f"C{n:04}" for n in range(999, 0, -1) if "99" in f"{n:04}"]
    model.clear_filters()
    page.grid.view.select_cell(model.row_of(next(model.records())[record_list.ID]) + 700)
    current = page.grid.current()
    change = partial(masterdata.save_records, long_book, "tester", "customers", [{"code": "C0500", "name": "改名"}])
    frame.desk.ops.run_command(change, owner=page)
    settle()
    assert model.rowCount() == 1000
    assert page.grid.current()[record_list.ID] == current[record_list.ID]
    assert [row["code"] for row in model.records() if row["name"] == "改名"] == ["C0500"]
    page.search_field.setText("C00")
    page.request_refresh()
    settle()
    assert {row["code"][:3] for row in model.records()} == {"C00"}
    assert page.count_label.text() == "共 100"
