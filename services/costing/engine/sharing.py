"""Who bears a period's labor and overhead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from models.kernel.problems import refuse
from models.kernel.vocabulary import COST_BASES
from services.costing.engine.shapes import Cost, Methods, Order, Share, allocated, half_up


def share_costs(
    costs: Sequence[Cost], orders: Mapping[int, Order], methods: Methods, material: Mapping[int, int]
) -> list[Share]:
    """Every cost shared among the orders that bear it, in order of their numbers; sums are exact.

    material: cents of material that an order's receipts took. Refused where nothing can be shared by.
    """
    ordered = sorted(orders.values(), key=lambda order: (order.number, order.line_no, order.id))
    shares: list[Share] = []
    for cost in costs:
        bearers = [order for order in ordered if _bears(order, cost)]
        bases = [_basis(order, cost.basis, methods, material) for order in bearers]
        if cost.doc and not any(bases):
            bases = [Fraction(order.ordered) for order in bearers]
        if not any(bases):
            if cost.amount:
                raise refuse(
                    "costing.no_basis",
                    cost=cost.name,
                    workshop=cost.workshop or "-",
                    basis=COST_BASES[cost.basis],
                    amount=cost.amount,
                )
            continue
        amounts = allocated(cost.amount, bases)
        shares += [
            Share(cost.id, order.id, half_up(base), amount)
            for order, base, amount in zip(bearers, bases, amounts, strict=True)
            if base
        ]
    return shares


def _bears(order: Order, cost: Cost) -> bool:
    if cost.doc:
        return order.doc == cost.doc
    return not order.subcontract and cost.workshop in ("", order.workshop)


def _basis(order: Order, basis: str, methods: Methods, material: Mapping[int, int]) -> Fraction:
    """quantity: finished and, as far along as it is taken to be, in progress; hours of the receipts; material they took."""
    if basis == "hours":
        return Fraction(order.hours)
    if basis == "material":
        return Fraction(max(0, material.get(order.id, 0)) * 10_000)
    along = methods.cost_done if methods.cost == "equivalent" else Fraction(0)
    return order.received + order.in_progress * along
