"""Where an item is used: the way up, each item computed once, in the order of the levels."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from sqlalchemy import Connection

from models.kernel.numbers import QUANTITY_PLACES, round_half_up
from services.engineering import queries
from services.engineering.structure import BomLine, ratio_of
from services.engineering.views import BomHead, PartRow, UsedRow, choose, newest_first
from services.ledgers.facts import chunked


def where_used(conn: Connection, item_id: int, *, mode: str, day: dt.date) -> list[UsedRow]:
    """Where an item is used (反查, AT-04c). mode: single (direct parents), multi (all levels), top (end products).

    Enabled versions only, drafts included; lines that do not hold on the day are left out.
    """
    ids = queries.ids_above(conn, item_id)
    found: dict[int, list[BomHead]] = {}
    for keys in chunked(ids):
        for parent, group in queries.VERSIONS_NAMING.of(conn, keys).items():
            known = {head.id: head for head in [*found.get(parent, []), *group]}
            found[parent] = list(known.values())
    rows = queries.load_parts(conn, ids)
    return _Climb(found, rows, day).rows(item_id, mode)


class _Climb:
    """One way up from an item."""

    def __init__(self, found: Mapping[int, Sequence[BomHead]], items: Mapping[int, PartRow], day: dt.date) -> None:
        self.items = items
        self.day = day
        self.current = {parent: choose(newest_first(list(group)), day) for parent, group in found.items()}
        self.parents: dict[int, list[tuple[BomHead, BomLine]]] = defaultdict(list)
        for group in found.values():
            for head in group:
                for line in head.lines:
                    if line.component_id in items and line.holds_on(day):
                        self.parents[line.component_id].append((head, line))

    def rows(self, item_id: int, mode: str) -> list[UsedRow]:
        levels = self._levels(item_id)
        totals = self._totals(item_id, levels)
        made = []
        for component in sorted(levels, key=lambda key: (levels[key], self.items[key].code)):
            for head, line in self.parents[component]:
                level = levels[component] + 1
                if (mode == "single" and level > 1) or (mode == "top" and self.parents[head.parent_id]):
                    continue
                current = self.current.get(head.parent_id)
                made.append(
                    UsedRow(
                        level, self.items[head.parent_id], head.id, head.version_code, head.state,
                        current is not None and current.id == head.id, self.items[component].code, line,
                        round_half_up(totals.get(head.id, Fraction(0)), QUANTITY_PLACES),
                    )
                )  # fmt: skip
        made.sort(key=lambda row: (row.level, row.item.code, not row.current, row.version_code))
        return _one_per_parent(made) if mode == "top" else made

    def _levels(self, item_id: int) -> dict[int, int]:
        levels = {item_id: 0}
        front = [item_id]
        while front:
            above = []
            for component in front:
                for head, _line in self.parents[component]:
                    if head.parent_id not in levels:
                        levels[head.parent_id] = levels[component] + 1
                        above.append(head.parent_id)
            front = above
        return levels

    def _totals(self, item_id: int, levels: Mapping[int, int]) -> dict[int, Fraction]:
        """How much of the item one product takes, by version, losses included: parents after all their components."""
        waiting: dict[int, int] = defaultdict(int)
        for component in levels:
            for head, _line in self.parents[component]:
                waiting[head.parent_id] += 1
        per_item = {item_id: Fraction(1)}
        totals: dict[int, Fraction] = defaultdict(Fraction)
        ready = [item_id]
        while ready:
            component = ready.pop()
            for head, line in self.parents[component]:
                ratio = ratio_of(line.numerator, line.denominator) * (1 + Fraction(line.scrap_rate))
                totals[head.id] += ratio * per_item[component]
                waiting[head.parent_id] -= 1
                if not waiting[head.parent_id]:
                    current = self.current.get(head.parent_id)
                    per_item[head.parent_id] = totals[current.id] if current is not None else Fraction(0)
                    ready.append(head.parent_id)
        return totals


def _one_per_parent(rows: Sequence[UsedRow]) -> list[UsedRow]:
    seen: set[int] = set()
    made = []
    for row in rows:
        if row.item.id not in seen:
            seen.add(row.item.id)
            made.append(row)
    return made
