"""A gun fired where no cell takes typing: lines go by the item, lists by the record; no key of it does anything else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from services.documents import api
from services.documents.api import DocDraft, LineDraft
from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.conftest import TODAY
from tests.ui.test_grid_scanning import CODE, COLUMNS, OTHER, Gun, search
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.lookup import LookupSource
from ui.shell.frame import MainFrame

Show = Callable[[QWidget], None]
Settled = Callable[[], None]
SCANS = 30
CHOICE = Column("kind", "供料", kind="choice", choices={"own": "自备", "given": "来料"}, editable=True)
LIST = (Column("number", "单号", kind="code"), Column("item", "物料", kind="code"), Column("note", "备注"))


class InputMethod(Gun):
    """The same gun while an input method is on: text of its own for each character, the line end among it."""

    def scan(self, text: str) -> None:
        for letter in (*text, "\r"):
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)
        QApplication.sendPostedEvents()


@pytest.fixture
def lines(desk: Desk, show: Show) -> LineGrid:
    """A line editor with a name that takes no typing and a choice."""
    desk.lookups.register("scans", LookupSource("物料", search, scanned=True))
    made = LineGrid(desk, "gun/anywhere", (*COLUMNS, CHOICE))
    made.resize(900, 300)
    made.set_rows([{"item": "I9", "name": "旧", "quantity": Decimal(7), "kind": "given"}])
    show(made)
    made.view.setFocus()
    return made


@pytest.fixture
def said(desk: Desk) -> list[str]:
    """What the status bar was told."""
    sentences: list[str] = []
    desk.ops.told.connect(sentences.append)
    return sentences


@pytest.fixture
def rows(desk: Desk, show: Show) -> Grid:
    """A list of three documents of two items, each row opened is noted."""
    desk.lookups.register("scans", LookupSource("物料", search, scanned=True))
    made = Grid(desk, "gun/list", LIST, markable=True)
    made.set_rows([
        {"number": "SCRW-00005", "item": "I1"}, {"number": "SCRW-00007", "item": "I2"}, {"number": "SCRW-00009", "item": "I1"},
    ])  # fmt: skip
    show(made)
    made.view.setFocus()
    made.opened.connect(lambda record: pytest.fail(f"opened {record}"))
    return made


@pytest.mark.parametrize("gun", [Gun, InputMethod])
@pytest.mark.parametrize("key", ["name", "kind"])
def test_thirty_scans_at_a_cell_that_takes_none_of_it_are_thirty_lines(
    lines: LineGrid, settled: Settled, gun: type[Gun], key: str
) -> None:
    fired = gun()
    for place in range(SCANS):
        lines.view.select_cell(0, key)
        fired.scan(CODE if place % 2 else OTHER)
        settled()
    found = lines.rows()
    assert found[0] == {**found[0], "item": "I9", "name": "旧", "quantity": Decimal(7), "kind": "given"}
    assert [row["item"] for row in found[1:]] == ["I1" if place % 2 else "I2" for place in range(SCANS)]
    assert lines.model.faults() == []


def test_lines_that_take_no_typing_are_gone_through_by_item(lines: LineGrid, settled: Settled, said: list[str]) -> None:
    lines.set_rows([{"item": code, "quantity": Decimal(1)} for code in ("I1", "I2", "I1")])
    lines.set_read_only(True)
    fired, places = Gun(), []
    for code in (CODE, CODE, OTHER, CODE):
        fired.scan(code)
        settled()
        places.append(lines.view.currentIndex().row())
    assert places == [2, 0, 1, 2]
    assert lines.model.rowCount() == 3
    assert said == []


def test_letters_of_a_hand_leave_the_cursor_of_lines_where_it_is(lines: LineGrid) -> None:
    lines.set_rows([{"name": "abc"}, {"name": "xyz"}])
    lines.view.select_cell(0, "name")
    Gun().keys("xyz", 90)
    assert (lines.view.currentIndex().row(), lines.model.columns[lines.view.currentIndex().column()].key) == (0, "name")


@pytest.mark.parametrize("gun", [Gun, InputMethod])
def test_thirty_scans_at_a_list_find_thirty_records(rows: Grid, settled: Settled, gun: type[Gun]) -> None:
    fired, numbers = gun(), [f"SCRW-0000{last}" for last in (5, 9, 7)]
    for place in range(SCANS):
        fired.scan(numbers[place % 3])
        settled()
        found = rows.current()
        assert found is not None
        assert found["number"] == numbers[place % 3]
    assert rows.model.marked_records() == []


def test_a_barcode_at_a_list_goes_from_row_to_row_of_its_item(rows: Grid, settled: Settled, said: list[str]) -> None:
    fired, places = Gun(), []
    for code in (CODE, CODE, OTHER, CODE):
        fired.scan(code)
        settled()
        places.append(rows.view.currentIndex().row())
    assert places == [2, 0, 1, 2]
    assert said == []


def test_what_no_row_is_about_is_said_and_the_cursor_stays(rows: Grid, settled: Settled, said: list[str]) -> None:
    rows.view.select_cell(1, "note")
    Gun().scan("SCRW-00011")
    settled()
    assert rows.view.currentIndex().row() == 1
    assert said == ["扫到的“SCRW-00011”不在这些行里，光标没有动"]


def test_a_hand_s_enter_opens_the_row_as_ever(rows: Grid, settled: Settled) -> None:
    rows.opened.disconnect()
    opened: list[object] = []
    rows.opened.connect(opened.append)
    fired = Gun()
    fired.keys("SCRW-00007", 90)
    QTest.keyClick(rows.view, Qt.Key.Key_Return)
    assert len(opened) == 1
    fired.keys("SCRW-00007", 5)
    fired.time += 900
    rows.view.gun.strokes.clock = lambda: 1e12
    late = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
    late.setTimestamp(fired.time)
    QApplication.sendEvent(rows.view, late)
    settled()
    assert len(opened) == 2


def test_lists_of_the_window_search_for_what_they_do_not_show(
    book_frame: MainFrame, wait: Callable[[], None], book: Database
) -> None:
    item = masterdata.search(book, "items", "RM403", 1)[0].id
    rows = [{"code": "RM403", "barcode": CODE}]
    masterdata.save_records(book, "tester", "items", rows)
    draft = DocDraft("forecast", TODAY, lines=[LineDraft(item, Decimal(5), due_date=TODAY)])
    ref, _changes = api.save_document(book, "tester", draft)
    api.save_document(book, "tester", draft)
    page = book_frame.desk.navigator.open("forecast/list")
    assert isinstance(page, DocumentListPage)
    wait()
    Gun().scan(ref.number)
    wait()
    assert page.grid.current().ref == ref  # type: ignore[union-attr]
    Gun().scan("XSYC-20200101-00001")
    wait()
    assert page.search_field.text() == "XSYC-20200101-00001"
    page = book_frame.desk.navigator.open("items/records")
    assert isinstance(page, RecordListPage)
    wait()
    page.grid.view.select_cell(0)
    Gun().scan(CODE)
    wait()
    found = page.grid.current()
    assert found is not None
    assert found["code"] == "RM403"
