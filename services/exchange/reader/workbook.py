"""Reads a workbook through a child process, so that no file can crash, stop or fill up this one."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from models.kernel.problems import Place, Problem, Refused
from services.exchange.reader import child
from services.exchange.reader.archive import check_archive
from services.exchange.reader.raw import LIMITS, Cell, Limits, RawSheet

CHILD_FLAG = "--read-workbook"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LINE_BYTES = 64 * 2**20


def read_workbook(path: Path, *, limits: Limits = LIMITS) -> tuple[list[tuple[RawSheet, bool]], list[Problem]]:
    """All worksheets, each with whether it is visible, and the cells whose value would be lost; Refused when none."""
    size = path.stat().st_size
    if size > limits.workbook_bytes:
        limit = f"{limits.workbook_bytes / 2**20:.0f} MB"
        raise _refused("exchange.file_too_large", path.name, size=f"{size / 2**20:.1f} MB", limit=limit)
    with path.open("rb") as file:
        start = file.read(512)
    lost: list[Problem] = []
    if start.startswith(b"PK"):
        lost = check_archive(path, limits=limits)
    elif not start.startswith(_OLD_WORKBOOK):
        raise _refused("exchange.no_workbook", path.name)
    return list(_sheets(path, limits)), lost


def _refused(code: str, name: str, **args: object) -> Refused:
    return Refused([Problem(code, args, Place(sheet=name))])


def _command(path: Path, limits: Limits) -> list[str]:
    numbers = (limits.rows, limits.columns, limits.cells, limits.memory_bytes, int(limits.seconds))
    start = [sys.executable, CHILD_FLAG] if getattr(sys, "frozen", False) else [sys.executable, "-I", child.__file__]
    return [*start, str(path.resolve()), *map(str, numbers)]


def _sheets(path: Path, limits: Limits) -> Iterator[tuple[RawSheet, bool]]:
    name, visible, rows, done = "", True, list[list[Cell]](), False
    for answer in _answers(path, limits):
        if isinstance(answer, list):
            rows.extend(answer)
            continue
        if "error" in answer:
            raise _child_refusal(path.name, answer, limits)
        if name:
            yield RawSheet(path.name, name, rows), visible
        name, visible, rows = str(answer.get("sheet", "")), bool(answer.get("visible", True)), []
        done = "done" in answer
    if not done:
        raise _refused("exchange.reader_stopped", path.name)


def _child_refusal(file: str, answer: dict[str, Any], limits: Limits) -> Refused:
    if answer["error"] == "size":
        args = {"rows": answer["rows"], "columns": answer["columns"]}
        args |= {"row_limit": limits.rows, "column_limit": limits.columns}
        return Refused([Problem("exchange.far_cell", args, Place(str(answer["sheet"]), int(answer["rows"])))])
    if answer["error"] == "password":
        return _refused("exchange.password", file)
    if answer["error"] == "memory":
        return _refused("exchange.reader_memory", file)
    return _refused("exchange.damaged", file, reason=str(answer.get("reason", "")))


def _answers(path: Path, limits: Limits) -> Iterator[Any]:
    """Decoded lines of the child; it is killed when it takes too long or says too much."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW
    process = subprocess.Popen(
        _command(path, limits),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=flags,
    )
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        process.kill()

    timer = threading.Timer(limits.seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        if process.stdout is not None:
            yield from _lines(process.stdout, path.name, limits)
        if timed_out.is_set():
            raise _refused("exchange.reader_time", path.name, seconds=int(limits.seconds))
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _lines(stream: IO[bytes], file: str, limits: Limits) -> Iterator[Any]:
    total = 0
    while line := stream.readline(_LINE_BYTES):
        total += len(line)
        if total > limits.answer_bytes or not line.endswith(b"\n"):
            if len(line) == _LINE_BYTES or total > limits.answer_bytes:
                raise _refused("exchange.reader_memory", file)
            return
        try:
            yield json.loads(line, object_hook=_dates)
        except (ValueError, RecursionError) as error:
            raise _refused("exchange.damaged", file, reason="answer") from error


def _dates(value: dict[str, Any]) -> Any:
    if len(value) == 1 and "d" in value:
        return dt.date.fromisoformat(value["d"])
    return value
