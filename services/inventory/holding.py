"""What holds an item's stock: where it lies, which documents took it, claim it or will bring more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance, stock_move
from models.masterdata.tables import item, partner, unit, warehouse
from services.documents.types import registry
from services.ledgers.stock import free_on

HoldKind = Literal["here", "later", "came_later", "draft", "order", "elsewhere", "coming"]
"""here: lies in the store; later: left by documents of a later date; came_later: came in only after the day;
draft: a draft will take it; order: an open order has still to draw or deliver it; elsewhere: lies in another store;
coming: an open order will bring it"""


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One reason. quantity: in the item's unit, above zero; ref: the document behind it, None for what merely lies there."""

    kind: HoldKind
    quantity: Decimal
    ref: DocRef | None = None
    title: str = ""
    line_no: int = 0
    date: dt.date | None = None
    warehouse: str = ""
    lot: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """An item in a store on a day: what lies there, what may leave, and the rows that explain it."""

    item: str
    unit: str
    warehouse: str
    on_hand: Decimal
    free: Decimal
    rows: tuple[HoldRow, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    conn: Connection
    item_id: int
    warehouse_id: int
    owner_id: int
    day: dt.date
    stores: dict[int, str]


def holding(
    conn: Connection, item_id: int, warehouse_id: int, day: dt.date, *, owner_id: int = 0, but: int = 0
) -> Holding:
    """Everything that explains what may leave a store on a day; but: the document that asks is left out."""
    stores: dict[int, str] = {
        row.id: row.name or row.code for row in conn.execute(select(warehouse.c.id, warehouse.c.code, warehouse.c.name))
    }
    asked = _Asked(conn, item_id, warehouse_id, owner_id, day, stores)
    named = select(item.c.code, item.c.name, unit.c.code.label("unit")).join_from(
        item, unit, unit.c.id == item.c.unit_id
    )
    what = conn.execute(named.where(item.c.id == item_id)).one()
    lying = _lying(asked)
    here = [row for row in lying if row.kind == "here"]
    free = free_on(conn, [item_id], day)
    rows = [*here, *_moved(asked), *_drafts(asked, but)]
    if owner_id == 0:
        rows += _open(asked, "order")
    rows += [row for row in lying if row.kind == "elsewhere"]
    if owner_id == 0:
        rows += _open(asked, "coming")
    return Holding(
        f"{what.code} {what.name}".strip(), what.unit, stores.get(warehouse_id, ""),
        sum((row.quantity for row in here), ZERO),
        sum((part for key, part in free.items() if (key[1], key[3]) == (warehouse_id, owner_id)), ZERO), tuple(rows),
    )  # fmt: skip


def _lying(asked: _Asked) -> list[HoldRow]:
    """Balances by store and lot."""
    b = stock_balance.c
    query = select(b.warehouse_id, b.lot, b.quantity).where(b.item_id == asked.item_id, b.owner_id == asked.owner_id)
    return [
        HoldRow(
            "here" if row.warehouse_id == asked.warehouse_id else "elsewhere", row.quantity,
            warehouse=asked.stores[row.warehouse_id], lot=row.lot,
        )
        for row in asked.conn.execute(query.where(b.quantity > 0).order_by(b.warehouse_id, b.lot))
    ]  # fmt: skip


def _moved(asked: _Asked) -> list[HoldRow]:
    """Documents of later dates, net of their reversals: what they took, and what came in only then."""
    m = stock_move.c
    total = func.sum(m.quantity, type_=m.quantity.type)
    query = (
        select(doc.c.type, doc.c.id, doc.c.number, m.move_date, m.lot, total.label("quantity"), partner.c.name)
        .join_from(stock_move, doc, doc.c.id == m.doc_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(m.item_id == asked.item_id, m.warehouse_id == asked.warehouse_id, m.owner_id == asked.owner_id)
        .where(m.move_date > asked.day)
        .group_by(doc.c.type, doc.c.id, doc.c.number, m.move_date, m.lot, partner.c.name)
        .having(total != 0)
        .order_by(m.move_date, doc.c.number)
    )
    return [
        HoldRow(
            "later" if row.quantity < 0 else "came_later", abs(row.quantity), DocRef(row.type, row.id, row.number),
            registry[row.type].title, 0, row.move_date, asked.stores[asked.warehouse_id], row.lot, row.name or "",
        )
        for row in asked.conn.execute(query)
    ]  # fmt: skip


def _drafts(asked: _Asked, but: int) -> list[HoldRow]:
    """Drafts that will take it from this store."""
    taking = [kind.code for kind in registry if kind.posting is not None and not kind.incoming]
    where = and_(
        doc.c.type.in_(taking), doc.c.status == "Z", doc.c.closing != "H", doc.c.kind != "return", doc.c.id != but,
        doc_line.c.role == "main", doc_line.c.warehouse_id == asked.warehouse_id,
    )  # fmt: skip
    return _lines(asked, "draft", where, doc.c.business_date)


def _open(asked: _Asked, kind: Literal["order", "coming"]) -> list[HoldRow]:
    """What approved, open orders have still to give or to bring: the lines that types which post execute."""
    routes = [
        and_(doc.c.type == route.source, doc_line.c.role == route.role)
        for target in registry
        if target.posting is not None and target.incoming == (kind == "coming")
        for route in target.routes
    ]
    where = and_(
        or_(*routes), doc.c.status == "C", doc.c.closing == "C", doc_line.c.closing == "C",
        doc_line.c.quantity > doc_line.c.done,
        or_(
            material_line.c.line_id.is_(None), and_(material_line.c.issue != "none", material_line.c.supplied_by == "own")
        ),
    )  # fmt: skip
    first, second = (
        (doc_line.c.start_date, doc_line.c.due_date)
        if kind == "order"
        else (doc_line.c.due_date, doc_line.c.start_date)
    )
    return _lines(asked, kind, where, func.coalesce(first, second, doc.c.business_date))


def _lines(asked: _Asked, kind: HoldKind, where: ColumnElement[bool], date: ColumnElement[Any]) -> list[HoldRow]:
    query = (
        select(
            doc.c.type, doc.c.id, doc.c.number, doc.c.workshop, doc_line.c.line_no, doc_line.c.warehouse_id, doc_line.c.lot,
            doc_line.c.quantity, doc_line.c.done, date.label("day"), partner.c.name,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(doc_line.c.item_id == asked.item_id, where)
        .order_by(date, doc.c.number, doc_line.c.line_no)
    )  # fmt: skip
    return [
        HoldRow(
            kind, row.quantity - row.done, DocRef(row.type, row.id, row.number), registry[row.type].title, row.line_no, _day(row.day),
            asked.stores.get(row.warehouse_id or 0, ""), row.lot, row.name or row.workshop,
        )
        for row in asked.conn.execute(query)
    ]  # fmt: skip


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
