"""Reversal of documents, with the chain of later documents shown first; closing, reopening and deleting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection, and_, case, delete, func, not_, or_, select, true, update

from models.documents.tables import attachment, doc, doc_line, doc_link, material_line, order_line
from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_move, wip_move
from models.masterdata.tables import item, unit
from models.planning.tables import planned_order, release_link
from services.documents import load, outlines, rights
from services.documents.links import roll_up
from services.documents.records import DocRow
from services.documents.types import registry
from services.ledgers import stock
from services.ledgers.facts import chunked
from services.platform.db import Tx
from services.platform.periods import closed_among, keep_periods, period_of


@dataclass(frozen=True, slots=True)
class Effect:
    """What undoing a document does to the stock of an item, over all warehouses."""

    item: str
    quantity: Decimal
    unit: str


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
    effects: tuple[Effect, ...] = ()
    """only in a preview"""
    system_made: bool = False
    becomes: str = "draft"
    """what is left of it: "draft", "void" (kept, never used again), or "" where it is deleted; only in a preview"""


def preview(conn: Connection, ids: Sequence[int]) -> list[ChainStep]:
    """The chain with what each step would give back to the stock or take out of it again, and what becomes of each document."""
    steps = chain(conn, ids)
    becomes = _becomes(conn, steps)
    effects: dict[int, list[Effect]] = defaultdict(list)
    m = stock_move.c
    for keys in chunked(step.ref.id for step in steps):
        net = func.sum(m.quantity, type_=m.quantity.type)
        query = (
            select(m.doc_id, item.c.code, item.c.name, unit.c.code.label("unit"), net.label("net"))
            .join_from(stock_move, item, item.c.id == m.item_id)
            .join(unit, unit.c.id == item.c.unit_id)
            .where(m.doc_id.in_(keys))
            .group_by(m.doc_id, item.c.code, item.c.name, unit.c.code)
            .having(net != 0)
            .order_by(item.c.code)
        )
        for row in conn.execute(query):
            effects[row.doc_id].append(Effect(f"{row.code} {row.name}".strip(), -row.net, row.unit))
    return [replace(step, effects=tuple(effects[step.ref.id]), becomes=becomes[step.ref.id]) for step in steps]


def _becomes(conn: Connection, steps: Sequence[ChainStep]) -> dict[int, str]:
    """Approved: a draft, void if the system made it. A draft: deleted, void if it was posted once or something that stays names it."""
    drafts = [step.ref.id for step in steps if step.status == "Z"]
    posted, later = _with_ledger_rows(conn, drafts), _later(conn, drafts)
    made: dict[int, str] = {}
    for step in steps:
        key = step.ref.id
        if step.status == "C":
            made[key] = "void" if step.system_made else "draft"
        else:
            made[key] = "void" if key in posted or any(made.get(other, "void") for other in later[key]) else ""
    return made


def chain(conn: Connection, ids: Sequence[int]) -> list[ChainStep]:
    """The documents a reversal would undo: what was made from a document comes before it, of several the latest first.

    The asked ones come last, unless one asked was made from another.
    """
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
    return [_step(head, closed) for head in ordered]


def downstream(conn: Connection, ids: Sequence[int], *, voids: bool = False) -> list[int]:
    """Documents made from the given ones: by link, by source line or document, or by returning what these drew.

    One of the given is among them where it was made from another of them.
    """
    made: set[int] = set()
    alive = true() if voids else not_(and_(doc.c.status == "Z", doc.c.closing == "H"))
    draw, back = doc_link.alias("draw"), doc_link.alias("back")
    drawing, giving = doc.alias("drawing"), doc.alias("giving")
    for keys in chunked(sorted(set(ids))):
        made.update(conn.execute(select(doc_link.c.target_doc_id).where(doc_link.c.source_doc_id.in_(keys))).scalars())
        mine = select(doc_line.c.id).where(doc_line.c.doc_id.in_(keys))
        later = select(doc_line.c.doc_id).join(doc, doc.c.id == doc_line.c.doc_id).where(alive)
        by_line = later.where(or_(doc_line.c.source_line_id.in_(mine), doc_line.c.demand_line_id.in_(mine)))
        made.update(conn.execute(by_line.distinct()).scalars())
        made.update(conn.execute(select(doc.c.id).where(doc.c.source_id.in_(keys), alive)).scalars())
        returned = (
            select(back.c.target_doc_id)
            .join(draw, and_(draw.c.source_line_id == back.c.source_line_id, draw.c.id < back.c.id))
            .join(drawing, drawing.c.id == draw.c.target_doc_id)
            .join(giving, giving.c.id == back.c.target_doc_id)
            # A little of a substitute may cover nothing: then the link is zero and only the documents tell which way it went.
            .where(draw.c.target_doc_id.in_(keys), draw.c.quantity >= 0, drawing.c.kind != "return")
            .where(back.c.quantity <= 0, giving.c.kind == "return")
        )
        made.update(conn.execute(returned.distinct()).scalars())
    return sorted(made)


def reverse(
    tx: Tx, ids: Sequence[int], *, with_chain: bool = False, versions: Mapping[int, int] | None = None
) -> list[DocRef]:
    """Takes approval back: negates ledger rows, removes links, rolls up. Later documents block it unless with_chain.

    Documents the system made (backflush) go with their source. Refused names every document that stands in the way.
    """
    keep_periods(tx.conn)
    steps, heads = _locked_chain(tx, ids)
    asked = set(ids)
    _require(tx, [head for head in heads.values() if with_chain or head.id in asked])
    problems = load.gone(dict.fromkeys(ids), heads)
    problems += load.stale(tx.conn, {key: heads[key] for key in asked if key in heads}, versions or {})
    problems += [_blocked(step) for step in steps if step.blocked and (with_chain or step.ref.id in asked)]
    for step in steps:
        head = heads[step.ref.id]
        if head.id in asked and head.status != "C":
            problems.append(Problem("document.not_approved", {"number": head.number}, Place(document=head.number)))
        elif head.id in asked and head.system_made:
            problems.append(Problem("document.system_made", {"number": head.number}, Place(document=head.number)))
        if head.id not in asked and not head.system_made and not with_chain:
            problems.append(_in_the_way(head, step))
    if problems:
        raise Refused(problems)
    posted = [heads[step.ref.id] for step in steps if heads[step.ref.id].status == "C"]
    drafts = [step.ref.id for step in steps if heads[step.ref.id].status == "Z"]
    _undo(tx, posted)
    with tx.implied():
        for key in drafts:
            delete_drafts(tx, [key], with_source=True)
    return [DocRef(head.type, head.id, head.number) for head in posted]


def _require(tx: Tx, heads: Sequence[DocRow]) -> None:
    """What is approved is reversed, what is a draft is deleted: each needs its right; what the system made goes with its source."""
    rights.require(tx, "reverse", [head for head in heads if head.status == "C" and not head.system_made])
    rights.require(tx, "delete", [head for head in heads if head.status != "C" and not head.system_made])


def _locked_chain(tx: Tx, ids: Sequence[int]) -> tuple[list[ChainStep], dict[int, DocRow]]:
    """The chain as it stands when all of it is locked: what joined it meanwhile is locked too."""
    held: set[int] = set()
    heads: dict[int, DocRow] = {}
    while True:
        steps = chain(tx.conn, ids)
        here = {step.ref.id for step in steps}
        if here <= held:
            return steps, heads
        heads = load.documents(tx.conn, here | held, lock=True)
        held |= here
        if tx.conn.dialect.name == "sqlite":
            return steps, heads


def _undo(tx: Tx, heads: Sequence[DocRow]) -> None:
    ids = [head.id for head in heads]
    numbers = {head.id: head.number for head in heads}
    context = load.context(tx.conn, load.lines(tx.conn, ids).values(), lock=True)
    problems = stock.reverse(tx, ids, context.items, context.warehouses, numbers)
    if problems:
        raise Refused(problems)
    rolled: set[int] = set()
    for keys in chunked(sorted(ids)):
        mine = doc_link.c.target_doc_id.in_(keys)
        rolled.update(tx.conn.execute(select(doc_link.c.source_line_id).where(mine)).scalars())
        tx.conn.execute(delete(doc_link).where(mine))
        void = case((doc.c.system_made == True, "H"), else_="C")  # noqa: E712 SQL expression
        values = {"status": "Z", "approved_by": "", "approved_at": None, "closing": void}
        tx.conn.execute(update(doc).where(doc.c.id.in_(keys)).values(**values, version=doc.c.version + 1))
        tx.conn.execute(
            update(doc_line).where(doc_line.c.doc_id.in_(keys), doc_line.c.closing != "C").values(closing="C")
        )
    roll_up(tx, rolled)
    for head in heads:
        tx.record(head.type, head.id, head.number, "reverse", before={"status": "C"}, after={"status": "Z"})
        tx.touched(DocRef(head.type, head.id, head.number))
        tx.topic(head.type, *registry[head.type].topics)


def delete_drafts(
    tx: Tx, ids: Sequence[int], *, versions: Mapping[int, int] | None = None, with_source: bool = False
) -> None:
    """Removes drafts; one that was ever posted, or that a void document came from, is made void instead.

    with_source: the documents go with their source, so that those the system made may go too.
    """
    heads = load.documents(tx.conn, ids, lock=True)
    rights.require(tx, "delete", heads.values())
    problems = load.gone(dict.fromkeys(ids), heads) + load.stale(tx.conn, heads, versions or {})
    problems += rights.foreign(tx, heads.values())
    for head in heads.values():
        place, args = Place(document=head.number), {"number": head.number}
        if head.status != "Z":
            problems.append(Problem("document.not_draft", args, place))
        elif head.closing == "H":
            problems.append(Problem("document.void", args, place))
        elif head.system_made and not with_source:
            problems.append(Problem("document.system_made", args, place))
    later = downstream(tx.conn, [key for key, head in heads.items() if head.status == "Z"])
    problems += [_in_the_way(head, None) for head in load.documents(tx.conn, later).values() if head.id not in heads]
    if problems:
        raise Refused(problems)
    kept = _with_ledger_rows(tx.conn, list(heads))
    kept |= {key for key, others in _later(tx.conn, list(heads)).items() if others - set(heads)}
    for head in heads.values():
        tx.record(head.type, head.id, head.number, "delete", before=outlines.of_stored(tx, head.id))
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
        tx.conn.execute(delete(attachment).where(attachment.c.doc_id.in_(gone)))
        tx.conn.execute(delete(doc).where(doc.c.id.in_(gone)))


def _later(conn: Connection, ids: Sequence[int]) -> dict[int, set[int]]:
    """For each of the ids the documents that name it or a line of it as their source, void ones too."""
    made: dict[int, set[int]] = defaultdict(set)
    mine, child = doc_line.alias("mine"), doc_line.alias("child")
    named = or_(child.c.source_line_id == mine.c.id, child.c.demand_line_id == mine.c.id)
    for keys in chunked(sorted(ids)):
        by_line = select(mine.c.doc_id, child.c.doc_id).join(child, named).where(mine.c.doc_id.in_(keys))
        by_doc = select(doc.c.source_id, doc.c.id).where(doc.c.source_id.in_(keys))
        for query in (by_line.where(child.c.doc_id != mine.c.doc_id).distinct(), by_doc):
            for key, other in conn.execute(query):
                made[key].add(other)
    return made


def _withdraw_releases(tx: Tx, ids: Sequence[int]) -> None:
    """Planned orders whose released document goes become proposals again (AT-08)."""
    planned = list(tx.conn.execute(select(release_link.c.planned_id).where(release_link.c.doc_id.in_(ids))).scalars())
    if planned:
        tx.conn.execute(update(planned_order).where(planned_order.c.id.in_(planned)).values(status="proposed"))
        tx.conn.execute(delete(release_link).where(release_link.c.doc_id.in_(ids)))
        tx.topic("planned_order")


def _with_ledger_rows(conn: Connection, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for table in (stock_move, wip_move):
        found.update(conn.execute(select(table.c.doc_id).where(table.c.doc_id.in_(ids)).distinct()).scalars())
    return found


def close(tx: Tx, ids: Sequence[int], reason: str = "", *, versions: Mapping[int, int] | None = None) -> list[DocRef]:
    """Closes approved documents by hand: nothing more is expected of what is left."""
    return _set_closing(tx, ids, "close", reason, versions or {})


def reopen(tx: Tx, ids: Sequence[int], reason: str = "", *, versions: Mapping[int, int] | None = None) -> list[DocRef]:
    """Takes a closing by hand back; what is done by now closes again by itself."""
    return _set_closing(tx, ids, "reopen", reason, versions or {})


def _set_closing(tx: Tx, ids: Sequence[int], action: str, reason: str, versions: Mapping[int, int]) -> list[DocRef]:
    before, after = ("C", "H") if action == "close" else ("H", "C")
    heads = load.documents(tx.conn, ids, lock=True)
    rights.require(tx, "close", heads.values())
    problems = load.gone(dict.fromkeys(ids), heads) + load.stale(tx.conn, heads, versions)
    for head in heads.values():
        place, args = Place(document=head.number), {"number": head.number}
        if head.status != "C":
            problems.append(Problem("document.not_approved", args, place))
        elif registry[head.type].posting is not None:
            problems.append(Problem("document.not_closable", args | {"title": registry[head.type].title}, place))
        elif head.closing != before:
            problems.append(Problem(f"document.cannot_{action}", args, place))
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
    title = registry[head.type].title_of(head.kind)
    return ChainStep(
        ref, title, head.status, head.business_date.isoformat(), blocked, month, system_made=head.system_made
    )


def _blocked(step: ChainStep) -> Problem:
    args = {"number": step.ref.number, "period": step.period}
    return Problem(step.blocked, args, Place(document=step.ref.number), step.ref)


def _in_the_way(head: DocRow, step: ChainStep | None) -> Problem:
    args: Mapping[str, object] = {"title": registry[head.type].title_of(head.kind), "number": head.number}
    code = "document.later_approved" if head.status == "C" else "document.later_draft"
    return Problem(
        code, args, Place(document=head.number), step.ref if step else DocRef(head.type, head.id, head.number)
    )
