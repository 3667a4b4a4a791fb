"""Enter that comes before the list has answered what was typed takes what was typed, never what the list still shows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import compose
from tests.ui.test_grid_lines import COLUMNS, ITEMS, search
from ui.framework.desk import Desk
from ui.framework.grid.editors import WordEdit
from ui.framework.grid.grid import LineGrid
from ui.framework.lookup import LookupDialog, LookupEdit, LookupRow, LookupSource

Show = Callable[[QWidget], None]
Settle = Callable[[], None]


class SlowBooks:
    """Answers at once until told to wait."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()

    def search(self, text: str, limit: int) -> Sequence[LookupRow]:
        self.open.wait(5)
        return search(text, limit)


@pytest.fixture
def books() -> Iterator[SlowBooks]:
    made = SlowBooks()
    yield made
    made.open.set()


@pytest.fixture
def grid(desk: Desk, show: Show, books: SlowBooks) -> LineGrid:
    desk.lookups.register("item", LookupSource("物料", books.search, ("编码", "名称", "规格")))
    made = LineGrid(desk, "t/haste", COLUMNS)
    made.set_rows([])
    show(made)
    made.view.setFocus()
    return made


def typed(text: str) -> None:
    for letter in text:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, letter)


def enter() -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, Qt.Key.Key_Return)


def test_enter_while_the_list_answers_an_earlier_text_takes_what_was_typed(
    grid: LineGrid, books: SlowBooks, qtbot: QtBot, settled: Settle
) -> None:
    grid.view.select_cell(0, "item")
    typed("RM40")
    edit = QApplication.focusWidget()
    assert isinstance(edit, LookupEdit)
    qtbot.waitUntil(lambda: edit.popup_open)
    books.open.clear()
    typed("4")
    qtbot.wait(120)  # the question is under way, the list still shows RM401
    enter()
    books.open.set()
    settled()
    assert (grid.model.record(0)["item"], grid.model.record(0)["item_name"]) == ("RM404", "硅脂")


def dialog_of(grid: LineGrid, qtbot: QtBot) -> LookupDialog:
    grid.view.select_cell(0, "item")
    grid.view.look_up()  # type: ignore[attr-defined]
    dialog = grid.window().findChild(LookupDialog)
    assert isinstance(dialog, LookupDialog)
    qtbot.waitUntil(lambda: len(dialog.model.hits) == len(ITEMS))
    return dialog


@pytest.mark.parametrize(("text", "code"), [("RM404", "RM404"), ("硅", "RM404"), ("RM40", None), ("nix", None)])
def test_the_dialog_takes_what_is_typed_and_nothing_else(
    grid: LineGrid, qtbot: QtBot, settled: Settle, text: str, code: str | None
) -> None:
    dialog = dialog_of(grid, qtbot)
    dialog.search_field.setText(text)
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
    settled()
    assert grid.model.record(0)["item"] == code
    if code is None:
        assert dialog.isVisible()
    if text == "RM40":
        QTest.keyClick(dialog.search_field, Qt.Key.Key_Down)
        QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
        assert grid.model.record(0)["item"] == "RM403"


def test_arrows_belong_to_the_input_method_while_it_composes(grid: LineGrid, qtbot: QtBot) -> None:
    dialog = dialog_of(grid, qtbot)
    compose(dialog.search_field, "luo")
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Down)
    assert dialog.table.currentIndex().row() == 0
    compose(dialog.search_field, "")
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Down)
    assert dialog.table.currentIndex().row() == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_the_dialog_stays_open_while_an_input_method_composes(grid: LineGrid, qtbot: QtBot, key: Qt.Key) -> None:
    dialog = dialog_of(grid, qtbot)
    compose(dialog.search_field, "luo")
    QTest.keyClick(dialog.search_field, key)
    assert dialog.isVisible()
    compose(dialog.search_field, "")
    QTest.keyClick(dialog.search_field, key)
    assert not dialog.isVisible()


def test_no_key_of_the_window_is_done_while_an_input_method_composes(desk: Desk, show: Show) -> None:
    window, done = QWidget(), []
    field = WordEdit(parent=window)
    for key in ("F8", "Esc"):
        QShortcut(QKeySequence(key), window, lambda key=key: done.append(key))
    show(window)
    field.setFocus()
    compose(field, "luo")
    for pressed in (Qt.Key.Key_F8, Qt.Key.Key_Escape):
        QTest.keyClick(field, pressed)
    assert done == []
    compose(field, "")
    QTest.keyClick(field, Qt.Key.Key_F8)
    assert done == ["F8"]
