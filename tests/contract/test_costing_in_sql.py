"""Costing under clerks' log-in roles: who may cost does, who reverses what was costed may, nobody corrects values round the program."""

from __future__ import annotations

from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import select

from models.costing.tables import output_cost
from models.kernel.problems import Refused
from services.costing import api
from services.costing.period_costs import CostDraft
from services.documents import api as documents
from tests.support.ledgers import broken
from tests.support.served import Raw, Served

MONTH = "2026-03"


def test_a_clerk_of_costs_costs_and_others_see_and_do_what_they_may(served: Served) -> None:
    with served.book("cost") as db:
        api.enter_costs(db, served.login("cost"), [CostDraft(MONTH, "工资", "labor", Decimal(100))])
        made, _changes = api.cost_period(db, served.login("cost"), MONTH)
        assert made.corrections > 0
        assert all(row.total is not None for row in api.order_costs(db))
    assert broken(served.owner) == []
    with served.book("warehouse") as db:
        with pytest.raises(Refused):
            api.cost_period(db, served.login("warehouse"), MONTH)
        receipt = served.samples["product_receipt"].approved
        documents.reverse(db, served.login("warehouse"), [receipt.id], with_chain=True)
    assert broken(served.owner) == []
    with served.book("viewer") as db:
        assert {row.total for row in api.order_costs(db)} == {None}
        with db.read() as conn:
            assert set(conn.execute(select(output_cost.c.material)).scalars()) == {None}


CORRECTION = (
    "insert into stock_move (doc_id, line_id, move_date, warehouse_id, item_id, lot, quantity, value, posted_at, costed) "
    "select doc_id, line_id, move_date, warehouse_id, item_id, lot, {quantity}, 500, now(), 1 from stock_move "
    "where quantity < 0 and owner_id = 0 limit 1"
)


def correct(raw: Raw, quantity: str) -> None:
    """A correction round the program, with the checks of the commit."""
    raw.execute(CORRECTION.format(quantity=quantity).encode())
    raw.execute("set constraints all immediate")


@pytest.mark.parametrize(
    ("role", "quantity"), [("cost", "1000000"), ("cost", "0"), ("warehouse", "0"), ("planner", "0")]
)
def test_nobody_corrects_values_in_plain_sql(served: Served, role: str, quantity: str) -> None:
    with served.session(role, writing=True) as raw:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            correct(raw, quantity)
        raw.rollback()
    assert broken(served.owner) == []
