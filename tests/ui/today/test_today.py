"""今日待办: keys move, open and put aside; the counts in the frame's head follow what the clerk does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.documents import api
from services.masterdata import api as masterdata
from services.platform.db import Database
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.shell.frame import MainFrame
from ui.today.counts import HeadCounts
from ui.today.today_page import TodayPage

NO = Qt.KeyboardModifier.NoModifier
TODAY = dt.date(2026, 3, 10)


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def order(book: Database, quantity: str, due: dt.date, *, approved: bool) -> api.DocDraft:
    rows = {row.values["code"]: row.id for row in masterdata.list_records(book, "items").rows}
    customers = {row.values["code"]: row.id for row in masterdata.list_records(book, "customers").rows}
    line = api.LineDraft(rows["FG100"], Decimal(quantity), price=Decimal(80), due_date=due)
    draft = api.DocDraft("sales_order", dt.date(2026, 2, 1), [line], partner_id=customers["C001"])
    ref, _ = api.save_document(book, "tester", draft)
    if approved:
        api.approve(book, "tester", [ref.id])
    return draft


@pytest.fixture
def page(book: Database, book_frame: MainFrame, wait: Callable[[], None]) -> TodayPage:
    """Two late orders, one due soon, one draft."""
    for days in (-5, -2, 1):
        order(book, "5", TODAY + dt.timedelta(days=days), approved=True)
    order(book, "1", TODAY + dt.timedelta(days=30), approved=False)
    made = book_frame.desk.navigator.open("today")
    assert isinstance(made, TodayPage)
    wait()
    return made


def shown(page: TodayPage) -> list[tuple[str, int]]:
    return [(row.kind, row.count) for row in page.grid.model.records()]


def test_enter_opens_the_list_that_holds_exactly_the_counted_documents(
    page: TodayPage, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    assert shown(page) == [("late", 2), ("draft", 1), ("soon", 1)]
    for places, count in enumerate((2, 1, 1)):
        book_frame.desk.navigator.open("today")
        wait()
        page.grid.setFocus()
        page.grid.view.select_cell(places)
        press(Qt.Key.Key_Return)
        wait()
        orders = book_frame.tabs.front()
        assert isinstance(orders, DocumentListPage)
        assert orders.grid.model.rowCount() == count


def test_documents_items_and_exceptions_are_not_added_up(page: TodayPage) -> None:
    assert len(shown(page)) > 1
    assert page.grid.model.totals() == {}


def test_j_and_k_move_and_the_cases_follow(page: TodayPage, book_frame: MainFrame, wait: Callable[[], None]) -> None:
    assert page.cases.model.rowCount() == 2
    press(Qt.Key.Key_J)
    wait()
    assert page.grid.current().kind == "draft"
    assert page.cases.model.rowCount() == 1
    press(Qt.Key.Key_K)
    wait()
    assert page.grid.current().kind == "late"
    assert [case.days for case in page.cases.model.records()] == [-5, -2]
    page.cases.setFocus()
    press(Qt.Key.Key_J)
    press(Qt.Key.Key_Return)
    wait()
    opened = book_frame.tabs.front()
    assert isinstance(opened, DocumentPage)


def test_a_line_put_aside_comes_back_when_its_number_changes(
    page: TodayPage, book: Database, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    press(Qt.Key.Key_S)
    assert shown(page) == [("draft", 1), ("soon", 1)]
    page.refresh()
    wait()
    assert shown(page) == [("draft", 1), ("soon", 1)]
    order(book, "7", TODAY - dt.timedelta(days=1), approved=True)
    page.refresh()
    wait()
    assert shown(page)[0] == ("late", 3)


def test_what_was_put_aside_is_remembered_and_can_be_shown_again(page: TodayPage, wait: Callable[[], None]) -> None:
    press(Qt.Key.Key_S)
    again = TodayPage(page.desk)
    again._show(page.rows)
    assert shown(again) == [("draft", 1), ("soon", 1)]
    again.deleteLater()
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert shown(page)[0] == ("late", 2)


def test_the_counts_in_the_head_follow_commands_and_open_their_lines(
    page: TodayPage, book: Database, book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot
) -> None:
    counts = HeadCounts(book_frame.desk, book_frame.add_badge, book_frame)
    wait()
    assert [button.text() for button in counts.buttons.values()] == ["待办 1", "缺料 0", "逾期 2"]
    (draft,) = api.list_documents(book, "sales_order", statuses=("Z",)).rows
    page.run_command(lambda: api.approve(book, "tester", [draft.ref.id]))
    qtbot.waitUntil(lambda: counts.buttons["todo"].text() == "待办 0", timeout=8000)
    book_frame.desk.navigator.open("sales_order/list")
    wait()
    counts.buttons["late"].click()
    wait()
    assert book_frame.tabs.front() is page
    assert page.grid.current().kind == "late"


def test_f8_approves_drafts_where_they_stand(page: TodayPage, book: Database, wait: Callable[[], None]) -> None:
    assert not page.qaction("approve").isEnabled(), "a late order is approved already"
    order(book, "3", TODAY + dt.timedelta(days=30), approved=False)
    page.refresh()
    wait()
    press(Qt.Key.Key_J)
    wait()
    page.cases.setFocus()
    page.cases.view.selectAll()
    press(Qt.Key.Key_F8)
    wait()
    assert page.refusals.texts() == []
    assert [kind for kind, _ in shown(page)] == ["late", "soon"]
    assert len(api.list_documents(book, "sales_order", statuses=("Z",)).rows) == 0
