"""The main frame: pages open and close by keys, the palette finds by pinyin, hidden pages wait, refusals lead to their place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import Changes, DocRef
from tests.ui.conftest import compose
from ui.framework import colors, verb_bar
from ui.framework.actions import Action, Command
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import WordEdit
from ui.framework.grid.grid import Grid
from ui.framework.navigator import PageRef, PageSpec
from ui.framework.page import Page
from ui.shell.frame import MainFrame
from ui.shell.key_sheet import key_text
from ui.today.counts import HeadCounts

Show = Callable[[QWidget], None]
CONTROL = Qt.KeyboardModifier.ControlModifier


class StockPage(Page):
    """A list page for the tests."""

    topics = frozenset({"stock"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "即时库存", icon_name="box")
        self.reads = 0
        self.approved = 0
        self.grid = Grid(
            desk, "stock", [Column("code", "物料", kind="code"), Column("quantity", "数量", kind="number", total=True)]
        )
        self.grid.summary.connect(self.selection_summary)
        self.body.addWidget(self.grid)
        self.arguments: dict[str, Any] = {}
        self.add_actions(
            [
                Action("approve", "审核", self.approve, "F8", "approve"),
                Action("reverse", "反审核", self.approve, "Shift+F8", enabled=lambda: self.approved > 0, where="menu"),
            ]
        )

    def refresh(self) -> None:
        self.reads += 1
        self.run_query(
            lambda: [{"code": "RM403", "quantity": 12}, {"code": "RM404", "quantity": 30}], self.grid.set_rows
        )

    def on_shown(self) -> None:
        self.grid.setFocus()

    def apply_arguments(self, arguments: Any) -> None:
        self.arguments = dict(arguments)

    def approve(self) -> None:
        self.approved += 1
        self.state_changed.emit()


class NotePage(Page):
    """A page that edits."""

    def __init__(self, desk: Desk, title: str = "便签") -> None:
        super().__init__(desk, title)
        self.field = WordEdit("", self)
        self.body.addWidget(self.field)
        self.led: list[Problem] = []

    @property
    def dirty(self) -> bool:
        return bool(self.field.text())

    def on_shown(self) -> None:
        self.field.setFocus()

    def lead_to(self, problem: Problem) -> bool:
        self.led.append(problem)
        return bool(problem.place.field)


@pytest.fixture
def frame(desk: Desk, show: Show) -> MainFrame:
    desk.navigator.register(
        PageSpec("stock", "即时库存", "inventory", StockPage, "box", "Ctrl+1"),
        PageSpec("note", "便签", "today", NotePage, "page", "Ctrl+2"),
        PageSpec("secret", "成本核算", "costing", NotePage, right="cost.view"),
    )
    desk.session.allowed = lambda right: right != "cost.view"
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: False
    show(made)
    return made


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), code, modifiers)


def test_a_page_opens_by_its_key_reads_once_and_closes_by_ctrl_w(
    frame: MainFrame, settled: Callable[[], None], qtbot: QtBot
) -> None:
    key(Qt.Key.Key_1, CONTROL)
    page = frame.tabs.front()
    assert isinstance(page, StockPage)
    qtbot.waitUntil(lambda: page.grid.model.rowCount() == 2)
    assert page.reads == 1
    assert page.grid.view.hasFocus()
    key(Qt.Key.Key_1, CONTROL)
    assert frame.tabs.count() == 1
    key(Qt.Key.Key_W, CONTROL)
    assert frame.tabs.count() == 0


def test_ctrl_tab_goes_on_and_closing_returns_to_the_page_before(frame: MainFrame) -> None:
    frame.desk.navigator.open("stock")
    frame.desk.navigator.open("note")
    key(Qt.Key.Key_Tab, CONTROL)
    assert isinstance(frame.tabs.front(), StockPage)
    key(Qt.Key.Key_2, CONTROL)
    assert isinstance(frame.tabs.front(), NotePage)
    key(Qt.Key.Key_W, CONTROL)
    assert isinstance(frame.tabs.front(), StockPage)


def test_a_dirty_page_asks_before_it_closes(frame: MainFrame) -> None:
    page = frame.desk.navigator.open("note")
    assert isinstance(page, NotePage)
    page.field.setText("x")
    key(Qt.Key.Key_W, CONTROL)
    assert frame.tabs.count() == 1
    frame.tabs.ask = lambda page: True
    key(Qt.Key.Key_W, CONTROL)
    assert frame.tabs.count() == 0


def test_pages_without_the_right_are_neither_listed_nor_found(frame: MainFrame) -> None:
    shown = [frame.navigation.topLevelItem(i).text(0) for i in range(frame.navigation.topLevelItemCount())]
    assert shown == ["今日", "仓库"]
    assert not frame.desk.actions.find("成本")


def test_the_palette_finds_by_pinyin_initials_and_enter_runs(frame: MainFrame, qtbot: QtBot) -> None:
    key(Qt.Key.Key_K, CONTROL)
    assert frame.palette_popup.isVisible()
    QTest.keyClicks(frame.palette_popup.field, "jskc")
    assert frame.palette_popup.texts()[0] == "即时库存"
    QTest.keyClick(frame.palette_popup.field, Qt.Key.Key_Return)
    assert isinstance(frame.tabs.front(), StockPage)


@pytest.mark.parametrize("text", ["jishikucun", "kucun", "jishi kucun", "即时 kc", "JSKC", "ji"])
def test_the_palette_finds_by_spelled_pinyin_and_by_several_words(frame: MainFrame, text: str) -> None:
    assert "即时库存" in [command.title for command in frame.desk.actions.find(text)]
    assert not frame.desk.actions.find("kucunx")
    assert not frame.desk.actions.find("jishi lingliao")


def test_enter_and_arrows_belong_to_an_input_method_that_composes_in_the_palette(frame: MainFrame) -> None:
    frame.open_palette()
    popup = frame.palette_popup
    compose(popup.field, "ku")
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert popup.list.currentRow() == 0
    compose(popup.field, "")
    QTest.keyClick(popup.field, Qt.Key.Key_Down)
    assert popup.list.currentRow() == 1
    popup.hide()


def test_the_palette_offers_what_the_page_in_front_can_do_now(frame: MainFrame) -> None:
    frame.desk.navigator.open("stock")
    titles = [command.title for command in frame.desk.actions.commands()]
    assert "审核" in titles
    assert "反审核" not in titles
    key(Qt.Key.Key_F8)
    frame.open_palette()
    assert "反审核" in [command.title for command in frame.desk.actions.commands()]
    frame.palette_popup.hide()


def test_the_palette_searches_data_too(frame: MainFrame, qtbot: QtBot) -> None:
    opened: list[str] = []
    frame.desk.actions.register_finder(
        lambda text, limit: [Command(f"{text} 台灯", lambda: opened.append(text), "物料")]
    )
    frame.open_palette()
    QTest.keyClicks(frame.palette_popup.field, "FG100")
    qtbot.waitUntil(lambda: frame.palette_popup.texts() == ["FG100 台灯"])
    QTest.keyClick(frame.palette_popup.field, Qt.Key.Key_Return)
    assert opened == ["FG100"]


def test_the_palette_says_that_nothing_was_found_and_its_lines_stand_below_each_other(
    frame: MainFrame, qtbot: QtBot
) -> None:
    frame.desk.actions.register_finder(lambda text, limit: [])
    frame.open_palette()
    popup = frame.palette_popup
    assert not any(popup.list.item(i).icon().isNull() for i in range(popup.list.count()))
    QTest.keyClicks(popup.field, "zzqq")
    qtbot.waitUntil(lambda: popup.list.count() == 1)
    assert "没有找到 zzqq" in popup.list.item(0).text()
    assert popup.texts() == []
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible()


def test_a_change_is_read_at_once_by_the_page_in_front_and_later_by_a_hidden_one(
    frame: MainFrame, qtbot: QtBot
) -> None:
    stock = frame.desk.navigator.open("stock")
    assert isinstance(stock, StockPage)
    qtbot.waitUntil(lambda: stock.reads == 1)
    frame.desk.hub.publish(Changes(topics=frozenset({"stock"})))
    frame.desk.hub.publish(Changes(topics=frozenset({"stock"})))
    qtbot.waitUntil(lambda: stock.reads == 2)
    frame.desk.navigator.open("note")
    frame.desk.hub.publish(Changes(topics=frozenset({"stock"})))
    qtbot.wait(30)
    assert stock.reads == 2
    assert stock.stale
    frame.desk.navigator.open("stock")
    qtbot.waitUntil(lambda: stock.reads == 3)


def test_refusals_stand_under_the_page_and_enter_leads_to_the_place(frame: MainFrame, qtbot: QtBot) -> None:
    opened: list[DocRef] = []

    class BlockerPage(NotePage):
        pass

    def make(desk: Desk, ref: DocRef) -> Page:
        opened.append(ref)
        return BlockerPage(desk, ref.number)

    frame.desk.navigator.register_document("SCRW", make)
    page = frame.desk.navigator.open("note")
    assert isinstance(page, NotePage)
    blocker = DocRef("SCRW", 7, "SCRW-20260310-00007")
    problems = [Problem("stock.short", {"short": 52}, Place(line=3, field="quantity")), Problem("blocked", ref=blocker)]

    def refused() -> None:
        raise Refused(problems)

    page.run_command(refused)
    qtbot.waitUntil(page.refusals.isVisible)
    assert page.refusals.texts() == ["stock.short short=52", "blocked "]
    page.refusals.list.setFocus()
    key(Qt.Key.Key_Return)
    assert page.led == [problems[0]]
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    assert opened == [blocker]
    assert isinstance(frame.tabs.front(), BlockerPage)


def test_the_status_bar_shows_the_selection_and_running_work(frame: MainFrame, qtbot: QtBot) -> None:
    page = frame.desk.navigator.open("stock")
    assert isinstance(page, StockPage)
    qtbot.waitUntil(lambda: page.grid.model.rowCount() == 2)
    page.grid.view.selectAll()
    qtbot.waitUntil(lambda: "42" in frame.status.selection.text())
    assert frame.status.selection.text() == "选中 4 格  合计 42"

    def work(progress: Any) -> None:
        step = 0
        while True:
            step = (step + 1) % 100
            progress(step, 100)

    page.run_long(work, title="计算物料需求")
    qtbot.waitUntil(lambda: frame.status.bar.value() > 0)
    assert frame.status.job_label.text() == "正在计算物料需求"
    assert frame.status.cancel.isVisible()
    frame.status.cancel.click()
    qtbot.waitUntil(lambda: not frame.status.cancel.isVisible())


def test_arguments_reach_an_open_page(frame: MainFrame) -> None:
    page = frame.desk.navigator.open("stock")
    frame.desk.navigator.open(PageRef("stock", (("item", "RM403"),)))
    assert isinstance(page, StockPage)
    assert page.arguments == {"item": "RM403"}


def test_the_sheet_of_keys_comes_from_the_declared_actions(frame: MainFrame) -> None:
    page = frame.desk.navigator.open("stock")
    assert page is not None
    text = key_text([(page.title, page.declared_actions())])
    assert "**F8** | 审核" in text
    assert "**Shift+F8** | 反审核" in text


def test_an_unforeseen_error_is_one_dialog(frame: MainFrame, qtbot: QtBot) -> None:
    page = frame.desk.navigator.open("note")
    assert page is not None

    def broken() -> None:
        raise RuntimeError("boom")

    page.run_command(broken, title="保存")
    qtbot.waitUntil(lambda: frame.findChild(QWidget, "failure") is not None)
    box = frame.findChild(QWidget, "failure")
    assert "boom" not in box.text()  # type: ignore[attr-defined]
    box.close()


def test_the_status_bar_names_user_period_and_books(frame: MainFrame) -> None:
    session = frame.desk.session
    session.user_name = "张会计"
    frame.show_session()
    shown = [part.text() for part in (frame.status.period, frame.status.user, frame.status.database)]
    assert shown == [f"期间 {session.period}", "用户 张会计", f"账套 {session.database}"]


def test_letters_and_colours_change_at_once_and_are_remembered(frame: MainFrame, qtbot: QtBot) -> None:
    page = frame.desk.navigator.open("stock")
    assert isinstance(page, StockPage)
    before = page.grid.view.verticalHeader().defaultSectionSize()
    for _ in range(9):
        frame.look.larger()
    frame.look.toggle_dark()
    assert QApplication.font().pointSize() == 14
    assert page.grid.view.verticalHeader().defaultSectionSize() > before
    assert colors.current().dark
    assert frame.desk.settings.load("look/size") == "14"
    for _ in range(9):
        frame.look.smaller()
    assert QApplication.font().pointSize() == 9
    frame.look.toggle_dark()
    frame.look.larger()
    assert not colors.current().dark


def test_ctrl_k_opens_the_palette_from_inside_a_field(frame: MainFrame, qtbot: QtBot) -> None:
    page = frame.desk.navigator.open("note")
    assert isinstance(page, NotePage)
    page.field.setText("不要删掉这些字")
    page.field.setFocus()
    page.field.setCursorPosition(0)
    key(Qt.Key.Key_K, CONTROL)
    assert frame.palette_popup.isVisible()
    assert page.field.text() == "不要删掉这些字"
    frame.palette_popup.hide()


def test_buttons_are_measured_once_the_page_is_shown_and_name_their_keys_where_there_is_room(
    frame: MainFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []

    def fit(bar: QHBoxLayout, shortcuts: Mapping[QToolButton, str], width: int) -> None:
        measured.append(width)
        usual(bar, shortcuts, width)

    usual = verb_bar.fit
    monkeypatch.setattr(verb_bar, "fit", fit)
    page = StockPage(frame.desk)
    page.update_actions()
    assert measured == []
    page.deleteLater()
    opened = frame.desk.navigator.open("stock")
    assert opened is not None
    assert measured[-1] > 800
    texts = [button.text() for button in opened.findChildren(QToolButton) if button.objectName().startswith("button_")]
    assert texts
    assert all(" " in text for text in texts)


def test_what_is_loaded_ahead_is_loaded_once_off_the_window_after_it_is_shown(
    desk: Desk, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.shell.frame.AHEAD_MS", 1)
    threads: list[threading.Thread] = []
    desk.ahead.append(lambda: threads.append(threading.current_thread()))
    made = MainFrame(desk)
    qtbot.wait(20)
    assert threads == []
    show(made)
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    made.hide()
    made.show()
    qtbot.wait(20)
    assert len(threads) == 1
    qtbot.waitUntil(lambda: desk.ops.idle)


def test_open_pages_change_all_their_icons_with_the_scheme(frame: MainFrame) -> None:
    page = frame.desk.navigator.open("note")
    assert page is not None
    page.body.addWidget(Form(frame.desk, [Column("day", "日期", kind="date", editable=True)]))
    page.show_problems([Problem("a.b")])
    frame.desk.navigator.open("stock")
    before = dressed(frame)
    assert {"approve", "calendar", "close", "search"} <= {name for name, _ in before.values()}
    frame.look.toggle_dark()
    try:
        after = dressed(frame)
        assert set(after) == set(before)
        assert [name for at, (name, shade) in after.items() if name != "none" and shade == before[at][1]] == []
    finally:
        frame.look.toggle_dark()


def dressed(frame: MainFrame) -> dict[QObject, tuple[str, list[str]]]:
    """Name and shades of each icon that follows the scheme."""
    found = [*frame.findChildren(QAction), *frame.findChildren(QAbstractButton)]
    return {one: (one.property("iconName"), shades(one.icon())) for one in found if one.property("iconName")}


def shades(icon: QIcon) -> list[str]:
    """Its darkest and lightest opaque shade."""
    picture = icon.pixmap(48, 48).toImage()
    points = [picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height())]
    names = sorted(point.name() for point in points if point.alpha() > 250)
    return [names[0], names[-1]] if names else []


def test_warnings_of_the_frame_change_their_colour_with_the_scheme(book_frame: MainFrame, qtbot: QtBot) -> None:
    book_frame.status.show_backup("8 天没有备份", fine=False)
    counts = HeadCounts(book_frame.desk, book_frame.add_badge, book_frame)
    book_frame.look.changed.connect(counts.paint)
    qtbot.waitUntil(lambda: len(counts.counts) == len(counts.buttons))
    warned = [book_frame.status.backup, *counts.buttons.values()]
    before = [one.styleSheet() for one in warned]
    book_frame.look.toggle_dark()
    try:
        assert all(one.styleSheet() not in ("", light) for one, light in zip(warned, before, strict=True))
    finally:
        book_frame.look.toggle_dark()
    assert [one.styleSheet() for one in warned] == before
