"""Corrections of value: rows without quantity beside the movements they correct."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, exists, select, update

from models.kernel.numbers import ZERO
from models.ledgers.tables import stock_move, stock_value, wip_move
from services.platform.db import Tx
from services.platform.periods import last_closed

_ADD = (
    update(stock_value)
    .where(stock_value.c.item_id == bindparam("key"))
    .values(value=stock_value.c.value + bindparam("more", type_=stock_value.c.value.type))
)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a movement of a document's line is worth more or less than the ledger says."""

    doc_id: int
    line_id: int
    date: dt.date
    item_id: int
    warehouse_id: int
    lot: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class WipCorrection:
    """The same of an order's work in progress."""

    doc_id: int
    line_id: int
    date: dt.date
    item_id: int
    order_line_id: int
    material_line_id: int | None
    element: str
    value: Decimal


def correct(tx: Tx, stock: Sequence[Correction], wip: Sequence[WipCorrection]) -> None:
    """Writes corrections and brings the items' values in step; the caller holds back all postings meanwhile."""
    write(tx, stock, wip)
    more: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in stock:
        more[row.item_id] += row.value
    _add(tx, more)


def write(tx: Tx, stock: Sequence[Correction], wip: Sequence[WipCorrection]) -> None:
    """Writes the rows of corrections; the caller brings the items' values in step."""
    moves = [
        {
            "doc_id": row.doc_id, "line_id": row.line_id, "move_date": row.date, "warehouse_id": row.warehouse_id,
            "item_id": row.item_id, "lot": row.lot, "owner_id": 0, "quantity": ZERO, "value": row.value,
            "reversal_of": None, "posted_at": tx.now, "costed": True,
        }
        for row in stock
    ]  # fmt: skip
    tx.insert(stock_move, moves)
    progress = [
        {
            "doc_id": row.doc_id, "line_id": row.line_id, "order_line_id": row.order_line_id,
            "material_line_id": row.material_line_id, "move_date": row.date, "item_id": row.item_id,
            "element": row.element, "quantity": ZERO, "value": row.value, "reversal_of": None, "posted_at": tx.now,
            "costed": True,
        }
        for row in wip
    ]  # fmt: skip
    tx.insert(wip_move, progress)


def _add(tx: Tx, more: Mapping[int, Decimal]) -> None:
    rows = [{"key": key, "more": value} for key, value in sorted(more.items()) if value]
    if rows:
        tx.conn.execute(_ADD, rows)
        tx.topic("stock")


def absorbed(
    tx: Tx, left: Mapping[int, Decimal], undone_docs: Collection[int]
) -> tuple[list[Correction], list[WipCorrection]]:
    """What takes up the value that a reversal leaves without its quantity, for items that costing has revalued.

    left: value too much, by item. The last issue of the item in an open period takes it, as the one that emptied the stock takes
    all there is; the next costing works it out anew. Items without such an issue are left out.
    """
    conn, m = tx.conn, stock_move.c
    undo = stock_move.alias("undo")
    first = _first_open(conn)
    stock: list[Correction] = []
    for item_id, value in sorted(left.items()):
        here = [m.item_id == item_id, *([m.move_date >= first] if first else [])]
        if conn.execute(select(m.id).where(m.costed == True, *here).limit(1)).first() is None:  # noqa: E712 SQL expression
            continue
        query = (
            select(m.doc_id, m.line_id, m.move_date, m.item_id, m.warehouse_id, m.lot)
            .where(
                *here, m.quantity < 0, m.reversal_of.is_(None), m.owner_id == 0, m.doc_id.not_in(sorted(undone_docs)),
                ~exists().where(undo.c.reversal_of == m.id),
            )
            .order_by(m.move_date.desc(), m.id.desc())
            .limit(1)
        )  # fmt: skip
        row = conn.execute(query).first()
        if row is not None:
            stock.append(Correction(*row, -value))
    return stock, [correction for row in stock for correction in _in_progress(conn, row)]


def _in_progress(conn: Connection, row: Correction) -> list[WipCorrection]:
    w = wip_move.c
    query = (
        select(w.order_line_id, w.material_line_id, w.element)
        .where(w.doc_id == row.doc_id, w.line_id == row.line_id)
        .limit(1)
    )
    return [
        WipCorrection(row.doc_id, row.line_id, row.date, row.item_id, *found, -row.value)
        for found in conn.execute(query)
    ]


def _first_open(conn: Connection) -> dt.date | None:
    """The first day after the last closed period."""
    closed = last_closed(conn)
    if not closed:
        return None
    year, month = map(int, closed.split("-"))
    return dt.date(year + month // 12, month % 12 + 1, 1)
