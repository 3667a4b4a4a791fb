"""What windows and the command line may call of costing."""

from __future__ import annotations

from collections.abc import Sequence

from models.kernel.refs import Changes
from services.costing import closing, period_costs, queries, running
from services.costing.period_costs import CostDraft, Entered
from services.costing.queries import OrderCostRow, PeriodCostRow
from services.costing.running import CostSummary
from services.platform.db import Database, Tx

__all__ = [
    "CostDraft", "CostSummary", "Entered", "OrderCostRow", "PeriodCostRow", "close_period", "cost_period",
    "enter_costs", "entered_costs", "order_costs", "reopen_period",
]  # fmt: skip


def cost_period(db: Database, user: str, period: str) -> tuple[CostSummary, Changes]:
    """Costs a period and the open ones before it; the same again changes nothing."""

    def action(tx: Tx) -> tuple[CostSummary, Changes]:
        return running.cost(tx, period), tx.changes()

    return db.run(user, action)


def enter_costs(db: Database, user: str, drafts: Sequence[CostDraft]) -> tuple[Entered, Changes]:
    """Enters costs of periods; those with the same period, item, kind, workshop and order make way."""

    def action(tx: Tx) -> tuple[Entered, Changes]:
        return period_costs.enter(tx, drafts), tx.changes()

    return db.run(user, action)


def close_period(db: Database, user: str, period: str) -> Changes:
    """Closes a period that has been costed."""

    def action(tx: Tx) -> Changes:
        closing.close(tx, period)
        return tx.changes()

    return db.run(user, action)


def reopen_period(db: Database, user: str, period: str, reason: str) -> Changes:
    """Opens a closed period again, for a reason."""

    def action(tx: Tx) -> Changes:
        closing.reopen(tx, period, reason)
        return tx.changes()

    return db.run(user, action)


def order_costs(db: Database, period: str = "") -> list[OrderCostRow]:
    """What the products of orders cost, of one period or of all."""
    with db.read() as conn:
        return list(queries.order_costs(conn, period))


def entered_costs(db: Database) -> list[PeriodCostRow]:
    """Costs of periods as they were entered."""
    with db.read() as conn:
        return list(queries.period_costs(conn))
