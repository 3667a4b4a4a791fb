"""Costs of a period as they are entered: wages, depreciation, power … for a workshop, an order, or all."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from models.costing.tables import cost_share, period_cost
from models.documents.tables import doc
from models.kernel.problems import Place, Problem, Refused
from services.costing.months import days_of
from services.ledgers.facts import chunked
from services.platform.access.rights import CHANGE_COSTS
from services.platform.db import Tx
from services.platform.periods import closed_among, keep_periods, period_of

ORDER_TYPES = ("production_order", "subcontract_order")


@dataclass(frozen=True, slots=True)
class CostDraft:
    """A cost to enter. kind: labor or overhead; order_id: the document that bears it alone; basis: what it is shared by."""

    period: str
    cost_item: str
    kind: str
    amount: Decimal
    basis: str = "quantity"
    workshop: str = ""
    order_id: int | None = None


class _Key(NamedTuple):
    period: str
    cost_item: str
    kind: str
    workshop: str
    order_id: int | None


@dataclass(frozen=True, slots=True)
class Entered:
    """What entering did, in rows."""

    new: int
    changed: int
    unchanged: int


def orders_by_number(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Ids of production and subcontract orders by number."""
    made: dict[str, int] = {}
    for keys in chunked(sorted(set(numbers))):
        query = select(doc.c.number, doc.c.id).where(doc.c.type.in_(ORDER_TYPES), doc.c.number.in_(keys))
        made.update((row.number, row.id) for row in conn.execute(query.order_by(doc.c.type.desc())))
    return made


def enter(tx: Tx, drafts: Sequence[CostDraft]) -> Entered:
    """Enters costs. Those of the book with the same period, item, kind, workshop and order make way for them.

    Refused for closed periods, each row with its place (row from 1).
    """
    tx.require(CHANGE_COSTS)
    firsts: dict[str, dt.date] = {draft.period: days_of(draft.period)[0] for draft in drafts}
    keep_periods(tx.conn)
    closed = closed_among(tx.conn, firsts.values())
    problems = [
        Problem("costing.closed", {"period": draft.period}, Place(row=row, field="period"))
        for row, draft in enumerate(drafts, start=1)
        if period_of(firsts[draft.period]) in closed
    ]
    if problems:
        raise Refused(problems)
    wanted: dict[_Key, list[CostDraft]] = defaultdict(list)
    for draft in drafts:
        wanted[_Key(draft.period, draft.cost_item, draft.kind, draft.workshop, draft.order_id)].append(draft)
    stored = _stored(tx.conn, firsts)
    new = changed = unchanged = 0
    gone: list[int] = []
    rows: list[dict[str, Any]] = []
    for key, group in wanted.items():
        before = stored.get(key, [])
        if Counter((draft.amount, draft.basis) for draft in group) == Counter((r.amount, r.basis) for r in before):
            unchanged += len(group)
            continue
        if before:
            changed += len(group)
        else:
            new += len(group)
        gone += [row.id for row in before]
        rows += [{**key._asdict(), "amount": draft.amount, "basis": draft.basis} for draft in group]
    _replace(tx, gone, rows)
    return Entered(new, changed, unchanged)


def _stored(conn: Connection, periods: dict[str, dt.date]) -> dict[_Key, list[Any]]:
    c = period_cost.c
    made: dict[_Key, list[Any]] = defaultdict(list)
    query = select(period_cost).where(c.period.in_(sorted(periods))).order_by(c.id)
    for row in conn.execute(query):
        made[_Key(row.period, row.cost_item, row.kind, row.workshop, row.order_id)].append(row)
    return made


def _replace(tx: Tx, gone: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
    for keys in chunked(gone):
        tx.conn.execute(delete(cost_share).where(cost_share.c.period_cost_id.in_(keys)))
        tx.conn.execute(delete(period_cost).where(period_cost.c.id.in_(keys)))
    tx.insert(period_cost, rows)
    for period in sorted({row["period"] for row in rows}):
        number = int(period.replace("-", ""))
        tx.record("period_cost", number, period, "change", after={"rows": sum(r["period"] == period for r in rows)})
    if rows:
        tx.topic("costing")
