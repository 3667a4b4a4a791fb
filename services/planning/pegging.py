"""Pegging as rows: which demand each piece of a planned order serves, and each piece of a substitute's stock."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import numpy as np

from models.kernel.numbers import QUANTITY_PLACES
from services.planning.engine.model import NONE, Need, Source
from services.planning.engine.pegging import Links, peg
from services.planning.release import planned_number
from services.planning.runs import FinishedRun
from services.planning.views import PeggingRow

_NEEDS = [need.name.lower() for need in Need]


class Pegging:
    """The pegging of a run or of some items: sized at once, its rows made as they are read.

    Pieces of one planned order are shown with 6 decimals so that they add up to its output.
    """

    def __init__(self, run: FinishedRun, items: list[int] | None = None, orders: set[int] | None = None) -> None:
        self._run = run
        self._names = run.reading.names
        self._data = run.reading.data
        wanted = None if items is None else np.array(items, dtype=np.int64)
        links = peg(self._data, run.plan, wanted)
        planned = links.source == Source.PLANNED_ORDER
        if orders is not None:
            planned &= np.isin(links.source_row, sorted(orders))
        else:
            planned |= links.need == Need.SUBSTITUTION
        order = np.flatnonzero(planned)
        self._links = links.take(order[np.argsort(self._key(links, order), kind="stable")])

    def _key(
        self, links: Links, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        last = len(self._run.plan.orders)
        return np.where(links.source[rows] == Source.PLANNED_ORDER, links.source_row[rows], last)

    def __len__(self) -> int:
        return len(self._links)

    def __iter__(self) -> Iterator[PeggingRow]:
        table = self._links
        scale, places = self._run.plan.scales.scale, self._data.items.decimals
        running: dict[tuple[int, int, int], int] = defaultdict(int)
        columns = (table.item, table.source, table.source_row, table.need, table.need_row, table.day, table.quantity)
        for item, source, row, need, need_row, day, quantity in zip(*(c.tolist() for c in columns), strict=True):
            before = running[item, source, row]
            running[item, source, row] = before + quantity
            size = int(scale[item]) * 10 ** int(places[item])
            shown = _grid(before + quantity, size) - _grid(before, size)
            amount = Decimal(shown).scaleb(-QUANTITY_PLACES)
            if need == Need.SUBSTITUTION:
                yield from self._stands_in(item, need_row)
            else:
                number = planned_number(self._run.run_id, row + 1) if source == Source.PLANNED_ORDER else ""
                yield self._row(number, item, amount, need, need_row, day)

    def _row(self, number: str, item: int, quantity: Decimal, need: int, row: int, day: int) -> PeggingRow:
        codes, date = self._names.codes, dt.date.fromordinal(day)
        if need == Need.PLANNED_ORDER:
            parent = int(self._run.plan.orders.item[row])
            consumer = planned_number(self._run.run_id, row + 1)
            return PeggingRow(number, codes[item], quantity, _NEEDS[need], consumer, 0, codes[parent], date)
        if row == NONE:
            return PeggingRow(number, codes[item], quantity, _NEEDS[need], "", 0, codes[item], date)
        table = self._data.demands
        parent = int(table.parent[row])
        owner = parent if parent != NONE else int(table.item[row])
        document = self._names.documents.numbers[int(table.ref[row])]
        date = dt.date.fromordinal(int(table.day[row]))
        return PeggingRow(
            number, codes[item], quantity, _NEEDS[need], document, int(table.line[row]), codes[owner], date
        )

    def _stands_in(self, item: int, use: int) -> Iterator[PeggingRow]:
        """A substitute's stock serves what the component it stands in for was asked for."""
        uses = self._run.plan.substitutions
        component, quantity, taken = int(uses.component[use]), int(uses.quantity[use]), int(uses.taken[use])
        links = peg(self._data, self._run.plan, np.array([component], dtype=np.int64))
        mine = links.take((links.source == Source.SUBSTITUTION) & (links.source_row == use))
        total = quantity * int(self._run.plan.scales.scale[component])
        size = 10 ** int(self._data.items.decimals[item])
        gone = 0
        for piece, need, row, day in zip(
            *(c.tolist() for c in (mine.quantity, mine.need, mine.need_row, mine.day)), strict=True
        ):
            shares = [_grid(int(Fraction(at * taken, total) * 10**9), size * 10**9) for at in (gone, gone + piece)]
            gone += piece
            yield self._row("", item, Decimal(shares[1] - shares[0]).scaleb(-QUANTITY_PLACES), need, row, day)


def _grid(quantity: int, size: int) -> int:
    """Millionths of a unit, rounded down."""
    made: int = quantity * 10**QUANTITY_PLACES // size
    return made
