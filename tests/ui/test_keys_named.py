"""Keys are named as the keyboard prints them, on buttons, in hints, in menus and on the sheet of keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.layout import MemorySettings
from ui.framework.keys import key_name
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


def test_buttons_hints_and_the_sheet_name_the_same_key(desk: Desk, show: object) -> None:
    verb = Action("go", "打开", lambda: None, "Ctrl+Return")
    page = WithVerbs(desk)
    page.setLayout(page.bar)
    page.bar.addWidget(QLabel("x"))
    page.add_actions([verb])
    page.resize(600, 60)
    show(page)  # type: ignore[operator]
    button = page.findChild(QToolButton, "button_go")
    assert isinstance(button, QToolButton)
    assert button.text() == "打开 Ctrl+Enter"
    assert button.toolTip() == "打开 (Ctrl+Enter)"
    assert "**Ctrl+Enter**" in key_text([("页", [verb])])
    assert "Return" not in key_text([("页", [verb])])
