"""Saving master data in bulk: what exists is updated, what is new is added, a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, select, update

from models.documents.tables import doc_line
from models.kernel.problems import Place, Problem, Refused
from models.kernel.texts import excess
from models.masterdata.tables import item_alias, unit
from services.masterdata.beginning import start_faults
from services.masterdata.checks import CHECKS, Fault, check_item
from services.masterdata.codes import Codes
from services.masterdata.kinds import KINDS, MasterKind
from services.masterdata.pinyin import search_keys
from services.platform import parameters
from services.platform.db import Tx

_ALIASED = {"items": "item_id", "customers": "partner_id", "suppliers": "partner_id"}
"""kinds whose records take their aliases along when they are deleted"""


KeyCodes = Mapping[str, Mapping[int, str]]
"""by reference in the key of a kind: id -> code"""


@dataclass(frozen=True, slots=True)
class Upserted:
    """How many records of a kind a batch added, changed and left alone."""

    new: int
    changed: int
    unchanged: int


def upsert(
    tx: Tx, name: str, rows: Sequence[Mapping[str, Any]], *, codes: Codes | None = None, at: Sequence[int] = ()
) -> Upserted:
    """Saves records of a kind given as sheet rows: key -> value, None or absent as the contract says.

    A None value means the default; an absent key keeps what is stored. at: sheet row of each record, for problems.
    Raises Refused with every fault; Place carries sheet, row and column.
    """
    kind = _of_this_book(tx, KINDS[name])
    tx.require(kind.change_right)
    known = codes or Codes(tx.conn)
    stored = _stored(tx, kind)
    hidden = {key: kind.columns[key][0] for key, right in kind.figures.items() if not tx.permits(right)}
    problems: list[Problem] = []
    added: list[dict[str, Any]] = []
    changed: list[tuple[dict[str, Any], Mapping[str, Any]]] = []
    decimals = _decimals(tx) if name == "items" else {}
    seen: dict[tuple[Any, ...], int] = {}
    unchanged = 0
    for index, row in enumerate(rows):
        where = at[index] if index < len(at) else index + 1
        values, faults = _values(kind, row, known)
        old, whole = None, {}
        if not faults:
            key = _key(kind, values)
            old = stored.get(key)
            _keep_figures(tx, kind, values, old, hidden)
            if key in seen:
                faults.append((kind.key[0], "master.twice", {"key": _key_text(kind, row), "row": seen[key]}))
            seen[key] = where
            whole = _completed(kind, row, values, old)
            faults += _faults(tx, kind, whole, old, decimals)
        problems += [Problem(code, args, Place(name, where, column)) for column, code, args in faults]
        if faults:
            continue
        if old is None:
            added.append(whole["#new"])
        elif any(old[column] != value for column, value in values.items()):
            changed.append((values, old))
        else:
            unchanged += 1
    if problems:
        raise Refused(problems)
    _write(tx, kind, added, changed, _codes_in_key(kind, known) if added or changed else {})
    known.forget(name)
    return Upserted(len(added), len(changed), unchanged)


def _of_this_book(tx: Tx, kind: MasterKind) -> MasterKind:
    """The kind with the defaults that the parameters set."""
    if kind.name != "items":
        return kind
    method = parameters.load(tx.conn).text("default_cost_method")
    return replace(kind, columns={**kind.columns, "cost_method": ("cost_method", method)})


def _keep_figures(
    tx: Tx, kind: MasterKind, values: dict[str, Any], old: Mapping[str, Any] | None, hidden: Mapping[str, str]
) -> None:
    """Who may not see a price or cost leaves it as it is; refused when another was given."""
    for key, column in hidden.items():
        given = values.pop(column, None)
        if given is not None and given != (old[column] if old else None):
            tx.require(kind.figures[key])


def _stored(tx: Tx, kind: MasterKind) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    query = select(kind.table)
    for column, value in kind.fixed.items():
        query = query.where(kind.table.c[column] == value)
    rows: list[dict[str, Any]] = [dict(row) for row in tx.conn.execute(query).mappings()]
    return {_key(kind, row): row for row in rows}


def _key(kind: MasterKind, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        values.get(kind.references[part].column if part in kind.references else kind.columns[part][0])
        for part in kind.key
    )


def _key_text(kind: MasterKind, row: Mapping[str, Any]) -> str:
    return " / ".join(str(row.get(part) or "") for part in kind.key)


def _values(kind: MasterKind, row: Mapping[str, Any], codes: Codes) -> tuple[dict[str, Any], list[Fault]]:
    """Table values of the given sheet keys; references resolved, blanks made defaults."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in row.items():
        if key in kind.references:
            ref = kind.references[key]
            values[ref.column] = None
            if value in (None, ""):
                if ref.required:
                    faults.append((key, "master.required", {"key": _key_text(kind, row)}))
                continue
            found = codes.of(ref.kind).get(str(value))
            if found is None:
                faults.append((key, "master.unknown_code", {"code": value, "kind": _ref_title(ref.kind)}))
            values[ref.column] = found
        elif key in kind.columns:
            column, default = kind.columns[key]
            values[column] = default if value is None else _stored_whole(kind.table.c[column], value)
            faults += _field_faults(kind, key, values[column], row)
    for key in kind.key:
        if key in kind.columns and values.get(kind.columns[key][0]) in (None, ""):
            faults.append((key, "master.required", {"key": _key_text(kind, row)}))
        if key in kind.references:
            values.setdefault(kind.references[key].column, None)
    return values, faults


