"""From files and folders to checked batches, one a sheet, whatever the order of files and sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.kernel.problems import Problem
from models.kernel.sheets import Sheet
from services.exchange.importing.batch import Batch
from services.exchange.parse import parse
from services.exchange.reader.raw import RawSheet, Reading
from services.exchange.reader.sources import read_sources
from services.exchange.sheets import IMPORTED_SHEETS, find_sheet
from services.exchange.sheets.names import folded
from services.platform.stopping import checkpoint


@dataclass(slots=True)
class Gathered:
    """Batches by sheet name in the order of the contract, and what is wrong with the files themselves."""

    batches: dict[str, Batch] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A raw sheet with its declaration and the name it has in messages."""

    sheet: Sheet
    label: str
    raw: RawSheet


def labelled(reading: Reading) -> list[Labelled]:
    """Sheets in the order of the contract; one that several files hold is named with its file."""
    named = [(sheet, raw) for raw in reading.sheets if (sheet := find_sheet(raw.name)) is not None]
    often = Counter(sheet.name for sheet, _raw in named)
    position = {sheet.name: place for place, sheet in enumerate(IMPORTED_SHEETS)}
    named.sort(key=lambda pair: (position[pair[0].name], pair[1].source, pair[1].name))
    made = []
    for sheet, raw in named:
        several = often[sheet.name] > 1 and folded(Path(raw.source).stem) != folded(raw.name)
        made.append(Labelled(sheet, f"{raw.source}/{raw.name}" if several else raw.name, raw))
    return made


def gather(paths: Sequence[str | Path]) -> Gathered:
    """Reads and checks every source; nothing is raised, what is wrong stands in problems."""
    reading = read_sources(paths)
    made = Gathered(problems=list(reading.problems), warnings=list(reading.warnings))
    for each in labelled(reading):
        checkpoint()
        parsed = parse(each.raw, sheet=each.sheet, label=each.label)
        made.batches.setdefault(each.sheet.name, Batch(each.sheet)).add(parsed)
        made.problems += parsed.problems
        made.warnings += parsed.warnings
    return made
