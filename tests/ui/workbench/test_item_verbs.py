"""The verbs on an item stand in the menu wherever its code stands, go by key and palette, and follow the cursor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import SIGNAL, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from services.platform.db import Database
from ui.framework.grid.view import GridView
from ui.framework.item_at import names_item
from ui.framework.navigator import PageRef, RecordRef, Target
from ui.framework.page import Page
from ui.shell.frame import MainFrame
from ui.today.today_page import TodayPage
from ui.workbench.workbench_page import WorkbenchPage

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TODAY = dt.date(2026, 3, 10)
VERBS = ["action_workbench", "action_stores", "action_used", "action_moves"]


@pytest.fixture
def order(book: Database) -> DocRef:
    """A late sale of 5 lamps that are not there, approved."""
    items = {row.values["code"]: row.id for row in masterdata.list_records(book, "items").rows}
    customers = {row.values["code"]: row.id for row in masterdata.list_records(book, "customers").rows}
    line = api.LineDraft(items["FG100"], Decimal(5), price=Decimal(7), due_date=TODAY - dt.timedelta(days=3))
    draft = api.DocDraft("sales_order", dt.date(2026, 2, 1), [line], partner_id=customers["C001"])
    ref, _ = api.save_document(book, "tester", draft)
    api.approve(book, "tester", [ref.id])
    return ref


def verbs_of(menu: QMenu) -> list[str]:
    return [action.objectName() for action in menu.actions() if action.objectName() in VERBS]


def with_items(page: Page) -> Iterator[GridView]:
    """Grids of a page that can hold items."""
    for view in page.findChildren(GridView):
        if any(names_item(column) for column in view.grid_model.columns):
            yield view


def test_every_grid_that_holds_items_asks_for_its_menu(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    deaf, seen = [], 0
    navigator = book_frame.desk.navigator
    targets: list[Target] = [spec.key for spec in navigator.pages()]
    targets += [DocRef(kind.code, 0, "") for kind in api.document_types()]
    for target in targets:
        page = navigator.open(target)
        assert page is not None
        wait()
        for view in with_items(page):
            seen += 1
            if not view.receivers(SIGNAL("customContextMenuRequested(QPoint)")):
                deaf.append(f"{page.title} {view.objectName()}")
        book_frame.tabs.close_front()
    assert seen > 20
    assert deaf == []


def test_the_menu_of_a_document_line_leads_to_the_workbench_of_its_item(
    book_frame: MainFrame, order: DocRef, wait: Callable[[], None]
) -> None:
    page = book_frame.desk.navigator.open(order)
    assert page is not None
    wait()
    view = next(with_items(page))
    view.setFocus()
    view.select_cell(0, "quantity")
    menu = page.context_menu()
    assert verbs_of(menu) == VERBS
    next(action for action in menu.actions() if action.objectName() == "action_moves").trigger()
    wait()
    bench = book_frame.tabs.front()
    assert isinstance(bench, WorkbenchPage)
    assert bench.code == "FG100"
    assert bench.tabs.currentWidget() is bench.tabs.grids["moves"]


@pytest.mark.usefixtures("order")
def test_shift_f10_opens_the_menu_at_the_cursor(
    book_frame: MainFrame, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    places: list[QPoint] = []
    monkeypatch.setattr(TodayPage, "popup_menu", lambda _page, place: places.append(place))
    page = book_frame.desk.navigator.open("today")
    assert isinstance(page, TodayPage)
    wait()
    page.cases.setFocus()
    page.cases.view.select_cell(0)
    view = page.cases.view
    spot = view.visualRect(view.currentIndex()).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, spot, view.viewport().mapToGlobal(spot))
    )
    assert places == [view.viewport().mapToGlobal(spot)]
    assert verbs_of(page.context_menu()) == VERBS


def test_the_key_goes_from_any_page_and_says_when_there_is_no_item(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    said: list[str] = []
    book_frame.desk.ops.told.connect(said.append)
    book_frame.desk.navigator.open("customers/records")
    wait()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_I, CONTROL | SHIFT)
    assert said == ["光标不在物料上"]
    targets: tuple[Target, ...] = ("items/records", RecordRef("items", "RM404"), RecordRef("bom", "RM404"))
    for target in targets:
        page = book_frame.desk.navigator.open(target)
        assert page is not None
        wait()
        code = page.item_code()
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_I, CONTROL | SHIFT)
        wait()
        bench = book_frame.tabs.front()
        assert isinstance(bench, WorkbenchPage)
        assert bench.code == code == ("FG100" if target == "items/records" else "RM404")


def test_palette_and_sheet_of_keys_name_them(book_frame: MainFrame) -> None:
    titles = [command.title for command in book_frame.desk.actions.find("yznl")]
    assert "光标处物料：用在哪里" in titles
    shown = {action.shortcut: action.title for _, actions in book_frame.help_side.key_sections() for action in actions}
    assert shown["Ctrl+Shift+I"] == "光标处物料：物料工作台"


def test_a_row_without_an_item_has_no_verbs(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = book_frame.desk.navigator.open("customers/records")
    assert page is not None
    wait()
    assert verbs_of(page.context_menu()) == []
    bench = book_frame.desk.navigator.open(PageRef("workbench", (("code", "RM403"),)))
    assert isinstance(bench, WorkbenchPage)
    wait()
    assert verbs_of(bench.context_menu()) == VERBS
