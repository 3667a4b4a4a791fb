"""Everything that must hold before a change lands: style, types, layers, and the tests without and with a screen."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.bootstrap import debian, environment
from app.bootstrap.console import ROOT, call, say

# A gate that hangs must not eat the whole time of a run.
LONGEST = 40
POSTGRES: debian.Names = ("postgresql",)
XVFB: tuple[debian.Names, ...] = (("xvfb",), ("xauth",))
# Not the console program: its first line holds the folder that the environment was made in.
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
# Tests of one file stay together, for what they prepare once; a crashed worker fails the run instead of hanging it.
SHARED = ("-n", "2", "--dist", "loadfile", "--max-worker-restart", "0")
SCREEN = "-screen 0 1366x768x24 -nolisten tcp"


@dataclass(frozen=True)
class Gate:
    """One check: its name, the command, and what it adds to the environment."""

    name: str
    command: Sequence[str | Path]
    extra: Mapping[str, str] = field(default_factory=dict)


def ensure_tools() -> None:
    """PostgreSQL and a virtual screen: installed on Debian with the right to, otherwise said to be left out."""
    wanted: list[debian.Names] = []
    if not _has_postgres():
        wanted.append(POSTGRES)
    if sys.platform == "linux" and (shutil.which("xvfb-run") is None or shutil.which("xauth") is None):
        wanted += XVFB
    if wanted and debian.is_debian() and debian.privilege() is not None:
        debian.install(wanted, purpose_zh="测试", purpose_en="the tests")
    if not _has_postgres() and not os.environ.get("CI"):
        say("没有 PostgreSQL: 只在 SQLite 上测试", "no PostgreSQL here: tests run on SQLite only")
        os.environ["GONGFANG_WITHOUT_POSTGRES"] = "1"


def run() -> int:
    """Run every gate whatever the others said; 0 only if all passed."""
    shared = _environment()
    results: list[tuple[str, bool, float]] = []
    for gate in gates():
        say(f"检查: {gate.name}", "gate")
        started = time.monotonic()
        passed = call(gate.command, environment={**shared, **gate.extra}, minutes=LONGEST) == 0
        results.append((gate.name, passed, time.monotonic() - started))
    print()
    for name, passed, seconds in results:
        print(f"{'通过 ok    ' if passed else '失败 FAILED'} {seconds:6.1f} s  {name}")
    return 0 if all(passed for _, passed, _ in results) else 1


def gates() -> list[Gate]:
    """The gates in the order from quick to slow."""
    python = environment.python()
    pytest: list[str | Path] = [python, "-X", "faulthandler", "-m", "pytest", "--durations", "10"]
    listed = [
        Gate("ruff check", [python, "-m", "ruff", "check", "--output-format", "concise", "."]),
        Gate("ruff format", [python, "-m", "ruff", "format", "--check", "--output-format", "concise", "."]),
        Gate("mypy --strict", [python, "-m", "mypy"]),
        Gate("import-linter", [python, "-c", LINT_IMPORTS, "--no-cache"]),
        Gate("pytest, no screen", [*pytest, *SHARED], {"QT_QPA_PLATFORM": "offscreen"}),
    ]
    if files := _window_tests():
        windows = _window_gate([*pytest, "-m", "xvfb", *files])
        # The offscreen run is the longest and its closing line the fullest: it stays last.
        listed.insert(len(listed) - 1, windows) if windows else None
    return listed


def _window_gate(marked: Sequence[str | Path]) -> Gate | None:
    if sys.platform != "linux":
        return Gate("pytest, windows", marked, {"QT_QPA_PLATFORM": "windows" if sys.platform == "win32" else "cocoa"})
    if shutil.which("xvfb-run") is None:
        say("没有 xvfb-run: 跳过窗口测试", "no xvfb-run here: the window tests are left out")
        return None
    return Gate("pytest, windows", ["xvfb-run", "-a", "-s", SCREEN, *marked], {"QT_QPA_PLATFORM": "xcb"})


def _window_tests() -> list[Path]:
    """The test files that ask for a screen, named from the checkout."""
    files = (ROOT / "tests").rglob("test_*.py")
    return sorted(file.relative_to(ROOT) for file in files if "mark.xvfb" in file.read_text(encoding="utf-8"))


def _has_postgres() -> bool:
    if os.environ.get("GONGFANG_TEST_PG_BIN") or shutil.which("initdb"):
        return True
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _environment() -> dict[str, str]:
    """The tests' environment: no screen of the developer's, UTF-8, caches inside the checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    kept |= {"PYTHONUTF8": "1", "TZ": "Asia/Shanghai", "MPLCONFIGDIR": str(ROOT / ".cache" / "matplotlib")}
    if sys.platform != "win32":
        kept["LC_ALL"] = "C.UTF-8"
    return kept
