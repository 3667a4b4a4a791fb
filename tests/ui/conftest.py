"""A desk without books for window tests: jobs, broadcast and navigation are real, settings are in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import app.wiring  # noqa: F401 registers the document types
from models.kernel.problems import Problem
from services.masterdata import api as masterdata
from services.platform.books import create, open_book
from services.platform.db import Database
from ui.framework.desk import Desk, Session, make_desk
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
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


@pytest.fixture(scope="session")
def book_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book made once: two units, a store, two customers, a supplier, three items."""
    file = tmp_path_factory.mktemp("book") / "账套.db"
    db = create(file)
    rows = {
        "units": [{"code": "PCS", "name": "个"}, {"code": "KG", "name": "千克", "decimals": 3}],
        "warehouses": [{"code": "W01", "name": "原料仓"}],
        "customers": [{"code": "C001", "name": "佛山光耀照明"}, {"code": "C002", "name": "杭州明居家饰"}],
        "suppliers": [{"code": "S001", "name": "明辉五金"}],
        "items": [
            {"code": "RM403", "name": "螺丝", "spec": "M3×10", "unit": "PCS", "price": Decimal("0.02")},
            {"code": "RM404", "name": "硅脂", "unit": "KG", "price": Decimal(30)},
            {"code": "FG100", "name": "台灯", "unit": "PCS", "kind": "purchased"},
        ],
    }
    for kind, records in rows.items():
        masterdata.save_records(db, "tester", kind, records)
    db.close()
    return file


@pytest.fixture
def book(book_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of that book for one test."""
    copy = tmp_path / "账套.db"
    shutil.copyfile(book_file, copy)
    db = open_book(copy)
    yield db
    db.close()


@pytest.fixture
def book_frame(qapp: QApplication, book: Database, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The main window on that book, all areas registered; dirty pages close without asking."""
    apply_theme(qapp)
    desk = open_desk(book, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()


def type_chinese(widget: QWidget, text: str) -> None:
    """Commits text as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def compose(widget: QWidget, text: str) -> None:
    """Shows unconfirmed text of an input method; "" ends it."""
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job of the window has answered and the answer has been shown."""

    def settle() -> None:
        qtbot.wait(20)
        qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)
        qtbot.wait(5)

    return settle
