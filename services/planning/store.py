"""Runs in the book: the run, its snapshot, planned orders and exceptions, written in bulk as stored values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, delete, func, select, update

from models.kernel.numbers import QUANTITY_PLACES
from models.kernel.problems import Problem, Refused
from models.planning.tables import mrp_exception, mrp_run, mrp_snapshot, planned_order
from services.planning import snapshot
from services.planning.engine.model import I64, NONE, Finding, Findings, ItemKind
from services.planning.engine.plan import Plan
from services.planning.loader import Reading
from services.platform.db import Tx

_KINDS = {ItemKind.PURCHASED: "purchase", ItemKind.MANUFACTURED: "production", ItemKind.SUBCONTRACTED: "subcontract"}

_CHUNK = 100_000
"""Planned orders turned into the driver's values at a time: what bounds the memory of a large run."""


def write_run(tx: Tx, reading: Reading, plan: Plan, head: Mapping[str, Any]) -> int:
    """Writes a run and all it made; returns its number. head: start_date, end_date, note, parameters, counts, phases."""
    (run_id,) = tx.reserve_ids(mrp_run, 1)
    texts = {key: json.dumps(head[key], ensure_ascii=False) for key in ("parameters", "counts", "phases")}
    tx.insert(mrp_run, [{**head, **texts, "id": run_id, "made_by": tx.user, "made_at": tx.now}])
    parts = snapshot.pack(reading)
    tx.insert(mrp_snapshot, [{"run_id": run_id, "name": name, "data": data} for name, data in parts.items()])
    # By item, so that the index on run and item grows at its end; seq keeps the order of the plan.
    order = np.argsort(reading.names.item_ids[plan.orders.item], kind="stable")
    for low in range(0, len(order), _CHUNK):
        columns = _order_columns(tx.conn, run_id, reading, plan, order[low : low + _CHUNK])
        copy_columns(tx.conn, planned_order, columns)
    copy_columns(tx.conn, mrp_exception, _exception_columns(tx.conn, run_id, reading, plan.findings))
    return run_id


def write_phases(tx: Tx, run_id: int, phases: Mapping[str, float]) -> None:
    """The seconds by phase, once they are known."""
    tx.conn.execute(update(mrp_run).where(mrp_run.c.id == run_id).values(phases=json.dumps(phases)))


def made_at(conn: Connection, run_id: int) -> dt.datetime:
    """When a run was made; refused when the run is gone."""
    found: dt.datetime | None = conn.execute(select(mrp_run.c.made_at).where(mrp_run.c.id == run_id)).scalar()
    if found is None:
        raise Refused([Problem("plan.run_gone", {"run": run_id})])
    return found


def read_snapshot(conn: Connection, run_id: int) -> Reading:
    """The input of a run; refused when the run is gone."""
    rows = conn.execute(select(mrp_snapshot.c.name, mrp_snapshot.c.data).where(mrp_snapshot.c.run_id == run_id))
    parts = {row.name: bytes(row.data) for row in rows}
    if not parts:
        raise Refused([Problem("plan.run_gone", {"run": run_id})])
    return snapshot.unpack(parts)


def forget_old_runs(tx: Tx, kept: int) -> int:
    """Removes runs beyond the newest `kept`; a run with released orders keeps these and its head. Returns how many."""
    runs = tx.conn.execute(select(mrp_run.c.id).order_by(mrp_run.c.id.desc()).offset(max(1, kept))).scalars().all()
    old = list(runs)
    if not old:
        return 0
    tx.conn.execute(delete(mrp_snapshot).where(mrp_snapshot.c.run_id.in_(old)))
    tx.conn.execute(delete(mrp_exception).where(mrp_exception.c.run_id.in_(old)))
    gone = planned_order.c.run_id.in_(old) & (planned_order.c.status == "proposed")
    tx.conn.execute(delete(planned_order).where(gone))
    left = select(planned_order.c.run_id).where(planned_order.c.run_id.in_(old)).distinct()
    tx.conn.execute(delete(mrp_run).where(mrp_run.c.id.in_(old), mrp_run.c.id.not_in(left)))
    return len(old)


def count_orders(conn: Connection, run_id: int) -> int:
    """How many planned orders a run has now."""
    query = select(func.count()).where(planned_order.c.run_id == run_id)
    return int(conn.execute(query).scalar_one())


