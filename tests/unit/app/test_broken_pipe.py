"""A command whose reader has left, as in `main.py check | head -1`, ends quietly with its own exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.platform import books

ROOT = Path(__file__).parents[3]


def run_unread(folder: Path, *words: str, errors_too: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Runs a command whose standard output, or errors too, nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, "main.py", *words], cwd=ROOT, env={**os.environ, "HOME": str(folder)}, stdout=writing,
            stderr=writing if errors_too else subprocess.PIPE, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)


@pytest.fixture
def book(tmp_path: Path) -> str:
    file = tmp_path / "book.db"
    books.create(file).close()
    return str(file)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_reader_that_has_left_is_no_failure(tmp_path: Path, book: str, more: tuple[str, ...]) -> None:
    done = run_unread(tmp_path, "check", "--database", book, *more)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [("--help",), ("check", "--help")])
def test_help_that_nobody_reads_is_no_failure(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run_unread(tmp_path, *words)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_export_is_written_whole_though_nobody_reads_its_counts(tmp_path: Path, book: str) -> None:
    done = run_unread(tmp_path, "export", "items", "units", "--to", str(tmp_path / "out.xlsx"), "--database", book)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "out.xlsx").stat().st_size > 0


def test_a_refusal_that_nobody_reads_is_still_one(tmp_path: Path) -> None:
    done = run_unread(tmp_path, "check", "--database", str(tmp_path / "none.db"), errors_too=True)
    assert done.returncode == 1
    assert run_unread(tmp_path, "nothing", errors_too=True).returncode == 2
