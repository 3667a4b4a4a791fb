"""The first day by keyboard: no page keeps Tab to itself, and the whole wizard is walked without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget, QWizard
from pytestqt.qtbot import QtBot

from services.documents.api import list_documents
from services.platform.db import Database
from services.platform.users.api import sign_in
from tests.ui.opening.test_first_run import PASSWORD, sheets, wizard
from ui.framework.ops import Ops
from ui.opening.first_run import FirstRunWizard

__all__ = ["wizard"]
MOST_TABS = 20


class Keys:
    """Presses keys where the focus is."""

    def __init__(self, qtbot: QtBot, ops: Ops) -> None:
        self.qtbot, self.ops = qtbot, ops

    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.focus(), key)
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: self.ops.idle, timeout=15000)

    def write(self, text: str) -> None:
        QTest.keyClicks(self.focus(), text)

    def tab_to(self, wanted: QWidget) -> None:
        for _ in range(MOST_TABS):
            if self.focus() is wanted:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(wanted.objectName())


@pytest.fixture
def keys(wizard: FirstRunWizard, ops: Ops, qtbot: QtBot) -> Keys:
    wizard.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=8000)
    return Keys(qtbot, ops)


def test_tab_leaves_the_table_of_warehouses(wizard: FirstRunWizard, keys: Keys) -> None:
    keys.tab_to(wizard.company.name)
    keys.write("Jia")
    for _ in range(2):
        keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.stores
    keys.tab_to(wizard.stores.table.table)
    add, remove = wizard.stores.table.findChildren(QPushButton)
    for wanted in (add, remove, wizard.button(QWizard.WizardButton.NextButton)):
        keys.tab_to(wanted)
    keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.imported
    assert keys.focus() is wizard.imported.choose_button
    keys.press(Qt.Key.Key_Tab)
    assert keys.focus() is wizard.imported.template_button


def test_the_first_day_without_a_mouse(
    wizard: FirstRunWizard, empty: Database, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (sheets(tmp_path), ""))
    keys.tab_to(wizard.company.name)
    keys.write("Jia")
    for _ in range(3):
        keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.imported
    keys.press(Qt.Key.Key_Return)
    assert "都能导入" in wizard.imported.state.text()
    keys.tab_to(wizard.button(QWizard.WizardButton.NextButton))
    keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.check
    keys.tab_to(wizard.check.before)
    keys.write("50.50")
    assert "一分不差" in wizard.check.verdict.text()
    keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.administrator
    keys.tab_to(wizard.administrator.password)
    keys.write(PASSWORD)
    keys.tab_to(wizard.administrator.again)
    keys.write(PASSWORD)
    keys.press(Qt.Key.Key_Return)
    assert not wizard.isVisible()
    assert list_documents(empty, "opening_stock", statuses=("C",)).total >= 1
    assert sign_in(empty, "admin", PASSWORD).title == "管理员"
