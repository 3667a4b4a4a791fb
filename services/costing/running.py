"""Costing a period: read, work out, correct the ledger, keep what was found; the same again changes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete, select

from models.costing.tables import cost_run, cost_share, output_cost, period_cost, wip_cost
from models.kernel.numbers import unscaled
from models.kernel.problems import Problem, Refused
from models.ledgers.tables import stock_move, wip_move
from services.costing import months
from services.costing.books import Group, covers, drawn_before, groups, items_of, opening
from services.costing.engine.period import cost_period
from services.costing.engine.shapes import Cost, Found, Given, Item, Methods, Move
from services.costing.engine.valuing import value_item
from services.costing.order_reading import orders_at
from services.ledgers.facts import load_items
from services.ledgers.revaluing import Correction, WipCorrection, correct
from services.platform import parameters
from services.platform.access.rights import RUN_COSTS
from services.platform.db import Tx
from services.platform.periods import stop_postings


@dataclass(frozen=True, slots=True)
class CostSummary:
    """What a costing did. periods: the months it costed, the asked one last; corrections: rows of value it posted."""

    period: str
    periods: tuple[str, ...]
    orders: int
    outputs: int
    corrections: int


@dataclass(slots=True)
class _Work:
    """One costing under way: corrections to post in the end, and items whose later movements follow."""

    stock: list[Correction] = field(default_factory=list)
    wip: list[WipCorrection] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    orders: int = 0
    outputs: int = 0


def cost(tx: Tx, period: str) -> CostSummary:
    """Costs a period, and before it the earlier open ones; all of them or none.

    Refused while the period or a later one is closed, for orders that draw each other's products, for costs that nothing can
    bear, and for quotas and shares beyond what an order cost.
    """
    tx.require(RUN_COSTS)
    months.days_of(period)
    stop_postings(tx.conn)
    wanted = months.to_cost(tx.conn, period)
    total = 0
    work = _Work()
    for month in wanted:
        work = _Work()
        _cost_month(tx, month, work)
        total += len(work.stock)
    for month in wanted:
        _sign(tx, month)
    after = {"corrections": total, "orders": work.orders}
    tx.record("cost_run", int(period.replace("-", "")), period, "cost", after=after)
    tx.topic("costing")
    return CostSummary(period, tuple(wanted), work.orders, work.outputs, total)


def _cost_month(tx: Tx, period: str, work: _Work) -> None:
    conn = tx.conn
    first, after = months.days_of(period)
    s, w = stock_move.c.move_date, wip_move.c.move_date
    moved = groups(conn, (s >= first) & (s < after), (w >= first) & (w < after))
    given, costed = _given(conn, period, (first, after), moved)
    try:
        found = cost_period(given)
    except Refused as refused:
        raise Refused([_told(conn, problem) for problem in refused.problems]) from refused
    _differences(work, costed)
    _later(conn, work, found, given.items, after)
    correct(tx, work.stock, work.wip)
    _keep(tx, period, given, found, work)


def _given(
    conn: Connection, period: str, days: tuple[dt.date, dt.date], moved: Sequence[Group]
) -> tuple[Given, list[tuple[Group, Move]]]:
    costs = _costs(conn, period)
    orders = orders_at(conn, period, days, moved, {cost.doc for cost in costs if cost.doc})
    stock = opening(conn, days[0], {group.item for group in moved})
    drawn = drawn_before(conn, days[0], _lines(moved))
    ratios = covers(conn, moved)
    costed = [(group, group.move(ratios.get(group.line_id, Fraction(1)))) for group in moved]
    moves = [move for _group, move in costed if move.quantity]
    known = parameters.load(conn)
    methods = Methods(
        known.text("wip_material_method"),
        known.text("wip_cost_method"),
        Fraction(known.number("wip_material_done_percent")) / 100,
        Fraction(known.number("wip_cost_done_percent")) / 100,
    )
    return Given(items_of(conn, stock, days[0]), moves, orders, costs, methods, drawn), costed


def _lines(moved: Iterable[Group]) -> set[int]:
    return {group.link.material for group in moved if group.link is not None and group.link.material}


def _costs(conn: Connection, period: str) -> list[Cost]:
    c = period_cost.c
    query = select(c.id, c.kind, c.amount, c.basis, c.workshop, c.order_id, c.cost_item).where(c.period == period)
    return [
        Cost(row.id, row.kind, int(row.amount * 100), row.basis, row.workshop, row.order_id or 0, row.cost_item)
        for row in conn.execute(query.order_by(c.cost_item, c.kind, c.workshop, c.order_id, c.basis, c.amount, c.id))
    ]


def _differences(work: _Work, costed: Iterable[tuple[Group, Move]]) -> None:
    """What the ledger lacks, by movement, and by document line in work in progress."""
    wip: dict[tuple[int, int], list[Any]] = {}
    for group, move in costed:
        if move.value != group.stored:
            value = unscaled(move.value - group.stored, 2)
            work.stock.append(
                Correction(
                    group.doc_id, group.line_id, group.day, group.item, group.warehouse, group.lot, value,
                )
            )  # fmt: skip
            work.changed.add(group.item)
        if group.link is not None:
            row = wip.setdefault((group.doc_id, group.line_id), [group, 0])
            row[1] += move.value
    for group, value in wip.values():
        link = group.link
        if -value != link.value:
            work.wip.append(
                WipCorrection(
                    group.doc_id, group.line_id, group.day, group.item, link.order, link.material, link.element,
                    unscaled(-value - link.value, 2),
                )
            )  # fmt: skip


def _later(conn: Connection, work: _Work, found: Found, items: Mapping[int, Item], after: dt.date) -> None:
    """What moves after the period goes on from the corrected stock: what came in keeps its value, what goes out is averaged."""
    if not work.changed:
        return
    days = stock_move.c.move_date >= after
    moved = groups(conn, days, wip_move.c.move_date >= after, items=work.changed)
    drawn = dict(found.drawn)
    lines = {line for line in _lines(moved) if not any(key[0] == line for key in drawn)}
    drawn |= drawn_before(conn, after, lines)
    by_item: dict[int, list[tuple[Group, Move]]] = defaultdict(list)
    for group in moved:
        move = group.move(Fraction(1))
        if move.kind == "made":
            move = replace(move, kind="in", given=group.stored)
        by_item[group.item].append((group, move))
    costed: list[tuple[Group, Move]] = []
    for key, pairs in by_item.items():
        was = items[key]
        item = Item(key, "moving", *found.stock[key], was.reference)
        value_item(item, [move for _group, move in pairs if move.quantity], drawn, lambda move: move.given, frozenset())
        costed += pairs
    _differences(work, costed)


def _keep(tx: Tx, period: str, given: Given, found: Found, work: _Work) -> None:
    """Puts what was found in the place of what an earlier costing of the period found; later ones follow from it."""
    before = _progress(tx.conn, period)
    for table in (cost_share, wip_cost, output_cost):
        tx.conn.execute(delete(table).where(table.c.period == period))
    shares = [
        {
            "period": period, "period_cost_id": share.cost, "order_line_id": share.order,
            "basis": unscaled(share.basis, 6), "amount": unscaled(share.amount, 2),
        }
        for share in found.shares
    ]  # fmt: skip
    tx.insert(cost_share, shares)
    settled: dict[tuple[int, int], int] = defaultdict(int)
    for move in given.moves:
        if move.kind == "made":
            settled[move.order, move.item] += move.settled
    progress, outputs = [], []
    for key, order_cost in sorted(found.orders.items()):
        for row in order_cost.progress:
            progress.append(
                {
                    "period": period, "order_line_id": key, "element": row.key.element,
                    "material_line_id": row.key.material, "item_id": row.key.item,
                    "opening_quantity": unscaled(row.opening.quantity, 6), "opening": unscaled(row.opening.value, 2),
                    "input_quantity": unscaled(row.input.quantity, 6), "input": unscaled(row.input.value, 2),
                    "finished_quantity": unscaled(row.finished.quantity, 6), "finished": unscaled(row.finished.value, 2),
                }
            )  # fmt: skip
        for output in order_cost.outputs:
            elements: dict[str, Decimal] = {element: unscaled(value, 2) for element, value in output.cost.items()}
            outputs.append(
                {
                    "period": period, "order_line_id": key, "item_id": output.item, "output": output.kind,
                    "quantity": unscaled(output.quantity, 6), **elements,
                    "settled": unscaled(settled[key, output.item], 2),
                }
            )  # fmt: skip
    tx.insert(wip_cost, progress)
    tx.insert(output_cost, outputs)
    work.orders, work.outputs = len(found.orders), len(outputs)
    if work.stock or work.wip or before != _progress(tx.conn, period):
        tx.conn.execute(delete(cost_run).where(cost_run.c.period > period))


def _progress(conn: Connection, period: str) -> list[tuple[Any, ...]]:
    query = select(*(column for column in wip_cost.c if column.name != "id")).where(wip_cost.c.period == period)
    return sorted(tuple(row) for row in conn.execute(query))


def _sign(tx: Tx, period: str) -> None:
    """Notes up to which movement the costing goes: what is posted later makes it stale."""
    tx.conn.execute(delete(cost_run).where(cost_run.c.period == period))
    row = {
        "period": period, "made_by": tx.user, "made_at": tx.now,
        "last_move": months.last_move(tx.conn, months.days_of(period)[1]), "given": months.digest(tx.conn, period),
    }  # fmt: skip
    tx.insert(cost_run, [row])


def _told(conn: Connection, problem: Problem) -> Problem:
    """A problem of the engine with codes for keys and money for cents."""
    args = dict(problem.args)
    items = [int(str(key)) for key in ([args["item"]] if "item" in args else args.get("items", ()))]  # type: ignore[attr-defined]
    labels = {key: facts.label for key, facts in load_items(conn, items).items()}
    if "item" in args:
        args["item"] = labels[items[0]]
    elif "items" in args:
        args["items"] = tuple(labels[key] for key in items)
    for name in ("amount", "quota", "cost"):
        if isinstance(args.get(name), int):
            args[name] = unscaled(int(str(args[name])), 2)
    return replace(problem, args=args)
