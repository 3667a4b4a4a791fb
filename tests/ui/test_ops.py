"""Jobs: order, refusals, cancel, and callbacks that die with their page."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from models.kernel.problems import Problem, refuse
from models.kernel.refs import Changes
from services.platform.books import create
from ui.framework.desk import Desk
from ui.framework.ops import Progress


def test_commands_run_in_order_on_one_thread_and_answer_on_the_windows_thread(
    desk: Desk, settled: Callable[[], None]
) -> None:
    owner = QObject()
    threads: list[str] = []
    answers: list[tuple[object, bool]] = []

    def command(number: int) -> Changes:
        threads.append(threading.current_thread().name)
        time.sleep(0.01 * (3 - number))
        return Changes(topics=frozenset({f"t{number}"}))

    for number in range(3):
        desk.ops.run_command(
            lambda number=number: command(number),  # type: ignore[misc]
            owner=owner,
            on_done=lambda result: answers.append((sorted(result.topics), QThread.currentThread() is owner.thread())),
        )
    settled()
    assert answers == [(["t0"], True), (["t1"], True), (["t2"], True)]
    assert len(set(threads)) == 1


def test_a_finished_command_is_broadcast_once(desk: Desk, settled: Callable[[], None]) -> None:
    class Listener:
        def __init__(self) -> None:
            self.heard: list[Changes] = []

        def changes_arrived(self, changes: Changes) -> None:
            self.heard.append(changes)

    listener = Listener()
    desk.hub.add(listener)
    owner = QObject()
    desk.ops.run_command(lambda: Changes(topics=frozenset({"stock"})), owner=owner)
    settled()
    assert [change.topics for change in listener.heard] == [frozenset({"stock"})]


def test_a_refusal_reaches_its_page_and_changes_nothing(desk: Desk, settled: Callable[[], None]) -> None:
    owner = QObject()
    seen: list[Sequence[Problem]] = []

    def refused() -> Changes:
        raise refuse("stock.short", item="RM403", short=52)

    desk.ops.run_command(refused, owner=owner, on_done=lambda _: pytest.fail("done"), on_refused=seen.append)
    settled()
    assert [problem.code for problem in seen[0]] == ["stock.short"]


def test_an_unforeseen_error_is_one_sentence_without_a_stack_trace(desk: Desk, settled: Callable[[], None]) -> None:
    owner = QObject()
    said: list[tuple[str, str]] = []
    desk.ops.failed.connect(lambda title, sentence: said.append((title, sentence)))

    def broken() -> None:
        raise ZeroDivisionError("secret detail")

    desk.ops.run_query(broken, lambda _: None, owner=owner, title="查询库存")
    settled()
    assert said[0][0] == "查询库存"
    assert "secret" not in said[0][1]
    assert "日志" in said[0][1]


def test_an_answer_for_a_closed_page_is_dropped(desk: Desk, settled: Callable[[], None], qtbot: QtBot) -> None:
    owner = QObject()
    gate = threading.Event()
    answers: list[object] = []
    desk.ops.run_query(lambda: gate.wait(2), answers.append, owner=owner)
    owner.deleteLater()
    qtbot.wait(20)
    gate.set()
    settled()
    assert answers == []


def test_of_several_queries_under_one_name_only_the_newest_answers(desk: Desk, settled: Callable[[], None]) -> None:
    owner = QObject()
    answers: list[int] = []
    for number in range(6):
        desk.ops.run_query(lambda number=number: number, answers.append, owner=owner, latest="search")  # type: ignore[misc]
    settled()
    assert answers == [5]


def test_long_work_reports_and_stops_when_cancelled(desk: Desk, settled: Callable[[], None], qtbot: QtBot) -> None:
    owner = QObject()
    cancelled: list[bool] = []
    steps: list[int] = []
    desk.ops.progressed.connect(lambda progress: steps.append(progress.done))

    def work(progress: Progress) -> None:
        for step in range(10_000):
            progress(step, 10_000)
            time.sleep(0.001)

    progress = desk.ops.run_long(
        work,
        owner=owner,
        title="计算物料需求",
        on_done=lambda _: pytest.fail("done"),
        on_cancelled=lambda: cancelled.append(True),
    )
    qtbot.waitUntil(lambda: len(steps) > 5)
    assert desk.ops.running == (progress,)
    started = time.perf_counter()
    progress.cancel()
    settled()
    assert cancelled == [True]
    print(f"cancelled within {time.perf_counter() - started:.3f} s")
    assert desk.ops.running == ()


def test_a_question_that_a_newer_one_replaces_is_ended_in_the_database(
    desk: Desk, settled: Callable[[], None], tmp_path: Path
) -> None:
    db = create(tmp_path / "book.db")
    endless = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000) select count(*) from n"
    )
    owner = QObject()
    answers: list[object] = []

    def ask(statement: str) -> object:
        with db.read() as conn:
            return conn.exec_driver_sql(statement).scalar_one()

    for statement in (endless, endless, endless, endless, "select 7"):
        desk.ops.run_query(partial(ask, statement), answers.append, owner=owner, latest="list")
    settled()
    assert answers == [7]
    db.close()


def test_cancelling_ends_the_statement_a_long_job_waits_for(
    desk: Desk, settled: Callable[[], None], tmp_path: Path
) -> None:
    db = create(tmp_path / "book.db")
    endless = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000) select count(*) from n"
    )
    owner = QObject()
    ends: list[str] = []
    begun = threading.Event()

    def work(progress: Progress) -> None:
        with db.write("tester") as tx:
            tx.conn.exec_driver_sql("insert into unit (code, name) values ('X', '试')")
            progress(0, 1)
            begun.set()
            tx.conn.exec_driver_sql(endless).scalar_one()

    job = desk.ops.run_long(work, owner=owner, title="计算", on_cancelled=lambda: ends.append("cancelled"))
    assert begun.wait(5)
    job.cancel()
    settled()
    assert ends == ["cancelled"]
    with db.read() as conn:
        assert conn.exec_driver_sql("select count(*) from unit").scalar_one() == 0
    db.close()


def test_what_a_job_holds_is_let_go_on_the_windows_thread(desk: Desk, settled: Callable[[], None]) -> None:
    owner = QObject()
    ends: list[int] = []
    for number in range(40):
        held = QObject()
        weakref.finalize(held, lambda: ends.append(threading.get_ident()))
        desk.ops.run_query(partial(lambda _held: number, held), partial(lambda _held, _answer: None, held), owner=owner)  # noqa: B023 run before the next
        del held
        settled()
    gc.collect()
    assert ends == [threading.get_ident()] * 40
