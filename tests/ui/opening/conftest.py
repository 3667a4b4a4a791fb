"""Windows before a book is open: a data folder of the test's own, jobs, a new book, and a first day that is left without a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from services.platform import books
from services.platform.db import Database
from ui.framework.ops import Ops
from ui.opening.first_run import FirstRunWizard


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A first day that is left half done asks; here the answer is yes. One entry a question."""
    questions: list[bool] = []
    monkeypatch.setattr(FirstRunWizard, "ask_leave", lambda wizard: questions.append(True) is None)
    return questions


@pytest.fixture
def ops() -> Iterator[Ops]:
    """Jobs without a desk."""
    made = Ops()
    yield made
    made.close()


@pytest.fixture
def finish(qtbot: QtBot, ops: Ops) -> Callable[[], None]:
    """Until every job has answered."""

    def wait() -> None:
        qtbot.wait(10)
        qtbot.waitUntil(lambda: ops.idle, timeout=20000)

    return wait


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A book with nothing in it."""
    made = books.create(tmp_path / "新.db")
    yield made
    made.close()
