"""Planned orders edited by hand before release: quantity, dates, supplier; split and merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, update

from models.kernel.numbers import places_of, round_down, unscaled
from models.kernel.problems import Problem, Refused
from models.masterdata.tables import item, unit
from models.planning.tables import planned_order
from services.planning.release import planned_number
from services.platform.access.rights import EDIT_PLAN
from services.platform.db import Tx


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a clerk changes on a planned order; None leaves it as it is."""

    quantity: Decimal | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None
    supplier_id: int | None = None
    workshop: str | None = None
    kind: str | None = None


def edit(tx: Tx, planned_id: int, change: PlannedChange) -> None:
    """Changes a proposed planned order; its output follows the quantity and the item's yield."""
    row = _proposed(tx, [planned_id])[0]
    values: dict[str, Any] = {}
    if change.quantity is not None:
        _check_quantity(row, change.quantity)
        values |= {"quantity": change.quantity, "output": _output(row, change.quantity)}
    start, due = change.start_date or row.start_date, change.due_date or row.due_date
    if start > due:
        raise Refused([Problem("plan.start_after_due", {"number": _number(row), "start": start, "due": due})])
    values |= {"start_date": start, "due_date": due}
    for key in ("supplier_id", "workshop", "kind"):
        if getattr(change, key) is not None:
            values[key] = getattr(change, key)
    tx.conn.execute(update(planned_order).where(planned_order.c.id == planned_id).values(values))
    before = {key: str(getattr(row, key)) for key in values}
    after = {key: str(value) for key, value in values.items()}
    tx.record("planned_order", planned_id, _number(row), "change", before=before, after=after)
    tx.topic("planned_order")


def split(tx: Tx, planned_id: int, quantities: Sequence[Decimal]) -> list[int]:
    """Splits a planned order: the given quantities become parts of their own, the rest stays (10 split by 3: 3 and 7)."""
    row = _proposed(tx, [planned_id])[0]
    for quantity in quantities:
        _check_quantity(row, quantity)
    rest = row.quantity - sum(quantities, Decimal(0))
    if rest <= 0:
        asked = {"number": _number(row), "quantity": row.quantity, "parts": sum(quantities, Decimal(0))}
        raise Refused([Problem("plan.split_too_much", asked)])
    same = (planned_order.c.run_id == row.run_id) & (planned_order.c.seq == row.seq)
    last = tx.conn.execute(select(func.max(planned_order.c.part)).where(same)).scalar_one()
    ids = tx.reserve_ids(planned_order, len(quantities))
    copied = (
        "run_id",
        "seq",
        "item_id",
        "kind",
        "start_date",
        "due_date",
        "late_days",
        "supplier_id",
        "workshop",
        "demand_line_id",
    )
    rows = [
        {
            **{key: getattr(row, key) for key in copied}, "id": key, "part": last + number, "quantity": quantity,
            "output": _output(row, quantity), "status": "proposed",
        }
        for number, (key, quantity) in enumerate(zip(ids, quantities, strict=True), start=1)
    ]  # fmt: skip
    tx.insert(planned_order, rows)
    values = {"quantity": rest, "output": _output(row, rest)}
    tx.conn.execute(update(planned_order).where(planned_order.c.id == planned_id).values(values))
    tx.record("planned_order", planned_id, _number(row), "split", after={"parts": [str(q) for q in quantities]})
    tx.topic("planned_order")
    return ids


def split_evenly(tx: Tx, planned_id: int, count: int) -> list[int]:
    """Splits into count parts as even as the unit allows; the last takes the remainder (10 by 3: 3, 3, 4)."""
    row = _proposed(tx, [planned_id])[0]
    share = round_down(row.quantity / count, row.decimals) if count > 1 else row.quantity
    if count < 2 or share <= 0:
        raise Refused([Problem("plan.split_count", {"number": _number(row), "quantity": row.quantity, "count": count})])
    return split(tx, planned_id, [share] * (count - 1))


def merge(tx: Tx, planned_ids: Sequence[int]) -> int:
    """Merges proposed orders of one item and kind into the first; it keeps the earliest dates."""
    rows = sorted(_proposed(tx, planned_ids), key=lambda row: (row.due_date, row.seq, row.part))
    first = rows[0]
    other = [
        row
        for row in rows
        if (row.item_id, row.kind, row.demand_line_id) != (first.item_id, first.kind, first.demand_line_id)
    ]
    if other:
        raise Refused([Problem("plan.merge_different", {"first": _number(first), "other": _number(other[0])})])
    total = sum((row.quantity for row in rows), Decimal(0))
    values = {
        "quantity": total, "output": _output(first, total), "start_date": min(row.start_date for row in rows),
        "due_date": first.due_date, "late_days": max(row.late_days for row in rows),
    }  # fmt: skip
    tx.conn.execute(update(planned_order).where(planned_order.c.id == first.id).values(values))
    tx.conn.execute(delete(planned_order).where(planned_order.c.id.in_([row.id for row in rows[1:]])))
    tx.record("planned_order", first.id, _number(first), "merge", after={"merged": [_number(row) for row in rows[1:]]})
    tx.topic("planned_order")
    return int(first.id)


def _proposed(tx: Tx, ids: Sequence[int]) -> list[Any]:
    tx.require(EDIT_PLAN)
    query = (
        select(planned_order, item.c.code, item.c.name, item.c.yield_rate, unit.c.decimals)
        .join_from(planned_order, item, item.c.id == planned_order.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .where(planned_order.c.id.in_(ids))
    )
    rows = tx.conn.execute(query).all()
    problems = [Problem("plan.released_already", {"number": _number(row)}) for row in rows if row.status != "proposed"]
    if len(rows) != len(set(ids)):
        problems.append(Problem("plan.order_gone", {}))
    if problems:
        raise Refused(problems)
    return list(rows)


def _number(row: Any) -> str:
    return planned_number(row.run_id, row.seq, row.part)


def _check_quantity(row: Any, quantity: Decimal) -> None:
    if quantity <= 0 or places_of(quantity) > row.decimals:
        smallest = unscaled(1, row.decimals)
        raise Refused([Problem("plan.quantity", {"number": _number(row), "quantity": quantity, "smallest": smallest})])


def _output(row: Any, quantity: Decimal) -> Decimal:
    return round_down(quantity * row.yield_rate, row.decimals)
