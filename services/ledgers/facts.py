"""What postings must know of items and warehouses, loaded once for a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Connection, select

from models.masterdata.tables import item, unit, warehouse

_CHUNK = 10_000
_K = TypeVar("_K")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as postings and checks see it."""

    id: int
    code: str
    name: str
    spec: str
    kind: str
    unit: str
    decimals: int
    unit_cost: Decimal | None
    warehouse_id: int | None
    yield_rate: Decimal
    strategy: str
    supplier_id: int | None
    workshop: str
    enabled: bool

    @property
    def label(self) -> str:
        """Code and name, as sentences name an item."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    """A warehouse as postings see it."""

    id: int
    code: str
    name: str
    kind: str
    negative: bool
    nettable: bool
    partner_id: int | None

    @property
    def valued(self) -> bool:
        """Whether what lies here carries our value: everything but customers' material (I09)."""
        return self.kind != "customer"


def chunked(keys: Iterable[_K]) -> Iterator[Sequence[_K]]:
    """Keys in pieces that fit one statement."""
    every = list(keys)
    for at in range(0, len(every), _CHUNK):
        yield every[at : at + _CHUNK]


def load_items(conn: Connection, ids: Iterable[int]) -> dict[int, ItemFacts]:
    """Facts of the given items by id."""
    made: dict[int, ItemFacts] = {}
    columns = select(
        item.c.id, item.c.code, item.c.name, item.c.spec, item.c.kind, unit.c.code.label("unit"), unit.c.decimals,
        item.c.unit_cost, item.c.warehouse_id, item.c.yield_rate, item.c.strategy, item.c.supplier_id,
        item.c.workshop, item.c.enabled,
    ).join_from(item, unit, item.c.unit_id == unit.c.id)  # fmt: skip
    for keys in chunked(sorted(set(ids))):
        for row in conn.execute(columns.where(item.c.id.in_(keys))):
            made[row.id] = ItemFacts(*tuple(row))
    return made


def load_warehouses(conn: Connection) -> dict[int, WarehouseFacts]:
    """Every warehouse by id; there are few."""
    w = warehouse.c
    rows = conn.execute(select(w.id, w.code, w.name, w.kind, w.negative, w.nettable, w.partner_id).order_by(w.code))
    return {row.id: WarehouseFacts(*row) for row in rows}
