"""Stock that was made for one sales order line and may serve no other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from services.planning.engine.model import I64, NONE, OPEN_FROM, Mask, Source, Supplies, column


@dataclass(frozen=True)
class Kept:
    """Stock by item and sales order line (its database id, then its rank)."""

    item: I64
    line: I64
    quantity: I64

    @property
    def supplies(self) -> Supplies:
        """One row of stock for each line, as tagged supply."""
        one, none = np.ones(len(self.item), dtype=np.int64), np.full(len(self.item), NONE, dtype=np.int64)
        kind = np.full(len(self.item), int(Source.STOCK), dtype=np.int64)
        return Supplies(self.item, none * 0 + OPEN_FROM, self.quantity, one, kind, none, none, self.line)

    def by_rank(self, rank: I64) -> Kept:
        """The same with ranks of lines, in order of item and rank."""
        order = np.lexsort((rank, self.item))
        return Kept(self.item[order], rank[order], self.quantity[order])

    def taken_from(self, stock: I64) -> tuple[I64, Kept]:
        """Stock that is nobody's, and what is kept as far as the stock goes (by line, in their order)."""
        free = stock.copy()
        rows = []
        for item, line, quantity in zip(self.item.tolist(), self.line.tolist(), self.quantity.tolist(), strict=True):
            held = min(quantity, max(0, int(free[item])))
            free[item] -= held
            if held:
                rows.append((item, line, held))
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return free, Kept(table[:, 0], table[:, 1], table[:, 2])


def kept_for_lines(mto: Mask, *, lines: tuple[I64, I64, I64, I64, Mask, Mask], drawn: tuple[I64, I64, I64]) -> Kept:
    """Received on orders made for an open sales order line, less what the line delivered and its orders drew.

    lines: (id, item, done, line made for, is a sales order line, is open) of documents; drawn: (item, line made for,
    quantity) of materials. Only items made to order.
    """
    ids, items, done, made_for, sold, is_open = lines
    living = set(ids[sold & is_open].tolist())
    held: dict[tuple[int, int], int] = defaultdict(int)
    for rows, key, sign in ((~sold & (made_for != NONE), made_for, 1), (sold, ids, -1)):
        chosen = np.flatnonzero(rows & mto[items] & (done > 0))
        for line, item, quantity in zip(
            key[chosen].tolist(), items[chosen].tolist(), done[chosen].tolist(), strict=True
        ):
            held[line, item] += sign * quantity
    chosen = np.flatnonzero(mto[drawn[0]] & (drawn[1] != NONE) & (drawn[2] > 0))
    for item, line, quantity in zip(*(part[chosen].tolist() for part in drawn), strict=True):
        held[line, item] -= quantity
    rows_left = [(item, line, n) for (line, item), n in sorted(held.items()) if n > 0 and line in living]
    return Kept(column([r[0] for r in rows_left]), column([r[1] for r in rows_left]), column([r[2] for r in rows_left]))
