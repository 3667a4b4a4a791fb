"""What a reader hands on: cells of one sheet as they stand in the file, and what was wrong with the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.kernel.problems import Problem

Cell = str | float | int | dt.date | None


@dataclass(frozen=True, slots=True)
class RawSheet:
    """Cells of one sheet. rows[i] is row i + 1 of the file, counted as Excel counts; an empty row is an empty list.

    source: file name; name: name of the sheet in it, for a .csv the file's name without ending.
    """

    source: str
    name: str
    rows: Sequence[Sequence[Cell]]


@dataclass(slots=True)
class Reading:
    """All sheets of the sources, the faults that stop the import and the warnings that do not."""

    sheets: list[RawSheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a source may be. bytes; seconds; cells over all sheets of a workbook."""

    workbook_bytes: int = 20 * 2**20
    csv_bytes: int = 512 * 2**20
    zip_entries: int = 200
    unpacked_bytes: int = 300 * 2**20
    ratio: int = 200
    rows: int = 200_000
    columns: int = 256
    cells: int = 5_000_000
    csv_rows: int = 2_000_000
    answer_bytes: int = 400 * 2**20
    memory_bytes: int = 512 * 2**20
    seconds: float = 60.0


LIMITS = Limits()
