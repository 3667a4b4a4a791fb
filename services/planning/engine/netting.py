"""Netting a whole level at once: the k-th event day of all pools together."""

from __future__ import annotations

import numpy as np

from services.planning.engine.exact import LIMIT, group_starts
from services.planning.engine.lots import LotRules, brought
from services.planning.engine.model import I64, Items, Mask
from services.planning.engine.pools import Asked, Coming, Outcome, Pools, Required, Scales


def too_large(items: Items, pools: Pools, scales: Scales, asked: tuple[I64, Asked], coming: tuple[I64, Coming]) -> Mask:
    """Pools whose balances might leave 62 bits."""
    item = pools.item
    total = np.abs(items.stock[item].astype(np.float64)) + items.safety[item]
    total += np.bincount(asked[0], asked[1].quantity, len(pools))
    total += np.bincount(coming[0], coming[1].num / coming[1].den, len(pools))
    rules = scales.rules
    lot = (rules.piece[item] + rules.least[item] + rules.multiple[item]).astype(np.float64)
    made: Mask = (total + lot) * scales.scale[item] * 4 > LIMIT
    return made


def net_columns(
    pools: Pools, scales: Scales, *, asked: tuple[I64, I64, I64], coming: tuple[I64, I64, I64], days: int
) -> Outcome:
    """Net requirements of all pools.

    asked, coming: (pool, day counted from the start, balance units). days: length of the horizon. Walks the events of
    a pool in order of days; a balance below 0 is a requirement of that day, grouped over the period of `period` items,
    and what its lots bring beyond it stays for later days.
    """
    low = np.flatnonzero(pools.opening < 0)
    pool = np.concatenate((asked[0], coming[0], low))
    key = pool * days + np.concatenate((asked[1], coming[1], np.zeros(len(low), dtype=np.int64)))
    amount = np.concatenate((-asked[2], coming[2], np.zeros(len(low), dtype=np.int64)))
    order = np.argsort(key)
    key, amount = key[order], amount[order]
    starts = group_starts(key)
    if not len(starts):
        return Outcome(Required(starts, starts, starts), pools.opening // scales.scale[pools.item])
    event, delta = key[starts], np.add.reduceat(amount, starts)
    owner, day = event // days, event % days
    first = group_starts(owner)
    running = np.cumsum(delta)
    active = owner[first]
    base = pools.opening[active] - (running[first] - delta[first])
    count = np.diff(np.append(first, len(event)))
    running += np.repeat(base, count)
    ahead = _ahead(running, owner, day, scales.period[pools.item[owner]])
    where, need, added = _walk(running, ahead, first, count, scales, pools.item[active])
    left = pools.opening.copy()
    left[active] = running[first + count - 1] + added
    required = Required(owner[where], day[where], need)
    return Outcome(required, left // scales.scale[pools.item])


def _ahead(running: I64, owner: I64, day: I64, period: I64) -> I64:
    """The lowest balance within the period that begins with each event; the balance itself where nothing is grouped."""
    lowest = running.copy()
    rows = np.flatnonzero(period > 1)
    step = 1
    while len(rows):
        rows = rows[rows + step < len(running)]
        later = rows + step
        inside = (owner[later] == owner[rows]) & (day[later] < day[rows] + period[rows])
        rows, later = rows[inside], later[inside]
        lowest[rows] = np.minimum(lowest[rows], running[later])
        step += 1
    return lowest


def _walk(running: I64, ahead: I64, first: I64, count: I64, scales: Scales, item: I64) -> tuple[I64, I64, I64]:
    """(events with a requirement, quantity to be started, what the orders of each pool bring in all)."""
    lowest = np.minimum.reduceat(running, first)
    short = np.flatnonzero(lowest < 0)
    sequence = short[np.argsort(-count[short], kind="stable")]
    starts, lengths, item = first[sequence], count[sequence], item[sequence]
    good, rules = scales.good[item], scales.rules.take(item)
    plain = not (rules.piece.any() or rules.least.any() or (rules.multiple > 1).any())
    bring = np.zeros(len(sequence), dtype=np.int64)
    living = len(sequence) - np.searchsorted(lengths[::-1], np.arange(lengths.max(initial=0)), side="right")
    events, needs = [], []
    for step, alive in enumerate(living.tolist()):
        at = starts[:alive] + step
        below = np.flatnonzero(running[at] + bring[:alive] < 0)
        if not len(below):
            continue
        event = at[below]
        need = -((ahead[event] + bring[below]) // good[below])
        bring[below] += (need if plain else _brought(rules, below, need)) * good[below]
        events.append(event)
        needs.append(need)
    added = np.zeros(len(first), dtype=np.int64)
    added[sequence] = bring
    if not events:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), added
    return np.concatenate(events), np.concatenate(needs), added


def _brought(rules: LotRules, rows: I64, need: I64) -> I64:
    return brought(rules.take(rows), need)
