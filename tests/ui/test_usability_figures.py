"""Figures a clerk feels: keys a line (U1), refusals that show the way out (U6), layouts that survive a restart (U7)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from services.platform.db import Database
from tests.ui.conftest import TODAY
from tests.ui.ordering import enter_order
from tests.ui.test_registered_pages import every_page
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.layout import layout_of
from ui.shell.frame import MainFrame
from ui.shell.start import StoredSettings, open_desk
from ui.shell.theme import apply_theme

MESSAGES = Path(__file__).resolve().parents[2] / "resources" / "messages"
NO_REFUSALS = ("check.", "plan.", "cli.", "access.password_prompt", "exchange.report_warning")
LINES = 20
ENTRY = ("FG100", "3", "80")


class Counted(QObject):
    """Counts the mouse events that reach any widget."""

    def __init__(self) -> None:
        super().__init__()
        self.mouse = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget):
            self.mouse += event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        return False


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def test_an_order_of_twenty_lines_takes_five_keys_a_line_and_no_mouse(
    book_frame: MainFrame, wait: Callable[[], None], qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[object] = []
    press = QTest.keyClick
    monkeypatch.setattr(QTest, "keyClick", lambda *given: (pressed.append(given[1]), press(*given))[1])
    counted = Counted()
    qapp.installEventFilter(counted)
    page = enter_order(book_frame, wait, [ENTRY] * LINES)
    qapp.removeEventFilter(counted)
    head = 3
    assert len(page.lines.rows()) == LINES
    assert LINES < len(pressed) - head <= 5 * LINES
    assert counted.mouse == 0


def sentences(lang: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for file in (MESSAGES / lang).glob("*.json"):
        made.update(json.loads(file.read_text(encoding="utf-8")))
    return made


def test_every_refusal_says_what_is_wrong_and_what_to_do() -> None:
    chinese, english = sentences("zh"), sentences("en")
    refusals = [code for code in chinese if not code.startswith(NO_REFUSALS)]
    assert len(refusals) > 250
    short = [
        code for code in refusals if len([part for part in re.split(r"[。；;，：！？]", chinese[code]) if part]) < 2
    ]
    assert short == []
    assert [code for code in refusals if not english.get(code)] == []
    assert [code for code in refusals if not re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", code)] == []


def grids(page: QWidget) -> Iterator[Grid | LineGrid]:
    yield from page.findChildren(Grid)
    yield from page.findChildren(LineGrid)


def opened(book: Database, file: Path, show: Callable[[QWidget], None]) -> MainFrame:
    settings = StoredSettings(QSettings(str(file), QSettings.Format.IniFormat))
    frame = MainFrame(open_desk(book, user="tester", settings=settings, today=lambda: TODAY))
    frame.resize(1366, 768)
    frame.tabs.ask = lambda page: True
    show(frame)
    return frame


def layouts(
    frame: MainFrame, qtbot: QtBot, arrange: Callable[[Grid | LineGrid], object] | None = None
) -> dict[str, str]:
    """The layout of every grid of every page, by the name it is remembered under."""
    found: dict[str, str] = {}
    for page in every_page(frame):
        qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)
        for grid in grids(page):
            if arrange is not None and grid._setting not in found:
                arrange(grid)
                grid.save_layout()
            found.setdefault(grid._setting, layout_of(grid.view))
        frame.tabs.close_front()
    frame.desk.ops.close()
    return found


def rearranged(grid: Grid | LineGrid) -> None:
    """Last column first and wider, the one after it hidden."""
    header = grid.view.header
    first, last = (1 if grid.view.grid_model.markable else 0), header.count() - 1
    header.moveSection(last, first)
    header.resizeSection(header.logicalIndex(first), 173)
    if last > first + 1:
        header.setSectionHidden(header.logicalIndex(last), True)


def test_every_layout_survives_a_restart_and_a_damaged_one_is_the_default(
    qapp: QApplication, qtbot: QtBot, book: Database, tmp_path: Path, show: Callable[[QWidget], None]
) -> None:
    apply_theme(qapp)
    file = tmp_path / "window.ini"
    default = layouts(opened(book, file, show), qtbot)
    arranged = layouts(opened(book, file, show), qtbot, rearranged)
    assert len(arranged) > 20
    assert [name for name in default if default[name] == arranged[name]] == []
    kept = layouts(opened(book, file, show), qtbot)
    assert [name for name in arranged if kept.get(name) != arranged[name]] == []
    stored = QSettings(str(file), QSettings.Format.IniFormat)
    damage = ['{"columns": [{"key"', "[]", '{"columns": 7}', "\x00\ufffd", '{"columns": [], "filters": 3}']
    for number, name in enumerate(sorted(arranged)):
        stored.setValue(name, damage[number % len(damage)])
    stored.sync()
    again = layouts(opened(book, file, show), qtbot)
    assert [name for name in default if again.get(name) != default[name]] == []
