"""Where nothing is shown the window says why, and what to do; a search finds what its hint names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.masterdata import api as masterdata
from services.platform.db import Database
from ui.access.roles_page import RolesPage
from ui.documents.document_page import DocumentPage
from ui.documents.record_list import RecordListPage
from ui.framework.form import Form
from ui.framework.form_parts import DAY
from ui.framework.grid.columns import Column
from ui.framework.lookup import LookupDialog
from ui.planning.board_page import BoardPage
from ui.planning.timeline_panel import BalanceStrip
from ui.shell.frame import MainFrame
from ui.workbench.head_bar import HeadBar

Wait = Callable[[], None]


@pytest.fixture
def wait(book_frame: MainFrame, qtbot: QtBot) -> Wait:
    return lambda: qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=5000)


def _records(frame: MainFrame, kind: str, wait: Wait) -> RecordListPage:
    page = frame.desk.navigator.open(f"{kind}/records")
    assert isinstance(page, RecordListPage)
    wait()
    return page


def test_a_list_without_records_asks_for_the_first_one(book_frame: MainFrame, wait: Wait, qtbot: QtBot) -> None:
    page = _records(book_frame, "aliases", wait)
    qtbot.waitUntil(lambda: page.grid.empty_label.text() == "还没有客户料号与别名，按 Ins 新增", timeout=5000)
    assert page.grid.empty_label.isVisible()


def test_a_search_without_hits_is_no_empty_list(book_frame: MainFrame, wait: Wait, qtbot: QtBot) -> None:
    page = _records(book_frame, "customers", wait)
    page.search_field.setText("没有的")
    page.search_field.hurry()
    qtbot.waitUntil(lambda: page.grid.empty_label.text() == "没有符合搜索和筛选的客户", timeout=5000)


def test_the_hint_of_a_search_names_what_is_looked_in(book_frame: MainFrame, wait: Wait) -> None:
    hints = {kind: _records(book_frame, kind, wait).search_field.placeholderText() for kind in ("items", "units")}
    assert "条码" in hints["items"]
    assert "条码" not in hints["units"]


def test_days_of_the_calendar_are_found_by_a_part_of_their_date(
    book: Database, book_frame: MainFrame, wait: Wait, qtbot: QtBot
) -> None:
    days = [{"date": date(2026, 5, 1), "working": False}, {"date": date(2026, 6, 1), "working": False}]
    masterdata.save_records(book, "tester", "calendar", days)
    page = _records(book_frame, "calendar", wait)
    page.search_field.setText("2026-05")
    page.search_field.hurry()
    shown = page.grid.model.table
    qtbot.waitUntil(lambda: [row["date"] for row in shown.records] == [date(2026, 5, 1)], timeout=5000)


def test_a_look_up_without_hits_says_so_and_offers_a_new_one(book_frame: MainFrame, wait: Wait) -> None:
    source = book_frame.desk.lookups.get("customers")
    assert source is not None
    dialog = LookupDialog(source, book_frame.desk.ops, "没有的", book_frame)
    dialog.show()
    wait()
    assert "没有符合“没有的”的客户，按 Ins 新增" in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.close()


def test_the_panels_of_a_new_document_say_what_is_not_there(book_frame: MainFrame, wait: Wait) -> None:
    page = book_frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(page, DocumentPage)
    wait()
    panel = page.side
    panel.show()
    assert panel.flow.empty_label.text() == "没有上游，也还没有下游"
    assert panel.attachments.grid.empty_label.text() == "还没有附件"


def test_a_date_is_never_squeezed(book_frame: MainFrame, show: Callable[[Form], None]) -> None:
    fields = [Column(key, "备注", width=400, editable=True) for key in ("a", "b")]
    form = Form(book_frame.desk, [Column("day", "日期", kind="date", editable=True), *fields], across=4)
    show(form)
    form.resize(10, 40)
    edit = form.editors["day"]
    assert edit.minimumWidth() > edit.fontMetrics().horizontalAdvance(DAY)
    form.set_values({"day": date(2026, 3, 10)})


def test_rights_are_not_ticked_before_there_is_a_role(book_frame: MainFrame, qtbot: QtBot) -> None:
    page = book_frame.desk.navigator.open("roles")
    assert isinstance(page, RolesPage)
    qtbot.waitUntil(lambda: not page.table.isEnabled(), timeout=5000)
    assert not page.title_field.isEnabled()
    assert "设置管理员" in page.grid.empty_label.text()


def test_long_names_leave_the_page_as_wide_as_it_is(book_frame: MainFrame, wait: Wait, qtbot: QtBot) -> None:
    long = "十字圆头螺丝加长镀锌" * 20
    page = book_frame.desk.navigator.open("planning/board")
    assert isinstance(page, BoardPage)
    wait()
    narrow = page.timeline.minimumSizeHint().width()
    page.timeline.title.setText(long)
    assert page.timeline.minimumSizeHint().width() == narrow
    items = book_frame.desk.lookups.get("items")
    assert items is not None
    head = HeadBar(book_frame.desk.ops, items, page)
    narrow = head.minimumSizeHint().width()
    head.name.setText(long)
    head.facts.setText(long)
    assert head.minimumSizeHint().width() == narrow


def test_the_strip_has_room_for_its_longest_figure(book_frame: MainFrame) -> None:
    strip = BalanceStrip(book_frame)
    assert strip.beside([Decimal(1)]) == strip.beside([Decimal(20)])
    longer = strip.beside([Decimal(1), Decimal(99_999_999_999)])
    assert longer > strip.fontMetrics().horizontalAdvance("99,999,999,999")
