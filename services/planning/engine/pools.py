"""What is netted together: an item, or one sales order line's share of an item made to order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.lots import LotRules, lot_rules
from services.planning.engine.model import I64, NONE, Columns, LotPolicy, PlanInput


@dataclass(frozen=True)
class Scales:
    """Per item: balances count in 1/scale of the last place; good: balance units that one started unit yields."""

    scale: I64
    good: I64
    rules: LotRules
    period: I64

    @classmethod
    def of(cls, data: PlanInput) -> Scales:
        """Scales in which every yield and every open supply is whole."""
        items, supplies = data.items, data.supplies
        scale = items.yield_den.copy()
        odd = np.flatnonzero(scale[supplies.item] % supplies.den != 0)
        for row in odd.tolist():
            at = supplies.item[row]
            scale[at] = np.lcm(scale[at], supplies.den[row])
        period = np.where(items.policy == LotPolicy.PERIOD, np.maximum(items.period_days, 1), 0)
        return cls(scale, items.yield_num * (scale // items.yield_den), lot_rules(items), period)


@dataclass(frozen=True)
class Asked(Columns):
    """Demand to be netted: item, day counted from the start, quantity; parent NONE: independent."""

    item: I64
    day: I64
    quantity: I64
    parent: I64
    tag: I64
    selected: I64


@dataclass(frozen=True)
class Coming(Columns):
    """Supply to be netted: item, day counted from the start, num/den in last places."""

    item: I64
    day: I64
    num: I64
    den: I64
    tag: I64


@dataclass(frozen=True)
class Pools(Columns):
    """The pools of one level in order of item and tag; opening: stock less safety in balance units, of untagged pools."""

    item: I64
    tag: I64
    opening: I64


@dataclass(frozen=True)
class Required(Columns):
    """Net requirements to be planned: pool, day counted from the start, quantity to be started (yield included)."""

    pool: I64
    day: I64
    need: I64


@dataclass(frozen=True)
class Outcome:
    """What netting leaves behind: requirements, and of every pool what is left at the end (last places, rounded down)."""

    required: Required
    left: I64


def make_pools(data: PlanInput, scales: Scales, ids: I64, asked: Asked, coming: Coming) -> tuple[Pools, I64, I64]:
    """Pools of the items in ids, and the pool of each row of demand and supply.

    Tags count only for mto items: what is tagged meets nothing but its own tag.
    """
    items = data.items
    place = np.full(len(items), NONE, dtype=np.int64)
    place[ids] = np.arange(len(ids))
    opening = (items.stock[ids] - items.safety[ids]) * scales.scale[ids]
    pool_asked, pool_coming = place[asked.item], place[coming.item]
    if not items.mto[ids].any():
        return Pools(ids, np.full(len(ids), NONE, dtype=np.int64), opening), pool_asked, pool_coming
    tag_asked = np.where(items.mto[asked.item], asked.tag, NONE)
    tag_coming = np.where(items.mto[coming.item], coming.tag, NONE)
    width = int(max(tag_asked.max(initial=0), tag_coming.max(initial=0))) + 2
    keys = np.concatenate(
        (np.arange(len(ids)) * width, pool_asked * width + tag_asked + 1, pool_coming * width + tag_coming + 1)
    )
    unique, inverse = np.unique(keys, return_inverse=True)
    local, tag = unique // width, unique % width - 1
    pools = Pools(ids[local], tag, np.where(tag == NONE, opening[local], 0))
    count = len(ids)
    return pools, inverse[count : count + len(asked)], inverse[count + len(asked) :]
