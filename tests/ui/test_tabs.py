"""Tabs by mouse and menu, and the navigation that shows where the page in front belongs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.kernel.refs import DocRef
from ui.framework.navigator import RecordRef
from ui.shell.frame import MainFrame
from ui.shell.navigation import KEY


def marked(frame: MainFrame) -> object:
    item = frame.navigation.currentItem()
    return item.data(0, KEY) if item is not None else None


def test_the_navigation_marks_the_list_that_what_is_in_front_belongs_to(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    navigator = book_frame.desk.navigator
    for target, key in (
        ("bom", "bom"),
        (DocRef("sales_order", 0, ""), "sales_order/list"),
        (RecordRef("items"), "items/records"),
        ("stock", "stock"),
    ):
        navigator.open(target)
        wait()
        assert marked(book_frame) == key
    book_frame.tabs.step(1)
    assert marked(book_frame) == "bom"
    book_frame.navigation.fill()
    assert marked(book_frame) == "bom"
    while book_frame.tabs.count():
        book_frame.tabs.close_front()
    assert marked(book_frame) is None


def test_the_middle_button_closes_a_tab_and_the_menu_those_beside_it(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    tabs = book_frame.tabs
    for key in ("today", "stock", "bom", "parameters"):
        book_frame.desk.navigator.open(key)
    wait()
    first = tabs.tabBar().tabRect(0).center()
    QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier, first)
    assert tabs.page_keys() == ["stock", "bom", "parameters"]
    own, others, right = tabs.menu(1).actions()
    assert tabs.menu(2).actions()[2].isEnabled() is False
    right.trigger()
    assert tabs.page_keys() == ["stock", "bom"]
    tabs.menu(0).actions()[0].trigger()
    assert tabs.page_keys() == ["bom"]
    assert own.isEnabled()
    assert others.isEnabled()
    assert not tabs.menu(0).actions()[1].isEnabled()


def test_the_navigation_makes_room_for_a_wide_page_beside_the_help_and_f6_brings_it_back(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    book_frame.resize(1240, 768)
    board = book_frame.desk.navigator.open("planning/board")
    assert board is not None
    wait()
    assert book_frame.navigation.isVisible()
    book_frame.help_side.toggle()
    wait()
    assert not book_frame.navigation.isVisible()
    assert board.width() >= board.minimumSizeHint().width()
    book_frame.focus_navigation()
    wait()
    assert book_frame.navigation.isVisible()
    book_frame.focus_navigation()
    wait()
    assert not book_frame.navigation.isVisible()
    book_frame.help_side.toggle()
    wait()
    assert book_frame.navigation.isVisible()
