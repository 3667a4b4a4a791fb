"""What a kitting analysis reads from the books: open orders, their materials, stock, supply, and how parts are made."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import scaled, unscaled
from models.kernel.problems import Problem, Refused
from models.masterdata.tables import item
from services.documents.queries import available
from services.engineering.order_materials import usage_of
from services.engineering.reading import load_structure
from services.engineering.structure import Structure, flatten
from services.engineering.structure import Usage as Formula
from services.ledgers.facts import ItemFacts, load_items
from services.planning.engine.kitting import KitLine, KitOrder, KitStock, Part, by_start
from services.planning.engine.slopes import Usage
from services.platform import parameters

ORDER_TYPES = ("production_order", "subcontract_order")


@dataclass(slots=True)
class Desk:
    """Everything read for one analysis."""

    orders: list[KitOrder]
    heads: dict[str, Any]
    items: dict[int, ItemFacts]
    given: KitStock
    structure: Structure
    half_up: bool
    divide: bool
    backflush: bool
    """whether material that is drawn by itself counts too"""

    def counts(self, issue: str, supplied_by: str) -> bool:
        """Whether material issued and supplied so is waited for."""
        return counts(issue, supplied_by, backflush=self.backflush)

    def shown(self, quantity: int, item_id: int) -> Decimal:
        """An engine figure of an item as a decimal of its unit."""
        return unscaled(quantity, self.items[item_id].decimals)


def counts(issue: str, supplied_by: str, *, backflush: bool) -> bool:
    """Whether material is waited for: own material that is picked and, where the parameter says so, what is backflushed."""
    return supplied_by == "own" and (issue == "pick" or (backflush and issue == "backflush"))


def read_desk(conn: Connection, numbers: Sequence[str], date: dt.date | None, extra: Sequence[int] = ()) -> Desk:
    """Reads everything one analysis needs; numbers in the order given, else every open order by start date."""
    heads = _heads(conn, numbers)
    rows = _materials(conn, [head.line_id for head in heads.values()])
    ids = {row.item_id for group in rows.values() for row in group} | {head.item_id for head in heads.values()}
    structure = load_structure(conn, ids | set(extra), whole=True)
    below = {line.component_id for group in structure.versions.values() for v in group for line in v.lines}
    items = load_items(conn, ids | below | set(extra))
    settings = parameters.load(conn)
    usage = usage_of(settings)
    counted = settings.flag("kitting_counts_backflush")
    orders = [
        _order(head, rows.get(head.line_id, []), items, counted=counted, divide=usage.divide) for head in heads.values()
    ]
    day = dt.date.fromordinal(min((order.start for order in orders), default=(date or dt.date.max).toordinal()))
    given = _given(conn, items, date, parts=_parts(items, structure, day, usage))
    ranked = orders if numbers else by_start(orders)
    return Desk(ranked, heads, items, given, structure, usage.half_up, usage.divide, counted)


def _heads(conn: Connection, numbers: Sequence[str]) -> dict[str, Any]:
    """Product lines by the engine's order number, in the order wanted."""
    query = (
        select(
            doc.c.type, doc.c.id, doc.c.number, doc.c.status, doc.c.closing, doc.c.workshop,
            doc_line.c.id.label("line_id"), doc_line.c.line_no, doc_line.c.item_id, doc_line.c.quantity,
            doc_line.c.start_date,
        )
        .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
        .where(doc.c.type.in_(ORDER_TYPES), doc_line.c.role == "main")
        .order_by(doc.c.number, doc_line.c.line_no)
    )  # fmt: skip
    if numbers:
        rows = conn.execute(query.where(doc.c.number.in_(numbers))).all()
        found = {row.number for row in rows}
        problems = [Problem("kitting.unknown_order", {"order": number}) for number in numbers if number not in found]
        problems += [
            Problem("kitting.order_not_open", {"order": row.number})
            for row in rows
            if row.status != "C" or row.closing != "C"
        ]
        if problems:
            raise Refused(problems)
        rank = {number: n for n, number in enumerate(numbers)}
        rows = sorted(rows, key=lambda row: (rank[row.number], row.line_no))
    else:
        rows = list(conn.execute(query.where(doc.c.status == "C", doc.c.closing == "C", doc_line.c.closing == "C")))
    lines: dict[str, int] = defaultdict(int)
    for row in rows:
        lines[row.number] += 1
    return {row.number if lines[row.number] == 1 else f"{row.number}/{row.line_no}": row for row in rows}


def _materials(conn: Connection, line_ids: Sequence[int]) -> dict[int, list[Any]]:
    made: dict[int, list[Any]] = defaultdict(list)
    query = select(
        doc_line.c.parent_line_id, doc_line.c.item_id, doc_line.c.quantity, doc_line.c.done, material_line.c.issue,
        material_line.c.supplied_by, material_line.c.numerator, material_line.c.denominator, material_line.c.scrap_rate,
        material_line.c.scrap_fixed,
    ).join_from(doc_line, material_line, material_line.c.line_id == doc_line.c.id)  # fmt: skip
    for row in conn.execute(query.where(doc_line.c.parent_line_id.in_(line_ids), doc_line.c.role == "material")):
        made[row.parent_line_id].append(row)
    return made


