"""What waits for somebody today: counts in a fixed number of statements, and the rows behind each count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, distinct, func, or_, select, type_coerce

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance
from models.masterdata.tables import item, partner, warehouse
from models.planning.tables import mrp_exception, mrp_run, planned_order
from services.documents.types import registry
from services.planning import queries as planning
from services.platform.access.holding import reading
from services.platform.access.rights import READ_PLAN

SOON_DAYS: Final = 3
DETAILS_SHOWN: Final = 300
ORDERS: Final = ("production_order", "subcontract_order")
READ_ITEMS: Final = "master.items.read"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line of the work list.

    kind     late (a date has passed), short (material lacks), backflush (a draft waits for material), draft (to approve),
             soon (due within SOON_DAYS), safety (stock under safety stock), exception (of the newest plan)
    subject  code of the document type; for exceptions their kind
    title    the document type in words; for exceptions empty
    first    the oldest date among them
    """

    kind: str
    subject: str
    title: str
    area: str
    count: int
    first: dt.date | None = None

    @property
    def key(self) -> str:
        """Name of the line: what a clerk hides is remembered under it."""
        return f"{self.kind}/{self.subject}"


@dataclass(frozen=True, slots=True)
class WorkDetail:
    """One case behind a count. ref: the document; item_code: the item (of a document its first open line)."""

    ref: DocRef | None
    item_code: str
    item_name: str
    who: str
    quantity: Decimal
    available: Decimal | None
    day: dt.date | None
    days: int | None


def worklist(conn: Connection, today: dt.date) -> list[WorkRow]:
    """Everything that waits, the most urgent kind first; what the reader has no right to see is not there."""
    made = [*_dated(conn, today), *_drafts(conn), *_short(conn), *_safety(conn), *_exceptions(conn)]
    order = {kind: place for place, kind in enumerate(DETAILS)}
    return sorted(made, key=lambda row: (order[row.kind], _position(row)))


def details(conn: Connection, kind: str, subject: str, today: dt.date) -> list[WorkDetail]:
    """The cases behind a line, the oldest first, DETAILS_SHOWN at most; none of a kind the reader may not see."""
    right = READ_PLAN if kind == "exception" else READ_ITEMS if kind == "safety" else f"{subject}.read"
    return DETAILS[kind](conn, subject, today) if _allowed(conn, right) else []


def _allowed(conn: Connection, right: str) -> bool:
    return reading(conn).allows(right)


def _position(row: WorkRow) -> tuple[int, str]:
    return (registry[row.subject].order if row.subject in registry else 0, row.subject)


def _row(kind: str, type_code: str, count: int, first: dt.date | None = None) -> WorkRow:
    declared = registry[type_code]
    return WorkRow(kind, type_code, declared.title, declared.area, count, first)


def _open_line() -> ColumnElement[bool]:
    """A main line of an approved, open document that is not done."""
    return and_(
        doc.c.status == "C", doc.c.closing == "C", doc_line.c.role == "main", doc_line.c.closing == "C",
        doc_line.c.done < doc_line.c.quantity,
    )  # fmt: skip


def _dated(conn: Connection, today: dt.date) -> list[WorkRow]:
    """Orders with a line past its date, and those with one due soon and none late; what never closes is no order."""
    late = func.max(case((doc_line.c.due_date < today, 1), else_=0))
    by_doc = (
        select(doc.c.type, doc.c.id, late.label("late"), func.min(doc_line.c.due_date).label("first"))
        .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
        .where(_open_line(), doc_line.c.due_date <= today + dt.timedelta(days=SOON_DAYS))
        .group_by(doc.c.type, doc.c.id)
        .subquery()
    )
    query = select(by_doc.c.type, by_doc.c.late, func.count().label("cases"), func.min(by_doc.c.first)).group_by(
        by_doc.c.type, by_doc.c.late
    )
    return [
        _row("late" if row.late else "soon", row.type, row.cases, row[3])
        for row in conn.execute(query)
        if row.type in registry and registry[row.type].closes and _allowed(conn, f"{row.type}.read")
    ]


