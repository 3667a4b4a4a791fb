"""The entry: reads the command line, opens the window or runs one command; a clerk never sees a stack trace."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from app.arguments import Arguments, parse
from app.pipes import print_lines, write_out

READ_WORKBOOK = "--read-workbook"
"""How a packaged program starts itself as the process that reads a workbook."""


def main(argv: Sequence[str]) -> int:
    """Runs the program; 0 done, 1 refused with reasons on stderr, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if argv and argv[0] == READ_WORKBOOK:
        from services.exchange.reader.child import main as read_workbook

        return read_workbook(list(argv[1:]))
    try:
        return _run(argv)
    finally:
        write_out()


def _run(argv: Sequence[str]) -> int:
    arguments = parse(argv)
    if not arguments.command:
        return _window(arguments)
    from app.commands import run

    return _guarded(arguments, lambda: run(arguments))


def _window(arguments: Arguments) -> int:
    from app.window import run_window

    return _guarded(arguments, lambda: run_window(arguments))


def _guarded(arguments: Arguments, action) -> int:  # type: ignore[no-untyped-def]
    from models.kernel.problems import Refused
    from services.platform.messages import sentence, text

    try:
        return int(action())
    except Refused as refused:
        print_lines((sentence(problem, arguments.lang) for problem in refused.problems), sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if os.environ.get("GONGFANG_DEBUG"):
            raise
        file = _log(error)
        print_lines([text("program.unexpected", arguments.lang, error=type(error).__name__, file=file)], sys.stderr)
        return 1


def _log(error: BaseException) -> str:
    from app.paths import data_folder

    file = data_folder() / "gongfang.log"
    logging.basicConfig(filename=file, format="%(asctime)s %(levelname)s %(message)s", encoding="utf-8")
    logging.getLogger("gongfang").error("unexpected", exc_info=error)
    return str(file)
