"""Installing what a Debian-like system lacks; on other systems, and without the right to, a sentence instead."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from app.bootstrap.console import Stopped, call, say

# A package under its names from the newest system to the oldest: Debian 13 renamed some to …t64.
Names = tuple[str, ...]


def is_debian() -> bool:
    """Debian, Ubuntu and their Chinese relatives (deepin, UOS, openKylin): apt and its packages are there."""
    return sys.platform == "linux" and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def privilege() -> list[str] | None:
    """Words to put before a command that needs root: none as root, sudo if it may; None if there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    if silent:
        return ["sudo", "-n"]
    # A person at a terminal is asked for the password by sudo itself.
    return ["sudo"] if sys.stdin is not None and sys.stdin.isatty() else None


def install(packages: Sequence[Names], *, purpose_zh: str, purpose_en: str) -> None:
    """Install each package under the name this system knows; Stopped with the command to type if that cannot be."""
    before = privilege()
    if before is None:
        shown = " ".join(_known_name(names) for names in packages)
        raise Stopped(
            f"{purpose_zh}需要安装系统软件包, 请先执行: sudo apt-get install {shown}",
            f"{purpose_en} needs system packages; first run: sudo apt-get install {shown}",
        )
    _update(tuple(before))
    chosen = [_known_name(names) for names in packages]
    say(f"安装系统软件包: {' '.join(chosen)}", f"installing system packages for {purpose_en}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = [*before, *_apt(), "install", "-y", "-qq", "--no-install-recommends", *chosen]
    if call(command, environment=environment) != 0:
        raise Stopped(
            f"系统软件包没有装上: {' '.join(chosen)}。请看上面 apt-get 的提示, 解决后再运行。",
            f"The system packages {' '.join(chosen)} could not be installed; see what apt-get says above.",
        )


def _apt() -> list[str]:
    return ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]


@cache
def _update(before: tuple[str, ...]) -> None:
    """The package lists, fetched once a run; a mirror that fails is not yet a reason to stop."""
    if call([*before, *_apt(), "update", "-qq"]) != 0:
        say("软件包列表没有完全更新, 继续尝试", "the package lists were not fully updated; trying all the same")


def _known_name(names: Names) -> str:
    for name in names:
        shown = subprocess.run(["apt-cache", "show", name], capture_output=True, check=False)
        if shown.returncode == 0 and shown.stdout:
            return name
    return names[-1]
