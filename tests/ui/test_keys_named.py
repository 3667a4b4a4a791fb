"""Keys are named as the keyboard prints them, on buttons, in hints, in menus and on the sheet of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget

from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.layout import MemorySettings
from ui.framework.keys import key_name
from ui.framework.verb_bar import WITH, WITHOUT
from ui.framework.verbs import WithVerbs
from ui.shell.key_sheet import key_text
from ui.shell.start import prepare
from ui.shell.theme import forget_chinese

NATIVE = QKeySequence.SequenceFormat.NativeText
DECLARED = ("Ctrl+Return", "Alt+Up", "Alt+Left", "Ctrl+Delete", "Ctrl++", "F8", "")


@pytest.fixture(params=("zh", "en"))
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    chosen = str(request.param)
    prepare(qapp, MemorySettings(), chosen)
    yield chosen
    prepare(qapp, MemorySettings())
    forget_chinese(qapp)


def test_menus_name_keys_as_buttons_do(language: str) -> None:
    shown = [QKeySequence(key).toString(NATIVE) for key in DECLARED]
    assert shown == [key_name(key) for key in DECLARED]
    assert shown[:4] == ["Ctrl+Enter", "Alt+↑", "Alt+←", "Ctrl+Del"]


def test_other_words_of_qt_stay_in_the_language(language: str) -> None:
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Question, "", "", QMessageBox.StandardButton.Yes)
    assert ("是" in box.buttons()[0].text()) == (language == "zh")
    box.deleteLater()


def test_buttons_hints_and_the_sheet_name_the_same_key(desk: Desk, show: Callable[[QWidget], None]) -> None:
    verb = Action("go", "打开", lambda: None, "Ctrl+Return")
    page = WithVerbs(desk)
    page.setLayout(page.bar)
    page.bar.addWidget(QLabel("x"))
    page.add_actions([verb])
    page.resize(600, 60)
    show(page)
    button = page.findChild(QToolButton, "button_go")
    assert isinstance(button, QToolButton)
    assert button.text() == "打开 Ctrl+Enter"
    assert button.toolTip() == "打开 (Ctrl+Enter)"
    assert "**Ctrl+Enter**" in key_text([("页", [verb])])
    assert "Return" not in key_text([("页", [verb])])


def test_on_a_narrow_window_keys_go_first_then_icons_and_words_stay_whole(
    desk: Desk, show: Callable[[QWidget], None], qapp: QApplication
) -> None:
    window = QWidget()
    window.resize(1000, 80)
    page = WithVerbs(desk, window)
    page.setLayout(page.bar)
    page.add_actions([Action(f"go{n}", "保存单据", lambda: None, f"Ctrl+{n}", "save") for n in range(3)])
    page.add_actions([Action("plain", "无图标", lambda: None)])
    show(window)
    *buttons, plain = page.findChildren(QToolButton)
    seen: list[tuple[bool, set[Qt.ToolButtonStyle]]] = []
    for width in (*range(1000, 0, -10), 1000):
        if len(seen) == 3 and width < 1000:
            continue
        page.setGeometry(0, 0, width, 60)
        for _ in range(4):
            qapp.processEvents()
        assert plain.toolButtonStyle() == WITHOUT
        assert all(button.width() >= button.sizeHint().width() for button in buttons)
        state = ("Ctrl" in buttons[0].text(), {button.toolButtonStyle() for button in buttons})
        if state not in seen[-1:]:
            seen.append(state)
    assert seen == [(True, {WITH}), (False, {WITH}), (False, {WITHOUT}), (True, {WITH})]
