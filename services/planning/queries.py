"""Reads of stored runs: runs, planned orders, exceptions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from models.kernel.numbers import ZERO
from models.masterdata.tables import item, partner, unit
from models.planning.tables import mrp_exception, mrp_run, planned_order
from services.planning.release import planned_number
from services.planning.views import ExceptionRow, PlannedOrderRow, RunRow
from services.platform.access.holding import require_reading
from services.platform.access.rights import READ_PLAN
from services.platform.searching import escape_like


@dataclass(frozen=True, slots=True)
class PlannedFilter:
    """What planned orders to show; empty fields do not restrict. text: in code, name, specification, number, supplier."""

    kinds: Sequence[str] = ()
    statuses: Sequence[str] = ()
    item_ids: Sequence[int] = ()
    supplier_ids: Sequence[int] = ()
    workshop: str = ""
    late_only: bool = False
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    text: str = ""


def list_runs(conn: Connection, limit: int = 100) -> list[RunRow]:
    """Runs, newest first."""
    rows = conn.execute(select(mrp_run).order_by(mrp_run.c.id.desc()).limit(limit))
    return [
        RunRow(
            row.id, row.start_date, row.end_date, row.note, row.made_by, row.made_at, json.loads(row.parameters),
            json.loads(row.counts), json.loads(row.phases),
        )
        for row in rows
    ]  # fmt: skip


def planned_orders(
    conn: Connection, run_id: int, wanted: PlannedFilter, *, limit: int | None = None, offset: int = 0
) -> list[PlannedOrderRow]:
    """Planned orders of a run in the order of the plan; refused for a reader without the right to see plans."""
    require_reading(conn, READ_PLAN)
    query = _selected(run_id, wanted).order_by(planned_order.c.seq, planned_order.c.part)
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [_order(row) for row in conn.execute(query)]


def count_planned(conn: Connection, run_id: int, wanted: PlannedFilter) -> int:
    """How many planned orders a filter finds."""
    found = _selected(run_id, wanted).subquery()
    return int(conn.execute(select(func.count()).select_from(found)).scalar_one())


def planned_row(conn: Connection, planned_id: int) -> PlannedOrderRow | None:
    """One planned order by its id."""
    row = conn.execute(_orders().where(planned_order.c.id == planned_id)).first()
    return _order(row) if row else None


def _orders() -> Select[Any]:
    return (
        select(
            planned_order, item.c.code, item.c.name, item.c.spec, unit.c.name.label("unit_name"),
            unit.c.code.label("unit_code"), partner.c.code.label("supplier_code"), partner.c.name.label("supplier_name"),
        )
        .join_from(planned_order, item, item.c.id == planned_order.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .outerjoin(partner, partner.c.id == planned_order.c.supplier_id)
    )  # fmt: skip


def _selected(run_id: int, wanted: PlannedFilter) -> Select[Any]:
    c = planned_order.c
    where: list[ColumnElement[bool]] = [c.run_id == run_id]
    for column, values in (
        (c.kind, wanted.kinds), (c.status, wanted.statuses), (c.item_id, wanted.item_ids),
        (c.supplier_id, wanted.supplier_ids),
    ):  # fmt: skip
        if values:
            where.append(column.in_(values))
    if wanted.workshop:
        where.append(c.workshop == wanted.workshop)
    if wanted.late_only:
        where.append(c.late_days > 0)
    if wanted.due_from is not None:
        where.append(c.due_date >= wanted.due_from)
    if wanted.due_to is not None:
        where.append(c.due_date <= wanted.due_to)
    if wanted.text.strip():
        like = escape_like(wanted.text.strip())
        columns = (item.c.code, item.c.name, item.c.spec, item.c.pinyin, partner.c.code, partner.c.name)
        hits: list[ColumnElement[bool]] = [column.ilike(like, escape="/") for column in columns]
        prefix, _, rest = wanted.text.strip().partition("-")
        if prefix == f"P{run_id}" and rest[:6].isdigit():
            hits.append(c.seq == int(rest[:6]))
        where.append(or_(*hits))
    return _orders().where(and_(*where))


def _order(row: Any) -> PlannedOrderRow:
    return PlannedOrderRow(
        row.id, row.run_id, row.seq, row.part, planned_number(row.run_id, row.seq, row.part), row.item_id, row.code,
        row.name, row.spec, row.unit_name or row.unit_code, row.kind, row.quantity, row.output, row.start_date,
        row.due_date, row.late_days, row.supplier_id, row.supplier_code or "", row.supplier_name or "", row.workshop,
        row.demand_line_id, row.status,
    )  # fmt: skip


def exceptions(
    conn: Connection, run_id: int, kinds: Sequence[str] = (), item_ids: Sequence[int] = ()
) -> list[ExceptionRow]:
    """Exceptions of a run by kind, item and date; late starts stand on the planned orders and are derived from them."""
    made = [] if kinds and set(kinds) == {"late_start"} else _stored(conn, run_id, kinds, item_ids)
    if not kinds or "late_start" in kinds:
        made += _late(conn, run_id, item_ids)
    return made


def _stored(conn: Connection, run_id: int, kinds: Sequence[str], item_ids: Sequence[int]) -> list[ExceptionRow]:
    other = item.alias("other")
    query = (
        select(mrp_exception, item.c.code, item.c.name, other.c.code.label("other_code"))
        .join_from(mrp_exception, item, item.c.id == mrp_exception.c.item_id)
        .outerjoin(other, other.c.id == mrp_exception.c.other_item_id)
        .where(mrp_exception.c.run_id == run_id)
        .order_by(mrp_exception.c.kind, item.c.code, mrp_exception.c.id)
    )
    if kinds:
        query = query.where(mrp_exception.c.kind.in_(kinds))
    if item_ids:
        query = query.where(mrp_exception.c.item_id.in_(item_ids))
    return [
        ExceptionRow(
            run_id, row.kind, row.item_id, row.code, row.name, row.document, row.doc_id, row.other_code or "",
            row.quantity or ZERO, row.other_quantity or ZERO, row.from_date, row.to_date,
        )
        for row in conn.execute(query)
    ]  # fmt: skip


def _late(conn: Connection, run_id: int, item_ids: Sequence[int]) -> list[ExceptionRow]:
    wanted = PlannedFilter(item_ids=item_ids, late_only=True)
    return [
        ExceptionRow(
            run_id, "late_start", row.item_id, row.item_code, row.item_name, row.number, None, "", row.quantity, ZERO,
            row.start_date, row.due_date, row.id, row.late_days,
        )
        for row in planned_orders(conn, run_id, wanted)
    ]  # fmt: skip
