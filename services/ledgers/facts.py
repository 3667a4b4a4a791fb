"""What postings must know of items and warehouses, loaded once for a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Connection, select

from models.masterdata.tables import item, unit, warehouse
from services.platform.prepared import Prepared, among

_CHUNK = 10_000
_I = item.c
_ITEMS = Prepared(
    select(
        _I.id, _I.code, _I.name, _I.spec, _I.kind, unit.c.code.label("unit"), unit.c.decimals, _I.unit_cost,
        _I.warehouse_id, _I.yield_rate, _I.strategy, _I.supplier_id, _I.workshop, _I.enabled,
    )
    .join_from(item, unit, _I.unit_id == unit.c.id)
    .where(among(_I.id))
)  # fmt: skip
_W = warehouse.c
_WAREHOUSES = Prepared(
    select(_W.id, _W.code, _W.name, _W.kind, _W.negative, _W.nettable, _W.partner_id).order_by(_W.code)
)
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
    for keys in chunked(sorted(set(ids))):
        made.update((row[0], ItemFacts(*row)) for row in _ITEMS.rows(conn, keys=keys))
    return made


def load_warehouses(conn: Connection) -> dict[int, WarehouseFacts]:
    """Every warehouse by id; there are few."""
    return {row[0]: WarehouseFacts(*row) for row in _WAREHOUSES.rows(conn)}
