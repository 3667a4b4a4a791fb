"""The page of users in a book without any: it says what to do, with no empty table, and Enter is enough."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from services.platform import api
from services.platform.db import Database
from ui.access.passwords import FirstAdministratorDialog
from ui.access.users_page import LOG_IN, UsersPage
from ui.shell.frame import MainFrame

SECRET = "correct horse lamp"


def users_page(frame: MainFrame, wait: Callable[[], None]) -> UsersPage:
    page = frame.desk.navigator.open("users")
    assert isinstance(page, UsersPage)
    wait()
    return page


def test_without_users_the_page_leads_to_the_administrator(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = users_page(book_frame, wait)
    assert not page.grid.isVisible()
    assert not page.words.isVisible()
    told = " ".join(label.text() for label in page.first.findChildren(QLabel) if label.isVisible())
    for words in ("还没有用户", "设置管理员", "角色与权限"):
        assert words in told
    assert page.first.button.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert page.findChild(FirstAdministratorDialog) is not None


def test_the_first_administrator_brings_the_table(
    book_frame: MainFrame, wait: Callable[[], None], book: Database
) -> None:
    page = users_page(book_frame, wait)
    api.make_first_administrator(book, "zhang", "张工", "correct horse lamp")
    page.request_refresh()
    wait()
    assert not page.first.isVisible()
    assert page.grid.view.hasFocus()
    assert page.grid.model.rowCount() == 1
    assert "张工" in page.words.text()


def test_when_the_administrator_is_made_the_window_closes_for_the_log_in(
    book_frame: MainFrame, wait: Callable[[], None], book: Database, qtbot: QtBot
) -> None:
    """Or it would stand there as somebody without a right."""
    asked: list[str] = []
    book_frame.desk.tools[LOG_IN] = lambda: asked.append("log in")
    page = users_page(book_frame, wait)
    page.first.button.click()
    dialog = page.findChild(FirstAdministratorDialog)
    assert dialog is not None
    for field, text in (
        (dialog.login, "boss"), (dialog.full_name, "老板"), (dialog.new, SECRET), (dialog.again, SECRET),
    ):  # fmt: skip
        field.setText(text)
    dialog.act()
    qtbot.waitUntil(lambda: asked == ["log in"], timeout=5000)
    assert api.with_users(book)
