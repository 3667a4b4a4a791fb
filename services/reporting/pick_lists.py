"""The merged pick lists that were numbered, newest first, and how much of each has been drawn since."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from models.documents.tables import doc, doc_line, doc_link, material_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.platform.tables import audit_event
from services.ledgers.facts import chunked
from services.platform.access.holding import reading
from services.production import picking
from services.reporting.merged_lists import PREFIX, whole_number
from services.reporting.offers import MERGED, PICK

ONE: Final = Decimal(1)
_HUNDREDTH: Final = Decimal("0.01")
_ALWAYS: Final = 2**62
"""a place behind every other in the audit chain"""


@dataclass(frozen=True, slots=True)
class PickListRow:
    """A numbered list: for which documents, how often printed, and what has been drawn of it since it was numbered.

    lines: materials it had to draw, by order; left: those of which something is still missing. share: mean of what was drawn of each,
    0 to 1. state: "open", "part", "done", "stopped" where something is missing and every order is closed or no longer approved, "gone"
    where every document was deleted.
    standing: ids of the documents that can be put on paper again. gone: numbers deleted since.
    """

    number: str
    day: dt.date
    by: str
    made_at: dt.datetime
    documents: tuple[DocRef, ...]
    gone: tuple[str, ...]
    standing: tuple[int, ...]
    printed: int
    lines: int
    left: int
    share: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class PickLists:
    """A reading of the list; more: older ones match, too."""

    rows: tuple[PickListRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A material of an order or slip: what is planned and done, and what each approval since has drawn."""

    planned: Decimal
    done: Decimal
    draws: Sequence[tuple[int, Decimal]]
    """(place of the approval in the audit chain, quantity)"""

    def part(self, since: int) -> Decimal | None:
        """The share drawn after a place in the audit chain of what was to draw then; None where nothing was."""
        drawn = sum((quantity for at, quantity in self.draws if at > since), ZERO)
        wanted = self.planned - (self.done - drawn)
        return min(ONE, max(ZERO, drawn) / wanted) if wanted > 0 else None


def listing(
    conn: Connection, *, text: str = "", first: dt.date | None = None, last: dt.date | None = None, limit: int = 500
) -> PickLists:
    """Lists of days from first to last whose number, author or documents have every word; a whole number is found whatever its day.

    Left out is a list with a document that the reader may not see.
    """
    events = conn.execute(_events(text, first, last).order_by(audit_event.c.seq.desc()).limit(limit + 1)).all()
    births = [(event, json.loads(event.after)) for event in events[:limit]]
    heads = _heads(conn, {number for _event, content in births for number in content["documents"]})
    reader = reading(conn)
    seen = [
        (event, content)
        for event, content in births
        if all(reader.allows(f"{heads[key].type}.read") for key in content["documents"] if key in heads)
    ]
    refs = {heads[key].id for _event, content in seen for key in content["documents"] if key in heads}
    lines = _order_lines(conn, refs) | _slip_lines(conn, [head for head in heads.values() if head.id in refs])
    prints = _prints(conn, {event.entity_id for event, _content in seen})
    rows = tuple(_row(event, content, heads, lines, prints.get(event.entity_id, 0)) for event, content in seen)
    return PickLists(rows, len(events) > limit)


def _events(text: str, first: dt.date | None, last: dt.date | None) -> Any:
    a = audit_event.c
    query = select(a.seq, a.at, a.user, a.entity_id, a.number, a.after).where(a.entity == MERGED, a.action == "create")
    whole = whole_number(text)
    if whole:
        return query.where(a.number == whole)
    day: ColumnElement[str] = func.substr(a.number, len(PREFIX) + 2, 8)
    if first is not None:
        query = query.where(day >= f"{first:%Y%m%d}")
    if last is not None:
        query = query.where(day <= f"{last:%Y%m%d}")
    for word in text.casefold().split():
        query = query.where(
            or_(*(func.lower(column).contains(word, autoescape=True) for column in (a.number, a.user, a.after)))
        )
    return query


def _heads(conn: Connection, numbers: Iterable[str]) -> dict[str, Any]:
    kinds = (*picking.ORDER_TYPES, PICK)
    # All types are named because the index leads with the type.
    query = select(doc.c.type, doc.c.id, doc.c.number, doc.c.status, doc.c.closing).where(doc.c.type.in_(kinds))
    return {
        row.number: row
        for some in chunked(sorted(numbers))
        for row in conn.execute(query.where(doc.c.number.in_(some)))
    }


