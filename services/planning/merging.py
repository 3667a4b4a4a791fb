"""Dates of merged release lines: what an order drawn forward by merging needs must be there when it starts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import Connection, select

from models.masterdata.tables import calendar_day, item
from services.engineering.order_materials import usage_of
from services.engineering.reading import load_structure
from services.engineering.structure import flatten
from services.ledgers.facts import chunked
from services.planning.engine.working_days import start_day
from services.platform import parameters


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A line that a release would make, before it is made."""

    target: str
    partner_id: int | None
    workshop: str
    item_id: int
    quantity: Decimal
    start_date: dt.date
    due_date: dt.date
    planned: tuple[int, ...]
    demand_line_id: int | None
    unit_cost: Decimal | None


def draw_forward(conn: Connection, lines: Sequence[ReleaseLine], day: dt.date) -> list[ReleaseLine]:
    """The lines, each due no later than the start of every merged order that uses its item (not before the run's day).

    Merging takes the earliest date of its parts, so its materials may be needed earlier than they were planned; only
    then does planning again after the release propose nothing new (I24).
    """
    users = _users(conn, lines, day)
    leads = _leads(conn, {line.item_id for line in lines})
    holidays = frozenset(
        found.toordinal()
        for found in conn.execute(select(calendar_day.c.day).where(calendar_day.c.working == False)).scalars()  # noqa: E712
    )
    made = list(lines)
    waiting = list(range(len(made)))
    while waiting:
        parent = made[waiting.pop()]
        needed = max(parent.start_date, day)
        for at in users.get(parent.item_id, ()):
            line = made[at]
            if line.due_date > needed:
                start = dt.date.fromordinal(start_day(needed.toordinal(), leads[line.item_id], holidays))
                made[at] = replace(line, due_date=needed, start_date=min(start, line.start_date))
                waiting.append(at)
    return made


def _users(conn: Connection, lines: Sequence[ReleaseLine], day: dt.date) -> dict[int, list[int]]:
    """item of an order -> positions of the lines whose item it draws."""
    at: dict[int, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        at[line.item_id].append(position)
    parents = {line.item_id: line for line in lines if line.target != "purchase_order"}
    structure = load_structure(conn, parents)
    usage = usage_of(parameters.load(conn))
    made: dict[int, list[int]] = {}
    for key, line in parents.items():
        _version, parts = flatten(structure, key, max(line.start_date, day), usage=usage)
        drawn = dict.fromkeys(part.line.component_id for part in parts if part.line.issue != "none")
        made[key] = [position for component in drawn for position in at.get(component, ())]
    return made


def _leads(conn: Connection, ids: set[int]) -> dict[int, int]:
    made: dict[int, int] = {}
    for keys in chunked(sorted(ids)):
        made.update(
            (row.id, row.lead_time_days)
            for row in conn.execute(select(item.c.id, item.c.lead_time_days).where(item.c.id.in_(keys)))
        )
    return made
