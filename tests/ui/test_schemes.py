"""Schemes of lists and layouts of grids: kept by name, by keys alone, over a restart, whatever happened to what was kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from services.platform import api
from services.platform.db import Database
from tests.ui.conftest import TODAY
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.layout import MemorySettings
from ui.framework.views_dialog import ViewsDialog
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk

CONTROL = Qt.KeyboardModifier.ControlModifier
CONTROL_ALT = CONTROL | Qt.KeyboardModifier.AltModifier
LIST = "sales_order/list"
Wait = Callable[[], None]


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Wait:
    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def orders(frame: MainFrame) -> DocumentListPage:
    page = frame.desk.navigator.open(LIST)
    assert isinstance(page, DocumentListPage)
    return page


def items(frame: MainFrame) -> RecordListPage:
    page = frame.desk.navigator.open("items/records")
    assert isinstance(page, RecordListPage)
    return page


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget() or QApplication.activeWindow()
    assert widget is not None
    QTest.keyClick(widget, code, modifiers)


def dialog_of(frame: MainFrame) -> ViewsDialog:
    found = [dialog for dialog in frame.findChildren(ViewsDialog) if dialog.isVisible()]
    assert len(found) == 1
    return found[0]


def told(dialog: ViewsDialog) -> list[tuple[str, bool, bool]]:
    return [(row.name, row.shared, row.default) for row in dialog.grid.model.records()]


def test_the_dialog_saves_renames_shares_and_deletes_by_keys(
    book_frame: MainFrame, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = orders(book_frame)
    wait()
    page.search_field.setText("台灯")
    page.grid.setFocus()
    press(Qt.Key.Key_S, CONTROL_ALT)
    dialog = dialog_of(book_frame)
    wait()
    names = iter(["台灯", "台灯订单"])
    monkeypatch.setattr(dialog, "ask_name", lambda title, proposal: next(names))
    asked: list[str] = []
    answers = iter([False, True])

    def answer(question: str) -> bool:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr(dialog, "confirm", answer)
    press(Qt.Key.Key_Insert)
    wait()
    assert told(dialog) == [("全部（不用方案）", False, True), ("台灯", False, False)]
    assert page.schemes.current == "台灯"
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_F2)
    wait()
    press(Qt.Key.Key_G, CONTROL)
    wait()
    press(Qt.Key.Key_D, CONTROL)
    wait()
    assert told(dialog) == [("全部（不用方案）", False, False), ("台灯订单", True, True)]
    assert page.schemes.text() == "方案：台灯订单 ▾"
    press(Qt.Key.Key_D, CONTROL)
    wait()
    assert told(dialog)[0] == ("全部（不用方案）", False, True)
    press(Qt.Key.Key_Delete)
    wait()
    assert len(told(dialog)) == 2
    press(Qt.Key.Key_Delete)
    wait()
    assert asked == ["删除共享的方案“台灯订单”？别人也不能再用。"] * 2
    assert told(dialog) == [("全部（不用方案）", False, True)]
    press(Qt.Key.Key_Return)
    wait()
    assert page.search_field.text() == ""
    assert book_frame.findChildren(ViewsDialog) == []


def test_enter_uses_a_scheme_and_a_refusal_is_told_in_the_dialog(
    book_frame: MainFrame, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = orders(book_frame)
    page.search_field.setText("急")
    page.schemes.save_as("急单")
    wait()
    page.schemes.choose("")
    assert page.search_field.text() == ""
    page.schemes.manage()
    dialog = dialog_of(book_frame)
    wait()
    monkeypatch.setattr(dialog, "ask_name", lambda title, proposal: "长" * 61)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_F2)
    wait()
    assert "60" in dialog.told.text()
    assert dialog.told.objectName() == "fault"
    press(Qt.Key.Key_Return)
    wait()
    assert page.search_field.text() == "急"
    assert page.schemes.current == "急单"


def test_schemes_once_kept_on_this_machine_go_into_the_book(book: Database, book_frame: MainFrame, wait: Wait) -> None:
    settings = book_frame.desk.settings
    state = {"text": "台灯", "states": ["draft"], "layout": "{"}
    kept = {"schemes": {"旧的": state, "  两 个 ": {}}, "default": "旧的"}
    settings.save(f"scheme/{LIST}", json.dumps(kept))
    page = orders(book_frame)
    wait()
    wait()
    assert page.schemes.names == ["两 个", "旧的"]
    assert page.schemes.current == "旧的"
    assert page.search_field.text() == "台灯"
    page.schemes.set.remove(next(view for view in page.schemes.set.views if view.name == "两 个"))
    wait()
    book_frame.tabs.close_front()
    again = orders(book_frame)
    wait()
    assert again.schemes.names == ["旧的"]
    assert [view.name for view in api.list_views(book, "tester").of(LIST, "filter")] == ["旧的"]


@pytest.mark.parametrize("damage", ["", "[", "[1]", '{"states": 5}', '{"layout": 3, "text": {}}', '{"range": []}'])
def test_a_damaged_scheme_is_the_list_as_declared(
    book: Database, book_frame: MainFrame, wait: Wait, damage: str
) -> None:
    page = orders(book_frame)
    page.schemes.save_as("坏的")
    wait()
    page.schemes.set.open_with(page.schemes.set.current)
    wait()
    book_frame.tabs.close_front()
    with book.write("tester") as tx:
        tx.conn.exec_driver_sql("update kept_view set content = ? where kind = 'filter'", (damage,))
    book_frame.desk.views.load()
    wait()
    again = orders(book_frame)
    wait()
    assert again.schemes.current == "坏的"
    assert [key for key, button in again.state_buttons.items() if button.isChecked()] == ["draft", "approved"]
    assert again.range_box.currentIndex() == 0


def test_a_list_opened_for_something_does_not_fall_back_to_its_default(book_frame: MainFrame, wait: Wait) -> None:
    page = orders(book_frame)
    page.search_field.setText("台灯")
    page.schemes.save_as("台灯")
    wait()
    page.schemes.set.open_with(page.schemes.set.current)
    wait()
    book_frame.tabs.close_front()
    book_frame.desk.views.loaded = False
    book_frame.desk.views.load()
    page.desk.navigator.open(LIST)
    again = orders(book_frame)
    again.apply_arguments({"text": "FG100", "states": ["approved"]})
    wait()
    assert again.search_field.text() == "FG100"
    assert again.schemes.current == ""


def test_every_grid_has_layouts_by_name(book: Database, book_frame: MainFrame, wait: Wait, qtbot: QtBot) -> None:
    page = items(book_frame)
    wait()
    header, model = page.grid.view.header, page.grid.model
    declared = [header.logicalIndex(place) for place in range(header.count())]
    header.moveSection(header.count() - 1, 1)
    header.set_shown(model.section("spec"), shown=False)
    page.grid.layouts.set.save_as("窄")
    wait()
    arranged = [header.logicalIndex(place) for place in range(header.count())]
    page.grid.layouts.set.choose(None)
    assert [header.logicalIndex(place) for place in range(header.count())] == declared
    menu = header.menu(model.section("name"))
    sub = next(
        found for action in menu.actions() if isinstance(found := action.menu(), QMenu) and action.text() == "列方案"
    )
    chosen = next(action for action in sub.actions() if action.text() == "窄")
    chosen.trigger()
    assert [header.logicalIndex(place) for place in range(header.count())] == arranged
    page.grid.layouts.set.open_with(page.grid.layouts.set.current)
    wait()
    # Another machine: nothing was left there, and the grid opens as chosen.
    desk = open_desk(book, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    frame = MainFrame(desk)
    qtbot.addWidget(frame)
    frame.show()
    other = items(frame)
    qtbot.waitUntil(lambda: desk.ops.idle, timeout=8000)
    assert other.grid.view.isColumnHidden(other.grid.model.section("spec"))
    assert other.grid.layouts.set.current is not None
    desk.ops.close()


def test_the_layouts_of_the_grid_in_use_open_by_keys(book_frame: MainFrame, wait: Wait) -> None:
    page = items(book_frame)
    wait()
    page.grid.setFocus()
    press(Qt.Key.Key_L, CONTROL_ALT)
    dialog = dialog_of(book_frame)
    assert dialog.windowTitle() == "列方案"
    wait()
    press(Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_is_hidden_neither_filters_nor_sorts(book_frame: MainFrame, wait: Wait) -> None:
    page = items(book_frame)
    wait()
    model, header = page.grid.model, page.grid.view.header
    name = model.section("name")
    rows = model.rowCount()
    model.set_filter("name", ColumnFilter(contains="螺"))
    model.set_sort([SortKey(name, descending=True)])
    page.grid.layouts.set.save_as("只看螺丝")
    wait()
    assert model.rowCount() < rows
    header.set_shown(name, shown=False)
    assert (model.rowCount(), list(model.sort_keys), dict(model.filters)) == (rows, [], {})
    view = page.grid.layouts.set.current
    assert view is not None
    layout = json.loads(json.loads(view.content)["layout"])
    for column in layout["columns"]:
        column["hidden"] = column["key"] == "name"
    page.grid.layouts._apply({"layout": json.dumps(layout)})
    assert header.isSectionHidden(name)
    assert model.rowCount() == rows
    assert list(model.sort_keys) == []


def test_nothing_kept_is_read_or_written_on_the_windows_thread(
    book_frame: MainFrame, wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, threads = threading.get_ident(), list[int]()
    for name in ("list_views", "keep_view", "open_with", "remove_view"):
        original = getattr(api, name)

        def noted(*args: Any, _original: Callable[..., Any] = original, **more: Any) -> Any:
            threads.append(threading.get_ident())
            return _original(*args, **more)

        monkeypatch.setattr(api, name, noted)
    page = orders(book_frame)
    page.schemes.menu().aboutToShow.emit()
    page.schemes.save_as("急单")
    wait()
    page.schemes.set.open_with(page.schemes.set.current)
    page.schemes.set.remove(page.schemes.set.views[0])
    wait()
    assert len(threads) > 4
    assert here not in threads
