"""Cycles, which may hold Qt objects, are freed by the window's thread, never by the thread that happens to make one object too many."""

from __future__ import annotations

import gc
import threading

import pytest
from pytestqt.qtbot import QtBot

from ui.framework.collector import Collector, cycles_freed_here

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


def test_nothing_is_walked_while_little_was_made(qtbot: QtBot) -> None:
    gc.collect()
    freed: list[str] = []
    collector = Collector()
    Knot(freed)
    collector.look()
    assert freed == []
    collector.deleteLater()
    gc.collect()
    assert freed == ["MainThread"]
