"""What one order cost: what its receipts took of its work in progress, and which product bears how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from models.kernel.problems import refuse
from services.costing.engine.shapes import (
    ELEMENTS,
    NOTHING,
    ONE,
    Amount,
    Element,
    Key,
    Methods,
    Order,
    OrderCost,
    Output,
    Progress,
    Rule,
    half_up,
)

ZERO = Fraction(0)


def cost_order(order: Order, inputs: Mapping[Key, Amount], given: Mapping[int, int], methods: Methods) -> OrderCost:
    """An order's costs. inputs: of the period by key; given: quantities received of co- and by-products by item."""
    keys = sorted(order.opening.keys() | inputs.keys())
    progress = [Progress(key, order.opening.get(key, NOTHING), inputs.get(key, NOTHING)) for key in keys]
    rules = [rule for rule in order.rules if given.get(rule.item, 0) > 0]
    gave = order.received > 0 or (order.in_progress == 0 and any(_weighted(rule) for rule in rules))
    for row in progress:
        ratio = _ratio(order, row, progress, methods) if gave else ZERO
        total = row.total
        row.finished = Amount(half_up(total.quantity * ratio), half_up(total.value * ratio))
    outputs = _outputs(order, progress, rules, given, gave=gave)
    return OrderCost(progress, outputs)


def _ratio(order: Order, row: Progress, progress: Sequence[Progress], methods: Methods) -> Fraction:
    """What part of a cost the receipts of the period take."""
    element, material, _item = row.key
    if order.closed or element == "subcontract":
        return ONE
    if element == "material" and order.subcontract:
        return _consumed(order, material, progress)
    if order.in_progress == 0:
        return ONE
    if element == "material":
        line = order.materials.get(material)
        if methods.material == "none" or (line is not None and line.backflush):
            return ONE
        if methods.material == "quota":
            return _consumed(order, material, progress)
        return _equivalent(order, methods.material_done)
    return ONE if methods.cost == "none" else _equivalent(order, methods.cost_done)


def _equivalent(order: Order, done: Fraction) -> Fraction:
    """Finished ÷ (finished + in progress × how far along): equivalent units, weighted with the opening work in progress."""
    return order.received / (order.received + order.in_progress * done)


def _consumed(order: Order, material: int, progress: Sequence[Progress]) -> Fraction:
    """What all receipts so far consume by the order's material list, less what earlier ones took; never more than was drawn."""
    rows = [row for row in progress if row.key.element == "material" and row.key.material == material]
    there = sum(row.total.quantity for row in rows)
    if there <= 0:
        return ONE
    line = order.materials.get(material)
    planned = line.planned if line is not None else 0
    received = order.received_before + order.received
    target = Fraction(planned * received, order.ordered) if order.ordered else ZERO
    before = order.consumed.get(material, 0)
    return min(ONE, max(ZERO, (target - before) / there))


def _weighted(rule: Rule) -> bool:
    """Whether a product shares by weight: it has one, or nothing else is said of it."""
    return rule.weight is not None or (rule.share is None and rule.quota is None)


def _outputs(
    order: Order, progress: list[Progress], rules: Sequence[Rule], given: Mapping[int, int], *, gave: bool
) -> list[Output]:
    made = {rule.item: Output(rule.item, rule.kind, given[rule.item], dict.fromkeys(ELEMENTS, 0)) for rule in rules}
    left = {row.key: row.finished.value for row in progress}
    _quotas(order, progress, rules, (made, left), gave=gave)
    main = Output(order.item, "main", order.received, dict.fromkeys(ELEMENTS, 0))
    shared = [rule for rule in rules if rule.share is not None]
    if sum((rule.share or ZERO for rule in shared), ZERO) > 1:
        raise refuse("costing.shares_exceed", order=order.number)
    weighted = [rule for rule in rules if _weighted(rule)]
    bases = [(rule.weight if rule.weight is not None else ONE) * given[rule.item] for rule in weighted]
    for row in progress:
        element: Element = row.key.element
        whole = rest = left[row.key]
        for rule in shared:
            part = half_up(whole * (rule.share or ZERO))
            made[rule.item].cost[element] += part
            rest -= part
        rest = _by_weight(order, element, rest, [made[rule.item] for rule in weighted], bases)
        if order.received > 0:
            main.cost[element] += rest
        elif rest:
            row.finished = Amount(row.finished.quantity, row.finished.value - rest)
    return ([main] if order.received > 0 else []) + list(made.values())


def _by_weight(order: Order, element: Element, rest: int, outputs: Sequence[Output], bases: Sequence[Fraction]) -> int:
    """Gives the products that share by weight their parts; what is left for the main product."""
    own = order.main_weight * order.received
    whole = own + sum(bases, ZERO)
    if not outputs or whole == 0:
        return rest
    left = rest
    for output, base in zip(outputs, bases, strict=True):
        part = half_up(rest * base / whole)
        output.cost[element] += part
        left -= part
    if own == 0:
        last = max(place for place, base in enumerate(bases) if base)
        outputs[last].cost[element] += left
        return 0
    return left


def _quotas(
    order: Order,
    progress: list[Progress],
    rules: Sequence[Rule],
    split: tuple[dict[int, Output], dict[Key, int]],
    *,
    gave: bool,
) -> None:
    """Amounts fixed for a unit leave first, from the largest material on; before anything is finished, from what is in progress."""
    made, left = split
    rows = {row.key: row for row in progress}
    for rule in rules:
        if rule.quota is None:
            continue
        output = made[rule.item]
        need = half_up(rule.quota * output.quantity)
        there = {
            key: value if gave else rows[key].total.value - rows[key].finished.value for key, value in left.items()
        }
        if need > sum(there.values()):
            raise refuse(
                "costing.quota_exceeds", order=order.number, item=rule.item, quota=need, cost=sum(there.values())
            )
        for key in sorted(there, key=lambda k: (ELEMENTS.index(k.element), -there[k], k)):
            part = min(need, max(there[key], 0))
            output.cost[key.element] += part
            need -= part
            if gave:
                left[key] -= part
            else:
                row = rows[key]
                row.finished = Amount(row.finished.quantity, row.finished.value + part)
