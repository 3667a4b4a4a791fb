"""A desk without books for window tests: jobs, broadcast and navigation are real, settings are in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.kernel.problems import Problem
from ui.framework.desk import Desk, Session, make_desk
from ui.framework.grid.layout import MemorySettings
from ui.shell.theme import apply_theme

TODAY = date(2026, 3, 10)


def sentence(problem: Problem) -> str:
    """Code and arguments: enough to recognise a refusal."""
    return f"{problem.code} " + " ".join(f"{key}={value}" for key, value in problem.args.items())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Popups on the offscreen display cannot raise themselves or grab the keyboard; that is no fault of theirs."""
    for item in items:
        if "tests/ui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def desk(qapp: QApplication) -> Iterator[Desk]:
    """A desk whose today is 2026-03-10."""
    apply_theme(qapp)
    session = Session(
        db=None, user="tester", company="示范灯具厂", database="lamp.db", period="2026-03", today=lambda: TODAY
    )
    made = make_desk(session, MemorySettings(), sentence)
    yield made
    made.ops.close()


@pytest.fixture
def settled(qtbot: QtBot, desk: Desk) -> Callable[[], None]:
    """Waits until no job is under way and its answer has been delivered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: desk.ops.idle, timeout=5000)

    return wait


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a widget with the focus."""

    def shown(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)

    return shown


def type_chinese(widget: QWidget, text: str) -> None:
    """Commits text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def compose(widget: QWidget, text: str) -> None:
    """Shows unconfirmed text of an input method; "" ends it."""
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))
