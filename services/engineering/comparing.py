"""What differs between two versions, line by line."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from services.engineering.structure import BomLine
from services.engineering.views import BomHead, DifferenceRow, PartRow

FIELDS = (
    "usage", "scrap_rate", "scrap_fixed", "issue", "skip_level", "key_part", "supplied_by", "warehouse_id",
    "valid_from", "valid_to", "position", "note",
)  # fmt: skip


def compare(a: BomHead, b: BomHead, items: Mapping[int, PartRow]) -> list[DifferenceRow]:
    """Lines added, removed and changed from a to b; a component that stands once in both is paired whatever its position."""
    pairs = _pairs(a.lines, b.lines)
    made = []
    for before, after in pairs:
        line = after or before
        assert line is not None
        if before is None or after is None:
            change = "added" if before is None else "removed"
            made.append(DifferenceRow(change, items[line.component_id], line.position, before, after, ()))
            continue
        fields = tuple(key for key in FIELDS if _value(before, key) != _value(after, key))
        if fields:
            made.append(DifferenceRow("changed", items[line.component_id], line.position, before, after, fields))
    return made


def _value(line: BomLine, key: str) -> object:
    if key == "usage":
        return Fraction(line.numerator) / Fraction(line.denominator)
    return getattr(line, key)


_Group = dict[tuple[int, str, dt.date | None], BomLine]


def _pairs(a: tuple[BomLine, ...], b: tuple[BomLine, ...]) -> list[tuple[BomLine | None, BomLine | None]]:
    old: _Group = {(line.component_id, line.position, line.valid_from): line for line in a}
    new: _Group = {(line.component_id, line.position, line.valid_from): line for line in b}
    pairs: list[tuple[BomLine | None, BomLine | None]] = [(old[key], new[key]) for key in new if key in old]
    rest: dict[int, list[BomLine]] = defaultdict(list)
    for key, line in old.items():
        if key not in new:
            rest[line.component_id].append(line)
    for key, line in new.items():
        if key not in old:
            same = rest[line.component_id]
            pairs.append((same.pop(0) if same else None, line))
    pairs += [(line, None) for group in rest.values() for line in group]
    return pairs
