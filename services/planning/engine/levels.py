"""Low-level codes: every item after all that use it, co-products after what yields them, components not before their substitutes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from services.planning.engine.exact import spread
from services.planning.engine.model import I64, ItemKind, Mask, PlanInput, empty
from services.planning.engine.structure import Structure

_USES, _YIELDS, _STANDS_IN = 0, 1, 2
_MADE = (ItemKind.MANUFACTURED, ItemKind.SUBCONTRACTED)


@dataclass(frozen=True)
class Levels:
    """level of every item; items on a circle that had to be cut; whether each substitute row may be used."""

    level: I64
    cut: tuple[int, ...]
    usable: Mask


@dataclass(frozen=True, slots=True)
class _Edges:
    tail: I64
    head: I64
    kind: I64

    def keep(self, mask: Mask) -> _Edges:
        return _Edges(self.tail[mask], self.head[mask], self.kind[mask])


def low_level_codes(data: PlanInput, structure: Structure) -> Levels:
    """Levels by longest path; a circle is cut at its substitutes, else its co-products, else at one BOM line."""
    count = len(data.items)
    edges = _edges(data, structure)
    cut: set[int] = set()
    while True:
        core = _core(edges, count)
        rings = _rings(edges.keep(core[edges.tail] & core[edges.head]))
        doomed = np.zeros(len(edges.tail), dtype=bool)
        for ring in rings:
            doomed |= _cuts(edges, ring, count)
        if not doomed.any():
            break
        cut.update(edges.head[doomed].tolist())
        edges = edges.keep(~doomed)
    level = _longest(edges, count, rings)
    table = data.substitutes
    return Levels(level, tuple(sorted(cut)), level[table.component] >= level[table.substitute])


def _edges(data: PlanInput, structure: Structure) -> _Edges:
    made = np.isin(data.items.kind[structure.parent], _MADE)
    parts = []
    for starts, target, kind in (
        (structure.line_start, structure.component, _USES),
        (structure.output_start, structure.output_item, _YIELDS),
    ):
        counts = np.where(made, starts[1:] - starts[:-1], 0)
        owner, position = spread(counts, starts[:-1])
        parts.append((structure.parent[owner], target[position], np.full(len(owner), kind, dtype=np.int64)))
    table = data.substitutes
    parts.append((table.substitute, table.component, np.full(len(table), _STANDS_IN, dtype=np.int64)))
    tail, head, kinds = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return _Edges(tail, head, kinds)


def _core(edges: _Edges, count: int) -> Mask:
    """Items that remain when everything without users and everything without parts is peeled off, again and again."""
    inside = np.ones(count, dtype=bool)
    for tail, head in ((edges.tail, edges.head), (edges.head, edges.tail)):
        live = inside[tail] & inside[head]
        tail, head = tail[live], head[live]
        order = np.argsort(tail, kind="stable")
        tail, head = tail[order], head[order]
        starts = np.searchsorted(tail, np.arange(count + 1))
        degree = np.bincount(head, minlength=count)
        wave = np.flatnonzero(inside & (degree == 0))
        while len(wave):
            inside[wave] = False
            _, position = spread(starts[wave + 1] - starts[wave], starts[wave])
            reached = head[position]
            np.subtract.at(degree, reached, 1)
            wave = np.unique(reached[degree[reached] == 0])
    return inside


def _rings(edges: _Edges) -> list[list[int]]:
    """Strongly connected groups of more than one item, and items that point at themselves (Tarjan, iterative)."""
    follow: dict[int, list[int]] = {}
    for tail, head in zip(edges.tail.tolist(), edges.head.tolist(), strict=True):
        follow.setdefault(tail, []).append(head)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    held: set[int] = set()
    found: list[list[int]] = []
    for root in sorted(follow):
        work = [(root, 0)] if root not in index else []
        while work:
            node, at = work.pop()
            if at == 0:
                index[node] = low[node] = len(index)
                stack.append(node)
                held.add(node)
            targets = follow.get(node, [])
            if at and targets[at - 1] in held:
                low[node] = min(low[node], low[targets[at - 1]])
            while at < len(targets) and targets[at] in index:
                if targets[at] in held:
                    low[node] = min(low[node], index[targets[at]])
                at += 1
            if at < len(targets):
                work += [(node, at + 1), (targets[at], 0)]
                continue
            if low[node] == index[node]:
                ring: list[int] = []
                while not ring or ring[-1] != node:
                    ring.append(stack.pop())
                    held.discard(ring[-1])
                if len(ring) > 1 or node in targets:
                    found.append(sorted(ring))
    return sorted(found)


def _cuts(edges: _Edges, ring: list[int], count: int) -> Mask:
    """Which edges of a ring to cut; none when it only says that items stand in for each other."""
    member = np.zeros(count, dtype=bool)
    member[ring] = True
    within = member[edges.tail] & member[edges.head]
    if not (within & (edges.kind != _STANDS_IN)).any():
        return np.zeros(len(within), dtype=bool)
    for kind in (_STANDS_IN, _YIELDS):
        chosen: Mask = within & (edges.kind == kind)
        if chosen.any():
            return chosen
    one = np.zeros(len(within), dtype=bool)
    candidates = np.flatnonzero(within)
    one[candidates[np.lexsort((edges.tail[candidates], edges.head[candidates]))[0]]] = True
    return one


def _longest(edges: _Edges, count: int, rings: list[list[int]]) -> I64:
    """Longest path to every item; items that stand in for each other share a level."""
    group = np.arange(count, dtype=np.int64)
    for ring in rings:
        group[ring] = ring[0]
    tail, head = group[edges.tail], group[edges.head]
    step = (edges.kind != _STANDS_IN).astype(np.int64)
    real = tail != head
    order = np.argsort(tail[real], kind="stable")
    tail, head, step = tail[real][order], head[real][order], step[real][order]
    starts = np.searchsorted(tail, np.arange(count + 1))
    degree = np.bincount(head, minlength=count)
    level = empty(count)
    wave = np.flatnonzero(degree == 0)
    while len(wave):
        row, position = spread(starts[wave + 1] - starts[wave], starts[wave])
        reached = head[position]
        np.maximum.at(level, reached, level[wave[row]] + step[position])
        np.subtract.at(degree, reached, 1)
        wave = np.unique(reached[degree[reached] == 0])
    return level[group]


def without_circles(data: PlanInput, structure: Structure, level: I64) -> Structure:
    """The structure without lines and outputs whose target is planned no later than the order that asks or yields."""
    made = np.isin(data.items.kind[structure.parent], _MADE)
    lines, starts = _later(structure.line_start, structure.component, structure.parent, level, made)
    outputs, output_starts = _later(structure.output_start, structure.output_item, structure.parent, level, made)
    if lines.all() and outputs.all():
        return structure
    place = np.cumsum(lines) - 1
    return replace(
        structure,
        line_start=starts,
        component=structure.component[lines],
        factor=structure.factor[lines],
        constant=structure.constant[lines],
        divisor=structure.divisor[lines],
        wide={int(place[row]): numbers for row, numbers in structure.wide.items() if lines[row]},
        output_start=output_starts,
        output_item=structure.output_item[outputs],
        output_factor=structure.output_factor[outputs],
        output_divisor=structure.output_divisor[outputs],
    )


def _later(starts: I64, target: I64, parent: I64, level: I64, made: Mask) -> tuple[Mask, I64]:
    """Targets on a later level than their parent, and where each parent's rows start when only those remain."""
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    good = (level[target] > level[parent[owner]]) | ~made[owner]
    return good, np.concatenate((empty(1), np.cumsum(np.bincount(owner[good], minlength=len(starts) - 1))))
