"""What windows and the command line may ask of master data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, func, literal, or_, select

from models.kernel.numbers import ZERO, plain
from models.kernel.refs import Changes
from models.masterdata.tables import calendar_day, parameter
from services.documents.queries import available, history
from services.documents.views import HistoryRow
from services.masterdata import beginning as beginnings
from services.masterdata import saving
from services.masterdata.beginning import Beginning
from services.masterdata.finder import find, is_exact
from services.masterdata.kinds import KINDS, MasterKind
from services.masterdata.saving import Upserted
from services.masterdata.telling import named_by, table_of, told
from services.platform.access.holding import require_reading, shown
from services.platform.db import Database, Tx
from services.platform.parameters import PARAMETERS, ParameterSpec
from services.platform.searching import contains

__all__ = [
    "Beginning", "MasterKind", "ParameterSpec", "Record", "RecordList", "Suggestion", "Upserted", "beginning",
    "delete_record", "kind", "kinds", "list_records", "parameters", "record_history", "save_records", "search", "working_days",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A master record: id (0 where the kind has none) and its values by sheet key; references as codes.

    The names of references are told too, items with their specification, as key_name.
    """

    id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RecordList:
    """One page of records and how many there are in all."""

    rows: tuple[Record, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A hit of a look-up; exact: the text was its code or barcode."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    extra: str
    decimals: int = 0
    exact: bool = False


def kinds() -> list[MasterKind]:
    """Every kind of master data."""
    return list(KINDS.values())


def kind(name: str) -> MasterKind:
    """The declaration of a kind: its rights, and which fields are prices or costs."""
    return KINDS[name]


def list_records(db: Database, kind: str, *, text: str = "", limit: int | None = 500, offset: int = 0) -> RecordList:
    """A page of records in code order (limit None: all that follow); text looks through code, name, spec, barcode and pinyin.

    Refused for a reader without the right to the kind; prices and costs he may not see are None.
    """
    with db.read() as conn:
        require_reading(conn, KINDS[kind].read_right)
        return _list(conn, KINDS[kind], text, limit, offset)


def _list(conn: Connection, kind: MasterKind, text: str, limit: int | None, offset: int) -> RecordList:
    aliases = {key: table_of(ref.kind).alias(f"r_{key}") for key, ref in kind.references.items()}
    source: Any = kind.table
    for key, ref in kind.references.items():
        source = source.outerjoin(aliases[key], aliases[key].c.id == kind.table.c[ref.column])
    columns = [
        shown(conn, kind.table.c[column], kind.figures.get(key, "")).label(key)
        for key, (column, _default) in kind.columns.items()
    ]
    columns += [aliases[key].c.code.label(key) for key in kind.references]
    beside = (*kind.named, *kind.told)
    columns += [named_by(aliases[key]).label(f"{key}_name") for key in beside]
    where = [kind.table.c[column] == value for column, value in kind.fixed.items()]
    if text:
        names = ("code", "name", "spec", "barcode", "pinyin", "category", "key", "phone", "contact", "alias")
        looked: list[ColumnElement[Any]] = [kind.table.c[name] for name in names if name in kind.table.c]
        looked += [alias.c.code for key, alias in aliases.items() if key in (*kind.key, *kind.searched)]
        looked += [
            aliases[key].c[name] for key in kind.named for name in ("name", "spec", "pinyin") if name in aliases[key].c
        ]
        if "day" in kind.table.c:
            looked.append(cast(kind.table.c.day, String))
        if looked:
            where.append(or_(*(contains(conn, column, text.strip()) for column in looked)))
    # Without a text nothing is asked of the referenced tables, and none of them multiplies the rows.
    counted = select(func.count()).select_from(source if text else kind.table).where(*where)
    total = conn.execute(counted).scalar_one()
    order = [aliases[key].c.code if key in aliases else kind.table.c[kind.columns[key][0]] for key in kind.key]
    identity = kind.table.c.id if kind.has_id else literal(0)
    query = select(identity, *columns).select_from(source).where(*where).order_by(*order).limit(limit).offset(offset)
    keys = (*kind.columns, *kind.references, *(f"{key}_name" for key in beside))
    rows = [Record(row[0], dict(zip(keys, row[1:], strict=True))) for row in conn.execute(query)]
    return RecordList(tuple(rows), total)


def save_records(db: Database, user: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Upserted, Changes]:
    """Adds or changes records given by sheet key; all or none."""

    def action(tx: Tx) -> tuple[Upserted, Changes]:
        return saving.upsert(tx, kind, rows), tx.changes()

    return db.run(user, action)


def delete_record(db: Database, user: str, kind: str, record_id: int) -> Changes:
    """Deletes a record nobody uses."""

    def action(tx: Tx) -> Changes:
        saving.delete(tx, kind, record_id)
        return tx.changes()

    return db.run(user, action)


def record_history(db: Database, kind: str, record_id: int) -> tuple[HistoryRow, ...]:
    """Who changed a record; what it refers to is told by code and name, under the keys of the sheet."""
    with db.read() as conn:
        found = history(conn, kind, record_id)
        return told(conn, KINDS[kind], found) if kind in KINDS else found


def search(
    db: Database,
    kind: str,
    text: str,
    limit: int = 20,
    *,
    item_kinds: Sequence[str] = (),
    used: Mapping[str, int] | None = None,
) -> list[Suggestion]:
    """Look-up by code, name, spec, barcode, pinyin; used: how often the user took a code, those come first (see finder.find)."""
    with db.read() as conn:
        found = find(conn, kind, text, limit, item_kinds=item_kinds, used=used)
        stock = available(conn, [entry.id for entry in found]) if kind == "items" else {}
    return [
        Suggestion(
            entry.id, entry.code, entry.name, entry.spec, entry.unit,
            plain(stock.get(entry.id, ZERO)) if kind == "items" else entry.extra, entry.decimals, is_exact(entry, text),
        )
        for entry in found
    ]  # fmt: skip


def parameters(db: Database) -> list[tuple[ParameterSpec, str]]:
    """Every parameter with the value in force."""
    with db.read() as conn:
        values = {row.key: row.value for row in conn.execute(select(parameter))}
    return [(spec, values.get(spec.key, spec.default)) for spec in PARAMETERS]


def beginning(db: Database) -> Beginning:
    """The start period, and the business that fixes it."""
    with db.read() as conn:
        return beginnings.beginning(conn)


def working_days(db: Database, first: dt.date, last: dt.date) -> dict[dt.date, bool]:
    """The days of a range that the factory calendar names, and whether they are worked."""
    with db.read() as conn:
        query = select(calendar_day).where(calendar_day.c.day >= first, calendar_day.c.day <= last)
        return {row.day: row.working for row in conn.execute(query)}
