"""Planned orders become draft orders, singly or merged, in batches that can be undone; and are edited before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from models.documents.tables import doc, doc_line
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.masterdata.tables import item
from models.planning.tables import mrp_run, planned_order, release_batch, release_link
from services.documents import reversing, saving
from services.documents.records import DocDraft, LineDraft
from services.ledgers.facts import chunked
from services.planning.merging import ReleaseLine, draw_forward
from services.platform.access.holding import shown
from services.platform.access.rights import RELEASE_PLAN, SEE_COST
from services.platform.db import Tx

TARGETS = {"purchase": "purchase_order", "production": "production_order", "subcontract": "subcontract_order"}


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What a release made: its batch, the draft orders, and how many planned orders went into them."""

    batch_id: int
    documents: tuple[DocRef, ...]
    planned: int
    lines: int


def planned_number(run_id: int, seq: int, part: int = 0) -> str:
    """The number of a planned order: run, position, and the part after a split (P38-000123-01)."""
    return f"P{run_id}-{seq:06d}" + (f"-{part:02d}" if part else "")


def latest_run(conn: Any) -> int:
    """The newest run; refused when there is none."""
    found = conn.execute(select(mrp_run.c.id).order_by(mrp_run.c.id.desc()).limit(1)).scalar()
    if found is None:
        raise Refused([Problem("plan.no_run", {})])
    return int(found)


def preview(
    conn: Any, run_id: int, *, ids: Sequence[int] | None = None, kind: str = "", merge: bool = False
) -> list[ReleaseLine]:
    """The lines a release would make, in a fixed order; refused when a supplier is missing."""
    rows = _proposed(conn, run_id, ids, kind)
    problems = [
        Problem("release.no_supplier", {"item": f"{row.code} {row.name}".strip(), "number": _number(row)})
        for row in rows
        if row.kind != "production" and row.supplier_id is None and row.item_supplier is None
    ]
    if problems:
        raise Refused(problems)
    groups: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in rows:
        supplier = None if row.kind == "production" else row.supplier_id or row.item_supplier
        shop = (row.workshop or row.item_workshop) if row.kind == "production" else ""
        own = () if merge else (row.id,)
        groups[row.kind, supplier, shop, row.item_id, row.demand_line_id, own].append(row)
    lines = [
        ReleaseLine(
            TARGETS[key[0]], key[1], key[2], key[3], sum((row.quantity for row in group), Decimal(0)),
            min(row.start_date for row in group), min(row.due_date for row in group),
            tuple(row.id for row in group), key[4], group[0].unit_cost,
        )
        for key, group in groups.items()
    ]  # fmt: skip
    return draw_forward(conn, lines, _day(conn, run_id)) if merge else lines


def release(
    tx: Tx, run_id: int, *, ids: Sequence[int] | None = None, kind: str = "", merge: bool = False
) -> ReleaseResult:
    """Makes draft orders of proposed planned orders. Purchases and subcontracts: one document a supplier.

    merge: one line for each item and supplier or workshop; which planned order went where is kept (AT-08). Orders made
    for one sales-order line are never merged with others.
    """
    tx.require(RELEASE_PLAN)
    day = _day(tx.conn, run_id)
    lines = preview(tx.conn, run_id, ids=ids, kind=kind, merge=merge)
    if not lines:
        raise Refused([Problem("release.nothing", {"run": run_id})])
    drafts, makers = _drafts(lines, day)
    with tx.implied():
        refs = saving.create(tx, drafts)
    (batch_id,) = tx.reserve_ids(release_batch, 1)
    tx.insert(release_batch, [{"id": batch_id, "run_id": run_id, "made_by": tx.user, "made_at": tx.now}])
    _link(tx, batch_id, refs, makers)
    released = [key for line in lines for key in line.planned]
    for keys in chunked(released):
        tx.conn.execute(update(planned_order).where(planned_order.c.id.in_(keys)).values(status="released"))
    tx.record("release", batch_id, str(run_id), "release", after={"documents": [ref.number for ref in refs]})
    tx.topic("planned_order")
    return ReleaseResult(batch_id, tuple(refs), len(released), len(lines))


def _day(conn: Any, run_id: int) -> dt.date:
    found: dt.date | None = conn.execute(select(mrp_run.c.start_date).where(mrp_run.c.id == run_id)).scalar()
    if found is None:
        raise Refused([Problem("plan.run_gone", {"run": run_id})])
    return found


