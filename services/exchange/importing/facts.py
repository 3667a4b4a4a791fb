"""What documents need to know of the items they name, read once a batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, select

from models.masterdata.tables import item
from services.ledgers.facts import chunked


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a blank cell of a document means for an item."""

    price: Decimal | None
    unit_cost: Decimal | None
    workshop: str


def item_defaults(conn: Connection, ids: Iterable[int]) -> dict[int, Defaults]:
    """Sales price, reference cost and workshop of items by id."""
    made: dict[int, Defaults] = {}
    for keys in chunked(sorted(set(ids))):
        query = select(item.c.id, item.c.price, item.c.unit_cost, item.c.workshop).where(item.c.id.in_(keys))
        for row in conn.execute(query):
            made[row.id] = Defaults(row.price, row.unit_cost, row.workshop)
    return made
