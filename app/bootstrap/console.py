"""What set-up says to the person who started it, in Chinese and English, and how it stops."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Stopped(Exception):
    """Set-up cannot go on; zh and en say what is missing and the way out."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def prepare_output() -> None:
    """A console that cannot show Chinese shows question marks instead of failing; nothing waits in a buffer."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace", line_buffering=True)


def say(zh: str, en: str) -> None:
    """One line of progress."""
    print(f"[工坊] {zh} | {en}", flush=True)


def complain(stop: Stopped) -> None:
    """The reason for stopping, on the error stream."""
    print(f"\n[工坊] {stop.zh}\n[gongfang] {stop.en}", file=sys.stderr, flush=True)


def call(
    command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, minutes: float | None = None
) -> int:
    """Run a program in the checkout with its output shown; its exit status, 124 if it ran longer than allowed."""
    words = [str(word) for word in command]
    print(f"+ {shlex.join(words)}", flush=True)
    try:
        return subprocess.run(
            words, cwd=ROOT, env=environment, check=False, timeout=60 * minutes if minutes else None
        ).returncode
    except subprocess.TimeoutExpired:
        say(f"超过 {minutes:g} 分钟, 已中止", f"stopped after {minutes:g} minutes")
        return 124
