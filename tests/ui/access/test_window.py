"""The window of a book with users, as it is opened: for whom, with his rights and his menu, and how another takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app import window
from app.arguments import parse
from app.opened import OpenedBook
from services.platform import api
from services.platform.db import Database
from tests.ui.access.conftest import BOSS, FIRST, KEEPER, SECRET
from ui.access.door import Door
from ui.access.login import LoginDialog
from ui.access.users_page import LOG_IN
from ui.shell.frame import MainFrame
from ui.shell.start import StoredSettings
from ui.shell.theme import apply_theme


@pytest.fixture
def stored(tmp_path: Path) -> StoredSettings:
    return StoredSettings(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def people(shared: Database) -> tuple[api.Access, api.Access]:
    api.change_password(shared, KEEPER, FIRST, SECRET)
    return api.sign_in(shared, BOSS, SECRET), api.sign_in(shared, KEEPER, SECRET)


def opened_book(db: Database) -> OpenedBook:
    """The book as the start of the program hands it on, without a lock."""
    return OpenedBook(db, str(db.path), None)


Opens = Callable[[api.Access, list[api.Access]], MainFrame]


@pytest.fixture
def opens(qapp: QApplication, shared: Database, stored: StoredSettings) -> Iterator[Opens]:
    apply_theme(qapp)
    made: list[MainFrame] = []

    def opened(access: api.Access, following: list[api.Access]) -> MainFrame:
        arguments = parse(["--database", str(shared.path)])
        frame = window._frame_for(opened_book(shared), access, stored, arguments, following)
        made.append(frame)
        frame.show()
        return frame

    yield opened
    for frame in made:
        frame.desk.ops.close()
        frame.deleteLater()


def test_the_frame_is_his_who_logged_in(opens: Opens, people: tuple[api.Access, api.Access], qtbot: QtBot) -> None:
    _, keeper = people
    frame = opens(keeper, [])
    session = frame.desk.session
    assert session.user == KEEPER
    assert "张三" in frame.windowTitle()
    assert session.db.access == keeper
    assert session.allowed("delivery.approve")
    assert not session.allowed("field.price")
    button = frame.findChild(QPushButton, "badge_user")
    assert button is not None
    assert button.text() == "张三"
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=5000)


def test_who_takes_over_closes_the_frame_unless_something_typed_holds_it(
    opens: Opens, people: tuple[api.Access, api.Access], qtbot: QtBot
) -> None:
    boss, keeper = people
    following: list[api.Access] = []
    frame = opens(boss, following)
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=5000)
    door = frame.findChild(Door)
    assert door is not None
    door.switched.emit(keeper)
    assert following == [keeper]
    assert not frame.isVisible()


def test_the_program_goes_on_with_the_next_user_and_ends_when_nobody_follows(
    shared: Database, stored: StoredSettings, people: tuple[api.Access, api.Access], qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    boss, keeper = people
    seen: list[str] = []

    class Loop:
        """Stands for the event loop: the first user hands over, the second leaves."""

        def exec(self) -> int:
            frame = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainFrame) and w.isVisible())
            seen.append(frame.desk.session.user)
            while not frame.desk.ops.idle:
                qapp.sendPostedEvents()
            door = frame.findChild(Door)
            assert door is not None
            door.switched.emit(keeper) if len(seen) == 1 else door.left.emit()
            return 0

    monkeypatch.setattr(window, "_logged_in", lambda *_: boss)
    arguments = parse(["--database", str(shared.path)])
    assert window._work(Loop(), opened_book(shared), arguments, stored, []) == 0  # type: ignore[arg-type]
    assert seen == [BOSS, KEEPER]


def test_leaving_the_log_in_ends_the_program(
    shared: Database, stored: StoredSettings, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave() -> None:
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, LoginDialog) and w.isVisible())
        dialog.reject()

    QTimer.singleShot(200, leave)
    assert window._work(qapp, opened_book(shared), parse([]), stored, []) == 0


def test_a_book_that_gets_its_first_user_goes_on_with_his_log_in(
    book: Database, stored: StoredSettings, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []

    class Loop:
        """Stands for the event loop: the page of users makes the administrator, who leaves after he logged in."""

        def exec(self) -> int:
            frame = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainFrame) and w.isVisible())
            seen.append((frame.desk.session.user, frame.desk.session.allowed("delivery.approve")))
            while not frame.desk.ops.idle:
                qapp.sendPostedEvents()
            if len(seen) == 1:
                api.make_first_administrator(book, BOSS, "老板", SECRET)
                frame.desk.tools[LOG_IN]()
                assert not frame.isVisible()
            else:
                door = frame.findChild(Door)
                assert door is not None
                door.left.emit()
            return 0

    monkeypatch.setattr(window, "_logged_in", lambda db, *_: api.sign_in(db, BOSS, SECRET))
    arguments = parse(["--database", str(book.path)])
    assert window._work(Loop(), opened_book(book), arguments, stored, []) == 0  # type: ignore[arg-type]
    assert [user for user, _ in seen][1:] == [BOSS]
    assert all(allowed for _, allowed in seen)
