"""Reversal of documents, with the chain of later documents shown first; closing, reopening and deleting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select, update

from models.documents.tables import doc, doc_line, doc_link, material_line, order_line
from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_move, wip_move
from models.planning.tables import planned_order, release_link
from services.documents import load, saving
from services.documents.links import roll_up
from services.documents.records import DocRow
from services.documents.types import registry
from services.ledgers import stock
from services.ledgers.facts import chunked
from services.platform.db import Tx
from services.platform.periods import closed_among, period_of


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One document of a reversal, in the order it would be undone."""

    ref: DocRef
    title: str
    status: str
    business_date: str
    blocked: str = ""
    """code of the reason that cannot be lifted here, empty if it can be reversed"""
    period: str = ""


def chain(conn: Connection, ids: Sequence[int]) -> list[ChainStep]:
    """The documents a reversal would undo, latest first; the asked ones come last."""
    found: dict[int, int] = {}
    level = list(dict.fromkeys(ids))
    depth = 0
    while level:
        for key in level:
            found[key] = depth
        depth += 1
        level = [key for key in downstream(conn, level) if found.get(key, -1) < depth]
        if depth > 100:
            break
    heads = load.documents(conn, found)
    closed = closed_among(conn, (head.business_date for head in heads.values()))
    ordered = sorted(heads.values(), key=lambda h: (-found[h.id], -h.id))
    return [_step(head, closed) for head in ordered if head.status == "C" or head.id in ids or not head.system_made]


def downstream(conn: Connection, ids: Sequence[int]) -> list[int]:
    """Documents made from the given ones: by link, by source line or by source document."""
    made: set[int] = set()
    for keys in chunked(sorted(set(ids))):
        made.update(conn.execute(select(doc_link.c.target_doc_id).where(doc_link.c.source_doc_id.in_(keys))).scalars())
        mine = select(doc_line.c.id).where(doc_line.c.doc_id.in_(keys))
        later = select(doc_line.c.doc_id).join(doc, doc.c.id == doc_line.c.doc_id).where(doc.c.closing != "H")
        by_line = later.where(or_(doc_line.c.source_line_id.in_(mine), doc_line.c.demand_line_id.in_(mine)))
        made.update(conn.execute(by_line.distinct()).scalars())
        by_doc = select(doc.c.id).where(doc.c.source_id.in_(keys), doc.c.closing != "H")
        made.update(conn.execute(by_doc).scalars())
    return sorted(made - set(ids))


def reverse(tx: Tx, ids: Sequence[int], *, with_chain: bool = False) -> list[DocRef]:
    """Takes approval back: negates ledger rows, removes links, rolls up. Later documents block it unless with_chain.

    Documents the system made (backflush) go with their source. Refused names every document that stands in the way.
    """
    steps = chain(tx.conn, ids)
    heads = load.documents(tx.conn, (step.ref.id for step in steps), lock=True)
    asked = set(ids)
    problems = [_blocked(step) for step in steps if step.blocked and (with_chain or step.ref.id in asked)]
    for step in steps:
        head = heads[step.ref.id]
        if head.id in asked and head.system_made:
            problems.append(Problem("document.system_made", {"number": head.number}, Place(document=head.number)))
        if head.id not in asked and not head.system_made and not with_chain:
            problems.append(_in_the_way(head, step))
        if head.id in asked and head.status != "C":
            problems.append(Problem("document.not_approved", {"number": head.number}, Place(document=head.number)))
    if problems:
        raise Refused(problems)
    posted = [heads[step.ref.id] for step in steps if heads[step.ref.id].status == "C"]
    drafts = [heads[s.ref.id] for s in steps if heads[s.ref.id].status == "Z" and s.ref.id not in asked]
    _undo(tx, posted)
    for head in drafts:
        delete_drafts(tx, [head.id])
    return [DocRef(head.type, head.id, head.number) for head in posted]


def _undo(tx: Tx, heads: Sequence[DocRow]) -> None:
    ids = [head.id for head in heads]
    numbers = {head.id: head.number for head in heads}
    context = load.context(tx.conn, load.lines(tx.conn, ids).values())
    problems = stock.reverse(tx, ids, context.items, context.warehouses, numbers)
    if problems:
        raise Refused(problems)
    rolled: set[int] = set()
    for keys in chunked(sorted(ids)):
        mine = doc_link.c.target_doc_id.in_(keys)
        rolled.update(tx.conn.execute(select(doc_link.c.source_line_id).where(mine)).scalars())
        tx.conn.execute(delete(doc_link).where(mine))
        values = {"status": "Z", "approved_by": "", "approved_at": None, "version": doc.c.version + 1}
        tx.conn.execute(update(doc).where(doc.c.id.in_(keys)).values(values))
        system = doc.c.id.in_(keys) & (doc.c.system_made == True)  # noqa: E712 SQL expression
        tx.conn.execute(update(doc).where(system).values(closing="H"))
        tx.conn.execute(update(doc).where(doc.c.id.in_(keys), doc.c.closing == "S").values(closing="C"))
    roll_up(tx, rolled)
    for head in heads:
        tx.record(head.type, head.id, head.number, "reverse", before={"status": "C"}, after={"status": "Z"})
        tx.touched(DocRef(head.type, head.id, head.number))
        tx.topic(head.type, *registry[head.type].topics)


