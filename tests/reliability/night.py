"""The long run of the reliability tests: `python tests/reliability/night.py [pytest options]`; prints what each one counted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(options: list[str]) -> int:
    """The same tests with their figures of the night; the status of pytest."""
    environment = {**os.environ, "GONGFANG_NIGHT": "1", "QT_QPA_PLATFORM": "offscreen", "TZ": "Asia/Shanghai"}
    command = [
        sys.executable, "-m", "pytest", "tests/reliability", "tests/property", "tests/ui/test_monkey.py",
        "tests/ui/test_window_killed.py", "-s", "--timeout=0", "--hypothesis-profile=night", *options,
    ]  # fmt: skip
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
