"""T1: a process killed at any moment leaves a book without half documents, and everything it acknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.sizes import KILLS, KILLS_WHILE_COPYING
from tests.support.places import ROOT

SEED = 1

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="children are forked")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("mode", "kills"),
    [
        ("posting", KILLS),
        ("creating", KILLS_WHILE_COPYING),
        ("backing_up", KILLS_WHILE_COPYING),
        ("restoring", KILLS_WHILE_COPYING),
        ("importing", KILLS_WHILE_COPYING),
        ("closing", KILLS_WHILE_COPYING),
        ("migrating", KILLS_WHILE_COPYING),
    ],
)
def test_kill_minus_nine_leaves_the_books_whole(tmp_path: Path, mode: str, kills: int) -> None:
    command = [sys.executable, "-m", "tests.reliability.killing", str(tmp_path), mode, str(kills), str(SEED)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    outcome = json.loads(made.stdout)
    print(outcome)
    assert outcome["wrong"] == [], f"seed {SEED}"
    assert outcome["kills"] == kills
    if mode == "posting":
        assert outcome["acknowledged"] > 2 * kills
