"""The list of a document type, a page at a time: by key in its own order, by place in another, counted apart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict

from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)

from models.documents.tables import doc, doc_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner
from services.documents import rights
from services.documents.views import DocumentList, DocumentListRow, PageKey
from services.ledgers.facts import chunked
from services.platform.access.holding import reading
from services.platform.searching import by_pinyin, contains

OFTEN: Final = 20_000
"""lines from which on an item counts as often used: then documents are walked in their order, not its lines collected"""
_SUMMED: Final = frozenset({"items", "quantity", "amount", "share", "due_date", "days_left", "start_date", "lines"})
LIST_ORDERS: Final = _SUMMED | {"workshop", "note", "created_by", "approved_by", "partner_name"} | {
    "number", "business_date", "kind", "print_count", "state"
}  # fmt: skip
"""columns of a list it can be sorted by"""
_GIVEN: Final = frozenset({"number", "business_date", "kind", "print_count", "state", "lines"})
"""columns without blanks: their index may serve the order"""


class DocumentFilter(TypedDict, total=False):
    """Which documents a list shows. text looks through number, partner, workshop, note and items; due_from, due_to: the earliest
    date of the lines that are not done lies between them."""

    text: str
    statuses: Sequence[str]
    closings: Sequence[str]
    kinds: Sequence[str]
    date_from: dt.date | None
    date_to: dt.date | None
    due_from: dt.date | None
    due_to: dt.date | None


def list_documents(
    conn: Connection, type_code: str, wanted: DocumentFilter, *, after: PageKey | None = None, reverse: bool = False,
    order: Sequence[tuple[str, bool]] = (), offset: int = 0, limit: int = 500, counted: bool = True,
) -> DocumentList:  # fmt: skip
    """A page of documents, newest first.

    after: the rows that follow this key; reverse: those before it (without a key the last page), still newest first.
    order: (column of the list, descending) instead of date and number, then paged by offset; the rest stays newest first.
    A column it cannot be sorted by is passed over.
    Refused for a reader without the right to the type; amounts are None for one who may not see them.
    """
    rights.require_reading(conn, type_code)
    where = _conditions(conn, type_code, wanted)
    total = _count(conn, where) if counted else None
    amounts = reading(conn).allows(rights.figures(type_code))
    query = select(doc.c.id).where(*where)
    order = [(key, descending) for key, descending in order if key in LIST_ORDERS]
    if order:
        query = _ordered(conn, query, order, amounts=amounts).offset(offset)
    else:
        query = _keyed(query, after, reverse=reverse)
    ids: list[int] = [row[0] for row in conn.execute(query.limit(limit + 1))]
    more, ids = len(ids) > limit, ids[:limit]
    rows = _rows(conn, ids, amounts=amounts)
    shown_ids = reversed(ids) if reverse and not order else ids
    return DocumentList(tuple(rows[key] for key in shown_ids), total, more=more)


def count_documents(conn: Connection, type_code: str, wanted: DocumentFilter) -> int:
    """How many documents a list holds; refused for a reader without the right to the type."""
    rights.require_reading(conn, type_code)
    return _count(conn, _conditions(conn, type_code, wanted))


def _count(conn: Connection, where: Sequence[ColumnElement[bool]]) -> int:
    return int(conn.execute(select(func.count()).select_from(doc).where(*where)).scalar_one())


def _keyed(query: Select[int], after: PageKey | None, *, reverse: bool) -> Select[int]:
    key = tuple_(doc.c.business_date, doc.c.id)
    if after is not None:
        place = tuple_(literal(after[0], doc.c.business_date.type), literal(after[1], doc.c.id.type))
        query = query.where(key > place if reverse else key < place)
    if reverse:
        return query.order_by(doc.c.business_date, doc.c.id)
    return query.order_by(doc.c.business_date.desc(), doc.c.id.desc())


def _conditions(conn: Connection, type_code: str, wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [doc.c.type == type_code]
    axes = ((doc.c.status, "statuses"), (doc.c.closing, "closings"), (doc.c.kind, "kinds"))
    given: dict[str, Any] = {**wanted}
    where += [column.in_(given[key]) for column, key in axes if given.get(key)]
    first, last = given.get("date_from"), given.get("date_to")
    if first is not None:
        where.append(doc.c.business_date >= first)
    if last is not None:
        where.append(doc.c.business_date <= last)
    due_first, due_last = given.get("due_from"), given.get("due_to")
    if due_first is not None or due_last is not None:
        where.append(doc.c.id.in_(_due_between(due_first, due_last)))
    text = wanted.get("text", "").strip()
    return [*where, _matches(conn, text)] if text else where


def _due_between(first: dt.date | None, last: dt.date | None) -> Select[int]:
    """Documents whose next date, of main lines that are neither done nor closed, lies in a range."""
    due = func.min(doc_line.c.due_date)
    query = (
        select(doc_line.c.doc_id)
        .where(doc_line.c.role == "main", doc_line.c.closing == "C", doc_line.c.done < doc_line.c.quantity)
        .group_by(doc_line.c.doc_id)
    )
    if first is not None:
        query = query.having(due >= first)
    return query.having(due <= last) if last is not None else query


def _matches(conn: Connection, text: str) -> ColumnElement[bool]:
    """Documents in whose number, note, workshop, partner or items a text occurs.

    Partners and items are found first, in their own small tables. The lines of rare items are collected by index; where the items
    are in many lines, each document is asked instead: then a page is full after few of them.
    """

    def like(*columns: ColumnElement[str]) -> ColumnElement[bool]:
        return or_(*(contains(conn, column, text) for column in columns))

    partners = select(partner.c.id).where(like(partner.c.name, partner.c.code))
    items = select(item.c.id).where(like(item.c.code, item.c.name, item.c.spec, item.c.pinyin))
    lines = select(doc_line.c.doc_id).where(doc_line.c.item_id.in_(items))
    few = select(func.count()).select_from(lines.limit(OFTEN + 1).subquery())
    if conn.execute(few).scalar_one() > OFTEN:
        named: ColumnElement[bool] = lines.where(doc_line.c.doc_id == doc.c.id).correlate(doc).exists()
    else:
        named = doc.c.id.in_(lines)
    return or_(like(doc.c.number, doc.c.note, doc.c.workshop), doc.c.partner_id.in_(partners), named)


def _sums(*, amounts: bool) -> Select[Any]:
    """What the main lines of each document add up to."""
    amount = func.coalesce(func.sum(doc_line.c.amount), 0) if amounts else null()
    return (
        select(
            doc_line.c.doc_id,
            func.count().label("lines"),
            func.count(distinct(doc_line.c.item_id)).label("kinds"),
            func.min(item.c.name).label("first"),
            func.sum(doc_line.c.quantity).label("quantity"),
            func.sum(doc_line.c.done).label("done"),
            amount.label("amount"),
            func.min(doc_line.c.start_date).label("start_date"),
            func.min(doc_line.c.due_date).label("due_date"),
        )
        .join(item, item.c.id == doc_line.c.item_id)
        .where(doc_line.c.role == "main")
        .group_by(doc_line.c.doc_id)
    )


def _rows(conn: Connection, ids: Sequence[int], *, amounts: bool) -> Mapping[int, DocumentListRow]:
    made: dict[int, DocumentListRow] = {}
    heads = select(doc, partner.c.code.label("partner_code"), partner.c.name.label("partner_name"))
    heads = heads.select_from(doc.outerjoin(partner))
    for keys in chunked(ids):
        sums = {row.doc_id: row for row in conn.execute(_sums(amounts=amounts).where(doc_line.c.doc_id.in_(keys)))}
        for head in conn.execute(heads.where(doc.c.id.in_(keys))):
            made[head.id] = _row(head, sums.get(head.id), amounts=amounts)
    return made


def _row(row: Any, sums: Any, *, amounts: bool) -> DocumentListRow:
    items = (sums.first or "") + (f" +{sums.kinds - 1}" if sums.kinds > 1 else "") if sums else ""
    return DocumentListRow(
        DocRef(row.type, row.id, row.number), row.version, row.kind, row.status, row.closing, row.business_date,
        row.partner_code or "", row.partner_name or "", row.workshop, row.note, sums.lines if sums else 0, items,
        (sums.quantity if sums else None) or ZERO, (sums.done if sums else None) or ZERO,
        ((sums.amount if sums else None) or ZERO) if amounts else None, sums.start_date if sums else None,
        sums.due_date if sums else None, row.created_by, row.approved_by, row.print_count,
    )  # fmt: skip


def _ordered(conn: Connection, query: Select[int], order: Sequence[tuple[str, bool]], *, amounts: bool) -> Select[int]:
    """Sorted by columns of the list, blanks last in either direction, as the grid sorts what it has; then newest first."""
    sums = _sums(amounts=amounts).subquery()
    keys = {key for key, _ in order}
    source: FromClause = doc.outerjoin(sums, sums.c.doc_id == doc.c.id) if keys & _SUMMED else doc
    if "partner_name" in keys:
        source = source.outerjoin(partner, partner.c.id == doc.c.partner_id)
    query = query.select_from(source)
    texts, others = _texts(sums), _others(sums)
    for key, descending in order:
        value = by_pinyin(conn, func.nullif(texts[key], "")) if key in texts else others[key]
        if key not in _GIVEN:
            query = query.order_by(value.is_(null()))
        query = query.order_by(value.desc() if descending else value)
    return query.order_by(doc.c.business_date.desc(), doc.c.id.desc())


def _texts(sums: FromClause) -> dict[str, ColumnElement[Any]]:
    several = sums.c.first + " +" + cast(sums.c.kinds - 1, Text)
    columns = {key: doc.c[key] for key in ("workshop", "note", "created_by", "approved_by")}
    return {**columns, "partner_name": partner.c.name, "items": case((sums.c.kinds > 1, several), else_=sums.c.first)}


def _others(sums: FromClause) -> dict[str, ColumnElement[Any]]:
    closed = case(
        (and_(doc.c.closing == "H", doc.c.status == "Z"), "void"),
        (doc.c.closing == "H", "stopped"),
        (doc.c.closing == "S", "closed"),
        else_=None,
    )
    waits = and_(doc.c.closing == "C", sums.c.done < case((sums.c.quantity == 0, 1), else_=sums.c.quantity))
    return {
        **{key: doc.c[key] for key in ("number", "business_date", "kind", "print_count")},
        **{key: sums.c[key] for key in ("quantity", "amount", "start_date", "due_date")},
        "lines": func.coalesce(sums.c.lines, 0),
        "state": func.coalesce(closed, case((doc.c.status == "C", "approved"), else_="draft")),
        "share": cast(sums.c.done, Double) / func.nullif(cast(sums.c.quantity, Double), 0),
        "days_left": case((waits, sums.c.due_date), else_=None),
    }
