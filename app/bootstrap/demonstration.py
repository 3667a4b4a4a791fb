"""The demonstration factory: its database is made once, by the product's own command, then the program opens it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.bootstrap.console import ROOT, Stopped, call, say

FOLDER = ROOT / ".cache" / "demo"
DATABASE = FOLDER / "演示工厂.db"
FINISHED = FOLDER / "finished"


def show(python: Path) -> int:
    """Open the window on the demonstration factory; the program's exit status."""
    _ensure_database(python)
    if sys.platform == "linux" and not any(
        os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        raise Stopped(
            "演示数据库已建好, 但这里没有图形桌面 (未设置 DISPLAY)。请在桌面里运行, 或用 xvfb-run python3 run.py。",
            "The demonstration database is ready, but there is no desktop here (DISPLAY is not set). "
            "Run this on a desktop, or with xvfb-run python3 run.py.",
        )
    say("打开演示工厂", "opening the demonstration factory")
    return call([python, ROOT / "main.py", "--database", DATABASE])


def _ensure_database(python: Path) -> None:
    """Make the database unless a finished one is there; what an interrupted run left behind is made anew."""
    if FINISHED.exists() and DATABASE.exists():
        return
    for leftover in FOLDER.glob(f"{DATABASE.name}*"):
        leftover.unlink()
    FOLDER.mkdir(parents=True, exist_ok=True)
    say("建立演示工厂的数据库", "making the database of the demonstration factory")
    if call([python, ROOT / "main.py", "--database", DATABASE, "init", "--demo"]) != 0:
        raise Stopped(
            "演示数据库没有建成, 请看上面的提示。",
            "The demonstration database could not be made; see above.",
        )
    FINISHED.touch()
