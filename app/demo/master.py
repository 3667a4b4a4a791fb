"""Saving the master data of the demonstration factory through the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.demo import partners, places
from app.demo.catalogue import Bill, Catalogue
from services.engineering import saving as engineering
from services.masterdata.codes import Codes
from services.masterdata.saving import upsert
from services.platform.db import Tx

_ITEM_COLUMNS = (
    "code", "name", "spec", "unit", "kind", "category", "lead_time_days", "safety_stock", "lot_policy", "lot_size",
    "lot_minimum", "lot_multiple", "lot_maximum", "period_days", "yield_rate", "strategy", "unit_cost", "price",
    "warehouse", "supplier", "workshop", "inspection", "stale_days", "barcode",
)  # fmt: skip


def save(tx: Tx, book: Catalogue) -> None:
    """Writes every record of the factory and approves its bills of material."""
    upsert(tx, "units", places.UNITS)
    upsert(tx, "customers", partners.customers())
    upsert(tx, "suppliers", partners.suppliers())
    upsert(tx, "warehouses", places.WAREHOUSES)
    upsert(tx, "items", [_item(row) for row in book.items.values()])
    upsert(tx, "substitutes", book.substitutes)
    upsert(tx, "calendar", places.calendar())
    upsert(tx, "parameters", places.PARAMETERS)
    codes = Codes(tx.conn)
    items, stores = codes.of("items"), codes.of("warehouses")
    saved = engineering.save(tx, [_version(bill, items, stores) for bill in book.bills])
    approved = [key for key, bill in zip(saved.ids, book.bills, strict=True) if bill.approved]
    engineering.set_status(tx, approved, approve=True)


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {column: row.get(column) for column in _ITEM_COLUMNS}


def _version(bill: Bill, items: Mapping[str, int], stores: Mapping[str, int]) -> engineering.VersionDraft:
    lines = [
        engineering.LineDraft(
            items[use.component], use.quantity, use.per, scrap_rate=use.scrap, scrap_fixed=use.fixed, issue=use.issue,
            skip_level=use.skip, key_part=use.key, supplied_by="customer" if use.customer else "own",
            warehouse_id=stores[use.store] if use.store else None, valid_from=use.since, valid_to=use.until,
            note=use.note,
        )
        for use in bill.uses
    ]  # fmt: skip
    outputs = [
        engineering.OutputDraft(items[out.item], "by", out.quantity, out.per, cost_quota=out.quota)
        for out in bill.outputs
    ]
    return engineering.VersionDraft(items[bill.parent], bill.version, lines, outputs, bill.note)
