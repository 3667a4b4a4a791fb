"""The window never waits: no database call on its thread, and a short day measured for moments in which it does not answer.

How long they were is printed and never fails a test; a database call on the window's thread always does.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine, event

from app.demo import TODAY, fill
from models.kernel.refs import DocRef
from services.documents import api
from services.platform.books import create, open_book
from services.platform.db import Database
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.framework.grid.layout import MemorySettings
from ui.framework.navigator import RecordRef
from ui.planning.board_page import BoardPage
from ui.planning.kitting_page import KittingPage
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk, open_frame
from ui.shell.theme import apply_theme

ROOT = Path(__file__).resolve().parents[2]
STALL_S = 0.1
BEAT_MS = 10
LOOK_S = 0.03
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar")


class Stall(NamedTuple):
    """A gap between two beats: how long, how much of it the window's thread worked (the rest others had the processor), and where."""

    gap: float
    used: float
    step: str
    place: str


class Watchdog:
    """Measures the gaps between beats of the event loop; a thread notes what the window's thread was doing in a long one."""

    def __init__(self) -> None:
        self.step = ""
        self.stalls: list[Stall] = []
        self._window = threading.get_ident()
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._seen = ""
        self._frames: list[object] = []
        self._ended = threading.Event()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._thread = threading.Thread(target=self._look, daemon=True)

    def start(self) -> None:
        """From now on."""
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._timer.start(BEAT_MS)
        self._thread.start()

    def stop(self) -> None:
        """No longer."""
        self._timer.stop()
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        now = time.perf_counter()
        gap, self._last = now - self._last, now
        busy = time.thread_time()
        used, self._busy = busy - self._busy, busy
        if gap > STALL_S:
            self.stalls.append(Stall(gap, used, self.step, self._seen))
        self._seen = ""
        self._frames.clear()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_S):
            if time.perf_counter() - self._last > STALL_S * 0.7:
                # A frame may hold the last reference to a Qt object, which must not die on this thread: the beat lets go of it.
                frames = sys._current_frames()
                self._frames.append(frames)
                self._seen = own_line(traceback.extract_stack(frames[self._window]))
                del frames


def own_line(stack: traceback.StackSummary) -> str:
    """The innermost line of the product."""
    for line in reversed(stack):
        path = Path(line.filename)
        if path.is_relative_to(ROOT / "ui") or path.is_relative_to(ROOT / "services"):
            return f"{path.relative_to(ROOT)}:{line.lineno} {line.name}"
    return "Qt"


