"""Output whose reader has left, as in `main.py check | head -1`: no failure, the command keeps its own exit status."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, TextIO

LEFT: Final = (errno.EPIPE, errno.EINVAL)
"""what a closed pipe answers: EINVAL on Windows"""


def print_lines(lines: Iterable[str], stream: TextIO | None = None) -> None:
    """Prints lines (to standard output) to the end, or until the reader has left; OSError where they cannot be written otherwise."""
    target = stream or sys.stdout
    try:
        for line in lines:
            print(line, file=target)
    except OSError as error:
        _given_up(target, error)
    write_out()


def write_out() -> None:
    """Writes out what was printed; OSError where it cannot be written for another reason than that the reader has left."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            _given_up(stream, error)


def written_out() -> bool:
    """Writes out what was printed at the end; False, told in one line, where it cannot be."""
    try:
        write_out()
    except OSError as error:
        with suppress(OSError):
            os.write(2, f"{error.filename}: {error.strerror}\n".encode())
        return False
    return True


def _given_up(stream: TextIO, error: OSError) -> None:
    """What is left of the output goes nowhere, and so does what Python writes out when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    if error.errno not in LEFT:
        raise OSError(error.errno, error.strerror or str(error), stream.name) from error
