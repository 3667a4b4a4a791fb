"""On a real screen a window opens, takes the keyboard and shows Chinese in the bundled font."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support.keyboard import type_text

pytestmark = pytest.mark.xvfb


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A shown, active window with two fields."""
    made = QWidget()
    layout = QVBoxLayout(made)
    for name in ("first", "second"):
        field = QLineEdit(made)
        field.setObjectName(name)
        layout.addWidget(field)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_platform_is_a_real_screen(qapp: QApplication) -> None:
    assert qapp.platformName() in {"xcb", "windows", "cocoa"}


def test_chinese_typed_through_an_input_method_arrives(window: QWidget) -> None:
    field = window.findChild(QLineEdit, "first")
    type_text(field, "镕钢管㎡")
    assert field.text() == "镕钢管㎡"
    assert QFontInfo(field.font()).family() == "Noto Sans SC"


def test_tab_moves_the_focus_and_a_shortcut_reaches_its_window(window: QWidget, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    shortcut = QShortcut(QKeySequence("Ctrl+S"), window)
    shortcut.activated.connect(lambda: pressed.append(True))
    first, second = window.findChild(QLineEdit, "first"), window.findChild(QLineEdit, "second")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [True]
