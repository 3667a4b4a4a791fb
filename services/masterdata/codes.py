"""Codes to ids and back, loaded once for a batch."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from models.masterdata.tables import item, partner, unit, warehouse
from services.masterdata.kinds import KINDS

_TABLES = {"units": unit, "warehouses": warehouse, "items": item}


class Codes:
    """Ids by code for every kind that others refer to; read on first use, extended by what a batch adds."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._maps: dict[str, dict[str, int]] = {}

    def of(self, kind: str) -> dict[str, int]:
        """code -> id of a kind; "partners" holds customers and suppliers together."""
        if kind not in self._maps:
            self._maps[kind] = self._read(kind)
        return self._maps[kind]

    def forget(self, kind: str) -> None:
        """Reads the kind again at the next use."""
        self._maps.pop(kind, None)
        if kind in ("customers", "suppliers"):
            self._maps.pop("partners", None)

    def _read(self, kind: str) -> dict[str, int]:
        if kind == "partners":
            return {row.code: row.id for row in self._conn.execute(select(partner.c.code, partner.c.id))}
        if kind in ("customers", "suppliers"):
            role = KINDS[kind].fixed["role"]
            query = select(partner.c.code, partner.c.id).where(partner.c.role == role)
        else:
            table = _TABLES[kind]
            query = select(table.c.code, table.c.id)
        return {row.code: row.id for row in self._conn.execute(query)}


def names(conn: Connection, kind: str) -> Mapping[int, str]:
    """id -> code of a kind."""
    return {number: code for code, number in Codes(conn).of(kind).items()}