def _order(head: Any, rows: Sequence[Any], items: dict[int, ItemFacts], *, counted: bool, divide: bool) -> KitOrder:
    parent = items[head.item_id]
    lines = []
    for row in rows:
        item = items[row.item_id]
        rate = Fraction(row.scrap_rate)
        scrap = 1 / (1 - rate) if divide else 1 + rate
        slope = Fraction(row.numerator) / Fraction(row.denominator) * scrap
        usage = Usage(
            slope * Fraction(10) ** (item.decimals - parent.decimals), Fraction(row.scrap_fixed) * 10**item.decimals
        )
        waited = counts(row.issue, row.supplied_by, backflush=counted)
        planned = scaled(row.quantity, item.decimals)
        exact = usage.slope * scaled(head.quantity, parent.decimals) + usage.fixed
        by_hand = planned if abs(planned - exact) >= 1 else None
        lines.append(KitLine(row.item_id, usage, scaled(row.done, item.decimals), waited, by_hand))
    start = (head.start_date or dt.date.max).toordinal()
    done = bool(lines) and all(
        line.drawn >= _planned(row, items) for line, row in zip(lines, rows, strict=True) if line.counts
    )
    number = head.number
    return KitOrder(
        number,
        head.item_id,
        scaled(head.quantity, parent.decimals),
        start,
        tuple(lines),
        done and any(line.counts for line in lines),
    )


def _planned(row: Any, items: dict[int, ItemFacts]) -> int:
    return scaled(row.quantity, items[row.item_id].decimals)


def _given(conn: Connection, items: dict[int, ItemFacts], date: dt.date | None, *, parts: dict[int, Part]) -> KitStock:
    stock = {key: scaled(quantity, items[key].decimals) for key, quantity in available(conn, items).items()}
    supply: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for item_id, day, quantity in _coming(conn, items):
        if date is not None and day <= date:
            stock[item_id] = stock.get(item_id, 0) + quantity
        else:
            supply[item_id].append((day.toordinal(), quantity))
    reserve = {}
    settings = parameters.load(conn)
    if settings.flag("kitting_safety_first"):
        reserve = _safety(conn, items)
    return KitStock(stock, supply, parts, reserve)


def _coming(conn: Connection, items: dict[int, ItemFacts]) -> list[tuple[int, dt.date, int]]:
    query = (
        select(doc_line.c.item_id, doc_line.c.due_date, doc.c.business_date, doc_line.c.quantity, doc_line.c.done)
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .where(
            doc.c.type.in_(("purchase_order", *ORDER_TYPES)), doc.c.status == "C", doc.c.closing == "C",
            doc_line.c.role == "main", doc_line.c.closing == "C", doc_line.c.quantity > doc_line.c.done,
        )
        .order_by(doc_line.c.due_date, doc.c.number, doc_line.c.line_no)
    )  # fmt: skip
    return [
        (row.item_id, row.due_date or row.business_date, scaled(row.quantity - row.done, items[row.item_id].decimals))
        for row in conn.execute(query)
        if row.item_id in items
    ]


def _safety(conn: Connection, items: dict[int, ItemFacts]) -> dict[int, int]:
    rows = conn.execute(select(item.c.id, item.c.safety_stock).where(item.c.safety_stock > 0))
    return {row.id: scaled(row.safety_stock, items[row.id].decimals) for row in rows if row.id in items}


def _parts(items: dict[int, ItemFacts], structure: Structure, day: dt.date, formula: Formula) -> dict[int, Part]:
    """How made items below are made, by the bill that holds on the day, with their low-level codes."""
    made: dict[int, Part] = {}
    below: dict[int, list[int]] = {}
    for parent, versions in structure.versions.items():
        if not versions or parent not in items or items[parent].kind != "manufactured":
            continue
        version, parts = flatten(structure, parent, day, usage=formula)
        if version is None:
            continue
        used: dict[int, Usage] = {}
        for part in parts:
            if part.line.issue == "none" or part.line.supplied_by != "own" or part.line.component_id not in items:
                continue
            shift = items[part.line.component_id].decimals - items[parent].decimals
            usage = Usage(
                part.per_unit * Fraction(10) ** shift, part.fixed * 10 ** items[part.line.component_id].decimals
            )
            known = used.get(part.line.component_id)
            used[part.line.component_id] = usage.plus(known) if known else usage
        rate = Fraction(items[parent].yield_rate)
        made[parent] = Part(0, rate.numerator, rate.denominator, tuple(sorted(used.items())))
        below[parent] = list(used)
    level = _levels(below)
    return {key: Part(level[key], part.yield_num, part.yield_den, part.components) for key, part in made.items()}


def _levels(below: dict[int, list[int]]) -> dict[int, int]:
    """Low-level codes of made items: one more than the deepest item that uses them."""
    parents: dict[int, int] = defaultdict(int)
    for children in below.values():
        for child in children:
            if child in below:
                parents[child] += 1
    level = dict.fromkeys(below, 0)
    ready = [key for key in below if parents[key] == 0]
    while ready:
        key = ready.pop()
        for child in below[key]:
            if child in below:
                level[child] = max(level[child], level[key] + 1)
                parents[child] -= 1
                if parents[child] == 0:
                    ready.append(child)
    return level