@pytest.fixture
def calls_on_the_window() -> Iterator[list[str]]:
    """What was asked of a database on the thread of the window, and from where; filled while the test runs."""
    window = threading.get_ident()
    found: list[str] = []

    def asked(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if threading.get_ident() == window:
            found.append(f"{own_line(traceback.extract_stack())}: {' '.join(statement.split())[:90]}")

    event.listen(Engine, "before_cursor_execute", asked)
    yield found
    event.remove(Engine, "before_cursor_execute", asked)


@pytest.fixture(scope="module")
def factory_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration factory, made once."""
    file = tmp_path_factory.mktemp("factory") / "示范.db"
    db = create(file)
    fill(db)
    db.close()
    return file


@pytest.fixture
def factory(factory_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it."""
    mine = tmp_path / "示范.db"
    shutil.copyfile(factory_file, mine)
    db = open_book(mine)
    yield db
    db.close()


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    """Running until the test ends; then it prints what it saw."""
    made = Watchdog()
    made.start()
    yield made
    made.stop()
    own = sum(stall.used > STALL_S for stall in made.stalls)
    print(f"\n{len(made.stalls)} stalls over {STALL_S * 1000:.0f} ms, {own} of them by the window's own work")
    for stall in sorted(made.stalls, reverse=True):
        print(f"  {stall.gap * 1000:5.0f} ms ({stall.used * 1000:.0f} of its own)  {stall.step}  {stall.place}")


@pytest.fixture
def frame(
    qapp: QApplication,
    factory: Database,
    show: Callable[[QWidget], None],
    calls_on_the_window: list[str],
) -> Iterator[MainFrame]:
    """The window on the demonstration factory, opened as the program opens it."""
    apply_theme(qapp)
    desk = open_desk(factory, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    made = open_frame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()


@pytest.fixture
def settle(frame: MainFrame, qtbot: QtBot) -> Callable[[], None]:
    """Until every job has answered and every page has read again."""

    def wait() -> None:
        for _ in range(2):
            qtbot.wait(30)
            qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=30_000)

    return wait


def test_no_page_asks_the_database_on_the_thread_of_the_window(
    frame: MainFrame, factory: Database, settle: Callable[[], None], watchdog: Watchdog, calls_on_the_window: list[str]
) -> None:
    settle()
    targets: list[object] = [spec.key for spec in frame.desk.navigator.pages()]
    targets += [DocRef(kind.code, 0, "") for kind in api.document_types()]
    targets += [RecordRef(kind) for kind in KINDS]
    for target in targets:
        watchdog.step = str(target)
        page = frame.desk.navigator.open(target)  # type: ignore[arg-type]
        assert page is not None
        settle()
        frame.refresh_front()
        settle()
        frame.tabs.close_front()
    assert calls_on_the_window == []


def test_a_short_day_at_the_window_never_asks_the_database_on_its_thread(
    frame: MainFrame, settle: Callable[[], None], watchdog: Watchdog, calls_on_the_window: list[str]
) -> None:
    def step(title: str, act: Callable[[], object]) -> None:
        watchdog.step = title
        act()
        settle()

    step("today", lambda: frame.desk.navigator.open("today"))
    step("orders", lambda: frame.desk.navigator.open("sales_order/list"))
    orders = frame.tabs.front()
    assert isinstance(orders, DocumentListPage)
    step("search", lambda: orders.search_field.setText("SO"))
    step("search again", lambda: (orders.search_field.clear(), orders.request_refresh()))
    step("open an order", lambda: orders.grid.opened.emit(orders.grid.model.record(0)))
    order = frame.tabs.front()
    assert isinstance(order, DocumentPage)
    step("side panel", lambda: order.trigger("side"))
    step("copy", lambda: order.trigger("copy"))
    copied = frame.tabs.front()
    assert isinstance(copied, DocumentPage)
    step("save", lambda: copied.trigger("save"))
    assert copied.ref is not None
    assert copied.ref.id, copied.refusals.texts()
    step("approve", lambda: copied.trigger("approve"))
    assert copied.refusals.texts() == []
    step("reverse", lambda: copied.trigger("reverse"))
    step("Esc", lambda: QTest.keyClick(QApplication.activeModalWidget() or copied, Qt.Key.Key_Escape))
    step("board", lambda: frame.desk.navigator.open("planning/board"))
    board = frame.tabs.front()
    assert isinstance(board, BoardPage)
    step("plan", lambda: board.trigger("rerun"))
    assert board.grid.model.rowCount() > 0
    step("rows of the plan", lambda: [QTest.keyClick(board.grid.view, Qt.Key.Key_Down) for _ in range(10)])
    step("kitting", lambda: frame.desk.navigator.open("planning/kitting"))
    kitting = frame.tabs.front()
    assert isinstance(kitting, KittingPage)
    step("later", lambda: kitting.trigger("down"))
    step("earlier", lambda: kitting.trigger("up"))
    step("pick", lambda: kitting.trigger("pick"))
    step("palette", frame.open_palette)
    step("palette typed", lambda: QTest.keyClicks(QApplication.focusWidget() or frame, "ck"))
    step("palette left", lambda: QTest.keyClick(QApplication.focusWidget() or frame, Qt.Key.Key_Escape))
    step("dark", frame.look.toggle_dark)
    step("light", frame.look.toggle_dark)
    watchdog.step = "close all"
    while frame.tabs.count():
        frame.tabs.close_front()
    settle()
    assert calls_on_the_window == []


def test_a_call_on_the_thread_of_the_window_is_noticed(factory: Database, calls_on_the_window: list[str]) -> None:
    api.list_documents(factory, "sales_order")
    assert any("services/documents" in call for call in calls_on_the_window)


def test_a_window_that_does_not_answer_is_noticed(qtbot: QtBot, watchdog: Watchdog) -> None:
    watchdog.step = "asleep"
    qtbot.wait(30)
    time.sleep(2 * STALL_S)
    qtbot.wait(30)
    # A loaded machine may stall the window once more by itself.
    assert any(stall.step == "asleep" and stall.gap >= 2 * STALL_S for stall in watchdog.stalls)