def _order_lines(conn: Connection, ids: Iterable[int]) -> dict[int, list[_Line]]:
    """Materials that orders draw by pick lists, by order."""
    draws = _draws(conn, ids)
    query = (
        select(doc_line.c.doc_id, doc_line.c.id, doc_line.c.quantity, doc_line.c.done)
        .join_from(doc_line, material_line, material_line.c.line_id == doc_line.c.id)
        .where(doc_line.c.role == "material", material_line.c.issue == "pick")
    )
    made: dict[int, list[_Line]] = defaultdict(list)
    for some in chunked(sorted(ids)):
        for row in conn.execute(query.where(doc_line.c.doc_id.in_(some))):
            made[row.doc_id].append(_Line(row.quantity, row.done, draws.get(row.id, ())))
    return made


def _draws(conn: Connection, ids: Iterable[int]) -> Mapping[int, Sequence[tuple[int, Decimal]]]:
    """What stands executed of the materials of orders, by line, each with the place of its approval in the audit chain."""
    a = audit_event.c
    links = (
        select(doc_link.c.source_line_id, doc_link.c.quantity, doc.c.type, doc.c.id)
        .join_from(doc_link, doc, doc.c.id == doc_link.c.target_doc_id)
        .where(doc_link.c.kind == "execute")
    )
    found = [
        row for some in chunked(sorted(ids)) for row in conn.execute(links.where(doc_link.c.source_doc_id.in_(some)))
    ]
    approvals = (
        select(a.entity, a.entity_id, func.max(a.seq).label("seq"))
        .where(a.action == "approve", a.entity.in_({row.type for row in found}))
        .group_by(a.entity, a.entity_id)
    )
    places = {
        (row.entity, row.entity_id): row.seq
        for some in chunked(sorted({row.id for row in found}))
        for row in conn.execute(approvals.where(a.entity_id.in_(some)))
    }
    made: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in found:
        made[row.source_line_id].append((places.get((row.type, row.id), 0), row.quantity))
    return made


def _slip_lines(conn: Connection, heads: Sequence[Any]) -> dict[int, list[_Line]]:
    """Lines of pick lists: drawn once it is approved, whenever that was."""
    slips = {head.id: head.status == "C" for head in heads if head.type == PICK}
    query = select(doc_line.c.doc_id, doc_line.c.quantity).where(doc_line.c.role == "main", doc_line.c.quantity > 0)
    made: dict[int, list[_Line]] = defaultdict(list)
    for some in chunked(sorted(slips)):
        for row in conn.execute(query.where(doc_line.c.doc_id.in_(some))):
            quantity: Decimal = row.quantity
            done = quantity if slips[row.doc_id] else ZERO
            made[row.doc_id].append(_Line(quantity, done, [(_ALWAYS, done)]))
    return made


def _prints(conn: Connection, keys: Iterable[int]) -> dict[int, int]:
    a = audit_event.c
    query = select(a.entity_id, func.count()).where(a.entity == MERGED, a.action == "print").group_by(a.entity_id)
    return {
        key: count for some in chunked(sorted(keys)) for key, count in conn.execute(query.where(a.entity_id.in_(some)))
    }


def _row(
    event: Row[Any],
    content: Mapping[str, Any],
    heads: Mapping[str, Any],
    lines: Mapping[int, Sequence[_Line]],
    printed: int,
) -> PickListRow:
    numbers: Sequence[str] = content["documents"]
    found = [heads[key] for key in numbers if key in heads]
    parts = [part for head in found for line in lines.get(head.id, ()) if (part := line.part(event.seq)) is not None]
    standing = [head for head in found if head.type == PICK or (head.status, head.closing) == ("C", "C")]
    left = sum(part < ONE for part in parts)
    share = (sum(parts, ZERO) / len(parts)).quantize(_HUNDREDTH) if parts else ONE if found else ZERO
    state = "done" if not left else "part" if any(parts) else "open"
    if left and not standing:
        state = "stopped"
    if not found:
        state = "gone"
    return PickListRow(
        event.number, dt.date.fromisoformat(content["day"]), event.user, event.at,
        tuple(DocRef(head.type, head.id, head.number) for head in found),
        tuple(key for key in numbers if key not in heads), tuple(head.id for head in standing), printed,
        len(parts), left, min(share, Decimal("0.99")) if left else share, state,
    )  # fmt: skip
