"""A barcode gun over the tree of a bill."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.engineering.conftest import key, outline
from tests.ui.engineering.test_bom_keys import Key, Open, go
from tests.ui.test_grid_scanning import Gun
from tests.ui.test_gun_at_grids import InputMethod
from ui.engineering.bom_page import BomPage
from ui.engineering.fields import COLUMNS
from ui.framework.desk import Desk
from ui.masterdata.lookups import register_lookups

Settled = Callable[[], None]
SCREW, BOX, NEW = "6901234567892", "6901234567908", "6901234567915"
WHOLE = [
    "FG100", ".SA200 1", "..RM401 12", "..RM402 1", "..RM403 2", "..RM404 1/100", ".SA300 1", ".RM403 4", ".RM405 1",
]  # fmt: skip


@pytest.fixture
def page(desk: Desk, lamps: Database, open_bom: Open) -> BomPage:
    """The lamp's draft bill; three of the items have barcodes."""
    register_lookups(desk)
    for code, barcode in (("RM403", SCREW), ("RM405", BOX), ("RM401B", NEW)):
        masterdata.save_records(lamps, "t", "items", [{"code": code, "barcode": barcode}])
    made = open_bom("FG100")
    made.tree.gun.strokes.clock = partial(next, itertools.count(0, 5))
    return made


def said(page: BomPage) -> list[str]:
    sentences: list[str] = []
    page.desk.ops.told.connect(sentences.append)
    return sentences


def here(page: BomPage) -> tuple[str, str]:
    """Code and column of the current cell."""
    place = page.tree.current_place()
    assert place is not None
    return place.line.text or page.item_code(), COLUMNS[page.tree.currentIndex().column()].key


@pytest.mark.parametrize("gun", [Gun, InputMethod])
@pytest.mark.parametrize("column", ["name", "bill", "unit"])
def test_where_no_cell_is_open_a_scan_is_a_new_line_of_the_bill(
    page: BomPage, settled: Settled, gun: type[Gun], column: str
) -> None:
    go(page, 1, column=column)
    gun().scan(NEW)
    settled()
    settled()
    assert outline(page) == [*WHOLE, ".RM401B 1"]
    assert here(page) == ("RM401B", "usage")
    page.model.undo.undo()
    assert outline(page) == WHOLE


def test_scan_after_scan_fills_a_bill_and_an_item_that_is_in_it_is_gone_to(page: BomPage, settled: Settled) -> None:
    go(page, 0, column="name")
    gun = Gun()
    for code in (NEW, BOX, NEW):
        gun.scan(code)
        settled()
        settled()
    assert outline(page) == [*WHOLE, ".RM401B 1"]
    assert here(page) == ("RM401B", "usage")
    gun.scan(BOX)
    settled()
    assert here(page) == ("RM405", "usage")


def test_a_blank_line_takes_the_code(page: BomPage, settled: Settled) -> None:
    go(page, 3, column="name")
    key(Key.Key_Return)
    assert outline(page) == [*WHOLE, ". 1"]
    go(page, 1, column="name")
    Gun().scan(NEW)
    settled()
    settled()
    assert outline(page) == [*WHOLE, ".RM401B 1"]


def test_in_an_approved_bill_the_cursor_goes_to_where_the_item_stands_or_it_is_said_why_not(
    page: BomPage, settled: Settled
) -> None:
    go(page, 0, 0, column="name")
    Gun().scan(SCREW)
    settled()
    place = page.tree.current_place()
    assert place is not None
    assert here(page) == ("RM403", "code")
    assert place.above is not None
    assert place.above.line.text == "SA200"
    Gun().scan(BOX)
    settled()
    assert here(page) == ("RM405", "usage")
    go(page, 0, 0, column="name")
    Gun().scan(NEW)
    settled()
    assert outline(page) == WHOLE
    assert "SA200 V1.0" in page.refusals.texts()[0]


def test_an_unknown_code_is_told_and_the_letters_of_a_scan_move_nothing(page: BomPage, settled: Settled) -> None:
    sentences = said(page)
    go(page, 1, column="name")
    Gun().scan("RM40588888")
    settled()
    assert here(page) == ("SA300", "name")
    assert outline(page) == WHOLE
    assert "RM40588888" in sentences[-1]


def test_a_barcode_scanned_into_a_usage_is_no_usage_but_finds_its_line(page: BomPage, settled: Settled) -> None:
    sentences = said(page)
    go(page, 0, column="usage")
    for time, letter in enumerate(BOX):
        press = QKeyEvent(QEvent.Type.KeyPress, Key(ord(letter)), Qt.KeyboardModifier.NoModifier, letter)
        press.setTimestamp(1000 + 5 * time)
        QApplication.sendEvent(QApplication.focusWidget(), press)
    key(Key.Key_Return)
    assert BOX in sentences[-1]
    settled()
    assert outline(page) == WHOLE
    assert here(page) == ("RM405", "usage")
