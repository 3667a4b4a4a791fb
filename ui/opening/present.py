"""What a book has of the first day already: every page shows it first, so that going on overwrites nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.inventory import api as inventory
from services.masterdata import api as masterdata
from services.platform.api import Database, people
from ui.opening.store_table import Store

COMPANY = "company_name"
START = "start_period"


@dataclass(frozen=True, slots=True)
class Present:
    """The state of a book.

    stored     parameters that somebody set, by key; in_force: those and the defaults of the others
    beginning  the start, and what fixes it
    people     log-in name and name of who may log in; empty in a book without users
    """

    stored: Mapping[str, str]
    in_force: Mapping[str, str]
    stores: tuple[Store, ...]
    has_items: bool
    has_opening: bool
    beginning: masterdata.Beginning
    people: tuple[tuple[str, str], ...]

    @property
    def working(self) -> bool:
        """Whether the book is worked with; then nothing is suggested that it does not have."""
        return self.has_items or self.beginning.fixed


def look_at(db: Database) -> Present:
    """Reads a book; refused for who may not see its items or warehouses."""
    stored = _stored(db)
    stores = masterdata.list_records(db, "warehouses", limit=None).rows
    return Present(
        stored=stored,
        in_force={spec.key: value for spec, value in masterdata.parameters(db)},
        stores=tuple((row.values["code"], row.values["name"], row.values["kind"]) for row in stores),
        has_items=_has(db, "items"),
        has_opening=bool(inventory.opening_totals(db)),
        beginning=masterdata.beginning(db),
        people=tuple((login, name) for login, name, _pinyin in people(db)),
    )


def missing(db: Database) -> tuple[str, ...]:
    """What the first day still lacks, by title: a company's name, a warehouse, an item."""
    there = {"公司名称": bool(_stored(db).get(COMPANY)), "仓库": _has(db, "warehouses"), "物料": _has(db, "items")}
    return tuple(title for title, found in there.items() if not found)


def needed_rights() -> tuple[str, ...]:
    """What a clerk needs to go through the pages; the import asks for more where a sheet does."""
    parameters, stores, items = (masterdata.kind(name) for name in ("parameters", "warehouses", "items"))
    return parameters.change_right, stores.change_right, items.read_right


def _stored(db: Database) -> dict[str, str]:
    rows = masterdata.list_records(db, "parameters", limit=None).rows
    return {str(row.values["key"]): str(row.values["value"]) for row in rows}


def _has(db: Database, kind: str) -> bool:
    return masterdata.list_records(db, kind, limit=1).total > 0
