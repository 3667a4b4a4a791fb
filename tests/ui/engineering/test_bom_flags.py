"""Yes/no cells of the tree: the boxes of the grids where a line can be changed, 是 or blank in an approved bill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.engineering.conftest import key, typed
from ui.engineering.bom_page import BomPage
from ui.engineering.draft import DraftLine
from ui.engineering.fields import SECTIONS
from ui.shell.theme import apply_theme

Open = Callable[[str], BomPage]
CHECK = Qt.ItemDataRole.CheckStateRole
OFF, ON = Qt.CheckState.Unchecked, Qt.CheckState.Checked
FLAGS = ("skip_level", "key_part")


def cell(page: BomPage, *rows: int, column: str) -> QModelIndex:
    """The cell of a line, by the rows that lead to it from the product."""
    assert page.model is not None
    index = page.model.top()
    for row in rows:
        index = page.model.index(row, 0, index)
    return page.model.index(index.row(), SECTIONS[column], index.parent())


def line(page: BomPage, row: int) -> DraftLine:
    assert page.model is not None
    return page.model.book.lines(page.model.book.root_id)[row]


def seen(page: BomPage, index: QModelIndex) -> QPoint:
    """Where the middle of a cell is, after it was scrolled to."""
    page.tree.scrollTo(index)
    return page.tree.visualRect(index).center()


def shades(page: BomPage, index: QModelIndex) -> int:
    """How many colours a cell is painted in."""
    page.tree.scrollTo(index)
    image: QImage = page.tree.viewport().grab().toImage()
    rect = page.tree.visualRect(index).adjusted(2, 2, -2, -2)
    return len({image.pixel(x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom())})


def states(page: BomPage, *rows: int) -> list[Any]:
    return [cell(page, *rows, column=column).data(CHECK) for column in FLAGS]


def test_lines_of_a_draft_have_boxes_and_approved_ones_read(open_bom: Open) -> None:
    page = open_bom("FG100")
    assert states(page, 0) == [OFF, OFF]
    assert states(page) == [None, None]
    assert states(page, 0, 1) == [None, None]
    assert cell(page, 0, column="usage").data(CHECK) is None
    page.tree.go(cell(page, 0, column="skip_level"))
    key(Qt.Key.Key_Space)
    assert states(page, 0) == [ON, OFF]
    assert cell(page, 0, column="skip_level").data() == "是"
    key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert states(page, 0) == [OFF, OFF]


def test_space_in_an_approved_bill_changes_nothing(open_bom: Open) -> None:
    page = open_bom("SA200")
    assert states(page, 0) == [None, None]
    page.tree.go(cell(page, 0, column="key_part"))
    key(Qt.Key.Key_Space)
    assert not line(page, 0).key_part
    assert [problem.code for problem in page.refusals.problems] == ["bom.approved"]
    QTest.mouseClick(page.tree.viewport(), Qt.MouseButton.LeftButton, pos=seen(page, cell(page, 1, column="key_part")))
    assert not line(page, 1).key_part


def test_a_click_on_the_box_turns_it_round_and_beside_it_only_chooses_the_cell(open_bom: Open) -> None:
    page = open_bom("FG100")
    viewport, box = page.tree.viewport(), cell(page, 2, column="key_part")
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=seen(page, box))
    assert line(page, 2).key_part
    assert page.tree.currentIndex().column() == SECTIONS["key_part"]
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=seen(page, box))
    assert not line(page, 2).key_part
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=seen(page, box))
    assert page.tree.state() != page.tree.State.EditingState
    before = line(page, 3).key_part
    beside = seen(page, cell(page, 3, column="key_part")) - QPoint(19, 0)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=beside)
    assert line(page, 3).key_part == before
    QTest.mouseClick(
        viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier,
        seen(page, cell(page, 3, column="key_part")),
    )  # fmt: skip
    assert line(page, 3).key_part == before


def test_yes_can_still_be_typed_and_what_is_no_answer_is_shown_as_typed(open_bom: Open) -> None:
    page = open_bom("FG100")
    page.tree.go(cell(page, 1, column="key_part"))
    typed("y")
    key(Qt.Key.Key_Return)
    assert states(page, 1) == [OFF, ON]
    page.tree.go(cell(page, 1, column="key_part"))
    typed("q")
    key(Qt.Key.Key_Return)
    assert states(page, 1) == [OFF, None]
    assert cell(page, 1, column="key_part").data() == "q"
    page.tree.go(cell(page, 1, column="key_part"))
    key(Qt.Key.Key_Space)
    assert states(page, 1)[1] in (ON, OFF)


@pytest.mark.parametrize("dark", [False, True])
def test_a_box_is_seen_in_light_and_dark_and_what_is_only_read_looks_so(
    open_bom: Open, qapp: QApplication, dark: bool
) -> None:
    page = open_bom("FG100")
    page.tree.expand(page.model.index(0, 0, page.model.top()) if page.model is not None else QModelIndex())
    apply_theme(qapp, dark=dark)
    empty, full = cell(page, 2, column="key_part"), cell(page, 3, column="key_part")
    page.tree.go(full)
    key(Qt.Key.Key_Space)
    page.tree.go(cell(page, 1, column="key_part"))
    assert shades(page, empty) > 1
    assert shades(page, full) > shades(page, empty)
    assert shades(page, cell(page, 0, 1, column="key_part")) == 1
    apply_theme(qapp)
