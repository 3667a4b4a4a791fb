"""Rows of the result sheets: of the last planning run, the last kitting analysis, the stock as it is, and what orders cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from decimal import Decimal

from sqlalchemy import Connection, func, select

from models.kernel.numbers import ZERO, allocate
from models.ledgers.tables import stock_balance, stock_value
from models.masterdata.tables import item, partner, warehouse
from models.planning.tables import mrp_run, planned_order
from services.costing import queries as costs
from services.exchange.parsed import Value
from services.planning import kitting
from services.planning.release import planned_number
from services.platform.access.holding import reading
from services.platform.access.rights import SEE_COST

Row = Sequence[Value]


def last_run(conn: Connection) -> int | None:
    """Number of the newest planning run."""
    run: int | None = conn.execute(select(func.max(mrp_run.c.id))).scalar()
    return run


def planned_order_rows(conn: Connection) -> Iterator[Row]:
    """Planned orders of the newest run, by number."""
    p = planned_order.c
    query = (
        select(
            p.run_id, p.seq, p.part, item.c.code, p.kind, p.quantity, p.output, p.start_date, p.due_date,
            partner.c.code.label("supplier"), p.late_days, p.status,
        )
        .join_from(planned_order, item, item.c.id == p.item_id)
        .outerjoin(partner, partner.c.id == p.supplier_id)
        .where(p.run_id == last_run(conn))
        .order_by(p.seq, p.part)
    )  # fmt: skip
    for row in conn.execute(query):
        run, seq, part, *values = row
        yield (run, planned_number(run, seq, part), *values)


def stock_rows(conn: Connection) -> Iterator[Row]:
    """What lies where. amount: the item's value shared over its valued stock by quantity, exact in sum."""
    query = (
        select(
            warehouse.c.code.label("store"), item.c.code.label("item"), stock_balance.c.lot, stock_balance.c.quantity,
            stock_balance.c.item_id, stock_balance.c.owner_id, warehouse.c.kind,
        )
        .join_from(stock_balance, item, item.c.id == stock_balance.c.item_id)
        .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
        .where(stock_balance.c.quantity != 0)
        .order_by(warehouse.c.code, item.c.code, stock_balance.c.lot)
    )  # fmt: skip
    balances = conn.execute(query).all()
    valued = [row for row in balances if not row.owner_id and row.kind != "customer"]
    seen = reading(conn).allows(SEE_COST)
    shares = _shares(conn, [(row.item_id, row.quantity) for row in valued])
    for row in balances:
        amount = ZERO if row.owner_id or row.kind == "customer" else next(shares[row.item_id])
        yield row.store, row.item, row.lot, row.quantity, ZERO, row.quantity, amount if seen else None


def _shares(conn: Connection, balances: Sequence[tuple[int, Decimal]]) -> dict[int, Iterator[Decimal]]:
    values = {row.item_id: row.value for row in conn.execute(select(stock_value.c.item_id, stock_value.c.value))}
    quantities: dict[int, list[Decimal]] = defaultdict(list)
    for item_id, quantity in balances:
        quantities[item_id].append(quantity)
    return {
        item_id: iter(allocate(values.get(item_id, ZERO), bases) if sum(bases) else [ZERO] * len(bases))
        for item_id, bases in quantities.items()
    }


def kitting_rows(conn: Connection) -> Iterator[Row]:
    """The last kitting analysis as it was shown."""
    for row in kitting.kept(conn):
        yield (
            row.order, row.item, row.ordered, row.complete_sets, row.component, row.required, row.available, row.short,
        )  # fmt: skip


def order_cost_rows(conn: Connection) -> Iterator[Row]:
    """What the products of orders cost, by period and order."""
    for row in costs.order_costs(conn):
        yield astuple(row)


def period_cost_rows(conn: Connection) -> Iterator[Row]:
    """Costs of periods as they were entered."""
    for row in costs.period_costs(conn):
        yield astuple(row)


RESULTS: Mapping[str, Callable[[Connection], Iterable[Row]]] = {
    "planned_orders": planned_order_rows,
    "stock": stock_rows,
    "kitting": kitting_rows,
    "order_costs": order_cost_rows,
    "period_costs": period_cost_rows,
}
