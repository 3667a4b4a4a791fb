"""Single-level pegging: every supply, oldest first, serves every demand, oldest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.exact import LIMIT, group_starts
from services.planning.engine.model import I64, NONE, Columns, Need, PlanInput, Source
from services.planning.engine.movements import Movements, needs, sources
from services.planning.engine.plan import Plan


@dataclass(frozen=True)
class Links(Columns):
    """quantity (in balance units of the item: 1/scale of its last place) of a supply serves a demand.

    source, source_row and need, need_row as in Movements; need LOT_SIZE: what the supply brings beyond all demand.
    day: when the demand counts.
    """

    item: I64
    source: I64
    source_row: I64
    need: I64
    need_row: I64
    day: I64
    quantity: I64


def peg(data: PlanInput, plan: Plan, items: I64 | None = None) -> Links:
    """Pegs the items (all by default); sums over a demand are the demand, sums over a supply are the supply."""
    return join(needs(data, plan, items), sources(data, plan, items))


def join(demand: Movements, supply: Movements) -> Links:
    """Cuts the cumulated demand and supply of every pool at each other's break points."""
    width = int(max(demand.tag.max(initial=0), supply.tag.max(initial=0))) + 2
    pool_d, pool_s = demand.item * width + demand.tag + 1, supply.item * width + supply.tag + 1
    total = float(demand.quantity.sum(dtype=np.float64)) + float(supply.quantity.sum(dtype=np.float64))
    if total >= LIMIT:
        return _join_wide(demand, supply, pool_d, pool_s)
    if not len(supply):
        return _links(demand, supply, supply.item, supply.item, supply.item)
    pools = np.unique(np.concatenate((pool_d, pool_s)))
    at_d, at_s = np.searchsorted(pools, pool_d), np.searchsorted(pools, pool_s)
    sum_d = _sums(at_d, demand.quantity, len(pools))
    sum_s = _sums(at_s, supply.quantity, len(pools))
    length = np.maximum(sum_d, sum_s)
    offset = np.cumsum(length) - length
    end_d = _ends(at_d, demand.quantity, offset)
    end_s = _ends(at_s, supply.quantity, offset)
    cuts = np.unique(np.concatenate((end_d, end_s)))
    cuts = cuts[cuts > 0]
    begin = np.concatenate((np.zeros(1, dtype=np.int64), cuts[:-1]))
    size = cuts - begin
    d, s = np.searchsorted(end_d, cuts), np.searchsorted(end_s, cuts)
    has_d = _holds(end_d, demand.quantity, d, begin)
    has_s = _holds(end_s, supply.quantity, s, begin)
    both = np.flatnonzero(has_s & (has_d | (supply.kind[np.minimum(s, len(end_s) - 1)] != Source.UNPLANNED)))
    return _links(demand, supply, s[both], np.where(has_d[both], d[both], NONE), size[both])


def _sums(at: I64, quantity: I64, count: int) -> I64:
    made = np.zeros(count, dtype=np.int64)
    np.add.at(made, at, quantity)
    return made


def _ends(at: I64, quantity: I64, offset: I64) -> I64:
    """Where each movement ends on the common axis; a pool's axis begins at its offset."""
    if not len(at):
        return at
    running = np.cumsum(quantity)
    first = group_starts(at)
    base = np.repeat((running - quantity)[first], np.diff(np.append(first, len(at))))
    made: I64 = running - base + offset[at]
    return made


def _holds(ends: I64, quantity: I64, at: I64, begin: I64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the movement found for each piece of the axis really covers it (past a pool's total none does)."""
    if not len(ends):
        return np.zeros(len(at), dtype=bool)
    known = np.minimum(at, len(ends) - 1)
    made: np.ndarray[tuple[int], np.dtype[np.bool_]] = (at < len(ends)) & (ends[known] - quantity[known] <= begin)
    return made


def _links(demand: Movements, supply: Movements, s: I64, d: I64, size: I64) -> Links:
    if not len(s):
        none = np.zeros(0, dtype=np.int64)
        return Links(none, none, none, none, none, none, none)
    known = np.maximum(d, 0)
    spare = d == NONE
    if not len(demand):
        need = row = day = np.zeros(len(s), dtype=np.int64)
    else:
        need, row, day = demand.kind[known], demand.row[known], demand.day[known]
    return Links(
        supply.item[s], supply.kind[s], supply.row[s], np.where(spare, int(Need.LOT_SIZE), need),
        np.where(spare, NONE, row), np.where(spare, supply.day[s], day), size,
    )  # fmt: skip


def _join_wide(demand: Movements, supply: Movements, pool_d: I64, pool_s: I64) -> Links:
    """The same, link by link, where the common axis would leave 64 bits."""
    found: list[tuple[int, int, int]] = []
    at, left = 0, 0
    d_rows = {pool: iter(np.flatnonzero(pool_d == pool).tolist()) for pool in np.unique(pool_d).tolist()}
    for pool in np.unique(pool_s).tolist():
        rows = d_rows.get(pool, iter(()))
        left = 0
        at = NONE
        for s in np.flatnonzero(pool_s == pool).tolist():
            amount = int(supply.quantity[s])
            while amount > 0:
                if left == 0:
                    at = next(rows, NONE)
                    left = int(demand.quantity[at]) if at != NONE else amount
                    if left == 0:
                        continue
                part = min(left, amount)
                if at != NONE or supply.kind[s] != Source.UNPLANNED:
                    found.append((s, at, part))
                amount, left = amount - part, left - part
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    return _links(demand, supply, table[:, 0], table[:, 1], table[:, 2])
