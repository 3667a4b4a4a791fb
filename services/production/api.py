"""What windows and the command line may ask of production: picking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from models.kernel.refs import Changes, DocRef
from services.platform.db import Database, Tx
from services.production import picking, standing_in
from services.production.picking import Mode, PickLine, PickMaterial, PickOrder
from services.production.standing_in import SubstituteOffer

__all__ = [
    "Mode",
    "PickLine",
    "PickMaterial",
    "PickOrder",
    "SubstituteOffer",
    "create_picks",
    "pick_orders",
    "propose_picks",
    "substitute_offers",
]


def pick_orders(db: Database, doc_ids: Sequence[int]) -> list[PickOrder]:
    """Open orders with what they have still to draw and how many kits the store can serve."""
    with db.read() as conn:
        return picking.pick_orders(conn, doc_ids)


def propose_picks(
    orders: Sequence[PickOrder], *, mode: Mode = "direct", kits: Mapping[int, Decimal] | None = None
) -> list[PickLine]:
    """What to take now: all, by kits, or as far as the store reaches."""
    return picking.propose(orders, mode=mode, kits=kits)


def create_picks(
    db: Database, user: str, lines: Sequence[PickLine], *, day: dt.date, merged: bool = True
) -> tuple[list[DocRef], Changes]:
    """Saves draft pick lists, one a workshop or one an order."""

    def action(tx: Tx) -> tuple[list[DocRef], Changes]:
        return picking.create_picks(tx, lines, day=day, merged=merged), tx.changes()

    return db.run(user, action)


def substitute_offers(
    db: Database, material_line_id: int, day: dt.date, *, item_id: int = 0, store_id: int = 0
) -> list[SubstituteOffer]:
    """Substitutes that may be drawn for a material line of an order on a day, by priority, with what each store has free.

    item_id: what is drawn so far; nothing is offered in place of a substitute.
    """
    with db.read() as conn:
        return standing_in.offers(conn, material_line_id, day, item_id=item_id, store_id=store_id)
