"""Barcode guns in line editors: a code scanned into a number or a date is the item of a new line, never a quantity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from services.documents.api import DocType, document_types
from tests.ui.conftest import TODAY, compose, type_chinese
from ui.documents.defaults import default_spec
from ui.documents.sheet import DocumentSheet
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import CellEdit
from ui.framework.grid.grid import LineGrid
from ui.framework.grid.scanning import Strokes, bare_code
from ui.framework.lookup import LookupRow, LookupSource

Show = Callable[[QWidget], None]
CODE = "6901234567892"
OTHER = "6909876543219"
NONE = Qt.KeyboardModifier.NoModifier
FAST, HAND = 5, 90
COLUMNS = (
    Column("store", "仓库", kind="lookup", lookup="stores", editable=True, sticky=True),
    Column("item", "物料", kind="lookup", lookup="scans", editable=True, fills={"name": "name"}),
    Column("name", "名称"),
    Column("quantity", "数量", kind="number", editable=True),
    Column("due", "交期", kind="date", editable=True),
    Column("note", "备注", editable=True),
)


def search(text: str, limit: int) -> Sequence[LookupRow]:
    names = {CODE: ("I1", "螺丝"), OTHER: ("I2", "灯珠")}
    return [LookupRow(*found, exact=True) for code, found in names.items() if text in (code, found[0])][:limit]


@pytest.fixture
def grid(desk: Desk, show: Show) -> LineGrid:
    """A line editor whose items can be scanned, beside stores that cannot."""
    desk.lookups.register("scans", LookupSource("物料", search, scanned=True))
    desk.lookups.register("stores", LookupSource("仓库", search))
    made = LineGrid(desk, "gun/lines", COLUMNS)
    made.resize(900, 300)
    made.set_rows([{"item": "I9", "quantity": Decimal(7), "due": date(2026, 3, 5)}])
    show(made)
    made.view.setFocus()
    return made


class Gun:
    """Sends keys whose events carry the time they were pressed at, as a driver does."""

    def __init__(self) -> None:
        self.time = 1000

    def keys(self, text: str, gap: int) -> None:
        """Characters, each so many ms after the last."""
        for letter in text:
            self.time += gap
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter.upper())), NONE, letter)
            event.setTimestamp(self.time)
            QApplication.sendEvent(QApplication.focusWidget(), event)

    def scan(self, text: str) -> None:
        """A code and its Enter."""
        self.keys(text, FAST)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def here(grid: LineGrid) -> tuple[int, str]:
    index = grid.view.currentIndex()
    return index.row(), grid.model.columns[index.column()].key


@pytest.mark.parametrize("key", ["quantity", "due"])
def test_a_code_scanned_into_a_number_or_date_is_the_item_of_a_new_line(
    grid: LineGrid, settled: Callable[[], None], key: str
) -> None:
    grid.view.select_cell(0, key)
    Gun().scan(CODE)
    settled()
    first, second = grid.rows()
    assert (first["quantity"], first["due"]) == (Decimal(7), date(2026, 3, 5))
    assert (second["item"], second["name"]) == ("I1", "螺丝")
    assert grid.model.faults() == []
    assert here(grid) == (1, "quantity")


def test_scan_after_scan_fills_line_after_line(grid: LineGrid, settled: Callable[[], None]) -> None:
    grid.set_rows([])
    grid.view.select_cell(0, "item")
    gun = Gun()
    for code in (CODE, OTHER, CODE):
        gun.scan(code)
    settled()
    assert [row["name"] for row in grid.rows()] == ["螺丝", "灯珠", "螺丝"]
    assert [row["quantity"] for row in grid.rows()] == [None] * 3


def test_a_blank_line_is_taken_before_a_new_one(grid: LineGrid, settled: Callable[[], None]) -> None:
    grid.model.append_blank()
    grid.view.select_cell(0, "quantity")
    Gun().scan(CODE)
    settled()
    assert [row["item"] for row in grid.model.records()] == ["I9", "I1"]


def test_what_a_hand_typed_before_the_scan_stays_the_quantity(grid: LineGrid, settled: Callable[[], None]) -> None:
    grid.view.select_cell(0, "quantity")
    gun = Gun()
    gun.keys("12", HAND)
    gun.time += HAND
    gun.scan(CODE)
    settled()
    assert [(row["item"], row["quantity"]) for row in grid.rows()] == [("I9", Decimal(12)), ("I1", None)]


@pytest.mark.parametrize(
    ("text", "gap"),
    [("1234567", HAND), ("12345", FAST), ("=100*3", FAST), ("-12345", FAST), ("1,234,567", FAST)],
    ids=["slow", "short", "sum", "signed", "grouped"],
)
def test_what_no_gun_sends_is_a_quantity(grid: LineGrid, text: str, gap: int) -> None:
    grid.view.select_cell(0, "quantity")
    gun = Gun()
    gun.keys(text, gap)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    expected = {"=100*3": Decimal(300)}.get(text) or Decimal(text.replace(",", ""))
    assert grid.model.record(0)["quantity"] == expected
    assert grid.model.rowCount() == 1


def test_a_key_held_down_or_without_a_time_is_a_hand(grid: LineGrid) -> None:
    grid.view.select_cell(0, "quantity")
    QTest.keyClicks(grid.view, "1")
    QTest.keyClicks(QApplication.focusWidget(), "2345678")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert grid.model.record(0)["quantity"] == Decimal(12345678)
    strokes = Strokes()
    for time in range(1000, 1300, 30):
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_0, NONE, "0", autorep=time > 1000)
        held.setTimestamp(time)
        strokes.key(held)
    assert strokes.scan("0" * 10) is None


@pytest.fixture
def said(desk: Desk) -> list[str]:
    """What the status bar was told."""
    sentences: list[str] = []
    desk.ops.told.connect(sentences.append)
    return sentences


def given(grid: LineGrid, *lines: tuple[str, int | None]) -> None:
    """Lines that can only be filled in, the cursor in the quantity of the first."""
    grid.model.fixed_rows = True
    grid.set_rows(
        [{"item": item, "quantity": None if quantity is None else Decimal(quantity)} for item, quantity in lines]
    )
    grid.view.select_cell(0, "quantity")


def test_where_lines_are_given_a_scan_goes_to_the_first_line_of_the_item_without_a_quantity(
    grid: LineGrid, settled: Callable[[], None], said: list[str]
) -> None:
    given(grid, ("I9", 7), ("I1", 3), ("I2", None), ("I1", None))
    gun = Gun()
    gun.keys("12", HAND)
    gun.time += HAND
    gun.scan(CODE)
    settled()
    assert here(grid) == (3, "quantity")
    assert [row["quantity"] for row in grid.model.records()] == [Decimal(12), Decimal(3), None, None]
    assert said == []


def test_when_every_line_of_the_item_has_a_quantity_scans_go_round(grid: LineGrid, settled: Callable[[], None]) -> None:
    given(grid, ("I9", 7), ("I1", 3), ("I2", 4), ("I1", 5))
    gun, places = Gun(), []
    for _ in range(3):
        gun.time += HAND
        gun.scan(CODE)
        settled()
        places.append(here(grid))
    assert places == [(1, "quantity"), (3, "quantity"), (1, "quantity")]
    assert [row["quantity"] for row in grid.model.records()] == [7, 3, 4, 5]


@pytest.mark.parametrize(("code", "named"), [(CODE, "I1 螺丝 不在"), ("9999999999999", "不是任何物料")])
def test_an_item_that_is_not_among_given_lines_is_named_and_the_cell_stays(
    grid: LineGrid, settled: Callable[[], None], said: list[str], code: str, named: str
) -> None:
    given(grid, ("I9", 7))
    Gun().scan(code)
    settled()
    assert grid.model.record(0)["quantity"] == Decimal(7)
    assert (grid.model.rowCount(), here(grid)) == (1, (0, "quantity"))
    [sentence] = said
    assert code in sentence
    assert named in sentence


def test_what_is_being_typed_when_the_answer_comes_stays_where_it_was_begun(
    grid: LineGrid, settled: Callable[[], None], said: list[str]
) -> None:
    given(grid, ("I9", 7), ("I1", None))
    Gun().scan(CODE)
    editor(grid).setText("8")
    settled()
    assert here(grid) == (0, "quantity")
    assert "第 2 行" in said[0]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert [row["quantity"] for row in grid.model.records()] == [Decimal(8), None]


def test_given_lines_without_items_refuse_a_scan(desk: Desk, show: Show, said: list[str]) -> None:
    made = LineGrid(desk, "gun/plain", COLUMNS[3:])
    made.model.fixed_rows = True
    made.set_rows([{"quantity": Decimal(7)}])
    show(made)
    made.view.setFocus()
    made.view.select_cell(0, "quantity")
    Gun().scan(CODE)
    assert made.model.record(0)["quantity"] == Decimal(7)
    assert CODE in said[0]
    assert "没有变" in said[0]


@pytest.mark.parametrize("kind", document_types(), ids=lambda kind: kind.code)
def test_documents_whose_lines_only_come_from_a_source_go_by_the_item(
    desk: Desk, show: Show, settled: Callable[[], None], kind: DocType
) -> None:
    desk.lookups.register("items", LookupSource("物料", search, scanned=True))
    sheet = DocumentSheet(desk, default_spec(kind.code, today=lambda: TODAY))
    sheet.show_new()
    sheet.lines.set_rows([{"item_code": code, "source_line_id": 1, "quantity": Decimal(2)} for code in ("I9", "I1")])
    show(sheet)
    sheet.lines.view.setFocus()
    sheet.lines.view.select_cell(0, "quantity")
    Gun().scan(CODE)
    settled()
    codes = [row.get("item_code") for row in sheet.lines.model.records()]
    assert (codes, here(sheet.lines)[0]) == ((["I9", "I1"], 1) if kind.source_required else (["I9", "I1", "I1"], 2))


def editor(grid: LineGrid) -> CellEdit:
    QTest.keyClick(grid.view, Qt.Key.Key_F2)
    found = QApplication.focusWidget()
    assert isinstance(found, CellEdit)
    found.selectAll()
    return found


@pytest.mark.parametrize("pieces", [tuple(CODE), (CODE,), (CODE[:5], CODE[5:] + "\r")], ids=["letters", "whole", "cr"])
def test_a_scan_that_an_input_method_delivers_is_a_scan(
    grid: LineGrid, settled: Callable[[], None], pieces: Sequence[str]
) -> None:
    grid.view.select_cell(0, "quantity")
    edit = editor(grid)
    times = iter(range(1000, 3000, FAST))
    edit.strokes.clock = lambda: float(next(times))
    for piece in pieces:
        event = QInputMethodEvent()
        event.setCommitString(piece)
        QApplication.sendEvent(edit, event)
    if pieces[-1].endswith("\r"):
        QApplication.sendPostedEvents(edit)
    else:
        QTest.keyClick(edit, Qt.Key.Key_Return)
    settled()
    assert [(row["item"], row["quantity"]) for row in grid.rows()] == [("I9", Decimal(7)), ("I1", None)]


def test_what_was_composed_by_hand_is_no_scan(grid: LineGrid) -> None:
    grid.view.select_cell(0, "due")
    edit = editor(grid)
    compose(edit, "20260401")
    type_chinese(edit, "20260401")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert grid.rows()[0]["due"] == date(2026, 4, 1)
    assert len(grid.rows()) == 1


def test_control_characters_and_the_symbology_identifier_are_taken_off(
    grid: LineGrid, settled: Callable[[], None]
) -> None:
    assert [bare_code(text) for text in (f"]C1{CODE}", f"\x02{CODE}\x03", f"{CODE}\x1d", "]A", "A]B1")] == [
        CODE, CODE, CODE, "]A", "A]B1",
    ]  # fmt: skip
    grid.view.select_cell(0, "quantity")
    Gun().scan(f"]C1{CODE}")
    grid.model.append_blank()
    grid.view.select_cell(2, "item")
    type_chinese(grid.view, f"]E0{OTHER}\r")
    edit = QApplication.focusWidget()
    assert isinstance(edit, QLineEdit)
    QApplication.sendPostedEvents(edit)
    settled()
    assert [row.get("name") for row in grid.rows()][1:] == ["螺丝", "灯珠"]
