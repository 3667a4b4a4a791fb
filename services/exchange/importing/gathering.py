"""From files and folders to checked batches, one a sheet, whatever the order of files and sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.kernel.problems import Problem
from services.exchange.importing.batch import Batch
from services.exchange.parse import parse
from services.exchange.reader.sources import read_sources
from services.exchange.sheets import IMPORTED_SHEETS, find_sheet
from services.exchange.sheets.names import folded


@dataclass(slots=True)
class Gathered:
    """Batches by sheet name in the order of the contract, and what is wrong with the files themselves."""

    batches: dict[str, Batch] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def gather(paths: Sequence[str | Path]) -> Gathered:
    """Reads and checks every source. A sheet that several files hold is named with its file in messages."""
    reading = read_sources(paths)
    made = Gathered(problems=list(reading.problems), warnings=list(reading.warnings))
    named = [(find_sheet(raw.name), raw) for raw in reading.sheets]
    often = Counter(sheet.name for sheet, _raw in named if sheet is not None)
    position = {sheet.name: place for place, sheet in enumerate(IMPORTED_SHEETS)}
    found: dict[str, Batch] = {}
    for sheet, raw in sorted(
        ((sheet, raw) for sheet, raw in named if sheet is not None),
        key=lambda pair: (position[pair[0].name], pair[1].source, pair[1].name),
    ):
        several = often[sheet.name] > 1 and folded(Path(raw.source).stem) != folded(raw.name)
        parsed = parse(raw, sheet=sheet, label=f"{raw.source}/{raw.name}" if several else raw.name)
        found.setdefault(sheet.name, Batch(sheet)).add(parsed)
        made.problems += parsed.problems
        made.warnings += parsed.warnings
    made.batches = found
    return made
