"""The log-in window, by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from services.platform import api
from services.platform.db import Database
from tests.ui.access.conftest import BOSS, FIRST, KEEPER, SECRET, sentence
from ui.access.login import LAST_USER, LoginDialog
from ui.access.passwords import ChangePasswordDialog, FirstAdministratorDialog
from ui.framework.grid.layout import MemorySettings
from ui.framework.ops import Ops

ENTER = Qt.Key.Key_Return


@pytest.fixture
def settings() -> MemorySettings:
    return MemorySettings()


@pytest.fixture
def dialog(shared: Database, settings: MemorySettings, ops: Ops, show: Callable[[QWidget], None]) -> LoginDialog:
    made = LoginDialog(shared, settings, ops, sentence)
    show(made)
    return made


def wait(qtbot: QtBot, ops: Ops) -> None:
    qtbot.waitUntil(lambda: ops.idle, timeout=5000)


def test_name_enter_password_enter_is_enough(
    dialog: LoginDialog, settings: MemorySettings, ops: Ops, qtbot: QtBot
) -> None:
    assert dialog.name.hasFocus()
    QTest.keyClicks(dialog.name, "Boss")
    QTest.keyClick(dialog.name, ENTER)
    assert dialog.password.hasFocus()
    QTest.keyClicks(dialog.password, SECRET.replace("灯罩", ""))
    dialog.password.setText(SECRET)
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.password, ENTER)
    assert dialog.access is not None
    assert dialog.access.name == BOSS
    assert settings.load(LAST_USER) == BOSS
    assert dialog.password.text() == ""


def test_the_last_user_stands_there_and_the_password_is_asked_for(
    shared: Database, settings: MemorySettings, ops: Ops, show: Callable[[QWidget], None]
) -> None:
    settings.save(LAST_USER, BOSS)
    dialog = LoginDialog(shared, settings, ops, sentence)
    show(dialog)
    assert dialog.name.text() == BOSS
    assert dialog.password.hasFocus()


def test_a_wrong_password_is_told_in_words_and_cleared(dialog: LoginDialog, ops: Ops, qtbot: QtBot) -> None:
    dialog.name.setText(BOSS)
    dialog.password.setText("wrong")
    dialog.act()
    wait(qtbot, ops)
    assert "用户名或密码不对" in dialog.refusal.text()
    assert dialog.password.text() == ""
    assert dialog.password.hasFocus()
    assert dialog.isVisible()


def test_nothing_typed_asks_nobody(dialog: LoginDialog, ops: Ops) -> None:
    dialog.act()
    assert ops.idle
    assert dialog.refusal.text()


@pytest.mark.parametrize("typed", ["zs", "张", "zhangsan", "zha"])
def test_a_user_is_found_by_pinyin(dialog: LoginDialog, ops: Ops, qtbot: QtBot, typed: str) -> None:
    wait(qtbot, ops)
    QTest.keyClicks(dialog.name, typed) if typed.isascii() else dialog._look_up(typed)
    assert dialog._hits.stringList() == ["张三  zhang"]
    dialog._pick("张三  zhang")
    assert dialog.name.text() == KEEPER


def test_the_full_name_will_do_too(dialog: LoginDialog, ops: Ops, qtbot: QtBot) -> None:
    wait(qtbot, ops)
    dialog.name.setText("张三")
    assert dialog.login_name() == KEEPER


def test_a_password_set_by_the_administrator_is_changed_before_anything_else(
    dialog: LoginDialog, ops: Ops, qtbot: QtBot, shared: Database
) -> None:
    dialog.name.setText(KEEPER)
    dialog.password.setText(FIRST)
    dialog.act()
    wait(qtbot, ops)
    change = dialog.findChild(ChangePasswordDialog)
    assert change is not None
    change.new.setText(SECRET)
    change.again.setText(SECRET + "x")
    change.act()
    assert "不一样" in change.refusal.text()
    change.new.setText("12345678")
    change.again.setText("12345678")
    change.act()
    wait(qtbot, ops)
    assert "太常见" in change.refusal.text()
    change.new.setText(SECRET)
    change.again.setText(SECRET)
    with qtbot.waitSignal(dialog.accepted):
        change.act()
    assert dialog.access is not None
    assert not dialog.access.must_change
    assert api.sign_in(shared, KEEPER, SECRET).name == KEEPER


def test_a_locked_window_takes_only_its_own_user(
    shared: Database, settings: MemorySettings, ops: Ops, show: Callable[[QWidget], None]
) -> None:
    dialog = LoginDialog(shared, settings, ops, sentence, purpose="lock", locked=BOSS)
    show(dialog)
    assert dialog.name.isReadOnly()
    assert dialog.name.text() == BOSS
    assert dialog.password.hasFocus()


def test_passwords_are_dots_and_no_input_method_composes_in_them(dialog: LoginDialog) -> None:
    assert dialog.password.echoMode() == dialog.password.EchoMode.Password
    assert not dialog.password.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_the_first_administrator_ends_single_user_mode(
    book: Database, ops: Ops, qtbot: QtBot, show: Callable[[QWidget], None]
) -> None:
    dialog = FirstAdministratorDialog(book, ops, sentence)
    show(dialog)
    for field, text in (
        (dialog.login, "boss"), (dialog.full_name, "老板"), (dialog.new, SECRET), (dialog.again, SECRET),
    ):  # fmt: skip
        field.setText(text)
    with qtbot.waitSignal(dialog.made):
        dialog.act()
    assert api.with_users(book)
