"""A book opens in one window: the second is refused by name, a crash does not leave it closed, readers need no lock."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.platform import books
from services.platform.db import Database
from services.platform.held import hold, lock_file
from services.platform.messages import sentence
from tests.support.places import ROOT

NOON = dt.datetime(2026, 3, 10, 4, 0, tzinfo=dt.UTC)
HOLDER = "import sys, time; from services.platform.held import hold; hold(sys.argv[1], '王五'); print('held', flush=True); time.sleep(60)"


def test_the_second_window_is_told_who_has_the_book(tmp_path: Path) -> None:
    book = tmp_path / "账套.db"
    first = hold(book, "张会计", clock=lambda: NOON)
    with pytest.raises(Refused) as refused:
        hold(book, "李四")
    (problem,) = refused.value.problems
    said = sentence(problem)
    assert problem.code == "place.in_use"
    assert all(part in said for part in (str(book), "张会计", str(os.getpid()), "2026-03-10 12:00"))
    first.release()
    first.release()
    assert not lock_file(book).exists()
    hold(book, "李四").release()


def test_another_path_to_the_same_book_is_the_same_book(tmp_path: Path) -> None:
    book = tmp_path / "账套.db"
    book.touch()
    (tmp_path / "link.db").symlink_to(book)
    first = hold(book, "张会计")
    with pytest.raises(Refused):
        hold(tmp_path / "link.db", "张会计")
    first.release()


def test_a_lock_left_behind_by_a_killed_window_is_taken_over(tmp_path: Path) -> None:
    book = tmp_path / "账套.db"
    window = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(book)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert window.stdout is not None
    assert window.stdout.readline().strip() == "held"
    with pytest.raises(Refused, match=r"place\.in_use"):
        hold(book, "张会计")
    window.send_signal(signal.SIGKILL)
    window.wait(10)
    window.stdout.close()
    assert lock_file(book).exists()
    for _ in range(50):
        try:
            mine = hold(book, "张会计")
            break
        except Refused:
            time.sleep(0.1)
    else:
        pytest.fail("the lock of a killed process still holds")
    assert mine.stale is not None
    assert (mine.stale.pid, mine.stale.user) == (window.pid, "王五")
    mine.release()


def test_a_lock_file_with_nonsense_in_it_is_no_holder(tmp_path: Path) -> None:
    book = tmp_path / "账套.db"
    lock_file(book).write_text("not json", encoding="utf-8")
    mine = hold(book, "张会计")
    assert mine.stale is None
    mine.release()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"place\.no_lock"):
        hold(tmp_path / "fehlt" / "账套.db", "张会计")


def test_the_command_line_reads_a_book_that_a_window_holds(sqlite_book: Database) -> None:
    assert sqlite_book.path is not None
    window = hold(sqlite_book.path, "张会计")
    again = books.open_book(sqlite_book.path)
    assert books.schema_revision(again) == books.revisions()[-1]
    again.close()
    window.release()
