"""The command line answers before anything heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.places import ROOT

HEAVY = ("PySide6", "alembic", "matplotlib", "numpy", "openpyxl", "pypinyin", "reportlab", "sqlite_utils", "xlsxwriter")
QUESTION = "import sys, main; print(*sorted({n.partition('.')[0] for n in sys.modules}))"


def _modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.skipif(not (ROOT / "main.py").exists(), reason="there is no main.py yet")
def test_importing_main_loads_no_heavy_library() -> None:
    assert not _modules_after(QUESTION) & set(HEAVY)


@pytest.mark.skipif(not (ROOT / "main.py").exists(), reason="there is no main.py yet")
def test_help_is_printed_without_a_heavy_library() -> None:
    code = (
        "import contextlib, io, sys, main\n"
        "with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.suppress(SystemExit):\n"
        "    main.main(['--help'])\n"
        "assert '--database' in shown.getvalue(), shown.getvalue()\n"
        "print(*sorted({n.partition('.')[0] for n in sys.modules}))\n"
    )
    assert not _modules_after(code) & set(HEAVY)


def test_the_window_starts_without_what_only_some_pages_need() -> None:
    """Start-up is imports: drivers, key store, paper, spreadsheets and vectors come with the first use."""
    code = QUESTION.replace("main;", "app.window, app.opening, ui.shell.start, ui.opening.picker;")
    late = {
        "alembic",
        "argon2",
        "keyring",
        "matplotlib",
        "numpy",
        "openpyxl",
        "psycopg",
        "pypdfium2",
        "pypinyin",
        "python_calamine",
        "reportlab",
        "sqlite_utils",
        "xlsxwriter",
    }
    assert not _modules_after(code) & late
