"""A document as the audit chain keeps it: lines short where they are written, by name where they are read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line, order_line
from models.kernel.numbers import plain
from models.masterdata.tables import item, partner, warehouse
from services.documents import load
from services.documents.records import DocDraft, DocRow, LineDraft, LineRow, MaterialDraft, MaterialRow
from services.documents.types import registry
from services.documents.views import HistoryRow
from services.ledgers.facts import chunked
from services.platform.db import Tx

LINE_KEYS: Final = ("line", "item", "quantity", "price", "due_date")
"""what a line's first places are; a mapping of whatever else it has may follow"""
PART_KEYS: Final = ("line", "item", "quantity")
"""the same of a material"""
PRICE: Final = LINE_KEYS.index("price")
AMOUNT: Final = "amount"
ROWS: Final = ("lines", "materials")
NAMED: Final = {"item": item, "warehouse": warehouse, "partner": partner}

State = dict[str, Any]


def of_draft(draft: DocDraft) -> State:
    """A draft that has just been saved."""
    lines = [_line(line, line.bom_version) for line in draft.lines]
    materials = [_material(part, part.issue) for part in draft.materials or ()]
    return _head(draft) | {"lines": lines, "materials": materials}


def of_stored(tx: Tx, doc_id: int) -> State:
    """A stored document."""
    head = load.documents(tx.conn, [doc_id])[doc_id]
    stored = load.lines(tx.conn, [doc_id])[doc_id]
    main, parts = ([line for line in stored if line.role == role] for role in ("main", "material"))
    versions: dict[int, str] = {}
    if registry[head.type].expand is not None:
        query = select(order_line.c.line_id, order_line.c.bom_version).join(
            doc_line, doc_line.c.id == order_line.c.line_id
        )
        versions = {row[0]: row[1] for row in tx.conn.execute(query.where(doc_line.c.doc_id == doc_id))}
    details: Mapping[int, MaterialRow] = load.materials(tx.conn, [line.id for line in parts])
    lines = [_line(line, versions.get(line.id, "")) for line in main]
    materials = [_material(line, details[line.id].issue) for line in parts]
    return _head(head) | {"lines": lines, "materials": materials}


def _head(head: DocDraft | DocRow) -> State:
    return {
        "date": head.business_date.isoformat(), "kind": head.kind, "partner": head.partner_id,
        "workshop": head.workshop, "note": head.note,
    }  # fmt: skip


def _line(line: LineDraft | LineRow, bom_version: str) -> list[Any]:
    more = {
        AMOUNT: _number(line.amount) if line.price is None else None, "warehouse": line.warehouse_id, "lot": line.lot,
        "start_date": line.start_date.isoformat() if line.start_date else None, "bom_version": bom_version,
        "source": line.source_line_id, "hours": _number(line.hours), "note": line.note,
    }  # fmt: skip
    due = line.due_date.isoformat() if line.due_date else None
    return _with([line.line_no, line.item_id, plain(line.quantity), _number(line.price), due], more)


def _material(part: MaterialDraft | LineRow, issue: str) -> list[Any]:
    more = {"warehouse": part.warehouse_id, "issue": issue, "note": part.note}
    return _with([part.line_no, part.item_id, plain(part.quantity)], more)


def _with(row: list[Any], more: Mapping[str, Any]) -> list[Any]:
    told = {key: value for key, value in more.items() if value not in (None, "")}
    return [*row, told] if told else row


def _number(value: Any) -> str | None:
    return None if value is None else plain(value)


def without_figures(line: Sequence[Any]) -> list[Any]:
    """A line of a state without price and amount."""
    made = [None if place == PRICE else cell for place, cell in enumerate(line)]
    if isinstance(made[-1], dict):
        made[-1] = {key: value for key, value in made[-1].items() if key != AMOUNT}
    return made


def named(conn: Connection, type_code: str, events: Sequence[HistoryRow]) -> tuple[HistoryRow, ...]:
    """Events of a document as they are read: lines as mappings by key; items, warehouses, partner, sources and kind by name.

    Only those that tell before and after; statements: one for each kind of name there is, none without such events.
    """
    states: dict[int, tuple[State, State]] = {}
    for place, event in enumerate(events):
        before, after = _read(event.before), _read(event.after)
        if before.get("lines") is not None and after.get("lines") is not None:
            states[place] = _keyed(before), _keyed(after)
    if not states:
        return tuple(events)
    names = _names(conn, [state for pair in states.values() for state in pair])
    kinds = registry[type_code].kinds
    made = list(events)
    for place, pair in states.items():
        told = [json.dumps(_told(state, names, kinds), ensure_ascii=False) for state in pair]
        made[place] = replace(events[place], before=told[0], after=told[1])
    return tuple(made)


def _read(text: str) -> State:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _keyed(state: State) -> State:
    made = dict(state)
    for key, keys in zip(ROWS, (LINE_KEYS, PART_KEYS), strict=True):
        made[key] = [_mapping(keys, row) for row in state.get(key) or ()]
    return made


def _mapping(keys: Sequence[str], row: Sequence[Any]) -> State:
    more = row[-1] if isinstance(row[-1], dict) else {}
    return {**dict(zip(keys, row, strict=False)), **more}


Names = Mapping[str, Mapping[int, str]]


def _names(conn: Connection, states: Iterable[State]) -> Names:
    wanted: dict[str, set[int]] = defaultdict(set)
    for state in states:
        wanted["partner"].add(state.get("partner") or 0)
        for row in (*state["lines"], *state["materials"]):
            for key in ("item", "warehouse", "source"):
                wanted[key].add(row.get(key) or 0)
    made: dict[str, dict[int, str]] = defaultdict(dict)
    for key, table in NAMED.items():
        for ids in chunked(sorted(wanted[key] - {0})):
            query = select(table.c.id, table.c.code, table.c.name).where(table.c.id.in_(ids))
            made[key].update((row.id, f"{row.code} {row.name}".strip()) for row in conn.execute(query))
    for ids in chunked(sorted(wanted["source"] - {0})):
        query = select(doc_line.c.id, doc.c.number, doc_line.c.line_no).join(doc, doc.c.id == doc_line.c.doc_id)
        rows = conn.execute(query.where(doc_line.c.id.in_(ids)))
        made["source"].update((row.id, f"{row.number} / {row.line_no}") for row in rows)
    return made


def _told(state: State, names: Names, kinds: Mapping[str, str]) -> State:
    made = {**state, "kind": kinds.get(state.get("kind") or "", state.get("kind"))}
    made["partner"] = _name(names, "partner", state.get("partner"))
    for key in ROWS:
        made[key] = [
            {
                field: _name(names, field, value) if field in ("item", "warehouse", "source") else value
                for field, value in row.items()
            }
            for row in state[key]
        ]
    return made


def _name(names: Names, key: str, number: int | None) -> str | None:
    return None if number is None else names[key].get(number, f"#{number}") if key in names else f"#{number}"