def delete_drafts(tx: Tx, ids: Sequence[int]) -> None:
    """Removes drafts; one that was ever posted keeps its ledger rows and is made void instead."""
    heads = load.documents(tx.conn, ids, lock=True)
    later = downstream(tx.conn, list(heads))
    problems = [
        Problem("document.not_draft", {"number": head.number}, Place(document=head.number))
        for head in heads.values()
        if head.status != "Z"
    ]
    problems += [_in_the_way(head, None) for head in load.documents(tx.conn, later).values() if head.id not in heads]
    if problems:
        raise Refused(problems)
    kept = _with_ledger_rows(tx, list(heads))
    for head in heads.values():
        tx.record(head.type, head.id, head.number, "delete", before=saving.stored_outline(tx, head.id))
        tx.topic(head.type, *registry[head.type].topics)
    if kept:
        tx.conn.execute(update(doc).where(doc.c.id.in_(kept)).values(closing="H", version=doc.c.version + 1))
    gone = [key for key in heads if key not in kept]
    _withdraw_releases(tx, list(heads))
    if gone:
        here = select(doc_line.c.id).where(doc_line.c.doc_id.in_(gone))
        for table in (material_line, order_line):
            tx.conn.execute(delete(table).where(table.c.line_id.in_(here)))
        tx.conn.execute(delete(doc_line).where(doc_line.c.doc_id.in_(gone)))
        tx.conn.execute(delete(doc).where(doc.c.id.in_(gone)))


def _withdraw_releases(tx: Tx, ids: Sequence[int]) -> None:
    """Planned orders whose released document goes become proposals again (AT-08)."""
    planned = list(tx.conn.execute(select(release_link.c.planned_id).where(release_link.c.doc_id.in_(ids))).scalars())
    if planned:
        tx.conn.execute(update(planned_order).where(planned_order.c.id.in_(planned)).values(status="proposed"))
        tx.conn.execute(delete(release_link).where(release_link.c.doc_id.in_(ids)))
        tx.topic("planned_order")


def _with_ledger_rows(tx: Tx, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for table in (stock_move, wip_move):
        found.update(tx.conn.execute(select(table.c.doc_id).where(table.c.doc_id.in_(ids)).distinct()).scalars())
    return found


def close(tx: Tx, ids: Sequence[int], reason: str = "") -> list[DocRef]:
    """Closes approved documents by hand: nothing more is expected of what is left."""
    return _set_closing(tx, ids, "C", "H", "close", reason)


def reopen(tx: Tx, ids: Sequence[int], reason: str = "") -> list[DocRef]:
    """Takes a closing by hand back; what is done by now closes again by itself."""
    return _set_closing(tx, ids, "H", "C", "reopen", reason)


def _set_closing(tx: Tx, ids: Sequence[int], before: str, after: str, action: str, reason: str) -> list[DocRef]:
    heads = load.documents(tx.conn, ids, lock=True)
    problems = []
    for head in heads.values():
        if head.status != "C":
            problems.append(Problem("document.not_approved", {"number": head.number}, Place(document=head.number)))
        elif head.closing != before:
            problems.append(Problem(f"document.cannot_{action}", {"number": head.number}, Place(document=head.number)))
    if problems:
        raise Refused(problems)
    for keys in chunked(sorted(heads)):
        tx.conn.execute(update(doc).where(doc.c.id.in_(keys)).values(closing=after, version=doc.c.version + 1))
        lines = (doc_line.c.doc_id.in_(keys), doc_line.c.role == "main", doc_line.c.closing == before)
        tx.conn.execute(update(doc_line).where(*lines).values(closing=after))
    if action == "reopen":
        lines_of = load.lines(tx.conn, heads)
        roll_up(tx, (line.id for group in lines_of.values() for line in group if line.role == "main"))
    for head in heads.values():
        tx.record(
            head.type, head.id, head.number, action, before={"closing": before}, after={"closing": after}, reason=reason
        )
        tx.touched(DocRef(head.type, head.id, head.number))
        tx.topic(head.type, *registry[head.type].topics)
    return [DocRef(head.type, head.id, head.number) for head in heads.values()]


def _step(head: DocRow, closed: frozenset[str]) -> ChainStep:
    month = period_of(head.business_date)
    blocked = "document.period_closed" if head.status == "C" and month in closed else ""
    ref = DocRef(head.type, head.id, head.number)
    return ChainStep(ref, registry[head.type].title, head.status, head.business_date.isoformat(), blocked, month)


def _blocked(step: ChainStep) -> Problem:
    args = {"number": step.ref.number, "period": step.period}
    return Problem(step.blocked, args, Place(document=step.ref.number), step.ref)


def _in_the_way(head: DocRow, step: ChainStep | None) -> Problem:
    args: Mapping[str, object] = {"title": registry[head.type].title, "number": head.number}
    code = "document.later_approved" if head.status == "C" else "document.later_draft"
    return Problem(
        code, args, Place(document=head.number), step.ref if step else DocRef(head.type, head.id, head.number)
    )
