"""Records as they are told: what they refer to by code and name, in lists, in the keys of audit events and in histories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select

from models.masterdata.tables import item, partner, unit, warehouse
from models.platform.tables import audit_event
from services.documents.views import HistoryRow
from services.masterdata.kinds import MasterKind

_TABLES: Mapping[str, Table] = {"units": unit, "warehouses": warehouse, "items": item}
_PARTNERS = ("customers", "suppliers")


def table_of(kind: str) -> Table:
    """Where the records of a kind of reference are."""
    return _TABLES.get(kind, partner)


def named_by(table: Any) -> ColumnElement[str]:
    """The name of a record, an item's with its specification; empty without a record."""
    name = func.trim(table.c.name + " " + table.c.spec) if "spec" in table.c else table.c.name
    return func.coalesce(name, "")


def told(conn: Connection, kind: MasterKind, rows: Sequence[HistoryRow]) -> tuple[HistoryRow, ...]:
    """A history whose states name fields by the keys of the sheet and references by code and name, deleted ones by their code."""
    states = [(_state(row.before), _state(row.after)) for row in rows]
    refs = {ref.column: (key, ref) for key, ref in kind.references.items()}
    wanted: dict[str, set[int]] = {}
    for state in (one for pair in states for one in pair):
        for column, (_key, ref) in refs.items():
            if isinstance(state.get(column), int):
                wanted.setdefault(ref.kind, set()).add(state[column])
    names: dict[tuple[str, int], str] = {}
    for ref_kind, ids in wanted.items():
        names.update({(ref_kind, key): text for key, text in _names(conn, ref_kind, sorted(ids)).items()})
    keys = {column: key for key, (column, _default) in kind.columns.items()}

    def said(state: Mapping[str, Any]) -> str:
        made: dict[str, Any] = {}
        for column, value in state.items():
            if column in refs:
                key, ref = refs[column]
                made[key] = names.get((ref.kind, value), value)
            else:
                made[keys.get(column, column)] = value
        return json.dumps(made, ensure_ascii=False) if made else ""

    return tuple(
        HistoryRow(row.at, row.user, row.action, said(before), said(after), row.reason)
        for row, (before, after) in zip(rows, states, strict=True)
    )


def _names(conn: Connection, kind: str, ids: Sequence[int]) -> dict[int, str]:
    table = table_of(kind)
    query = select(table.c.id, table.c.code, named_by(table).label("name")).where(table.c.id.in_(ids))
    found = {row.id: " ".join(part for part in (row.code, row.name) if part) for row in conn.execute(query)}
    if gone := [key for key in ids if key not in found]:
        a = audit_event.c
        entities = _PARTNERS if kind == "partners" else (kind,)
        deleted = select(a.entity_id, a.number).where(
            a.entity.in_(entities), a.entity_id.in_(gone), a.action == "delete"
        )
        found.update({row.entity_id: row.number for row in conn.execute(deleted)})
    return found


def _state(text: str) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}
