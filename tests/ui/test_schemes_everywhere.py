"""Every registered page whose main part is a list offers schemes, and one saved gives the same rows after a restart."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

import app.wiring  # noqa: F401 registers the document types
from app.demo import TODAY, fill
from services.documents.api import document_types, list_documents
from services.masterdata.api import save_records
from services.masterdata.kinds import KINDS
from services.planning.api import run_mrp
from services.platform import books
from services.platform.db import Database
from services.reporting.api import pick_list
from tests.support.factory import USER
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.index import ColumnFilter
from ui.framework.grid.layout import MemorySettings
from ui.framework.page import Page
from ui.framework.schemes import SchemeButton
from ui.framework.views_dialog import ViewsDialog
from ui.inventory.stock_page import StockPage
from ui.planning.batch_page import BatchPage
from ui.planning.board_page import BoardPage
from ui.planning.kitting_page import KittingPage
from ui.production.pick_lists_page import PickListsPage
from ui.production.picking_page import PickingPage
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.today.today_page import TodayPage
from ui.workbench.workbench_page import WorkbenchPage

# Pages that are no list, and why.
NO_LIST = {
    "bom": "a tree, typed into",
    "parameters": "a form",
    "print/templates": "a few names to choose from, beside what is edited",
    "roles": "a few names to choose from, beside what is edited",
}
# No list in a book without users; tried in access/test_schemes_shared.py.
USERS = "users"
NAME = "每天用"
CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration factory, planned; two names that customers have for items."""
    file = tmp_path_factory.mktemp("demo") / "示范.db"
    db = books.create(file)
    fill(db)
    run_mrp(db, USER, start=TODAY)
    for number, row in enumerate(list_documents(db, "production_order", statuses=("C",), closings=("C",)).rows[:3]):
        pick_list(db, USER, [row.ref.id], day=TODAY - timedelta(days=number))
    names = [{"alias": alias, "item": "FG100", "partner": None} for alias in ("小台灯", "阅读灯")]
    save_records(db, USER, "aliases", names)
    db.close()
    return file


@pytest.fixture
def factory_book(demo: Path, tmp_path: Path) -> Iterator[Database]:
    copy = tmp_path / "示范.db"
    shutil.copyfile(demo, copy)
    db = books.open_book(copy)
    yield db
    db.close()


@contextmanager
def started(book: Database, qtbot: QtBot) -> Iterator[tuple[MainFrame, Callable[[], None]]]:
    """The program on another machine: nothing is remembered there but what the book holds."""
    desk = open_desk(book, user=USER, settings=MemorySettings(), today=lambda: TODAY)
    frame = MainFrame(desk)
    frame.resize(1366, 768)
    frame.tabs.ask = lambda page: True
    qtbot.addWidget(frame)
    frame.show()
    frame.activateWindow()

    def wait() -> None:
        for _ in range(3):
            qtbot.wait(10)
            qtbot.waitUntil(lambda: desk.ops.idle, timeout=20000)

    wait()
    yield frame, wait
    desk.ops.close()


def main_grid(page: Page) -> Grid | LineGrid:
    if isinstance(page, PickingPage):
        return page.order_grid
    if isinstance(page, KittingPage):
        return page.table
    kinds = (
        DocumentListPage, RecordListPage, StockPage, BoardPage, BatchPage, TodayPage, WorkbenchPage,
        PickListsPage,
    )  # fmt: skip
    assert isinstance(page, kinds), type(page).__name__
    return page.grid


def rows(page: Page) -> list[str]:
    """Every row shown, as the clerk reads it."""
    grid = main_grid(page)
    shown = grid.view.shown_sections()
    return ["|".join(grid.model.text(row, at) for at in shown) for row in range(grid.model.rowCount())]


def choose(box: QComboBox, value: str) -> None:
    at = box.findData(value)
    assert at >= 0
    box.setCurrentIndex(at)
    box.activated.emit(at)


def narrow(page: Page) -> None:
    """What a clerk does to see less: the page's own filters where it has some, else a column's."""
    if isinstance(page, PickingPage):
        page.search.setText("SMT")
    elif isinstance(page, BatchPage):
        page.search.setText("FG403")
        QTest.keyClick(page.search, Qt.Key.Key_Return)
    elif isinstance(page, KittingPage):
        choose(page.top.supply, "supply")
        choose(page.top.state, "short")
        page.top.search.setText("总装 SCRW")
        QTest.keyClick(page.top.search, Qt.Key.Key_Return)
    elif isinstance(page, BoardPage):
        choose(page.top.kind, "production")
        choose(page.top.exception, "expedite")
        page.top.search.setText("FG1")
        QTest.keyClick(page.top.search, Qt.Key.Key_Return)
    else:
        model = main_grid(page).model
        for at in main_grid(page).view.shown_sections():
            texts = model.distinct(at) if model.columns[at].key != "_mark" else []
            few = min(texts, key=lambda found: found[1], default=("", 0))
            if len(texts) > 1 and few[0]:
                model.set_filter(model.columns[at].key, ColumnFilter(frozenset({few[0]})))
                return


def schemes_of(page: Page) -> SchemeButton:
    found = page.findChildren(SchemeButton)
    assert len(found) == 1, page.title
    assert found[0].isVisibleTo(page), page.title
    return found[0]


def pages() -> list[str]:
    """The keys of the registry, as far as they are known before there is a book."""
    named = [
        "today", "stock", "workbench", "planning/board", "planning/kitting", "planning/batch", "production/picking",
        "production/pick-lists",
    ]  # fmt: skip
    return [*named, *(f"{kind.code}/list" for kind in document_types()), *(f"{kind}/records" for kind in KINDS)]


def test_every_registered_page_is_tried_or_is_no_list(factory_book: Database, qtbot: QtBot) -> None:
    with started(factory_book, qtbot) as (frame, wait):
        registered = {spec.key for spec in frame.desk.navigator.pages()}
        assert registered <= {*pages(), *NO_LIST, USERS}
        assert set(NO_LIST) <= registered
        for key in NO_LIST:
            page = frame.desk.navigator.open(key)
            assert page is not None
            assert page.findChildren(SchemeButton) == [], key
        wait()


@pytest.mark.parametrize("key", pages())
def test_a_scheme_saved_gives_the_same_rows_after_a_restart(key: str, factory_book: Database, qtbot: QtBot) -> None:
    with started(factory_book, qtbot) as (frame, wait):
        if key not in {spec.key for spec in frame.desk.navigator.pages()}:
            assert key.split("/", maxsplit=1)[0] in KINDS, key  # shown inside another page, by no key
            return
        page = frame.desk.navigator.open(key)
        assert page is not None
        wait()
        every = rows(page)
        narrow(page)
        wait()
        few = rows(page)
        assert 0 < len(few) < len(every) or key == "users", (
            key
        )  # a book without users: see access/test_schemes_shared.py
        schemes = schemes_of(page)
        schemes.save_as(NAME)
        wait()
        schemes.set.open_with(schemes.set.current)
        wait()
        schemes.choose("")
        wait()
        assert rows(page) == every
    with started(factory_book, qtbot) as (frame, wait):
        again = frame.desk.navigator.open(key)
        assert again is not None
        wait()
        assert schemes_of(again).current == NAME
        assert rows(again) == few
        QTest.keyClick(QApplication.focusWidget() or again, Qt.Key.Key_S, CONTROL_ALT)
        assert [row.name for dialog in frame.findChildren(ViewsDialog) for row in dialog.grid.model.records()][1:] == [
            NAME
        ]
