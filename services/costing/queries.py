"""What costing knows, as rows: what orders cost, the costs of periods, and which periods stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, select

from models.costing.tables import output_cost, period_cost
from models.documents.tables import doc, doc_line
from models.kernel.numbers import RATE_PLACES, ZERO, round_half_up
from models.masterdata.tables import item
from services.platform.access.holding import reading, require_reading
from services.platform.access.rights import READ_COSTS, SEE_COST


@dataclass(frozen=True, slots=True)
class OrderCostRow:
    """What a product of an order cost in a period; money is None for who may not see costs."""

    period: str
    order: str
    item: str
    output: str
    quantity: Decimal
    material: Decimal | None
    labor: Decimal | None
    overhead: Decimal | None
    subcontract: Decimal | None
    total: Decimal | None
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class PeriodCostRow:
    """A cost of a period as it was entered; the amount is None for who may not see costs."""

    period: str
    cost_item: str
    kind: str
    workshop: str
    order: str
    amount: Decimal | None
    basis: str


def order_costs(conn: Connection, period: str = "") -> Iterator[OrderCostRow]:
    """By period, order, line; the main product before co- and by-products. period: only that one."""
    require_reading(conn, READ_COSTS)
    seen = reading(conn).allows(SEE_COST)
    c = output_cost.c
    query = (
        select(
            c.period, doc.c.number, item.c.code, c.output, c.quantity, c.material, c.labor, c.overhead, c.subcontract,
        )
        .join_from(output_cost, doc_line, doc_line.c.id == c.order_line_id)
        .join(doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == c.item_id)
        .order_by(c.period, doc.c.number, doc_line.c.line_no, c.id)
    )  # fmt: skip
    if period:
        query = query.where(c.period == period)
    for row in conn.execute(query):
        money: tuple[Decimal | None, ...] = (None,) * 6
        if seen:
            elements = (row.material, row.labor, row.overhead, row.subcontract)
            total = sum(elements, ZERO)
            unit = round_half_up(Fraction(total) / Fraction(row.quantity), RATE_PLACES) if row.quantity else ZERO
            money = (*elements, total, unit)
        yield OrderCostRow(row.period, row.number, row.code, row.output, row.quantity, *money)


def period_costs(conn: Connection) -> Iterator[PeriodCostRow]:
    """By period, cost item, kind, workshop and order."""
    require_reading(conn, READ_COSTS)
    seen = reading(conn).allows(SEE_COST)
    c = period_cost.c
    query = (
        select(c.period, c.cost_item, c.kind, c.workshop, doc.c.number, c.amount, c.basis)
        .outerjoin(doc, doc.c.id == c.order_id)
        .order_by(c.period, c.cost_item, c.kind, c.workshop, doc.c.number, c.basis, c.id)
    )
    for row in conn.execute(query):
        amount = row.amount if seen else None
        yield PeriodCostRow(
            row.period, row.cost_item, row.kind, row.workshop, row.number or "", amount, row.basis
        )  # fmt: skip
