"""Approval: check everything, post, link, roll up; many documents of one type cost as many statements as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from sqlalchemy import bindparam, update

from models.documents.tables import doc, doc_link
from models.kernel.numbers import ZERO, round_down
from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from services.documents import load, rights, saving, substituting
from services.documents.links import roll_up
from services.documents.records import Context, DocRow, LineRow, Source
from services.documents.types import DocType, Route, registry
from services.ledgers import stock
from services.ledgers.facts import chunked
from services.platform.db import Tx
from services.platform.periods import closed_among, keep_periods, period_of
from services.platform.prepared import Prepared, among

HUNDRED = Decimal(100)
_APPROVED = Prepared(
    update(doc)
    .where(among(doc.c.id))
    .values(
        status="C",
        approved_by=bindparam("who"),
        approved_at=bindparam("when", type_=doc.c.approved_at.type),
        version=doc.c.version + 1,
    )
)


def approve(tx: Tx, ids: Sequence[int], versions: Mapping[int, int] | None = None) -> list[DocRef]:
    """Approves drafts in the given order, all or none; Refused carries every problem of the first type that fails.

    versions: what the clerk saw, by document id; a different stored version is refused.
    """
    ids = list(dict.fromkeys(ids))
    keep_periods(tx.conn)
    heads = load.documents(tx.conn, ids, lock=True)
    rights.require(tx, "approve", heads.values())
    problems = load.gone(ids, heads) + load.stale(tx.conn, heads, versions or {})
    stale = {problem.place.document for problem in problems}
    for head in heads.values():
        place = Place(document=head.number)
        if head.number in stale:
            continue
        if head.status != "Z":
            problems.append(
                Problem("document.approved_already", {"number": head.number, "user": head.approved_by}, place)
            )
        elif head.closing == "H":
            problems.append(Problem("document.void", {"number": head.number}, place))
    if problems:
        raise Refused(problems)
    made: list[DocRef] = []
    for (code, _kind), group in groupby((heads[key] for key in ids), key=lambda head: (head.type, head.kind)):
        made += _approve_group(tx, registry[code], list(group))
    return made


def by_date(heads: Sequence[DocRow]) -> list[int]:
    """Ids in the order the books should see them: by date, within a day what brings goods in before what takes them out.

    Within a type a kind follows the other, so that a return finds the value of the pick it takes back.
    """
    ordered = sorted(heads, key=lambda h: (h.business_date, registry[h.type].order, h.type, h.kind, h.number, h.id))
    return [head.id for head in ordered]


def _approve_group(tx: Tx, kind: DocType, heads: Sequence[DocRow]) -> list[DocRef]:
    lines = load.lines(tx.conn, (head.id for head in heads))
    main = {head.id: [line for line in lines.get(head.id, ()) if line.role == "main"] for head in heads}
    takes_back = any(head.kind in kind.returns for head in heads)
    context = load.context(tx.conn, lines.values(), lock=True, takes_back=takes_back)
    if kind.needs_materials:
        load.order_materials(tx.conn, context)
    problems = _closed(tx, heads) + _before_start(heads, context) + rights.same_eyes(tx, heads, context)
    gone = _gone_sources(heads, main, context)
    if gone:
        raise Refused(problems + gone)
    links, over = links_of(kind, heads, main, context)
    problems += over
    for head in heads:
        if kind.check is not None:
            problems += kind.check(head, lines[head.id], context)
    if problems:
        raise Refused(problems)
    if kind.posting is not None:
        entries = [entry for head in heads for entry in kind.posting(head, main[head.id], context)]
        problems = stock.post(tx, entries, context.items, context.warehouses)
        if problems:
            raise Refused(problems)
    tx.insert(doc_link, links)
    roll_up(tx, (link["source_line_id"] for link in links))  # type: ignore[misc]
    for keys in chunked([head.id for head in heads]):
        _APPROVED.run(tx.conn, keys=keys, who=tx.user, when=tx.now)
    for head in heads:
        tx.record(head.type, head.id, head.number, "approve", before={"status": "Z"}, after={"status": "C"})
        tx.touched(DocRef(head.type, head.id, head.number))
    tx.topic(kind.code, *kind.topics, *(context.sources[key].doc.type for key in context.sources))
    if kind.follow_up is not None:
        _follow(tx, kind, heads, main, context)
    return [DocRef(head.type, head.id, head.number) for head in heads]


def _follow(
    tx: Tx, kind: DocType, heads: Sequence[DocRow], main: Mapping[int, list[LineRow]], context: Context
) -> None:
    assert kind.follow_up is not None
    drafts = kind.follow_up(tx, heads, main, context)
    if not drafts:
        return
    with tx.implied():
        refs = saving.create(tx, drafts)
    try:
        with tx.implied(), tx.conn.begin_nested():
            approve(tx, [ref.id for ref in refs])
    except Refused as refused:
        if kind.follow_up_waits and context.parameters.text(kind.follow_up_waits) == "pending":
            return
        raise Refused([Problem(kind.follow_up_problem, {"count": len(refused.problems)}), *refused.problems]) from None


def _closed(tx: Tx, heads: Sequence[DocRow]) -> list[Problem]:
    days: list[dt.date] = [head.business_date for head in heads]
    closed = closed_among(tx.conn, days)
    return [
        Problem(
            "document.period_closed",
            {"number": h.number, "period": period_of(h.business_date)},
            Place(document=h.number),
        )
        for h in heads
        if period_of(h.business_date) in closed
    ]


def _before_start(heads: Sequence[DocRow], context: Context) -> list[Problem]:
    """Documents dated before the book began, and opening ones dated after; the parameters were read behind the periods' lock."""
    start = context.parameters.month("start_period")
    if start is None:
        return []
    problems = []
    for head in heads:
        opening = registry[head.type].opening
        if head.business_date > start if opening else head.business_date < start:
            args = {"number": head.number, "date": head.business_date, "period": period_of(start), "first": start}
            code = "document.opening_after_start" if opening else "document.before_start"
            problems.append(Problem(code, args, Place(document=head.number, field="date")))
    return problems


