"""A command whose reader has left, as in `main.py check | head -1`, ends quietly with its own exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.platform import books

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_reader_that_has_left_is_no_failure(tmp_path: Path, more: tuple[str, ...]) -> None:
    file = tmp_path / "book.db"
    books.create(file).close()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "main.py", "check", "--database", str(file), *more],
            cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)}, stdout=writing, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0
