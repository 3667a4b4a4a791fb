"""Reads one workbook in a process of its own and writes its cells as lines of JSON, within the limits it is given.

Stands alone on purpose: it imports nothing of the program, so that it starts in milliseconds and holds no data.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

ROWS_A_LINE = 500


def limit_resources(memory_bytes: int, seconds: int) -> None:
    """Caps this process's memory and processor time where the system can."""
    if sys.platform == "win32":
        with contextlib.suppress(AttributeError, OSError, ValueError):
            _limit_by_job(memory_bytes, seconds)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if sys.platform == "win32":

    def _limit_by_job(memory_bytes: int, seconds: int) -> None:
        """Puts this process into a job of its own with limits on memory and processor time."""
        import ctypes
        import struct

        process_time, active_process, process_memory = 0x2, 0x8, 0x100
        ticks = seconds * 10_000_000
        basic = struct.pack(
            "<qqIxxxxNNIxxxxNII", ticks, 0, process_time | active_process | process_memory, 0, 0, 1, 0, 0, 0
        )
        counters, sizes = bytes(48), struct.pack("<NNNN", memory_bytes, 0, 0, 0)
        limits = basic + counters + sizes
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, ctypes.c_wchar_p)
        kernel.SetInformationJobObject.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint32)
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        job = kernel.CreateJobObjectW(None, None)
        kernel.SetInformationJobObject(job, 9, limits, len(limits))
        kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())


def plain_cell(value: Any) -> Any:
    """Dates as {"d": ISO}; times and everything else as text."""
    if isinstance(value, (dt.datetime, dt.date)):
        return {"d": value.isoformat()[:10]}
    return str(value)


def open_book(path: str) -> Any:
    """The workbook, read as its ending says, else as its content says."""
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(path)
    except Exception as error:  # noqa: BLE001  every failure is told, the first one
        try:
            return CalamineWorkbook.from_filelike(Path(path).open("rb"))
        except Exception:  # noqa: BLE001
            raise error from None


def write_sheets(path: str, rows_limit: int, columns_limit: int, cells_limit: int) -> None:
    """Writes {"sheet", "visible"} and then arrays of rows for each worksheet, {"done": 1} at the end."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = open_book(path)
    cells = 0
    for meta in book.sheets_metadata:
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        last_row, last_column = sheet.end or (0, 0)
        cells += (last_row + 1) * (last_column + 1)
        if last_row >= rows_limit or last_column >= columns_limit or cells > cells_limit:
            emit({"error": "size", "sheet": meta.name, "rows": last_row + 1, "columns": last_column + 1})
            return
        emit({"sheet": meta.name, "visible": meta.visible == SheetVisibleEnum.Visible})
        batch: list[list[Any]] = []
        for row in sheet.iter_rows():
            batch.append(["TRUE" if cell is True else "FALSE" if cell is False else cell for cell in row])
            if len(batch) == ROWS_A_LINE:
                emit(batch)
                batch = []
        if batch:
            emit(batch)
        del sheet
    emit({"done": 1})


def emit(value: Any) -> None:
    """One line of JSON on standard output; lone surrogates travel as escapes."""
    sys.stdout.write(json.dumps(value, default=plain_cell, separators=(",", ":")))
    sys.stdout.write("\n")


def main(arguments: list[str]) -> int:
    """Arguments: path, rows, columns, cells, memory in bytes, seconds. Any failure becomes an error line."""
    path, rows, columns, cells, memory, seconds = arguments
    limit_resources(int(memory), int(seconds))
    try:
        write_sheets(path, int(rows), int(columns), int(cells))
    except MemoryError:
        emit({"error": "memory"})
    except BaseException as error:  # noqa: BLE001  a panic of the parser is no Exception
        kind = "password" if type(error).__name__ == "PasswordError" else "damaged"
        emit({"error": kind, "reason": f"{type(error).__name__}: {error}"[:300]})
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