def copy_columns(conn: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Adds rows given as columns of stored values: scaled integers, dates in the driver's form. For hundreds of thousands."""
    names = ", ".join(columns)
    rows: Any = zip(*columns.values(), strict=True)
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor = conn.connection.cursor()
        cursor.executemany(f"insert into {table.name} ({names}) values ({marks})", rows)  # noqa: S608 our own names
        cursor.close()
        return
    cursor = conn.connection.cursor()
    with cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.close()


def stored(quantity: I64, places: I64) -> list[int]:
    """Last places as stored quantities (6 decimals)."""
    return list((quantity * 10 ** (QUANTITY_PLACES - places)).tolist())


def dates(conn: Connection, days: I64) -> list[Any]:
    """Ordinals as the driver wants dates; 0 is none."""
    known, at = np.unique(days, return_inverse=True)
    made = [None if day == 0 else dt.date.fromordinal(day) for day in known.tolist()]
    shown = np.array([day.isoformat() if day and conn.dialect.name == "sqlite" else day for day in made], dtype=object)
    return list(shown[at].tolist()) if len(known) else []


def _order_columns(conn: Connection, run_id: int, reading: Reading, plan: Plan, order: I64) -> dict[str, Sequence[Any]]:
    """The planned orders in the given rows as stored values."""
    items, names = reading.data.items, reading.names
    orders = plan.orders.take(order)
    count, item = len(orders), orders.item
    output = orders.quantity * plan.scales.good[item] // plan.scales.scale[item]
    kinds = np.array([_KINDS.get(ItemKind(k)) for k in range(len(ItemKind))], dtype=object)
    bought = items.kind[item] != ItemKind.MANUFACTURED
    suppliers = np.array([None if s == NONE else s for s in (*names.suppliers.tolist(), NONE)], dtype=object)
    workshops = np.array((*names.workshops, ""), dtype=object)
    lines = np.append(names.documents.sales_lines, NONE)[orders.tag]
    return {
        "run_id": [run_id] * count,
        "seq": (order + 1).tolist(),
        "item_id": names.item_ids[item].tolist(),
        "kind": kinds[items.kind[item]].tolist(),
        "quantity": stored(orders.quantity, items.decimals[item]),
        "output": stored(output, items.decimals[item]),
        "start_date": dates(conn, orders.start),
        "due_date": dates(conn, orders.due),
        "late_days": orders.late.tolist(),
        "supplier_id": suppliers[np.where(bought, item, len(suppliers) - 1)].tolist(),
        "workshop": workshops[np.where(bought, len(workshops) - 1, item)].tolist(),
        "demand_line_id": [None if line == NONE else line for line in lines.tolist()],
    }


def _exception_columns(conn: Connection, run_id: int, reading: Reading, table: Findings) -> dict[str, Sequence[Any]]:
    names, items = reading.names, reading.data.items
    words = np.array([finding.name.lower() for finding in Finding], dtype=object)
    demand = table.kind == Finding.PAST_DUE_DEMAND
    refs = np.full(len(table), NONE, dtype=np.int64)
    refs[demand] = reading.data.demands.ref[table.row[demand]]
    supply = ~demand & (table.row != NONE)
    refs[supply] = reading.data.supplies.ref[table.row[supply]]
    numbers, ids = names.documents.numbers, names.documents.ids
    other = table.other != NONE
    others = np.where(other, names.item_ids[np.maximum(table.other, 0)], NONE) if len(table) else table.other
    places = items.decimals[np.maximum(table.other, 0)] if len(table) else table.other
    return {
        "run_id": [run_id] * len(table),
        "item_id": names.item_ids[table.item].tolist(),
        "kind": words[table.kind].tolist(),
        "document": ["" if ref == NONE else numbers[ref] for ref in refs.tolist()],
        "doc_id": [None if ref == NONE else int(ids[ref]) for ref in refs.tolist()],
        "other_item_id": [None if key == NONE else key for key in others.tolist()],
        "quantity": stored(table.quantity, items.decimals[table.item]),
        "other_quantity": stored(table.other_quantity, places),
        "from_date": dates(conn, table.from_day),
        "to_date": dates(conn, table.to_day),
    }
