"""What windows may ask of the stock."""

from __future__ import annotations

import datetime as dt

from services.inventory import holding as holdings
from services.inventory import opening, queries
from services.inventory.holding import Holding, HoldRow
from services.inventory.opening import OpeningTotal
from services.inventory.queries import MoveRow, StockRow
from services.platform.db import Database

__all__ = ["HoldRow", "Holding", "MoveRow", "OpeningTotal", "StockRow", "holding", "moves", "opening_totals", "stock"]


def stock(db: Database, *, text: str = "", zeros: bool = False, limit: int = 5000) -> list[StockRow]:
    """Balances in order of item and store."""
    with db.read() as conn:
        return queries.stock(conn, text=text, zeros=zeros, limit=limit)


def moves(db: Database, item_id: int, warehouse_id: int, *, owner_id: int = 0) -> list[MoveRow]:
    """Movements of an item in a store, latest first."""
    with db.read() as conn:
        return queries.moves(conn, item_id, warehouse_id, owner_id=owner_id)


def holding(db: Database, item_id: int, warehouse_id: int, day: dt.date, *, owner_id: int = 0, but: int = 0) -> Holding:
    """What explains how much of an item may leave a store on a day (查看占用); but: the document that asks is left out."""
    with db.read() as conn:
        return holdings.holding(conn, item_id, warehouse_id, day, owner_id=owner_id, but=but)


def opening_totals(db: Database) -> list[OpeningTotal]:
    """What the approved opening stock adds up to, by store."""
    with db.read() as conn:
        return opening.opening_totals(conn)