def _field_faults(kind: MasterKind, key: str, value: Any, row: Mapping[str, Any]) -> list[Fault]:
    """A part where only a whole number may stand, a value that the field's vocabulary does not have, a text that is too long."""
    faults: list[Fault] = []
    if isinstance(value, Decimal) and isinstance(kind.table.c[kind.columns[key][0]].type, Integer):
        faults.append((key, "master.whole", {"key": _key_text(kind, row), "value": row[key]}))
    title, known = kind.choices.get(key, ("", {}))
    if known and value not in tuple(known):
        allowed = tuple(f"{one} {word}" for one, word in known.items())
        told: dict[str, object] = {"key": _key_text(kind, row), "field": title, "value": str(value), "known": allowed}
        faults.append((key, "master.choice", told))
    if isinstance(value, str) and (more := excess(key, value)):
        faults.append((key, "text.too_long", more))
    return faults


def _stored_whole(column: ColumnElement[Any], value: Any) -> Any:
    """A whole number of a form as its column stores it; any other value as it is."""
    whole = isinstance(value, Decimal) and isinstance(column.type, Integer) and value == value.to_integral_value()
    return int(value) if whole else value


def _ref_title(kind: str) -> str:
    return KINDS[kind].title if kind in KINDS else "往来单位"


def _completed(
    kind: MasterKind, row: Mapping[str, Any], values: dict[str, Any], old: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The record as it will be, by sheet keys, for the checks; under "#new" the table row if it is new."""
    if kind.name == "warehouses" and (old is None or "kind" in row) and values.get("nettable") is None:
        values["nettable"] = values.get("kind", "own") in ("own", "workshop")
    whole: dict[str, Any] = {}
    fresh: dict[str, Any] = dict(kind.fixed)
    for key, (column, default) in kind.columns.items():
        whole[key] = values[column] if column in values else (default if old is None else old[column])
        fresh[column] = whole[key]
    for key, ref in kind.references.items():
        whole[key] = row.get(key)
        whole[ref.column] = values[ref.column] if ref.column in values else (None if old is None else old[ref.column])
        fresh[ref.column] = whole[ref.column]
    if old is None:
        whole["#new"] = fresh
    return whole


def _faults(
    tx: Tx, kind: MasterKind, whole: Mapping[str, Any], old: Mapping[str, Any] | None, decimals: Mapping[int, int]
) -> list[Fault]:
    if kind.name == "items":
        if whole["unit_id"] is None:
            return [("unit", "master.required", {"key": whole["code"]})]
        return check_item(whole, decimals[whole["unit_id"]])
    if kind.name == "units" and old is not None and whole["decimals"] < old["decimals"]:
        return [
            (
                "decimals",
                "unit.fewer_decimals",
                {"unit": whole["code"], "old": old["decimals"], "new": whole["decimals"]},
            )
        ]
    check = CHECKS.get(kind.name)
    faults = check(whole) if check else []
    if kind.name == "parameters" and not faults:
        return start_faults(tx, whole)
    return faults


def _decimals(tx: Tx) -> dict[int, int]:
    return {row.id: row.decimals for row in tx.conn.execute(select(unit.c.id, unit.c.decimals))}


def _write(
    tx: Tx,
    kind: MasterKind,
    added: list[dict[str, Any]],
    changed: list[tuple[dict[str, Any], Mapping[str, Any]]],
    codes: KeyCodes,
) -> None:
    if kind.name == "items":
        rows: list[dict[str, Any]] = added + [values for values, _old in changed]
        named = [row for row in rows if "name" in row]
        for row, keys in zip(named, search_keys([row["name"] for row in named]), strict=True):
            row["pinyin"] = keys
    if kind.has_id:
        for row, number in zip(added, tx.reserve_ids(kind.table, len(added)), strict=True):
            row["id"] = number
    if added:
        tx.insert(kind.table, added)
    identity = [column.name for column in kind.table.primary_key]
    for values, old in changed:
        match = [kind.table.c[key] == bindparam(f"k_{key}", old[key]) for key in identity]
        extra = {"version": kind.table.c.version + 1} if "version" in kind.table.c else {}
        tx.conn.execute(update(kind.table).where(*match).values(**values, **extra))
    _record(tx, kind, added, changed, codes)


def _record(
    tx: Tx,
    kind: MasterKind,
    added: list[dict[str, Any]],
    changed: list[tuple[dict[str, Any], Mapping[str, Any]]],
    codes: KeyCodes,
) -> None:
    for row in added:
        tx.record(kind.name, row.get("id", 0), _shown_key(kind, row, codes), "create", after=_plain(row))
    for values, old in changed:
        before = {column: old[column] for column in values if old[column] != values[column]}
        after = {column: values[column] for column in before}
        tx.record(
            kind.name,
            old.get("id", 0),
            _shown_key(kind, old, codes),
            "change",
            before=_plain(before),
            after=_plain(after),
        )
    if added or changed:
        tx.topic(kind.name)


def _codes_in_key(kind: MasterKind, known: Codes) -> KeyCodes:
    """What the references in a key are called, by id."""
    return {
        part: {record_id: code for code, record_id in known.of(kind.references[part].kind).items()}
        for part in kind.key
        if part in kind.references
    }


def _shown_key(kind: MasterKind, row: Any, codes: KeyCodes) -> str:
    """The key of a record as it is told: codes, and nothing for what is not given."""
    parts = zip(kind.key, _key(kind, row), strict=True)
    told = [codes[part].get(value, "") if part in codes else value for part, value in parts]
    return " / ".join(str(part) for part in told if part not in (None, ""))


def _plain(row: Any) -> dict[str, Any]:
    return {
        key: value if isinstance(value, int | None) else str(value) for key, value in row.items() if key != "pinyin"
    }


def delete(tx: Tx, name: str, record_id: int) -> None:
    """Deletes a record nobody uses; an item that documents use is refused."""
    from sqlalchemy.exc import IntegrityError

    kind = KINDS[name]
    tx.require(kind.change_right)
    row = tx.conn.execute(select(kind.table).where(kind.table.c.id == record_id)).mappings().first()
    if row is None:
        return
    shown_key = _shown_key(kind, row, _codes_in_key(kind, Codes(tx.conn)))
    if (
        name == "items"
        and tx.conn.execute(select(doc_line.c.id).where(doc_line.c.item_id == record_id).limit(1)).first()
    ):
        raise Refused([Problem("master.in_use", {"key": shown_key})])
    try:
        with tx.conn.begin_nested():
            if name in _ALIASED:
                tx.conn.execute(item_alias.delete().where(item_alias.c[_ALIASED[name]] == record_id))
            tx.conn.execute(kind.table.delete().where(kind.table.c.id == record_id))
    except IntegrityError as error:
        raise Refused([Problem("master.in_use", {"key": shown_key})]) from error
    tx.record(kind.name, record_id, shown_key, "delete", before=_plain(row))
    tx.topic(kind.name)