def undo(tx: Tx, batch_id: int) -> list[str]:
    """Takes a release back: its drafts go, its planned orders are proposals again; refused once one is approved."""
    tx.require(RELEASE_PLAN)
    row = tx.conn.execute(select(release_batch).where(release_batch.c.id == batch_id)).first()
    if row is None or row.undone:
        raise Refused([Problem("release.undone_already", {"batch": batch_id})])
    made = select(release_link.c.doc_id).where(release_link.c.batch_id == batch_id).distinct()
    found = tx.conn.execute(select(doc.c.id, doc.c.number).where(doc.c.id.in_(made)).order_by(doc.c.id)).all()
    with tx.implied():
        reversing.delete_drafts(tx, [row.id for row in found])
    tx.conn.execute(update(release_batch).where(release_batch.c.id == batch_id).values(undone=1))
    tx.record("release", batch_id, str(row.run_id), "undo")
    tx.topic("planned_order")
    return [row.number for row in found]


def _proposed(conn: Any, run_id: int, ids: Sequence[int] | None, kind: str) -> list[Any]:
    columns = (
        planned_order.c.id, planned_order.c.run_id, planned_order.c.seq, planned_order.c.part, planned_order.c.item_id,
        planned_order.c.kind, planned_order.c.quantity, planned_order.c.start_date, planned_order.c.due_date,
        planned_order.c.supplier_id, planned_order.c.workshop, planned_order.c.demand_line_id, item.c.code, item.c.name,
        item.c.supplier_id.label("item_supplier"), item.c.workshop.label("item_workshop"),
        shown(conn, item.c.unit_cost, SEE_COST),
    )  # fmt: skip
    query = select(*columns).join_from(planned_order, item, item.c.id == planned_order.c.item_id)
    query = query.where(planned_order.c.run_id == run_id, planned_order.c.status == "proposed")
    if kind:
        query = query.where(planned_order.c.kind == kind)
    query = query.order_by(
        planned_order.c.kind, item.c.code, planned_order.c.due_date, planned_order.c.seq, planned_order.c.part
    )
    if ids is None:
        return list(conn.execute(query))
    return [row for keys in chunked(ids) for row in conn.execute(query.where(planned_order.c.id.in_(keys)))]


def _number(row: Any) -> str:
    return planned_number(row.run_id, row.seq, row.part)


def _drafts(lines: Sequence[ReleaseLine], day: dt.date) -> tuple[list[DocDraft], list[list[ReleaseLine]]]:
    """Documents of a release, and for each the release lines behind its lines, in order."""
    groups: dict[tuple[Any, ...], list[ReleaseLine]] = defaultdict(list)
    for number, line in enumerate(lines):
        alone = number if line.target == "production_order" else -1
        groups[line.target, line.partner_id or 0, alone].append(line)
    drafts, makers = [], []
    for group in groups.values():
        first = group[0]
        priced = first.target == "purchase_order"
        drafts.append(
            DocDraft(
                first.target, day,
                [
                    LineDraft(
                        line.item_id, line.quantity, price=line.unit_cost if priced else None,
                        start_date=None if priced else line.start_date, due_date=line.due_date,
                        demand_line_id=line.demand_line_id,
                    )
                    for line in group
                ],
                partner_id=first.partner_id, workshop=first.workshop,
            )
        )  # fmt: skip
        makers.append(group)
    return drafts, makers


def _link(tx: Tx, batch_id: int, refs: Sequence[DocRef], makers: Sequence[Sequence[ReleaseLine]]) -> None:
    wanted = dict(zip((ref.id for ref in refs), makers, strict=True))
    line_ids: dict[int, list[int]] = defaultdict(list)
    for keys in chunked(sorted(wanted)):
        query = select(doc_line.c.doc_id, doc_line.c.id).where(doc_line.c.doc_id.in_(keys), doc_line.c.role == "main")
        for doc_id, line_id in tx.conn.execute(query.order_by(doc_line.c.doc_id, doc_line.c.line_no)):
            line_ids[doc_id].append(line_id)
    quantities: dict[int, Decimal] = {}
    for keys in chunked([key for group in makers for line in group for key in line.planned]):
        query = select(planned_order.c.id, planned_order.c.quantity).where(planned_order.c.id.in_(keys))
        quantities.update((key, quantity) for key, quantity in tx.conn.execute(query))
    rows = [
        {"batch_id": batch_id, "planned_id": key, "doc_id": doc_id, "line_id": line_id, "quantity": quantities[key]}
        for doc_id, group in wanted.items()
        for line, line_id in zip(group, line_ids[doc_id], strict=True)
        for key in line.planned
    ]
    tx.conn.execute(insert(release_link), rows)
