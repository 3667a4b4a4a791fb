"""The entry: reads the command line, opens the window or runs one command; a clerk never sees a stack trace."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from app.arguments import Arguments, parse
from app.pipes import print_lines, written_out

READ_WORKBOOK = "--read-workbook"
"""How a packaged program starts itself as the process that reads a workbook."""
LONGEST = 200
"""how much of a name that the system refuses is repeated"""


def main(argv: Sequence[str]) -> int:
    """Runs the program; 0 done, 1 refused with reasons on stderr, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if argv and argv[0] == READ_WORKBOOK:
        from services.exchange.reader.child import main as read_workbook

        return read_workbook(list(argv[1:]))
    try:
        status = _run(argv)
    except SystemExit:
        if not written_out():
            return 1
        raise
    return status if written_out() else 1


def _run(argv: Sequence[str]) -> int:
    arguments = parse(argv)
    if not arguments.command:
        return _window(arguments)
    from app.commands import run

    return _guarded(arguments, lambda: run(arguments))


def _window(arguments: Arguments) -> int:
    from app.loading import loaded_quickly

    with loaded_quickly():
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
    except OSError as error:
        if os.environ.get("GONGFANG_DEBUG"):
            raise
        _log(error)
        name = str(error.filename or "—").encode(errors="replace").decode()
        reason = error.strerror or str(error)
        lines = [
            text(
                "program.file",
                arguments.lang,
                name=name if len(name) <= LONGEST else name[:LONGEST] + "…",
                reason=reason,
            )
        ]
        print_lines(lines, sys.stderr)
        return 1
    except Exception as error:
        if os.environ.get("GONGFANG_DEBUG"):
            raise
        file = _log(error)
        print_lines([text("program.unexpected", arguments.lang, error=type(error).__name__, file=file)], sys.stderr)
        return 1


def _log(error: BaseException) -> str:
    from app.paths import data_folder

    try:
        file = data_folder() / "gongfang.log"
        file.touch()
    except OSError:
        return "—"
    logging.basicConfig(filename=file, format="%(asctime)s %(levelname)s %(message)s", encoding="utf-8")
    logging.getLogger("gongfang").error("unexpected", exc_info=error)
    return str(file)
