"""Exceptions of a run, as columns: what is overdue, missing, too late, too much or taken from somewhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.exact import group_starts
from services.planning.engine.independent import asked_rows, coming_rows
from services.planning.engine.lots import brought
from services.planning.engine.model import (
    I64,
    NONE,
    Finding,
    Findings,
    ItemKind,
    PlanInput,
    PlannedOrders,
    Source,
    Substitutions,
    column,
    empty,
)
from services.planning.engine.pools import Pools, Required, Scales
from services.planning.engine.structure import Structure

_ON_ORDER = (Source.PURCHASE_ORDER, Source.PRODUCTION_ORDER, Source.SUBCONTRACT_ORDER)


@dataclass(frozen=True)
class LevelEnd:
    """A level after netting: its pools, what is left of each, and the requirements that were planned."""

    pools: Pools
    left: I64
    required: Required


@dataclass(frozen=True)
class _Pooled:
    """All pools of a run in order of item and tag."""

    key: I64
    width: int
    left: I64
    last: I64

    def place(self, item: I64, tag: I64) -> I64:
        """Row of each pool; NONE when there is none."""
        key = item * self.width + tag + 1
        at = np.minimum(np.searchsorted(self.key, key), max(len(self.key) - 1, 0))
        if not len(self.key):
            return np.full(len(item), NONE, dtype=np.int64)
        return np.where(self.key[at] == key, at, NONE)


def find(
    data: PlanInput, structure: Structure, scales: Scales, *,
    ends: list[LevelEnd], orders: PlannedOrders, uses: Substitutions, cut: tuple[int, ...],
) -> Findings:  # fmt: skip
    """Every exception of a run but late starts, which stand on the orders themselves (late > 0)."""
    pooled = _pooled(data, ends)
    parts = [
        *_past_due(data),
        _expedite(data, scales, ends),
        _without(data, structure, orders),
        _no_supplier(data, orders),
        _no_phantom(data, structure, orders),
        _table(Finding.SUBSTITUTE_USED, uses.component, other=uses.substitute, quantity=uses.quantity,
               other_quantity=uses.taken, to_day=uses.day),
        _below_safety(data),
        _table(Finding.CYCLE, column(sorted({*cut, *structure.loops}))),
    ]  # fmt: skip
    if not data.parameters.restricted:
        parts.append(_surplus(data, pooled, uses))
    return Findings.joined(parts)


def _table(
    kind: Finding, item: I64, *, row: I64 | None = None, other: I64 | None = None, quantity: I64 | None = None,
    other_quantity: I64 | None = None, from_day: I64 | None = None, to_day: I64 | None = None,
) -> Findings:  # fmt: skip
    count = len(item)
    none, zero = np.full(count, NONE, dtype=np.int64), empty(count)

    def given(values: I64 | None, default: I64) -> I64:
        return default if values is None else values

    return Findings(
        np.full(count, int(kind), dtype=np.int64), item, given(row, none), given(other, none), given(quantity, zero),
        given(other_quantity, zero), given(from_day, zero), given(to_day, zero),
    )  # fmt: skip


def _past_due(data: PlanInput) -> list[Findings]:
    """Demand and supply older than the start, counted on the start."""
    start = data.parameters.start
    rows = asked_rows(data)
    rows = rows[data.demands.day[rows] < start]
    late = coming_rows(data)
    late = late[(data.supplies.day[late] < start) & (data.supplies.kind[late] != Source.STOCK)]
    return [
        _table(
            kind, table.item[at], row=at, quantity=quantity, from_day=table.day[at],
            to_day=np.full(len(at), start, dtype=np.int64),
        )
        for kind, table, at, quantity in (
            (Finding.PAST_DUE_DEMAND, data.demands, rows, data.demands.quantity[rows]),
            (Finding.PAST_DUE_SUPPLY, data.supplies, late, data.supplies.num[late] // data.supplies.den[late]),
        )
    ]  # fmt: skip


def _pooled(data: PlanInput, ends: list[LevelEnd]) -> _Pooled:
    width = int(max((int(e.pools.tag.max(initial=0)) for e in ends), default=0)) + 2
    keys, left, last = [], [], []
    for end in ends:
        final = np.full(len(end.pools), NONE, dtype=np.int64)
        np.maximum.at(final, end.required.pool, end.required.day + data.parameters.start)
        keys.append(end.pools.item * width + end.pools.tag + 1)
        left.append(end.left)
        last.append(final)
    key = np.concatenate(keys)
    order = np.argsort(key)
    return _Pooled(key[order], width, np.concatenate(left)[order], np.concatenate(last)[order])


def _tags(data: PlanInput, rows: I64) -> I64:
    table = data.supplies
    return np.where(data.items.mto[table.item[rows]], table.tag[rows], NONE)


def _expedite(data: PlanInput, scales: Scales, ends: list[LevelEnd]) -> Findings:
    """The earliest open receipt after each planned requirement: with it earlier, less would be planned."""
    table = data.supplies
    rows = np.flatnonzero(np.isin(table.kind, _ON_ORDER) & (table.num > 0))
    width = int(table.tag.max(initial=0)) + 2
    span = 2**22
    if len(data.items) * width * span >= 2**62:
        return _table(Finding.EXPEDITE, empty())
    key = (table.item[rows] * width + _tags(data, rows) + 1) * span + table.day[rows]
    order = np.lexsort((table.line[rows], table.ref[rows], key))
    key, rows = key[order], rows[order]
    parts = []
    for end in ends:
        pool = end.required.pool
        item, day = end.pools.item[pool], end.required.day + data.parameters.start
        group = item * width + np.minimum(end.pools.tag[pool], width - 2) + 1
        at = np.searchsorted(key, group * span + day, side="right")
        inside = np.minimum(at, max(len(key) - 1, 0))
        hit = np.flatnonzero((at < len(key)) & (key[inside] // span == group)) if len(key) else empty()
        receipt = rows[inside[hit]] if len(key) else empty()
        ordered = brought(scales.rules.take(item[hit]), end.required.need[hit])
        parts.append(
            _table(
                Finding.EXPEDITE, item[hit], row=receipt, from_day=table.day[receipt], to_day=day[hit],
                quantity=np.minimum(ordered, table.num[receipt] // table.den[receipt]),
            )
        )  # fmt: skip
    return Findings.joined(parts)


def _without(data: PlanInput, structure: Structure, orders: PlannedOrders) -> Findings:
    """Manufactured and subcontracted items planned without BOM: first due day and total quantity."""
    made = np.isin(data.items.kind[orders.item], (ItemKind.MANUFACTURED, ItemKind.SUBCONTRACTED))
    version = np.full(len(orders), NONE, dtype=np.int64)
    known = orders.segment >= 0
    version[known] = structure.version[orders.segment[known]]
    return _by_item(Finding.NO_BOM, orders, np.flatnonzero(made & (version == NONE)))


def _no_supplier(data: PlanInput, orders: PlannedOrders) -> Findings:
    """Purchases and subcontracts planned for items without a supplier."""
    bought = np.isin(data.items.kind[orders.item], (ItemKind.PURCHASED, ItemKind.SUBCONTRACTED))
    return _by_item(Finding.NO_SUPPLIER, orders, np.flatnonzero(bought & ~data.items.supplier[orders.item]))


def _by_item(kind: Finding, orders: PlannedOrders, rows: I64) -> Findings:
    rows = rows[np.lexsort((orders.due[rows], orders.item[rows]))]
    first = group_starts(orders.item[rows])
    total = np.add.reduceat(orders.quantity[rows], first) if len(first) else empty()
    return _table(kind, orders.item[rows][first], quantity=total, to_day=orders.due[rows][first])


def _no_phantom(data: PlanInput, structure: Structure, orders: PlannedOrders) -> Findings:
    """Phantoms without BOM that orders or demand pass through: nothing is asked for them."""
    used = set(orders.segment.tolist()) if structure.barren else set()
    found = {item for segment, items in structure.barren.items() if segment in used for item in items}
    rows = asked_rows(data)
    rows = rows[data.items.kind[data.demands.item[rows]] == ItemKind.PHANTOM]
    days = np.maximum(data.demands.day[rows], data.parameters.start)
    for item, segment in zip(data.demands.item[rows], structure.segments(data.demands.item[rows], days), strict=True):
        if segment == NONE or structure.version[segment] == NONE:
            found.add(int(item))
        else:
            found.update(structure.barren.get(int(segment), ()))
    return _table(Finding.NO_BOM, column(sorted(found)))


def _below_safety(data: PlanInput) -> Findings:
    """Stock at the start that is less than the safety stock: by how much."""
    items = data.items
    planned = ~np.isin(items.kind, (ItemKind.PHANTOM, ItemKind.SERVICE))
    low = np.flatnonzero(planned & (items.safety > 0) & (items.stock < items.safety))
    day = np.full(len(low), data.parameters.start, dtype=np.int64)
    return _table(Finding.BELOW_SAFETY, low, quantity=items.safety[low] - items.stock[low], from_day=day)


def _surplus(data: PlanInput, pooled: _Pooled, uses: Substitutions) -> Findings:
    """Open supply that nothing needs by the end of the horizon, the latest first.

    A planned order shows that everything due until then is needed, so only later supply can be too much.
    """
    table, rows = data.supplies, coming_rows(data)
    place = pooled.place(table.item[rows], _tags(data, rows))
    late = (place >= 0) & (table.day[rows] > pooled.last[np.maximum(place, 0)])
    rows, place = rows[late][::-1], place[late][::-1]
    order = np.argsort(place, kind="stable")
    rows, place = rows[order], place[order]
    left = pooled.left.copy()
    stands = pooled.place(uses.substitute, np.full(len(uses), NONE, dtype=np.int64))
    np.subtract.at(left, stands, uses.taken)
    amount = table.num[rows] // table.den[rows]
    through = np.cumsum(amount)
    first = group_starts(place)
    group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(place))))
    before = through - amount - (through - amount)[first][group] if len(first) else through
    extra = np.clip(left[place] - before, 0, amount)
    hit = np.flatnonzero((extra > 0) & np.isin(table.kind[rows], _ON_ORDER))
    return _table(
        Finding.SURPLUS, table.item[rows[hit]], row=rows[hit], quantity=extra[hit], from_day=table.day[rows[hit]]
    )
