"""Looks into a zipped workbook before anything parses it: sizes, names, far cells, formulas without a value."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from models.kernel.problems import Place, Problem, Refused
from services.exchange.reader.raw import LIMITS, Limits

_CHUNK = 2**20
_RATIO_FLOOR = 2**20
_LOST_SHOWN = 20
_QUICK_COLUMN = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)')
_QUICK_ROW = re.compile(rb'<row r="([0-9]+)"')
_FAR_ROW = re.compile(rb' r="[A-Z]+(?:[2-9][0-9]{5}|[0-9]{7,})"')
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Za-z]*)([0-9]+)["']([^<>]*)>""",
)
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*\st=["']e["'])[^<>]*?r=["']([A-Za-z]+)([0-9]+)["']""")
_FORMULA_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?![^<>]*\st=["']str["'])[^<>]*?r=["']([A-Za-z]+)([0-9]+)["'][^<>]*>\s*"""
    rb"""<(?:\w+:)?f[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>""",
)
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_SHEET_NAME = re.compile(r"""<(?:\w+:)?sheet\s[^<>]*?name="([^"<>]*)"[^<>]*?\w+:id="([^"<>]*)\"""")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")


def check_archive(path: Path, *, limits: Limits = LIMITS) -> list[Problem]:
    """Refused when the archive could harm; else the cells that would be lost silently, one problem each."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(path.name, archive, limits)
            return _check_parts(path.name, archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refused("exchange.damaged", path.name, reason=str(error) or type(error).__name__) from error


def _refused(code: str, name: str, **args: object) -> Refused:
    return Refused([Problem(code, args, Place(sheet=name))])


def _check_entries(name: str, archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.zip_entries:
        raise _refused("exchange.zip_entries", name, count=len(entries), limit=limits.zip_entries)
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise _refused(
            "exchange.unpacked_size",
            name,
            size=f"{total / 2**20:.0f} MB",
            limit=f"{limits.unpacked_bytes / 2**20:.0f} MB",
        )
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
            raise _refused("exchange.zip_path", name, part=entry.filename)
        if entry.file_size > _RATIO_FLOOR and entry.file_size > limits.ratio * max(1, entry.compress_size):
            raise _refused("exchange.zip_ratio", name, part=entry.filename, limit=limits.ratio)
        if entry.flag_bits & 1:
            raise _refused("exchange.password", name)


def _check_parts(name: str, archive: zipfile.ZipFile, limits: Limits) -> list[Problem]:
    titles = _sheet_titles(archive)
    problems: list[Problem] = []
    for entry in archive.infolist():
        lower = entry.filename.lower()
        if not lower.endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as part:
            if _SHEET_PART.fullmatch(lower):
                sheet = titles.get(lower, entry.filename)
                problems += _scan_sheet(name, sheet, part, limits)
            else:
                for _ in _buffers(name, part):
                    pass
    return problems


def _buffers(name: str, part: IO[bytes]) -> Iterator[bytes]:
    """Pieces of a part that each end before a cell; refuses document types and other encodings."""
    rest = b""
    first = True
    while chunk := part.read(_CHUNK):
        if first and chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
            raise _refused("exchange.damaged", name, reason="UTF-16 XML")
        first = False
        piece = rest + chunk
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise _refused("exchange.document_type", name)
        cut = piece.rfind(b"<", 0, max(piece.rfind(b"<c "), piece.rfind(b":c ")) + 1)
        if cut <= 0 or len(piece) - cut > 4 * _CHUNK:
            cut = max(0, len(piece) - 512)
        rest = piece[cut:]
        yield piece[:cut]
    yield rest


def _scan_sheet(name: str, sheet: str, part: IO[bytes], limits: Limits) -> list[Problem]:
    """Cells of one worksheet: none beyond the limits; those with an error or an unknown formula value are problems."""
    lost: list[Problem] = []
    extent = Extent()
    for piece in _buffers(name, part):
        extent.add_quickly(piece)
        if b'="e"' in piece or b"='e'" in piece:
            lost += _lost("exchange.error_cell", _ERROR_CELL, piece, sheet)
        if b"<f" in piece or b":f" in piece:
            lost += _lost("exchange.formula_value", _FORMULA_CELL, piece, sheet)
        del lost[_LOST_SHOWN:]
    if extent.doubtful or extent.fault(limits):
        part.seek(0)
        extent = Extent()
        for piece in _buffers(name, part):
            extent.add_exactly(piece)
    if (fault := extent.fault(limits)) is not None:
        raise Refused([Problem(fault[0], fault[1], Place(sheet, extent.rows))])
    return lost


def _lost(code: str, pattern: re.Pattern[bytes], piece: bytes, sheet: str) -> list[Problem]:
    cells = islice(pattern.finditer(piece), _LOST_SHOWN)
    return [Problem(code, {}, Place(sheet, int(cell[2][:9]), cell[1].decode("ascii").upper())) for cell in cells]


@dataclass(slots=True)
class Extent:
    """How far the cells of a worksheet reach. doubtful: written in a way that the quick look does not know."""

    rows: int = 0
    columns: int = 0
    doubtful: bool = False

    def add_quickly(self, piece: bytes) -> None:
        """Counts empty formatted cells and rows too, so it may find too much, never too little."""
        columns, rows = _QUICK_COLUMN.findall(piece), _QUICK_ROW.findall(piece)
        if len(columns) < piece.count(b"<c ") + piece.count(b":c ") or len(rows) < piece.count(b"<row"):
            self.doubtful = True
        self.doubtful = self.doubtful or b"<c>" in piece or _FAR_ROW.search(piece) is not None
        self.columns = max(self.columns, *map(_column_number, set(columns)), 0)
        self.rows = max(self.rows, *(int(row[:9]) for row in rows), 0)

    def add_exactly(self, piece: bytes) -> None:
        """Counts cells with content only."""
        found = [(column, row) for column, row, tail in _CELL.findall(piece) if not tail.endswith(b"/")]
        self.columns = max(self.columns, *map(_column_number, {column for column, _row in found}), 0)
        self.rows = max(self.rows, *(int(row[:9]) for _column, row in found), 0)

    def fault(self, limits: Limits) -> tuple[str, dict[str, object]] | None:
        """Code and numbers of what is too large."""
        if self.rows > limits.rows or self.columns > limits.columns:
            ends = {"row_limit": limits.rows, "column_limit": limits.columns}
            return "exchange.far_cell", {"rows": self.rows, "columns": self.columns, **ends}
        if self.rows * self.columns > limits.cells:
            return "exchange.too_many_cells", {"cells": self.rows * self.columns, "limit": limits.cells}
        return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _sheet_titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names by the part that holds them, as far as the workbook can be read by plain patterns."""
    try:
        book = archive.read("xl/workbook.xml")[: 4 * _CHUNK].decode("utf-8")
        relations = archive.read("xl/_rels/workbook.xml.rels")[: 4 * _CHUNK].decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return {}
    targets: dict[str, str] = {}
    for relation in _RELATION.findall(relations):
        key, target = (re.search(rf"""\b{part}=["']([^"']*)["']""", relation) for part in ("Id", "Target"))
        if key and target:
            path = target.group(1).lstrip("/")
            targets[key.group(1)] = (path if path.startswith("xl/") else f"xl/{path}").lower()
    return {targets[key]: title for title, key in _SHEET_NAME.findall(book) if key in targets}
