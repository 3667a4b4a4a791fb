"""Costs of periods from their sheet: what the book has of the same item, workshop and order makes way."""

from __future__ import annotations

from decimal import Decimal

from models.kernel.problems import Problem, Refused
from services.costing.period_costs import CostDraft, enter, orders_by_number
from services.exchange.importing.batch import Batch
from services.exchange.importing.masters import Known
from services.exchange.importing.report import MasterCount
from services.platform.db import Tx

ORDER_SHEETS = ("production_orders", "subcontract_orders")


def save_period_costs(tx: Tx, batch: Batch, known: Known, problems: list[Problem]) -> MasterCount:
    """Saves the sound rows; an order that the book and the other sheets do not have is a fault."""
    columns = batch.columns()
    numbers = orders_by_number(tx.conn, [str(number) for number in columns["order"] if number])
    drafts: list[CostDraft] = []
    places: list[int] = []
    for index in batch.good():
        number = columns["order"][index]
        if number and str(number) not in numbers:
            if not any(known.refused(sheet, number) for sheet in ORDER_SHEETS):
                problems.append(batch.problem("costing.unknown_order", index, "order", order=number))
            continue
        drafts.append(
            CostDraft(
                str(columns["period"][index]), str(columns["cost_item"][index]), str(columns["kind"][index]),
                Decimal(str(columns["amount"][index])), str(columns["basis"][index] or "quantity"),
                str(columns["workshop"][index] or ""), numbers[str(number)] if number else None,
            )
        )  # fmt: skip
        places.append(index)
    try:
        done = enter(tx, drafts)
    except Refused as refused:
        for problem in refused.problems:
            if not problem.place.row:
                problems.append(problem)
                continue
            problems.append(batch.problem(problem.code, places[problem.place.row - 1], "period", **problem.args))
        return MasterCount()
    return MasterCount(done.new, done.changed, done.unchanged)
