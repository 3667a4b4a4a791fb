"""Output whose reader has left, as in `main.py check | head -1`: no failure, the command keeps its own exit status."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
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


def _given_up(stream: TextIO, error: OSError) -> None:
    """What is left of the output goes nowhere, and so does what Python writes out when it ends."""
    if error.errno not in LEFT:
        raise error
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
