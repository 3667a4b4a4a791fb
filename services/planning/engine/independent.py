"""What a run starts from: independent demand, materials of open orders, open supply, each on its day or on the start."""

from __future__ import annotations

import numpy as np

from services.planning.engine.model import I64, ItemKind, Mask, PlanInput
from services.planning.engine.pools import Asked, Coming
from services.planning.engine.structure import Structure


def last_day(data: PlanInput) -> int:
    """The last day that netting looks at: of demand and supply within the horizon."""
    start, end = data.parameters.start, data.parameters.end
    days = np.concatenate((data.demands.day, data.supplies.day))
    return max(start, int(days[days <= end].max(initial=start)))


def asked_rows(data: PlanInput, items: Mask | None = None) -> I64:
    """Rows of the demand table that count: within the horizon, not of services; by item, day, document and line."""
    table = data.demands
    counts = (data.items.kind != ItemKind.SERVICE) if items is None else items
    rows = np.flatnonzero(counts[table.item] & (table.day <= data.parameters.end))
    order = np.lexsort((table.line[rows], table.ref[rows], table.kind[rows], table.day[rows], table.item[rows]))
    return rows[order]


def first_asked(data: PlanInput, structure: Structure) -> Asked:
    """Independent demand; that for a phantom is passed straight to its components on the same day."""
    table, start = data.demands, data.parameters.start
    rows = asked_rows(data)
    phantom = data.items.kind[table.item[rows]] == ItemKind.PHANTOM
    own, passed = rows[~phantom], rows[phantom]
    direct = Asked(
        table.item[own], np.maximum(table.day[own] - start, 0), table.quantity[own], table.parent[own],
        table.tag[own], table.selected[own].astype(np.int64),
    )  # fmt: skip
    if not len(passed):
        return direct
    through, component, quantity = pass_phantoms(data, structure, passed)
    source = passed[through]
    indirect = Asked(
        component, np.maximum(table.day[source] - start, 0), quantity, table.item[source], table.tag[source],
        table.selected[source].astype(np.int64),
    )  # fmt: skip
    return Asked.joined([direct, indirect])


def pass_phantoms(data: PlanInput, structure: Structure, rows: I64) -> tuple[I64, I64, I64]:
    """Components of demand on phantoms: (position within rows, component, quantity)."""
    table = data.demands
    day = np.maximum(table.day[rows], data.parameters.start)
    segment = structure.segments(table.item[rows], day)
    return structure.explode(segment, table.quantity[rows], half_up=data.parameters.half_up)


def coming_rows(data: PlanInput, items: Mask | None = None) -> I64:
    """Rows of the supply table that count: within the horizon, of items that are planned; by item, day, document, line."""
    table = data.supplies
    counts = ~np.isin(data.items.kind, (ItemKind.PHANTOM, ItemKind.SERVICE)) if items is None else items
    rows = np.flatnonzero(counts[table.item] & (table.day <= data.parameters.end) & (table.num > 0))
    order = np.lexsort((table.line[rows], table.ref[rows], table.kind[rows], table.day[rows], table.item[rows]))
    return rows[order]


def first_coming(data: PlanInput) -> Coming:
    """Open supply."""
    table, rows = data.supplies, coming_rows(data)
    day = np.maximum(table.day[rows] - data.parameters.start, 0)
    return Coming(table.item[rows], day, table.num[rows], table.den[rows], table.tag[rows])
