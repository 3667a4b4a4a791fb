"""Reads .csv files: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030; comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from models.kernel.problems import Place, Problem, Refused
from services.exchange.collector import collector_paused
from services.exchange.reader.raw import LIMITS, Limits, RawSheet

_SEPARATORS = ",;\t"


def read_text(path: Path, *, limits: Limits = LIMITS) -> RawSheet:
    """The one sheet of a text file, named after it; Refused when it is too large or in no known encoding."""
    where = Place(sheet=path.name)
    size = path.stat().st_size
    if size > limits.csv_bytes:
        raise Refused(
            [Problem("exchange.file_too_large", {"size": _mib(size), "limit": _mib(limits.csv_bytes)}, where)]
        )
    with collector_paused():
        return RawSheet(path.name, path.stem, _records(_decoded(path.read_bytes(), where), path.name, limits))


def _decoded(data: bytes, where: Place) -> str:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings: tuple[str, ...] = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    place = 0
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            place = max(place, error.start)
    row = data.count(b"\n", 0, place) + 1
    raise Refused([Problem("exchange.encoding", {}, Place(sheet=where.sheet, row=row))])


def _records(text: str, name: str, limits: Limits) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > limits.csv_rows:
                where = Place(sheet=name, row=len(rows))
                raise Refused([Problem("exchange.too_many_rows", {"limit": limits.csv_rows}, where)])
    except csv.Error as error:
        where = Place(sheet=name, row=len(rows) + 1)
        raise Refused([Problem("exchange.csv_row", {"reason": str(error)}, where)]) from error
    return rows


def _separator(text: str) -> str:
    """The separator that stands most often in the first line that holds any."""
    start = 0
    for _ in range(10):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else None][:10_000]
        best = max(_SEPARATORS, key=line.count)
        if best in line:
            return best
        if end < 0:
            break
        start = end + 1
    return ","


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f} MB"
