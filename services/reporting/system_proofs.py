"""Proofs of structure and system: I23 bills of material, I24 released plans, I31 audit chain, I32 references."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select, text

from models.documents.tables import doc, doc_line, doc_link, material_line, order_line
from models.engineering.tables import bom, bom_line
from models.ledgers.tables import stock_move, wip_move
from models.masterdata.tables import item
from models.planning.tables import planned_order, release_link
from models.platform.tables import audit_event
from services.engineering.reading import edges
from services.engineering.structure import find_loop
from services.platform import audit
from services.reporting.proofs import Broken, Found, collect, offending, rows_of


def bills_hold(conn: Connection) -> Found:
    """I23: no enabled bill of material leads back to itself; no component of a version is valid twice on one day."""
    graph = edges(conn)
    path = find_loop(graph, sorted(graph))
    broken: tuple[Broken, ...] = ()
    if path:
        codes = {row.id: row.code for row in conn.execute(select(item.c.id, item.c.code).where(item.c.id.in_(path)))}
        broken = collect([(" → ".join(codes[key] for key in path), {})])
    return Found(rows_of(conn, bom_line), broken + _overlaps(conn))


def _overlaps(conn: Connection) -> tuple[Broken, ...]:
    line = bom_line.c
    several = (
        select(line.bom_id, line.component_id, line.position)
        .group_by(line.bom_id, line.component_id, line.position)
        .having(func.count() > 1)
        .subquery()
    )
    here = and_(
        line.bom_id == several.c.bom_id,
        line.component_id == several.c.component_id,
        line.position == several.c.position,
    )
    parent, component = item.alias("p"), item.alias("c")
    query = (
        select(parent.c.code, bom.c.version_code, component.c.code.label("component"), line.position, line.valid_from,
               line.valid_to)
        .join_from(bom_line, several, here)
        .join(bom, bom.c.id == line.bom_id)
        .join(parent, parent.c.id == bom.c.parent_id)
        .join(component, component.c.id == line.component_id)
    )  # fmt: skip
    spans: dict[tuple[str, ...], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    for row in conn.execute(query):
        key = (row.code, row.version_code, row.component, row.position)
        spans[key].append((row.valid_from or dt.date.min, row.valid_to or dt.date.max))
    return collect(
        (" ".join(key), {"until": before[1], "from": after[0]})
        for key, group in sorted(spans.items())
        for before, after in zip(sorted(group), sorted(group)[1:], strict=False)
        if before[1] >= after[0]
    )


def releases_linked(conn: Connection) -> Found:
    """I24: a planned order is marked released exactly when a document came from it."""
    linked = exists().where(release_link.c.planned_id == planned_order.c.id)
    released = planned_order.c.status == "released"
    query = (
        select(item.c.code, planned_order.c.run_id, planned_order.c.seq, planned_order.c.status)
        .join_from(planned_order, item, item.c.id == planned_order.c.item_id)
        .where(or_(and_(released, ~linked), and_(~released, linked)))
        .order_by(planned_order.c.id)
    )
    return Found(rows_of(conn, planned_order), offending(conn, query))


def chain_unbroken(conn: Connection) -> Found:
    """I31: the audit chain has no gap and every hash follows from the row and the one before."""
    count, fault = audit.verify(conn)
    return Found(count, collect([(f"seq {fault.seq}", {"reason": fault.reason})] if fault else []))


def references_resolve(conn: Connection) -> Found:
    """I32: every reference leads to its row, with or without a foreign key; SQLite finds its file sound."""
    made = _file_sound(conn) if conn.dialect.name == "sqlite" else Found(0)
    for label, query in _dangling():
        made += Found(0, offending(conn, query, partial(_labelled, label)))
    return made + Found(rows_of(conn, doc, doc_line, doc_link, stock_move, wip_move, audit_event))


def _labelled(label: str, key: object) -> str:
    return f"{label} {key}"


def _file_sound(conn: Connection) -> Found:
    wrong = [
        (f"{table} {row}", {"refers to": parent})
        for table, row, parent, _ in conn.execute(text("PRAGMA foreign_key_check"))
    ]
    wrong += [(str(line), {}) for (line,) in conn.execute(text("PRAGMA quick_check")) if line != "ok"]
    return Found(0, collect(wrong))


def _dangling() -> list[tuple[str, Any]]:
    """References without a foreign key: label and the query of rows that lead nowhere."""
    other = doc_line.alias("other")
    made = []
    for name in ("parent_line_id", "source_line_id", "demand_line_id"):
        found = exists().where(other.c.id == doc_line.c[name])
        made.append((name, select(doc_line.c.id).where(doc_line.c[name].is_not(None), ~found)))
    for table, role in ((material_line, "material"), (order_line, "main")):
        found = exists().where(other.c.id == table.c.line_id, other.c.role == role)
        made.append((table.name, select(table.c.line_id).where(~found)))
    for side in ("source", "target"):
        found = exists().where(
            other.c.id == doc_link.c[f"{side}_line_id"], other.c.doc_id == doc_link.c[f"{side}_doc_id"]
        )
        made.append((f"doc_link {side}", select(doc_link.c.id).where(~found)))
    for table in (stock_move, wip_move):
        found = exists().where(other.c.id == table.c.line_id, other.c.doc_id == table.c.doc_id)
        undo = table.alias("undo")
        reversed_row = or_(table.c.reversal_of.is_not(None), exists().where(undo.c.reversal_of == table.c.id))
        made.append((table.name, select(table.c.id).where(~found, ~reversed_row)))
    found = exists().where(other.c.id == wip_move.c.order_line_id)
    made.append(("wip_move order", select(wip_move.c.id).where(~found)))
    return made
