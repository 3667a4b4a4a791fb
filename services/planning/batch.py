"""Production orders made in batches, from sales-order lines and for stock (domain §9B)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line
from models.kernel.numbers import ZERO
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner, unit
from services.documents import approving, load, saving
from services.documents.records import DocDraft, LineDraft
from services.ledgers.facts import load_items
from services.platform.access.holding import Access
from services.platform.db import Database, Tx
from services.platform.searching import escape_like

LIMIT = 200
Mode = Literal["line", "workshop", "item"]


@dataclass(frozen=True, slots=True)
class Producible:
    """An open sales-order line and what can still be made for it."""

    line_id: int
    order: DocRef
    line_no: int
    customer: str
    item_id: int
    item_code: str
    item_name: str
    unit: str
    ordered: Decimal
    linked: Decimal
    delivered: Decimal
    producible: Decimal
    due_date: dt.date | None
    workshop: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One ticked row: for a sales-order line, or for stock when line_id is None (提前备货)."""

    item_id: int
    quantity: Decimal
    line_id: int | None = None
    due_date: dt.date | None = None
    workshop: str = ""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What was made, and the rows that were not, each with its reasons."""

    made: tuple[DocRef, ...]
    failed: tuple[tuple[Wanted, tuple[Problem, ...]], ...]


def producible(conn: Connection, *, text: str = "", limit: int = 500) -> list[Producible]:
    """Approved, open sales-order lines of made items: ordered − linked to orders − delivered, where above zero."""
    query = (
        select(
            doc_line.c.id, doc.c.type, doc.c.id.label("doc_id"), doc.c.number, doc_line.c.line_no,
            partner.c.name.label("customer"), item.c.id.label("item_id"), item.c.code, item.c.name,
            unit.c.code.label("unit"), doc_line.c.quantity, doc_line.c.done, doc_line.c.due_date, item.c.workshop,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(
            doc.c.type == "sales_order", doc.c.status == "C", doc.c.closing == "C", doc_line.c.closing == "C",
            item.c.kind.in_(("manufactured", "subcontracted")),
        )
        .order_by(doc_line.c.due_date, doc.c.number, doc_line.c.line_no)
    )  # fmt: skip
    if text:
        like = escape_like(text)
        query = query.where(
            doc.c.number.ilike(like, escape="/")
            | item.c.code.ilike(like, escape="/")
            | item.c.name.ilike(like, escape="/")
        )
    rows = conn.execute(query.limit(limit)).all()
    linked = load.ordered_for(conn, [row.id for row in rows])
    made = []
    for row in rows:
        left = max(ZERO, row.quantity - linked.get(row.id, ZERO) - row.done)
        if left > 0:
            made.append(
                Producible(
                    row.id, DocRef(row.type, row.doc_id, row.number), row.line_no, row.customer or "", row.item_id,
                    row.code, row.name, row.unit, row.quantity, linked.get(row.id, ZERO), row.done, left,
                    row.due_date, row.workshop,
                )
            )  # fmt: skip
    return made


def create(
    db: Database,
    user: str | Access,
    wanted: Sequence[Wanted],
    *,
    day: dt.date,
    mode: Mode = "line",
    approve: bool = False,
) -> BatchResult:
    """Makes draft production orders, each in a transaction of its own: what fails is listed, the rest stands (AT-09B).

    mode: an order a row, one a workshop, or one an item (rows for stock and rows for orders stay apart).
    """
    if len(wanted) > LIMIT:
        raise Refused([Problem("batch.too_many", {"count": len(wanted), "limit": LIMIT})])
    made: list[DocRef] = []
    failed: list[tuple[Wanted, tuple[Problem, ...]]] = []
    for group in _grouped(wanted, mode):
        try:
            made.append(db.run(user, lambda tx, group=group: _one(tx, group, day, approve=approve)))  # type: ignore[misc]
        except Refused as refused:
            failed += [(row, refused.problems) for row in group]
    return BatchResult(tuple(made), tuple(failed))


def _grouped(wanted: Sequence[Wanted], mode: Mode) -> list[list[Wanted]]:
    groups: dict[Any, list[Wanted]] = defaultdict(list)
    for number, row in enumerate(wanted):
        if mode == "line":
            groups[number].append(row)
        elif mode == "workshop":
            groups[row.workshop or number].append(row)
        else:
            groups[row.item_id, row.line_id is None].append(row)
    return list(groups.values())


def _one(tx: Tx, rows: Sequence[Wanted], day: dt.date, *, approve: bool) -> DocRef:
    items = load_items(tx.conn, {row.item_id for row in rows})
    problems = []
    shops = {row.workshop or items[row.item_id].workshop for row in rows}
    if "" in shops:
        problems += [
            Problem("batch.no_workshop", {"item": items[row.item_id].label})
            for row in rows
            if not (row.workshop or items[row.item_id].workshop)
        ]
    problems += _too_much(tx, rows)
    if problems:
        raise Refused(problems)
    lines = []
    for row in rows:
        due = row.due_date or day
        lines.append(
            LineDraft(row.item_id, row.quantity, due_date=due, start_date=min(due, day), demand_line_id=row.line_id)
        )
    (ref,) = saving.create(tx, [DocDraft("production_order", day, lines, workshop=min(shops))])
    if approve:
        approving.approve(tx, [ref.id])
    return ref


def _too_much(tx: Tx, rows: Sequence[Wanted]) -> list[Problem]:
    ids = [row.line_id for row in rows if row.line_id is not None]
    if not ids:
        return []
    query = select(doc_line.c.id, doc_line.c.quantity, doc_line.c.done, doc.c.number, doc_line.c.line_no)
    query = query.join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id).where(doc_line.c.id.in_(ids))
    linked = load.ordered_for(tx.conn, ids)
    left = {
        row.id: (row, max(ZERO, row.quantity - row.done - linked.get(row.id, ZERO))) for row in tx.conn.execute(query)
    }
    problems = []
    for row in rows:
        if row.line_id is None or row.line_id not in left:
            continue
        order, free = left[row.line_id]
        if row.quantity > free:
            args = {"order": order.number, "line": order.line_no, "quantity": row.quantity, "left": free}
            problems.append(Problem("batch.over_order", args))
    return problems
