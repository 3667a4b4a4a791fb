"""The commands of run.py: the demonstration factory, the tests, or only the environment."""

from __future__ import annotations

import os
from collections.abc import Sequence

from app.bootstrap import demonstration, environment, gates, libraries
from app.bootstrap.console import ROOT, Stopped, complain, prepare_output, say

USAGE = """\
用法 usage: python3 run.py [COMMAND]

  demo     打开演示工厂 (默认)         open the program on the demonstration factory (default)
  test     运行全部检查和测试           run every check and test
  setup    只准备环境                  only make the environment
"""


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; the exit status. Stopped becomes a sentence and status 1."""
    prepare_output()
    command = arguments[0] if arguments else "demo"
    if len(arguments) > 1 or command not in {"demo", "test", "setup"}:
        print(USAGE)
        return 0 if command in {"-h", "--help", "help"} else 2
    os.chdir(ROOT)
    try:
        return _carry_out(command)
    except Stopped as stop:
        complain(stop)
        return 1
    except KeyboardInterrupt:
        return 130


def _carry_out(command: str) -> int:
    python = environment.ensure()
    libraries.ensure(python)
    if command == "demo":
        return demonstration.show(python)
    if command == "test":
        gates.ensure_tools()
        return gates.run()
    say(f"环境已就绪: {python}", "the environment is ready")
    return 0
