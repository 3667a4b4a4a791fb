"""A stop ends the statement a thread waits for, on both databases; the connection works on, and nothing is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.platform.db import Database
from services.platform.stopping import Stop, Stopped

ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000) select count(*) from n"
PATIENCE_S = 30


def in_a_thread(stop: Stop, work: Callable[[], object]) -> tuple[threading.Thread, list[BaseException]]:
    found: list[BaseException] = []

    def run() -> None:
        try:
            with stop.over():
                work()
        except BaseException as error:  # handed to the test
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


def test_a_question_nobody_waits_for_is_ended(book: Database) -> None:
    stop = Stop()

    def ask() -> None:
        with book.read() as conn:
            conn.execute(text(ENDLESS)).scalar_one()

    thread, found = in_a_thread(stop, ask)
    time.sleep(0.2)
    stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert isinstance(found[0], Stopped)
    assert isinstance(found[0].__cause__, DBAPIError)
    with book.read() as conn:
        assert conn.execute(text("select 1")).scalar_one() == 1


def test_a_transaction_that_is_stopped_leaves_nothing(book: Database) -> None:
    stop = Stop()
    kept = "select count(*) from unit"
    with book.read() as conn:
        before = conn.execute(text(kept)).scalar_one()

    def act() -> None:
        with book.write("tester") as tx:
            tx.conn.execute(text("insert into unit (code, name) values ('X', '试')"))
            tx.conn.execute(text(ENDLESS)).scalar_one()

    thread, found = in_a_thread(stop, act)
    time.sleep(0.2)
    stop()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert [type(error) for error in found] == [Stopped]
    with book.write("tester") as tx:
        assert tx.conn.execute(text(kept)).scalar_one() == before


def test_after_a_stop_no_transaction_is_begun(book: Database) -> None:
    stop = Stop()
    stop()
    with stop.over(), pytest.raises(Stopped), book.read():
        pytest.fail("entered")
    with book.read() as conn:
        assert conn.execute(text("select 1")).scalar_one() == 1


def test_a_driver_that_fails_in_its_own_way_is_a_stop_too() -> None:
    stop = Stop()

    def copy() -> None:
        raise RuntimeError("COPY")

    with pytest.raises(RuntimeError, match="COPY"), stop.over():
        copy()
    stop()
    with pytest.raises(Stopped), stop.over():
        copy()
