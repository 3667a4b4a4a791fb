"""Cycles, which may hold Qt objects, are freed by the window's thread, never by the thread that happens to make one object too many."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.framework.collector import PAUSE_S, Collector, cycles_freed_here

ROOTS = 20_000


class Knot:
    """In a cycle with itself; tells which thread freed it."""

    def __init__(self, freed: list[str]) -> None:
        self.itself = self
        self._freed = freed

    def __del__(self) -> None:
        self._freed.append(threading.current_thread().name)


def make_rubbish() -> None:
    kept = [[number] for number in range(ROOTS)]
    del kept


def in_a_reader() -> None:
    thread = threading.Thread(target=make_rubbish, name="reader")
    thread.start()
    thread.join()


def test_a_reader_frees_what_the_window_left_when_python_collects_by_itself() -> None:
    """The fault itself, with an object that bears it: what the next test shows is not there by chance."""
    freed: list[str] = []
    Knot(freed)
    gc.enable()
    in_a_reader()
    gc.disable()
    assert freed == ["reader"]


def test_the_window_frees_them_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.framework.collector.EVERY_MS", 10)
    monkeypatch.setattr("ui.framework.collector.PAUSE_S", 0.0)
    freed: list[str] = []
    gc.enable()
    with cycles_freed_here():
        assert not gc.isenabled()
        Knot(freed)
        in_a_reader()
        assert freed == []
        kept = [[number] for number in range(ROOTS)]
        qtbot.waitUntil(lambda: freed == ["MainThread"])
        del kept
    assert gc.isenabled()
    gc.disable()


def test_nothing_is_walked_while_little_was_made(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.framework.collector.PAUSE_S", 0.0)
    gc.collect()
    freed: list[str] = []
    collector = Collector()
    Knot(freed)
    collector.look()
    assert freed == []
    collector.deleteLater()
    gc.collect()
    assert freed == ["MainThread"]


class Clock:
    """Of the collector; it goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("ui.framework.collector.time", made)
    return made


@pytest.fixture
def field(show: Callable[[QWidget], None], qtbot: QtBot) -> QLineEdit:
    """A field in the window that has the keys."""
    made = QLineEdit()
    show(made)
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def key(field: QLineEdit) -> None:
    QTest.keyClick(handle(field), Qt.Key.Key_A)


def mouse(field: QLineEdit) -> None:
    QTest.mouseMove(handle(field), QPoint(3, 3))


def composed(field: QLineEdit) -> None:
    QApplication.sendEvent(field, QInputMethodEvent("zhong", []))


def handle(field: QLineEdit) -> QWindow:
    window = field.windowHandle()
    assert window is not None
    return window


@pytest.mark.parametrize("act", [key, mouse, composed])
def test_the_collector_waits_for_a_pause_of_the_clerk(
    act: Callable[[QLineEdit], None], field: QLineEdit, clock: Clock, qtbot: QtBot
) -> None:
    gc.collect()
    collector = Collector()
    clock.now += PAUSE_S + 1
    act(field)
    qtbot.wait(1)
    freed: list[str] = []
    Knot(freed)
    kept = [[number] for number in range(ROOTS)]
    collector.look()
    clock.now += PAUSE_S - 1
    collector.look()
    assert freed == []
    clock.now += 1
    collector.look()
    assert freed == ["MainThread"]
    collector.deleteLater()
    del kept


def test_a_dialog_opened_later_is_watched_too(
    field: QLineEdit, clock: Clock, qtbot: QtBot, show: Callable[[QWidget], None]
) -> None:
    gc.collect()
    collector = Collector()
    dialog = QLineEdit()
    show(dialog)
    dialog.activateWindow()
    qtbot.waitActive(dialog)
    clock.now += PAUSE_S
    key(dialog)
    freed: list[str] = []
    Knot(freed)
    kept = [[number] for number in range(ROOTS)]
    collector.look()
    assert freed == []
    collector.deleteLater()
    gc.collect()
    del kept
