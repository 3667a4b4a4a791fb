"""Substitutes that could be drawn now for the material of a pick line, with what each store has free (domain §6)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from models.kernel.numbers import ZERO
from services.documents import load, substituting
from services.ledgers.facts import load_items, load_warehouses
from services.ledgers.stock import free_on

_STORES = ("own", "workshop")


@dataclass(frozen=True, slots=True)
class SubstituteOffer:
    """A substitute in one store. ratio: its units for one unit of the material; free: what may leave the store on the day."""

    item_id: int
    code: str
    name: str
    spec: str
    unit: str
    decimals: int
    ratio: Decimal
    priority: int
    warehouse_id: int
    warehouse_code: str
    warehouse: str
    free: Decimal

    def needed(self, quantity: Decimal) -> Decimal:
        """What of it stands for a quantity of the material, rounded up to its unit."""
        return substituting.needed(quantity, self.ratio, self.decimals)

    def covers(self, quantity: Decimal, decimals: int) -> Decimal:
        """What a quantity of it stands for of a material of so many decimals, rounded down to them as the books count it."""
        return substituting.covers(quantity, self.ratio, decimals)


def offers(
    conn: Connection, material_line_id: int, day: dt.date, *, item_id: int = 0, store_id: int = 0
) -> list[SubstituteOffer]:
    """By priority, the asked store first, then where most is free; one without stock is listed once with nothing free.

    Nothing is offered for a customer's material or for what is not drawn, nor in place of an item (item_id, where given) that
    stands in itself: a ratio is to the material.
    """
    material = load.materials(conn, [material_line_id]).get(material_line_id)
    if material is None or material.supplied_by != "own" or material.issue == "none":
        return []
    if item_id and load.sources(conn, [material_line_id])[material_line_id].line.item_id != item_id:
        return []
    rules = [rule for rule in substituting.stand_ins(conn, [material_line_id]) if rule.holds_on(day)]
    items = load_items(conn, {rule.item_id for rule in rules})
    stores = {key: store for key, store in load_warehouses(conn).items() if store.kind in _STORES}
    free: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for (key, warehouse_id, _lot, owner_id), quantity in free_on(conn, items, day).items():
        if owner_id == 0 and warehouse_id in stores:
            free[key][warehouse_id] += quantity
    made: list[SubstituteOffer] = []
    seen: set[int] = set()
    for rule in rules:
        item = items[rule.item_id]
        if not item.enabled or item.id in seen:
            continue
        seen.add(item.id)
        for here in _order(free[item.id], store_id) or [item.warehouse_id or store_id]:
            store = stores.get(here)
            made.append(
                SubstituteOffer(
                    item.id, item.code, item.name, item.spec, item.unit, item.decimals, rule.ratio, rule.priority, here,
                    store.code if store else "", (store.name or store.code) if store else "", free[item.id][here],
                )
            )  # fmt: skip
    return made


def _order(free: Mapping[int, Decimal], store_id: int) -> list[int]:
    return sorted(free, key=lambda key: (key != store_id, -free[key], key))
