"""The orders a period's costs fall on: what they are, what they keep from before, what they received."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, select, type_coerce

from models.columns import Int
from models.costing.tables import wip_cost
from models.documents.tables import doc, doc_line, material_line, order_line
from models.engineering.tables import bom_output
from models.kernel.numbers import ZERO, scaled
from models.ledgers.tables import wip_move
from services.costing.books import Group, whole
from services.costing.engine.shapes import ONE, Amount, Key, Material, Order, Rule, allocated, half_up
from services.ledgers.facts import chunked

_W, _C = wip_move.c, wip_cost.c


def orders_at(
    conn: Connection, period: str, days: tuple[dt.date, dt.date], moved: Iterable[Group], named: Collection[int]
) -> dict[int, Order]:
    """Orders that moved in the period, keep work in progress, or bear a cost of their own, by product line.

    days: the period's first day and the first after it. named: documents that costs name.
    """
    moved = list(moved)
    kept = _kept(conn, period)
    ids = {group.link.order for group in moved if group.link is not None}
    ids |= {key for key, rows in kept.items() if any(any(amount) for amount in rows.values())}
    for keys in chunked(sorted(named)):
        query = select(doc_line.c.id).where(doc_line.c.doc_id.in_(keys), doc_line.c.role == "main")
        ids.update(conn.execute(query).scalars())
    orders = _orders(conn, ids)
    _received_before(conn, days[0], orders)
    _ended(conn, days[1], orders)
    _materials(conn, orders)
    _consumed(conn, period, orders)
    for key, order in orders.items():
        order.opening = kept.get(key, {})
    _from_ledger(conn, days[0], [orders[key] for key in orders.keys() - kept.keys()])
    _receipts(moved, orders, _prices(conn, orders))
    return orders


def _kept(conn: Connection, period: str) -> dict[int, dict[Key, Amount]]:
    """Work in progress that the last costing before a period left, by order line."""
    last = (
        select(_C.order_line_id, func.max(_C.period).label("period"))
        .where(_C.period < period)
        .group_by(_C.order_line_id)
        .subquery()
    )
    query = select(
        _C.order_line_id, _C.element, _C.material_line_id, _C.item_id,
        type_coerce(_C.opening_quantity + _C.input_quantity - _C.finished_quantity, Int).label("q"),
        type_coerce(_C.opening + _C.input - _C.finished, Int).label("v"),
    ).join(last, (last.c.order_line_id == _C.order_line_id) & (last.c.period == _C.period))  # fmt: skip
    made: dict[int, dict[Key, Amount]] = defaultdict(dict)
    for row in conn.execute(query):
        amount = Amount(row.q, row.v)
        rows = made[row.order_line_id]
        if any(amount):
            rows[Key(row.element, row.material_line_id, row.item_id)] = amount
    return made


def _orders(conn: Connection, ids: Collection[int]) -> dict[int, Order]:
    made: dict[int, Order] = {}
    bills: dict[int, list[int]] = defaultdict(list)
    for keys in chunked(sorted(ids)):
        query = (
            select(
                doc_line.c.id, doc.c.number, doc_line.c.line_no, doc.c.id.label("doc"), doc_line.c.item_id,
                doc_line.c.quantity, order_line.c.yield_rate, order_line.c.bom_id, doc.c.type, doc.c.kind,
                doc.c.workshop, doc.c.closing, doc_line.c.closing.label("line_closing"),
            )
            .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
            .outerjoin(order_line, order_line.c.line_id == doc_line.c.id)
            .where(doc_line.c.id.in_(keys))
        )  # fmt: skip
        for row in conn.execute(query):
            ordered = scaled(row.quantity, 6)
            good = ordered * Fraction(row.yield_rate if row.yield_rate is not None else Decimal(1))
            made[row.id] = Order(
                row.id, row.number, row.line_no, row.doc, row.item_id, ordered, good,
                subcontract=row.type == "subcontract_order", rework=row.kind == "rework", workshop=row.workshop,
                closed="H" in (row.closing, row.line_closing),
            )  # fmt: skip
            if row.bom_id is not None:
                bills[row.bom_id].append(row.id)
    _rules(conn, made, bills)
    return made


def _rules(conn: Connection, orders: Mapping[int, Order], bills: Mapping[int, list[int]]) -> None:
    """How co- and by-products get their cost: as the bill says; one that only the order names shares by quantity."""
    rules: dict[int, dict[int, Rule]] = defaultdict(dict)
    for keys in chunked(sorted(bills)):
        for row in conn.execute(select(bom_output).where(bom_output.c.bom_id.in_(keys)).order_by(bom_output.c.id)):
            share, weight = (None if x is None else Fraction(x) for x in (row.cost_share, row.cost_weight))
            quota = None if row.cost_quota is None else Fraction(row.cost_quota) * 100 / 10**6
            for key in bills[row.bom_id]:
                if row.kind == "main" or row.item_id == orders[key].item:
                    orders[key].main_weight = ONE if weight is None else weight
                else:
                    rules[key][row.item_id] = Rule(row.item_id, row.kind, share, weight, quota)
    for keys in chunked(sorted(orders)):
        query = select(doc_line.c.parent_line_id, doc_line.c.item_id).where(
            doc_line.c.parent_line_id.in_(keys), doc_line.c.role == "output"
        )
        for parent, item_id in conn.execute(query.order_by(doc_line.c.line_no)):
            rules[parent].setdefault(item_id, Rule(item_id, "co"))
    for key, found in rules.items():
        orders[key].rules = list(found.values())


def _received_before(conn: Connection, first: dt.date, orders: Mapping[int, Order]) -> None:
    for keys in chunked(sorted(orders)):
        query = (
            select(_W.order_line_id, _W.item_id, func.sum(_W.quantity, type_=Int))
            .where(_W.order_line_id.in_(keys), _W.element == "product", _W.move_date < first)
            .group_by(_W.order_line_id, _W.item_id)
        )
        for key, item_id, quantity in conn.execute(query):
            if item_id == orders[key].item:
                orders[key].received_before = -whole(quantity)


def _ended(conn: Connection, after: dt.date, orders: Mapping[int, Order]) -> None:
    """An order closed by hand ends with its last receipt: while more was received later, it was still open."""
    closed = [key for key, order in orders.items() if order.closed]
    for keys in chunked(sorted(closed)):
        query = (
            select(_W.order_line_id)
            .where(_W.order_line_id.in_(keys), _W.element == "product", _W.move_date >= after)
            .group_by(_W.order_line_id)
            .having(func.sum(_W.quantity, type_=Int) != 0)
        )
        for key in conn.execute(query).scalars():
            orders[key].closed = False


def _materials(conn: Connection, orders: Mapping[int, Order]) -> None:
    for keys in chunked(sorted(orders)):
        query = (
            select(doc_line.c.id, doc_line.c.parent_line_id, doc_line.c.quantity, material_line.c.issue)
            .join_from(doc_line, material_line, material_line.c.line_id == doc_line.c.id)
            .where(doc_line.c.parent_line_id.in_(keys), doc_line.c.role == "material")
        )
        for row in conn.execute(query):
            planned = Material(scaled(row.quantity, 6), row.issue == "backflush")
            orders[row.parent_line_id].materials[row.id] = planned


def _consumed(conn: Connection, period: str, orders: Mapping[int, Order]) -> None:
    for keys in chunked(sorted(orders)):
        query = (
            select(_C.order_line_id, _C.material_line_id, func.sum(_C.finished_quantity, type_=Int))
            .where(_C.order_line_id.in_(keys), _C.period < period, _C.element == "material")
            .group_by(_C.order_line_id, _C.material_line_id)
        )
        for key, material, quantity in conn.execute(query):
            orders[key].consumed[material] = whole(quantity)


def _from_ledger(conn: Connection, first: dt.date, orders: Collection[Order]) -> None:
    """What orders keep from periods that were closed without being costed: what was drawn less what was received, pro rata."""
    by_id = {order.id: order for order in orders}
    for keys in chunked(sorted(by_id)):
        query = (
            select(
                _W.order_line_id, _W.element, _W.material_line_id, _W.item_id, func.sum(_W.quantity, type_=Int),
                func.sum(_W.value, type_=Int),
            )
            .where(_W.order_line_id.in_(keys), _W.move_date < first)
            .group_by(_W.order_line_id, _W.element, _W.material_line_id, _W.item_id)
            .order_by(_W.order_line_id, _W.material_line_id, _W.item_id)
        )  # fmt: skip
        drawn: dict[int, dict[Key, Amount]] = defaultdict(dict)
        gone: dict[int, int] = defaultdict(int)
        for key, element, material, item_id, quantity, value in conn.execute(query):
            if element == "material":
                drawn[key][Key("material", material or 0, item_id)] = Amount(whole(quantity), whole(value))
            else:
                gone[key] -= whole(value)
        for key, rows in drawn.items():
            whole_value = sum(amount.value for amount in rows.values())
            left = max(0, whole_value - gone[key])
            values = allocated(left, [amount.value for amount in rows.values()]) if whole_value > 0 else [0] * len(rows)
            by_id[key].opening = {
                name: Amount(
                    half_up(Fraction(rows[name].quantity * left, whole_value)) if whole_value > 0 else 0, value
                )
                for name, value in zip(rows, values, strict=True)
            }


def _prices(conn: Connection, orders: Mapping[int, Order]) -> dict[int, Decimal]:
    made: dict[int, Decimal] = {}
    wanted = sorted(key for key, order in orders.items() if order.subcontract)
    for keys in chunked(wanted):
        query = select(doc_line.c.id, doc_line.c.price).where(doc_line.c.id.in_(keys))
        made.update((row.id, row.price or ZERO) for row in conn.execute(query))
    return made


def _receipts(moved: Iterable[Group], orders: Mapping[int, Order], prices: Mapping[int, Decimal]) -> None:
    """Quantity, hours and processing fee of the period's receipts; the fee is rounded once a receipt line."""
    lines: dict[int, list[Any]] = {}
    for group in moved:
        if group.link is None or group.kind != "made":
            continue
        order = orders[group.link.order]
        if group.line_id not in lines:
            order.hours += group.hours
            lines[group.line_id] = [order, group.price, 0]
        if group.item == order.item:
            order.received += group.quantity
            lines[group.line_id][2] += group.quantity
    for order, price, quantity in lines.values():
        if order.id in prices:
            paid = prices[order.id] if price is None else price
            order.fee += half_up(Fraction(paid) * quantity / 10_000)
