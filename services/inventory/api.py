"""What windows may ask of the stock."""

from __future__ import annotations

from services.inventory import queries
from services.inventory.queries import MoveRow, StockRow
from services.platform.db import Database

__all__ = ["MoveRow", "StockRow", "moves", "stock"]


def stock(db: Database, *, text: str = "", zeros: bool = False, limit: int = 5000) -> list[StockRow]:
    """Balances in order of item and store."""
    with db.read() as conn:
        return queries.stock(conn, text=text, zeros=zeros, limit=limit)


def moves(db: Database, item_id: int, warehouse_id: int, *, owner_id: int = 0) -> list[MoveRow]:
    """Movements of an item in a store, latest first."""
    with db.read() as conn:
        return queries.moves(conn, item_id, warehouse_id, owner_id=owner_id)