def _gone_sources(heads: Sequence[DocRow], main: Mapping[int, list[LineRow]], context: Context) -> list[Problem]:
    return [
        Problem("document.source_gone", {}, Place(document=head.number, line=line.line_no, field="source"))
        for head in heads
        for line in main[head.id]
        if line.source_line_id is not None and line.source_line_id not in context.sources
    ]


def links_of(
    kind: DocType, heads: Sequence[DocRow], main: Mapping[int, list[LineRow]], context: Context
) -> tuple[list[dict[str, object]], list[Problem]]:
    """Link rows of a batch, and what exceeds its source or executes what is not open."""
    links: list[dict[str, object]] = []
    problems: list[Problem] = []
    running: dict[int, Decimal] = {}
    for head, line, source in _linked(heads, main, context):
        place = Place(document=head.number, line=line.line_no, field="quantity")
        if source.doc.status != "C":
            problems.append(Problem("document.source_draft", {"source": source.doc.number}, place))
            continue
        link_kind, quantity = kind.link(head, line, source)
        if source.doc.closing == "H" or source.line.closing == "H":
            problems.append(Problem("document.source_closed", {"source": source.doc.number}, place))
            continue
        before = running.get(source.line.id, source.line.done)
        left = source.line.quantity - before
        quantity = substituting.in_units_of_material(
            context, line, source, quantity, left, day=head.business_date, executes=link_kind == "execute"
        )
        links.append(
            {
                "source_doc_id": source.doc.id, "source_line_id": source.line.id, "target_doc_id": head.id,
                "target_line_id": line.id, "quantity": quantity, "kind": link_kind,
            }
        )  # fmt: skip
        route = kind.route(source)
        # What the system draws follows from a receipt that was limited itself (domain §12: beyond the order in proportion).
        if link_kind != "execute" or route is None or head.system_made:
            continue
        running[source.line.id] = before + quantity
        problem = _exceeds(route, source, before, quantity, head=head, line=line, context=context)
        if problem is not None:
            problems.append(problem)
    return links, problems


def _linked(
    heads: Sequence[DocRow], main: Mapping[int, list[LineRow]], context: Context
) -> Iterator[tuple[DocRow, LineRow, Source]]:
    for head in heads:
        for line in main[head.id]:
            if line.source_line_id is not None:
                yield head, line, context.sources[line.source_line_id]


def limit_of(route: Route, source: Source, context: Context) -> Decimal | None:
    """How much of a source line may be executed in all; None: as much as one likes."""
    if not route.limited:
        return None
    percent = context.parameters.number(route.tolerance) if route.tolerance else ZERO
    if route.allow:
        if not context.parameters.flag(route.allow):
            percent = ZERO
        elif percent == 0:
            return None
    return round_down(source.line.quantity * (HUNDRED + percent) / HUNDRED, context.item(source.line).decimals)


def _exceeds(
    route: Route, source: Source, before: Decimal, quantity: Decimal, *, head: DocRow, line: LineRow, context: Context
) -> Problem | None:
    limit = limit_of(route, source, context) if quantity >= 0 else None
    if (limit is None or before + quantity <= limit) and (quantity >= 0 or before + quantity >= 0):
        return None
    place = Place(document=head.number, line=line.line_no, field="quantity")
    args = {
        "item": context.item(source.line).label, "source": source.doc.number, "line": source.line.line_no,
        "ordered": source.line.quantity, "done": before, "quantity": abs(quantity),
        "left": source.line.quantity - before, "unit": context.item(source.line).unit,
    }  # fmt: skip
    if limit is None:
        return Problem("document.return_exceeds", args, place)
    args["limit"] = limit
    most = substituting.most(context, line, source, limit, before, day=head.business_date)
    if most is None:
        return Problem("document.over_source", args, place)
    own = context.item(line)
    args |= {"substitute": own.label, "drawn": line.quantity, "own_unit": own.unit, "most": most}
    return Problem("document.over_in_place", args, place)
