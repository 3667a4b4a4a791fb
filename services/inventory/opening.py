"""What the approved opening documents brought in, for comparison with the books kept before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, select

from models.documents.tables import doc, doc_line
from models.kernel.numbers import ZERO
from models.masterdata.tables import warehouse
from services.documents.types import registry
from services.platform.access.holding import shown
from services.platform.access.rights import SEE_COST


@dataclass(frozen=True, slots=True)
class OpeningTotal:
    """A store's opening stock: lines, different items, quantities added up, amount, lines without an amount.

    amount is None for who may not see costs.
    """

    code: str
    name: str
    lines: int
    items: int
    quantity: Decimal
    amount: Decimal | None
    without_amount: int


def opening_totals(conn: Connection) -> list[OpeningTotal]:
    """By store in the order of their codes; customers' goods are counted in quantity and have no amount."""
    opening = [kind.code for kind in registry if kind.opening]
    line = doc_line.c
    query = (
        select(
            warehouse.c.code, warehouse.c.name, func.count().label("lines"),
            func.count(line.item_id.distinct()).label("items"),
            func.sum(line.quantity, type_=line.quantity.type).label("quantity"),
            shown(conn, func.coalesce(func.sum(line.amount, type_=line.amount.type), ZERO).label("amount"), SEE_COST),
            (func.count() - func.count(line.amount)).label("without_amount"),
        )
        .join_from(doc, doc_line, line.doc_id == doc.c.id)
        .join(warehouse, warehouse.c.id == line.warehouse_id)
        .where(doc.c.type.in_(opening), doc.c.status == "C", line.role == "main")
        .group_by(warehouse.c.id, warehouse.c.code, warehouse.c.name)
        .order_by(warehouse.c.code)
    )  # fmt: skip
    return [OpeningTotal(*row) for row in conn.execute(query)]
