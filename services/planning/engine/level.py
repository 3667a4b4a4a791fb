"""Netting of one level: most pools in columns, the others one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.lots import lot_rule
from services.planning.engine.model import I64, Mask, PlanInput, Unplanned, column
from services.planning.engine.netting import net_columns, too_large
from services.planning.engine.netting_exact import Event, ExactOutcome, Ledger, net_exactly
from services.planning.engine.pools import Asked, Coming, Pools, Required, Scales, make_pools
from services.planning.engine.substitution import Shelf, Taken


@dataclass(frozen=True)
class LevelResult:
    """Requirements of a level's pools; left: what remains of each at the end, in last places."""

    pools: Pools
    required: Required
    left: I64
    taken: list[Taken]
    unplanned: Unplanned


class LevelNetting:
    """Nets levels of one run."""

    def __init__(self, data: PlanInput, scales: Scales, shelf: Shelf, *, days: int, exact: bool) -> None:
        self._data = data
        self._scales = scales
        self._shelf = shelf
        self._days = days
        self._exact = exact or data.parameters.restricted
        self._with_substitutes = np.zeros(len(data.items), dtype=bool)
        components = np.unique(data.substitutes.component)
        self._with_substitutes[[c for c in components.tolist() if shelf.has(c)]] = True

    def net(self, ids: I64, asked: Asked, coming: Coming) -> LevelResult:
        """Net requirements of the items in ids against all that is asked of them and comes for them."""
        pools, pool_asked, pool_coming = make_pools(self._data, self._scales, ids, asked, coming)
        singly = too_large(self._data.items, pools, self._scales, (pool_asked, asked), (pool_coming, coming))
        singly |= self._with_substitutes[pools.item] | self._exact
        scale = self._scales.scale
        if not singly.any():
            out = net_columns(
                pools, self._scales, days=self._days,
                asked=(pool_asked, asked.day, asked.quantity * scale[asked.item]),
                coming=(pool_coming, coming.day, coming.num * (scale[coming.item] // coming.den)),
            )  # fmt: skip
            return LevelResult(pools, out.required, out.left, [], Unplanned.none())
        a, c = ~singly[pool_asked], ~singly[pool_coming]
        quiet = Pools(pools.item, pools.tag, np.where(singly, 0, pools.opening))
        out = net_columns(
            quiet, self._scales, days=self._days,
            asked=(pool_asked[a], asked.day[a], asked.quantity[a] * scale[asked.item[a]]),
            coming=(pool_coming[c], coming.day[c], coming.num[c] * (scale[coming.item[c]] // coming.den[c])),
        )  # fmt: skip
        chosen = self._chosen(singly, pool_asked, asked)
        ledgers = self._ledgers(pools, chosen, (pool_asked, asked), (pool_coming, coming))
        exact = net_exactly(ledgers, self._shelf, restricted=self._data.parameters.restricted)
        return self._merged(pools, chosen, ledgers, exact, out.required, out.left)

    def _chosen(self, singly: Mask, pool_asked: I64, asked: Asked) -> I64:
        """Pools to be netted singly; in a restricted run only those with selected demand."""
        if not self._data.parameters.restricted:
            return np.flatnonzero(singly)
        selected = np.zeros(len(singly), dtype=bool)
        selected[pool_asked[asked.selected > 0]] = True
        return np.flatnonzero(singly & selected)

    def _ledgers(self, pools: Pools, chosen: I64, asked: tuple[I64, Asked], coming: tuple[I64, Coming]) -> list[Ledger]:
        place = {pool: at for at, pool in enumerate(chosen.tolist())}
        inside = np.zeros(len(pools) + 1, dtype=bool)
        inside[chosen] = True
        scales, items = self._scales, self._data.items
        made = []
        for pool in chosen.tolist():
            item = int(pools.item[pool])
            scale = int(scales.scale[item])
            opening = (int(items.stock[item]) - int(items.safety[item])) * scale if pools.tag[pool] < 0 else 0
            made.append(
                Ledger(
                    item, int(pools.tag[pool]), opening, scale, int(scales.good[item]), lot_rule(scales.rules, item),
                    int(scales.period[item]), {0: Event()} if opening < 0 else {},
                )
            )  # fmt: skip
        rows = np.flatnonzero(inside[asked[0]])
        table = asked[1]
        columns = (asked[0], table.day, table.quantity, table.parent, table.selected)
        for pool, day, quantity, parent, selected in zip(*(c[rows].tolist() for c in columns), strict=True):
            ledger = made[place[pool]]
            event = ledger.events.setdefault(day, Event())
            event.delta -= quantity * ledger.scale
            event.selected += quantity if selected else 0
            if parent >= 0:
                event.components[parent] += quantity
        rows = np.flatnonzero(inside[coming[0]])
        receipts = (coming[0], coming[1].day, coming[1].num, coming[1].den)
        for pool, day, num, den in zip(*(c[rows].tolist() for c in receipts), strict=True):
            ledger = made[place[pool]]
            ledger.events.setdefault(day, Event()).delta += num * ledger.scale // den
        return made

    def _merged(
        self, pools: Pools, chosen: I64, ledgers: list[Ledger], exact: ExactOutcome, required: Required, left: I64
    ) -> LevelResult:
        more = np.array([(chosen[at], day, need) for at, day, need in exact.requirements], dtype=np.int64)
        both = Required.joined([required, Required(*more.reshape(-1, 3).T)])
        left = left.copy()
        left[chosen] = [max(0, ledger.balance // ledger.scale) for ledger in ledgers]
        dropped = exact.open_demand
        start = self._data.parameters.start
        unplanned = Unplanned(
            column([ledgers[at].item for at, _, _ in dropped]),
            column([day + start for _, day, _ in dropped]),
            column([ledgers[at].tag for at, _, _ in dropped]),
            column([quantity for _, _, quantity in dropped]),
        )
        return LevelResult(pools, both, left, exact.taken, unplanned)
