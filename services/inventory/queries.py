"""What lies where, and how it came there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, or_, select

from models.documents.tables import doc
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance, stock_move
from models.masterdata.tables import item, partner, unit, warehouse
from services.documents.queries import available
from services.documents.types import registry
from services.platform.searching import escape_like


@dataclass(frozen=True, slots=True)
class StockRow:
    """A balance: an item in a store, by lot and owner. short: how far the item's nettable stock is under its safety stock."""

    item_id: int
    warehouse_id: int
    owner_id: int
    item_code: str
    item_name: str
    spec: str
    unit: str
    warehouse: str
    nettable: bool
    lot: str
    owner: str
    quantity: Decimal
    safety_stock: Decimal
    short: Decimal


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A movement of an item in a store, with the balance after it."""

    ref: DocRef
    title: str
    date: dt.date
    lot: str
    quantity: Decimal
    balance: Decimal
    reversal: bool


def stock(conn: Connection, *, text: str = "", zeros: bool = False, limit: int = 5000) -> list[StockRow]:
    """Balances in order of item and store; text looks through item, store and lot. zeros: also what is used up."""
    owner = partner.alias("owner")
    query = (
        select(
            stock_balance.c.item_id, stock_balance.c.warehouse_id, stock_balance.c.owner_id, stock_balance.c.lot,
            stock_balance.c.quantity, item.c.code, item.c.name, item.c.spec, item.c.safety_stock,
            unit.c.code.label("unit"), warehouse.c.name.label("store"), warehouse.c.nettable, owner.c.name.label("owner"),
        )
        .join_from(stock_balance, item, item.c.id == stock_balance.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
        .outerjoin(owner, owner.c.id == stock_balance.c.owner_id)
        .order_by(item.c.code, warehouse.c.code, stock_balance.c.lot)
        .limit(limit)
    )  # fmt: skip
    if not zeros:
        query = query.where(stock_balance.c.quantity != 0)
    if text.strip():
        like = escape_like(text.strip())
        columns = (
            item.c.code,
            item.c.name,
            item.c.spec,
            item.c.pinyin,
            item.c.barcode,
            warehouse.c.name,
            stock_balance.c.lot,
        )
        query = query.where(or_(*(column.ilike(like, escape="/") for column in columns)))
    rows = conn.execute(query).all()
    free = available(conn, {row.item_id for row in rows})
    return [_row(row, free.get(row.item_id, ZERO)) for row in rows]


def _row(row: Any, free: Decimal) -> StockRow:
    return StockRow(
        row.item_id, row.warehouse_id, row.owner_id, row.code, row.name, row.spec, row.unit, row.store, row.nettable,
        row.lot, row.owner or "", row.quantity, row.safety_stock, max(ZERO, row.safety_stock - free),
    )  # fmt: skip


def moves(conn: Connection, item_id: int, warehouse_id: int, *, owner_id: int = 0) -> list[MoveRow]:
    """Movements of an item in a store by date, latest first, each with the balance of the store after it."""
    m = stock_move.c
    query = (
        select(doc.c.type, doc.c.id, doc.c.number, m.move_date, m.lot, m.quantity, m.reversal_of)
        .join_from(stock_move, doc, doc.c.id == m.doc_id)
        .where(m.item_id == item_id, m.warehouse_id == warehouse_id, m.owner_id == owner_id)
        # Corrections of value alone move nothing.
        .where(m.quantity != 0)
        .order_by(m.move_date, m.id)
    )
    made: list[MoveRow] = []
    balance = ZERO
    for row in conn.execute(query):
        balance += row.quantity
        made.append(
            MoveRow(
                DocRef(row.type, row.id, row.number), registry[row.type].title, row.move_date, row.lot, row.quantity,
                balance, row.reversal_of is not None,
            )
        )  # fmt: skip
    return made[::-1]
