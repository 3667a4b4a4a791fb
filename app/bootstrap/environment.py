"""The virtual environment .venv, made from requirements.lock with every download checked against its hash."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

from app.bootstrap import debian
from app.bootstrap.console import ROOT, Stopped, call, say

FOLDER = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = FOLDER / "gongfang-lock.sha256"


def python() -> Path:
    """The interpreter of the environment, where this system puts it."""
    return FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def ensure() -> Path:
    """The interpreter of an environment that matches the lock; made or mended only where it does not match."""
    if sys.maxsize < 2**32:
        raise Stopped(
            "当前是 32 位 Python, 界面库只有 64 位版本。请安装 64 位 Python 3.11 或更新版本。",
            "This is a 32-bit Python, and the window library needs 64 bits. Install a 64-bit Python 3.11 or newer.",
        )
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    usable = _usable()
    if usable and STAMP.exists() and STAMP.read_text(encoding="ascii").strip() == wanted:
        return python()
    if not usable:
        _make()
    _fill()
    STAMP.write_text(wanted + "\n", encoding="ascii")
    return python()


def _usable() -> bool:
    """Whether the environment has a Python that runs, is new enough and knows pip (a half-made one does not)."""
    if not python().exists():
        return False
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python(), "-c", question], capture_output=True, check=False).returncode == 0


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        _get_ensurepip()
    say("建立 Python 环境 .venv", "making the Python environment .venv")
    if call([sys.executable, "-m", "venv", "--clear", FOLDER]) != 0 or not _usable():
        raise Stopped(
            "无法建立 .venv, 请看上面的提示; 确认磁盘有 1 GB 空间、文件夹可写后再运行。",
            ".venv could not be made; see above. Check that the folder is writable and 1 GB is free, then run again.",
        )


def _get_ensurepip() -> None:
    """Debian keeps ensurepip, which venv needs, in a package of its own."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not debian.is_debian():
        raise Stopped(
            f"这个 Python 缺少 ensurepip ({sys.executable})。请安装它的 venv/pip 组件, 或安装完整的 Python。",
            f"This Python lacks ensurepip ({sys.executable}). Install its venv/pip component, or a full Python.",
        )
    debian.install([(version, "python3-venv")], purpose_zh="建立 Python 环境", purpose_en="the Python environment")
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise Stopped(
            f"装了 python3-venv, 但 {sys.executable} 仍缺少 ensurepip。请改用系统自带的 /usr/bin/python3 运行。",
            f"python3-venv is there, but {sys.executable} still lacks ensurepip. Run this with /usr/bin/python3.",
        )


def _fill() -> None:
    say("按 requirements.lock 安装程序库 (首次约 1 分钟, 530 MB)", "installing the locked libraries (about a minute)")
    started = time.monotonic()
    command: list[str | Path] = [
        *(python(), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"),
        *("--require-hashes", "--only-binary", ":all:", "-r", LOCK),
    ]
    if call(command, environment=os.environ | {"PYTHONUTF8": "1"}) != 0:
        raise Stopped(
            "程序库没有装全, 请看上面 pip 的提示。网络慢或不通时, 可用 PIP_INDEX_URL 指定就近的镜像后再运行。",
            "The libraries could not be installed; see pip's words above. If the network is slow or closed, "
            "set PIP_INDEX_URL to a mirror near you and run again.",
        )
    say(f"程序库已就绪, 用时 {time.monotonic() - started:.0f} 秒", "libraries ready")
