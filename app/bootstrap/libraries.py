"""The shared libraries that Qt needs from the system: found by loading them, installed where that is possible."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import debian
from app.bootstrap.console import ROOT, Stopped, say

# Without these Qt does not load at all, not even without a screen.
QT: dict[str, debian.Names] = {
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libGL.so.1": ("libgl1",),
    "libEGL.so.1": ("libegl1",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libdbus-1.so.3": ("libdbus-1-3",),
}
# Without these Qt cannot open a window on an X11 screen.
SCREEN: dict[str, debian.Names] = {
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
}
KNOWN = QT | SCREEN
_NAME = re.compile(r"\blib[\w.+-]*\.so[\w.]*")


@dataclass(frozen=True)
class Findings:
    """What did not load: library names, and Qt's own words about itself and about its X11 plug-in ("" = loaded)."""

    missing: tuple[str, ...]
    qt: str
    screen: str

    @property
    def complete(self) -> bool:
        """Whether windows can be opened."""
        return not self.qt and not self.screen

    def names(self) -> tuple[str, ...]:
        """Every library that a message names; those of the lists, and those only Qt's words name."""
        spoken = _NAME.findall(self.qt) + _NAME.findall(self.screen)
        return tuple(dict.fromkeys([*self.missing, *(name for name in spoken if not name.startswith("libqxcb"))]))


def ensure(python: Path) -> None:
    """Return when Qt loads; install what is missing on Debian, else Stopped with the names of what is missing."""
    tried: set[str] = set()
    while True:
        found = probe(python)
        if found.complete:
            return
        wanted = [name for name in found.names() if name in KNOWN and name not in tried]
        if not wanted or not debian.is_debian():
            _give_up(found)
            return
        tried.update(wanted)
        debian.install([KNOWN[name] for name in wanted], purpose_zh="界面库", purpose_en="the window library")


def probe(python: Path) -> Findings:
    """Load everything in the environment's Python, in a process of its own."""
    script = ROOT / "app" / "bootstrap" / "probe.py"
    done = subprocess.run(
        [python, script, *(KNOWN if _is_elf() else ())],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    lines = [line.partition(" ") for line in done.stdout.splitlines()]
    texts = {kind: text for kind, _, text in lines}
    # A process that dies without a word must not pass for one that found nothing to say.
    crashed = "" if done.returncode == 0 else f"exit {done.returncode} {' '.join(done.stderr.split())}"
    missing = tuple(text for kind, _, text in lines if kind == "missing")
    return Findings(missing, texts.get("qt", crashed), texts.get("screen", ""))


def _is_elf() -> bool:
    """Whether shared libraries have the names of the lists: Linux only."""
    return Path("/proc/self/exe").exists()


def _give_up(found: Findings) -> None:
    """Stop if Qt itself does not load; only warn if nothing but the X11 plug-in does not (Wayland may do)."""
    names = ", ".join(found.names()) or found.qt or found.screen
    if found.qt:
        raise Stopped(
            f"界面库 Qt 无法载入, 系统缺少: {names}。请用系统的软件包管理器安装后再运行。({found.qt})",
            f"Qt does not load; the system lacks: {names}. Install what holds them, then run again. ({found.qt})",
        )
    say(f"注意: X11 窗口所需的系统库不全: {names}", "note: libraries for windows on X11 are missing")
