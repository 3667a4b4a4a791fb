"""Everything that draws on an item and everything that fills it in a finished run: the two sides that pegging joins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.exact import spread
from services.planning.engine.independent import asked_rows, coming_rows, pass_phantoms
from services.planning.engine.model import I64, NONE, Columns, ItemKind, Mask, Need, PlanInput, Source, empty
from services.planning.engine.plan import Plan


@dataclass(frozen=True)
class Movements(Columns):
    """Quantities in balance units, in the order in which they count within a day.

    kind: Need or Source. row: of the demand or supply table, of the planned orders, of the substitutions; NONE for
    stock, safety stock. A planned order of another item is its co-product. day: when it counts (not before the start).
    later: 1 where demand of a restricted run is not selected.
    """

    item: I64
    tag: I64
    day: I64
    quantity: I64
    kind: I64
    row: I64
    later: I64


def _part(plan: Plan, data: PlanInput, kind: int, item: I64, day: I64, **given: I64) -> Movements:
    """given: lasts (last places) or units (balance units), row, tag, later."""
    count = len(item)
    none = np.full(count, NONE, dtype=np.int64)
    tag = np.where(data.items.mto[item], given.get("tag", none), NONE)
    units = given["units"] if "units" in given else given["lasts"] * plan.scales.scale[item]
    day = np.maximum(day, data.parameters.start)
    kinds = np.full(count, kind, dtype=np.int64)
    return Movements(item, tag, day, units, kinds, given.get("row", none), given.get("later", empty(count)))


def _all(parts: list[Movements]) -> Movements:
    made = Movements.joined(parts)
    order = np.lexsort((np.arange(len(made)), made.later, made.day, made.tag, made.item))
    return made.take(order)


def _chosen(data: PlanInput, items: I64 | None) -> Mask:
    """Items to look at: those given, or all that are planned."""
    planned: Mask = ~np.isin(data.items.kind, (ItemKind.PHANTOM, ItemKind.SERVICE))
    if items is None:
        return planned
    chosen = np.zeros(len(data.items), dtype=bool)
    chosen[items] = True
    return chosen & planned


def needs(data: PlanInput, plan: Plan, items: I64 | None = None) -> Movements:
    """All demand on the items: safety stock on the start first, then by day: documents, planned orders, substitutions."""
    chosen = _chosen(data, items)
    table, stock = data.demands, data.items
    ids = np.flatnonzero(chosen & ((stock.safety > 0) | (stock.stock < 0)))
    lack = stock.safety[ids] + np.maximum(-stock.stock[ids], 0)
    start = np.full(len(ids), data.parameters.start, dtype=np.int64)
    parts = [_part(plan, data, Need.SAFETY_STOCK, ids, start, lasts=lack)]
    own = asked_rows(data, chosen)
    parts.append(_documents(data, plan, own, table.item[own], table.quantity[own]))
    phantom = asked_rows(data, data.items.kind == ItemKind.PHANTOM)
    if len(phantom):
        at, component, quantity = pass_phantoms(data, plan.structure, phantom)
        hit = chosen[component]
        parts.append(_documents(data, plan, phantom[at[hit]], component[hit], quantity[hit]))
    order, component, quantity = dependent(data, plan, chosen)
    parts.append(
        _part(
            plan, data, Need.PLANNED_ORDER, component, plan.orders.start[order], lasts=quantity, row=order,
            tag=plan.orders.tag[order],
        )
    )  # fmt: skip
    uses = plan.substitutions
    hit_uses = np.flatnonzero(chosen[uses.substitute])
    parts.append(
        _part(
            plan, data, Need.SUBSTITUTION, uses.substitute[hit_uses], uses.day[hit_uses], lasts=uses.taken[hit_uses],
            row=hit_uses,
        )
    )  # fmt: skip
    return _all(parts)


def _documents(data: PlanInput, plan: Plan, rows: I64, item: I64, quantity: I64) -> Movements:
    table = data.demands
    later = (~table.selected[rows]).astype(np.int64) if data.parameters.restricted else empty(len(rows))
    made = _part(
        plan, data, Need.SALES_ORDER, item, table.day[rows], lasts=quantity, row=rows, tag=table.tag[rows], later=later
    )
    return Movements(made.item, made.tag, made.day, made.quantity, table.kind[rows], made.row, made.later)


def dependent(data: PlanInput, plan: Plan, chosen: Mask) -> tuple[I64, I64, I64]:
    """What planned orders ask of the chosen items: (row of the order, component, quantity)."""
    structure, orders = plan.structure, plan.orders
    lines = np.flatnonzero(chosen[structure.component])
    owner = np.searchsorted(structure.line_start, lines, side="right") - 1
    count = np.bincount(owner, minlength=len(structure.parent))
    first = np.cumsum(count) - count
    if not len(structure.parent):
        return empty(), empty(), empty()
    rows = np.flatnonzero((orders.segment >= 0) & (count[np.maximum(orders.segment, 0)] > 0))
    segment = orders.segment[rows]
    at, place = spread(count[segment], first[segment])
    line = lines[place]
    row = rows[at]
    quantity = structure.requirements(line, orders.quantity[row], half_up=data.parameters.half_up)
    return row, structure.component[line], quantity


def _co_products(plan: Plan, chosen: Mask) -> tuple[I64, I64, I64]:
    """(row of the planned order, item, quantity) of the chosen items."""
    structure, orders = plan.structure, plan.orders
    lines = np.flatnonzero(chosen[structure.output_item])
    giving = np.zeros(len(structure.parent) + 1, dtype=bool)
    giving[np.searchsorted(structure.output_start, lines, side="right") - 1] = len(lines) > 0
    rows = np.flatnonzero(giving[orders.segment]) if len(lines) else empty()
    at, other, quantity = structure.yields(orders.segment[rows], orders.quantity[rows])
    inside = chosen[other]
    return rows[at[inside]], other[inside], quantity[inside]


def sources(data: PlanInput, plan: Plan, items: I64 | None = None) -> Movements:
    """All supply of the items: stock first, then by day: documents, substitutes, planned orders and their co-products."""
    chosen = _chosen(data, items)
    table, start = data.supplies, data.parameters.start
    ids = np.flatnonzero(chosen & (data.items.stock > 0))
    first = np.full(len(ids), start, dtype=np.int64)
    parts = [_part(plan, data, Source.STOCK, ids, first, lasts=data.items.stock[ids])]
    rows = coming_rows(data, chosen)
    units = table.num[rows] * (plan.scales.scale[table.item[rows]] // table.den[rows])
    made = _part(plan, data, 0, table.item[rows], table.day[rows], units=units, row=rows, tag=table.tag[rows])
    parts.append(Movements(made.item, made.tag, made.day, made.quantity, table.kind[rows], made.row, made.later))
    uses = plan.substitutions
    hit = np.flatnonzero(chosen[uses.component])
    parts.append(
        _part(plan, data, Source.SUBSTITUTION, uses.component[hit], uses.day[hit], lasts=uses.quantity[hit], row=hit)
    )
    orders = plan.orders
    hit = np.flatnonzero(chosen[orders.item])
    item = orders.item[hit]
    units = orders.quantity[hit] * plan.scales.good[item]
    parts.append(
        _part(plan, data, Source.PLANNED_ORDER, item, orders.due[hit], units=units, row=hit, tag=orders.tag[hit])
    )
    row, other, quantity = _co_products(plan, chosen)
    parts.append(_part(plan, data, Source.PLANNED_ORDER, other, orders.due[row], lasts=quantity, row=row))
    left = plan.unplanned
    hit = np.flatnonzero(chosen[left.item])
    parts.append(
        _part(plan, data, Source.UNPLANNED, left.item[hit], left.day[hit], units=left.quantity[hit], tag=left.tag[hit])
    )
    return _all(parts)
