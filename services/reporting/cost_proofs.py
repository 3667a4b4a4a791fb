"""Proofs of costing: I19, what goes into an order comes out of it or stays, to the cent, by element and period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, case, func, select

from models.costing.tables import cost_run, cost_share, output_cost, period_cost, wip_cost
from models.documents.tables import doc, doc_line
from models.kernel.numbers import ZERO
from models.ledgers.tables import wip_move
from services.costing import months
from services.reporting.proofs import Broken, Found, collect, rows_of

ELEMENTS = ("material", "labor", "overhead", "subcontract")
Sums = Mapping[Hashable, Decimal]


def in_equals_out(conn: Connection) -> Found:
    """I19: opening + in = finished + closing, and finished = what the products bear; by order, element and period.

    Where nothing has changed since the costing, also: material in and products out are what the ledger says, each cost of the
    period is shared out whole, and an order begins with what it had in the end before.
    """
    numbers = _numbers(conn)
    found = Found(rows_of(conn, wip_cost, output_cost, cost_share), _finished(conn, numbers))
    for period in conn.execute(select(cost_run.c.period).order_by(cost_run.c.period)).scalars().all():
        if months.stands(conn, period):
            found += Found(
                0, _shared(conn, period) + _taken_in(conn, period, numbers) + _given_out(conn, period, numbers)
            )
            found += Found(0, _carried(conn, period, numbers))
    return found


def _numbers(conn: Connection) -> dict[int, str]:
    query = select(doc_line.c.id, doc.c.number).join(doc, doc.c.id == doc_line.c.doc_id)
    keys = select(wip_cost.c.order_line_id).union(select(output_cost.c.order_line_id))
    return {row.id: row.number for row in conn.execute(query.where(doc_line.c.id.in_(keys)))}


def _unlike(left: Sums, right: Sums, where: Mapping[Any, str], names: tuple[str, str]) -> tuple[Broken, ...]:
    """Keys whose two sums differ; the first part of a key is looked up for its name."""
    wrong = []
    for key in sorted(left.keys() | right.keys(), key=str):
        one, other = left.get(key, ZERO), right.get(key, ZERO)
        if one != other:
            first, *rest = key if isinstance(key, tuple) else (key,)
            wrong.append(
                (" ".join([where.get(first, str(first)), *map(str, rest)]), dict(zip(names, (one, other), strict=True)))
            )
    return collect(wrong)


def _finished(conn: Connection, numbers: Mapping[int, str]) -> tuple[Broken, ...]:
    w, o = wip_cost.c, output_cost.c
    finished: dict[Hashable, Decimal] = defaultdict(lambda: ZERO)
    borne: dict[Hashable, Decimal] = defaultdict(lambda: ZERO)
    query = select(w.order_line_id, w.period, w.element, func.sum(w.finished, type_=w.finished.type))
    for line, period, element, value in conn.execute(query.group_by(w.order_line_id, w.period, w.element)):
        finished[line, period, element] += value
    for row in conn.execute(select(o.order_line_id, o.period, *(o[element] for element in ELEMENTS))):
        for element, value in zip(ELEMENTS, row[2:], strict=True):
            borne[row[0], row[1], element] += value
    return _unlike(finished, borne, numbers, ("finished", "products"))


def _shared(conn: Connection, period: str) -> tuple[Broken, ...]:
    amounts = select(period_cost.c.id, period_cost.c.amount).where(period_cost.c.period == period)
    shares = select(cost_share.c.period_cost_id, func.sum(cost_share.c.amount, type_=cost_share.c.amount.type))
    shares = shares.where(cost_share.c.period == period).group_by(cost_share.c.period_cost_id)
    names = {
        row.id: f"{period} {row.cost_item}"
        for row in conn.execute(select(period_cost.c.id, period_cost.c.cost_item).where(period_cost.c.period == period))
    }
    given: Sums = {row[0]: row[1] for row in conn.execute(amounts)}
    told: Sums = {row[0]: row[1] for row in conn.execute(shares)}
    return _unlike(given, told, names, ("amount", "shared"))


def _taken_in(conn: Connection, period: str, numbers: Mapping[int, str]) -> tuple[Broken, ...]:
    w, m = wip_cost.c, wip_move.c
    first, after = months.days_of(period)
    took: dict[Hashable, Decimal] = {}
    query = select(w.order_line_id, w.element, func.sum(w.input, type_=w.input.type)).where(
        w.period == period, w.element != "subcontract"
    )
    for line, element, value in conn.execute(query.group_by(w.order_line_id, w.element)):
        took[line, element] = value
    given: dict[Hashable, Decimal] = {}
    drawn = select(m.order_line_id, func.sum(m.value, type_=m.value.type)).where(
        m.element == "material", m.move_date >= first, m.move_date < after
    )
    for line, value in conn.execute(drawn.group_by(m.order_line_id)):
        given[line, "material"] = value
    shares = (
        select(cost_share.c.order_line_id, period_cost.c.kind, func.sum(cost_share.c.amount, type_=w.input.type))
        .join(period_cost, period_cost.c.id == cost_share.c.period_cost_id)
        .where(cost_share.c.period == period)
        .group_by(cost_share.c.order_line_id, period_cost.c.kind)
    )
    for line, kind, value in conn.execute(shares):
        given[line, kind] = value
    return _unlike(took, given, numbers, (f"{period}_in", "given"))


def _given_out(conn: Connection, period: str, numbers: Mapping[int, str]) -> tuple[Broken, ...]:
    o, m = output_cost.c, wip_move.c
    first, after = months.days_of(period)
    cost: dict[Hashable, Decimal] = defaultdict(lambda: ZERO)
    for row in conn.execute(select(output_cost).where(o.period == period)):
        total = row.material + row.labor + row.overhead + row.subcontract - row.settled
        cost[row.order_line_id, row.item_id] += total
    out = select(m.order_line_id, m.item_id, func.sum(-m.value, type_=m.value.type)).where(
        m.element == "product", m.move_date >= first, m.move_date < after
    )
    ledger: Sums = {(row[0], row[1]): row[2] for row in conn.execute(out.group_by(m.order_line_id, m.item_id))}
    return _unlike(cost, ledger, numbers, (f"{period}_cost", "ledger"))


def _carried(conn: Connection, period: str, numbers: Mapping[int, str]) -> tuple[Broken, ...]:
    """What orders begin with against what the last costing before left them."""
    w = wip_cost.c
    here = select(w.order_line_id).where(w.period == period).distinct()
    last = (
        select(w.order_line_id, func.max(w.period).label("period"))
        .where(w.period < period, w.order_line_id.in_(here))
        .group_by(w.order_line_id)
        .subquery()
    )
    left = (
        select(w.order_line_id, w.element, func.sum(w.opening + w.input - w.finished, type_=w.opening.type))
        .join(last, (last.c.order_line_id == w.order_line_id) & (last.c.period == w.period))
        .group_by(w.order_line_id, w.element)
    )
    begun = (
        select(
            w.order_line_id, w.element, func.sum(case((w.period == period, w.opening), else_=0), type_=w.opening.type)
        )
        .where(w.period == period, w.order_line_id.in_(select(last.c.order_line_id)))
        .group_by(w.order_line_id, w.element)
    )
    one: Sums = {(row[0], row[1]): row[2] for row in conn.execute(left)}
    other: Sums = {(row[0], row[1]): row[2] for row in conn.execute(begun)}
    return _unlike(one, other, numbers, ("kept", f"{period}_opening"))
