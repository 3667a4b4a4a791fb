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


LATE_PARTS = (
    "services.exchange",
    "services.planning",
    "services.printing",
    "services.reporting",
    "sqlalchemy.dialects.postgresql",
    "ui.documents.document_page",
    "ui.documents.list_page",
    "ui.engineering.bom_page",
    "ui.planning.board_page",
    "ui.today.today_page",
    "ui.workbench.workbench_page",
)


def test_the_window_starts_without_its_pages_paper_exchange_and_the_driver_of_a_server() -> None:
    loaded = _modules_after("import sys, app.wiring, ui.shell.start; print(*sorted(sys.modules))")
    assert "ui.documents.register" in loaded
    assert not sorted(name for name in loaded if name.startswith(LATE_PARTS))


def test_what_the_window_loads_is_neither_read_for_names_of_another_style_nor_walked_for_cycles() -> None:
    """PySide's own import reads the source of each module; Python's is there again while the window's modules are loaded."""
    told = _modules_after(
        "import builtins, gc\n"
        "plain = builtins.__import__\n"
        "from app.loading import loaded_quickly\n"
        "with loaded_quickly():\n"
        "    print('plain' if builtins.__import__ is plain else 'read', 'walked' if gc.isenabled() else 'left')\n"
        "print('walks' if gc.isenabled() else 'off', 'PySide' if builtins.__import__ is not plain else 'own')\n"
    )
    assert told == {"plain", "left", "walks", "PySide"}


def test_every_page_that_is_loaded_at_need_is_there() -> None:
    told = _modules_after(
        "import app.wiring\n"
        "from ui.framework.at_need import AtNeed\n"
        "found = set()\n"
        "plain = AtNeed.__init__\n"
        "def noted(self, module, name):\n"
        "    plain(self, module, name)\n"
        "    found.add(self)\n"
        "AtNeed.__init__ = noted\n"
        "from ui.framework.grid.layout import MemorySettings\n"
        "from ui.shell.start import open_desk\n"
        "from PySide6.QtWidgets import QApplication\n"
        "qt = QApplication([])\n"
        "desk = open_desk(None, user='x', settings=MemorySettings())\n"
        "print(len(found) > 15)\n"
        "while found:\n"
        "    part = found.pop()\n"
        "    assert callable(getattr(part.load(), part.name)), part\n"
        "desk.ops.close()\n"
    )
    assert told == {"True"}