def _drafts(conn: Connection) -> list[WorkRow]:
    waiting = case((and_(doc.c.kind == "backflush", doc.c.system_made == True), 1), else_=0)  # noqa: E712 SQL expression
    query = (
        select(doc.c.type, waiting.label("waiting"), func.count().label("cases"), func.min(doc.c.business_date))
        .where(doc.c.status == "Z", doc.c.closing == "C")
        .group_by(doc.c.type, waiting)
    )
    return [
        _row("backflush" if row.waiting else "draft", row.type, row.cases, row[3])
        for row in conn.execute(query)
        if row.type in registry and _allowed(conn, f"{row.type}.read")
    ]


def _nettable() -> Any:
    """Own stock of each item in the stores that planning counts."""
    return (
        select(
            stock_balance.c.item_id,
            func.sum(stock_balance.c.quantity, type_=stock_balance.c.quantity.type).label("free"),
        )
        .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
        .where(warehouse.c.nettable == True, stock_balance.c.owner_id == 0)  # noqa: E712 SQL expression
        .group_by(stock_balance.c.item_id)
        .subquery()
    )


def _lacking() -> Select[Any]:
    """Open orders with own material to be picked that the stock of today does not hold, each order looked at by itself."""
    free = _nettable()
    part = doc_line.alias("part")
    need = type_coerce(part.c.quantity - part.c.done, part.c.quantity.type)
    return (
        select(doc.c.type, doc.c.id, part.c.item_id, need.label("need"), free.c.free, part.c.id.label("part_id"))
        .join_from(doc, doc_line, and_(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main"))
        .join(part, and_(part.c.parent_line_id == doc_line.c.id, part.c.role == "material"))
        .join(material_line, material_line.c.line_id == part.c.id)
        .outerjoin(free, free.c.item_id == part.c.item_id)
        .where(
            _open_line(), doc.c.type.in_(ORDERS), material_line.c.issue == "pick", material_line.c.supplied_by == "own",
            part.c.quantity > part.c.done, or_(free.c.free.is_(None), free.c.free < need),
        )
    )  # fmt: skip


def _short(conn: Connection) -> list[WorkRow]:
    found = _lacking().subquery()
    query = select(found.c.type, func.count(distinct(found.c.id)).label("cases")).group_by(found.c.type)
    return [_row("short", row.type, row.cases) for row in conn.execute(query) if _allowed(conn, f"{row.type}.read")]


def _below() -> Select[Any]:
    free = _nettable()
    return (
        select(item.c.code, item.c.name, item.c.safety_stock, free.c.free, item.c.kind)
        .join_from(item, free, free.c.item_id == item.c.id, isouter=True)
        .where(
            item.c.enabled == True,  # noqa: E712 SQL expression
            item.c.safety_stock > 0,
            or_(free.c.free.is_(None), free.c.free < item.c.safety_stock),
        )
    )


def _safety(conn: Connection) -> list[WorkRow]:
    count = conn.execute(select(func.count()).select_from(_below().subquery())).scalar_one()
    return [WorkRow("safety", "items", "", "inventory", count)] if count and _allowed(conn, READ_ITEMS) else []


def _exceptions(conn: Connection) -> list[WorkRow]:
    newest = select(func.max(mrp_run.c.id)).scalar_subquery()
    stored = select(mrp_exception.c.kind, func.count().label("cases")).where(mrp_exception.c.run_id == newest)
    late = select(func.count()).where(planned_order.c.run_id == newest, planned_order.c.late_days > 0)
    counts: dict[str, int] = {row.kind: row.cases for row in conn.execute(stored.group_by(mrp_exception.c.kind))}
    counts["late_start"] = conn.execute(late).scalar_one()
    allowed = _allowed(conn, READ_PLAN)
    return [
        WorkRow("exception", kind, "", "planning", count) for kind, count in sorted(counts.items()) if count and allowed
    ]


def _documents(condition: Callable[[str, dt.date], ColumnElement[bool]]) -> Callable[..., list[WorkDetail]]:
    """Documents of a type that satisfy a condition, each with its first such line."""

    def read(conn: Connection, subject: str, today: dt.date) -> list[WorkDetail]:
        first = (
            select(doc.c.id, func.min(doc_line.c.id).label("line_id"), func.min(doc_line.c.due_date).label("due"))
            .join_from(doc, doc_line, and_(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main"))
            .where(doc.c.type == subject, condition(subject, today))
            .group_by(doc.c.id)
            .subquery()
        )
        due = func.coalesce(first.c.due, doc.c.business_date, type_=doc.c.business_date.type)
        query = (
            select(
                doc,
                doc_line.c.quantity,
                doc_line.c.done,
                item.c.code,
                item.c.name,
                partner.c.name.label("partner"),
                due,
            )
            .join_from(doc, first, first.c.id == doc.c.id)
            .join(doc_line, doc_line.c.id == first.c.line_id)
            .join(item, item.c.id == doc_line.c.item_id)
            .outerjoin(partner, partner.c.id == doc.c.partner_id)
            .order_by(due, doc.c.id)
            .limit(DETAILS_SHOWN)
        )
        return [
            WorkDetail(
                DocRef(row.type, row.id, row.number), row.code, row.name, row.partner or row.workshop,
                row.quantity - row.done, None, row[-1], (row[-1] - today).days,
            )
            for row in conn.execute(query)
        ]  # fmt: skip

    return read


def _is_late(_subject: str, today: dt.date) -> ColumnElement[bool]:
    return and_(_open_line(), doc_line.c.due_date < today)


def _is_soon(subject: str, today: dt.date) -> ColumnElement[bool]:
    late = (
        select(doc_line.c.doc_id)
        .join(doc, doc.c.id == doc_line.c.doc_id)
        .where(doc.c.type == subject, _is_late("", today))
    )
    until = today + dt.timedelta(days=SOON_DAYS)
    return and_(_open_line(), doc_line.c.due_date <= until, doc.c.id.not_in(late))


def _is_draft(_subject: str, _today: dt.date) -> ColumnElement[bool]:
    waiting = and_(doc.c.kind == "backflush", doc.c.system_made == True)  # noqa: E712 SQL expression
    return and_(doc.c.status == "Z", doc.c.closing == "C", ~waiting)


def _waits(_subject: str, _today: dt.date) -> ColumnElement[bool]:
    return and_(doc.c.status == "Z", doc.c.closing == "C", doc.c.kind == "backflush", doc.c.system_made == True)  # noqa: E712


def _short_details(conn: Connection, subject: str, today: dt.date) -> list[WorkDetail]:
    found = _lacking().subquery()
    product = doc_line.alias("product")
    start = func.coalesce(product.c.start_date, doc.c.business_date, type_=doc.c.business_date.type)
    query = (
        select(doc, found.c.need, found.c.free, item.c.code, item.c.name, start)
        .join_from(doc, found, found.c.id == doc.c.id)
        .join(item, item.c.id == found.c.item_id)
        .join(doc_line, doc_line.c.id == found.c.part_id)
        .join(product, product.c.id == doc_line.c.parent_line_id)
        .where(doc.c.type == subject)
        .order_by(start, doc.c.id, item.c.code)
        .limit(DETAILS_SHOWN)
    )
    return [
        WorkDetail(
            DocRef(row.type, row.id, row.number), row.code, row.name, row.workshop, row.need, row.free or ZERO, row[-1],
            (row[-1] - today).days,
        )
        for row in conn.execute(query)
    ]  # fmt: skip


def _safety_details(conn: Connection, _subject: str, _today: dt.date) -> list[WorkDetail]:
    query = _below().order_by(item.c.code).limit(DETAILS_SHOWN)
    return [
        WorkDetail(None, row.code, row.name, "", row.safety_stock, row.free or ZERO, None, None)
        for row in conn.execute(query)
    ]


def _exception_details(conn: Connection, subject: str, today: dt.date) -> list[WorkDetail]:
    newest = conn.execute(select(func.max(mrp_run.c.id))).scalar()
    rows = planning.exceptions(conn, int(newest), (subject,)) if newest else []
    return [
        WorkDetail(
            None, row.item_code, row.item_name, row.document, row.quantity, None, row.to_date,
            (row.to_date - today).days if row.to_date else None,
        )
        for row in rows[:DETAILS_SHOWN]
    ]  # fmt: skip


DETAILS: Final[Mapping[str, Callable[[Connection, str, dt.date], list[WorkDetail]]]] = {
    "late": _documents(_is_late),
    "short": _short_details,
    "backflush": _documents(_waits),
    "draft": _documents(_is_draft),
    "soon": _documents(_is_soon),
    "safety": _safety_details,
    "exception": _exception_details,
}
"""kinds in their order, with what reads the cases behind a line"""
