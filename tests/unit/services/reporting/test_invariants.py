"""Each proof of the books holds on sound books, counts what it looked at, and finds the damage it is there for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from services.costing import api as costing
from services.costing.period_costs import CostDraft
from services.platform import periods
from services.platform.messages import catalogue
from services.reporting.invariants import PROOFS, check
from tests.support.acting import draw, post, taking
from tests.support.factory import DAY
from tests.support.shops import Shop, sqlite_shop, sqlite_template

__all__ = ["sqlite_shop", "sqlite_template"]

FREE = "drop trigger {0}_no_update; drop trigger {0}_no_delete; "
STOCK, WIP, AUDIT = FREE.format("stock_move"), FREE.format("wip_move"), FREE.format("audit_event")
LAST_PICK = "(select max(id) from doc where type = 'material_issue')"

# What a hand in the database could do, and the proofs that must notice.
DAMAGES = [
    ("a balance is changed", "update stock_balance set quantity = quantity + 1 where item_id = 3", {"I01", "I06"}),
    ("a value is changed", "update stock_value set value = value + 1 where item_id = 3", {"I01"}),
    ("a ledger row vanishes", STOCK + f"delete from stock_move where doc_id = {LAST_PICK}", {"I01", "I13", "I18"}),
    (
        "a ledger row is changed with its balances",
        STOCK + "update stock_move set quantity = quantity + 1000000 where id = 3;"
        "update stock_balance set quantity = quantity + 1000000 where item_id = 3;"
        "update stock_value set quantity = quantity + 1000000 where item_id = 3",
        {"I13"},
    ),
    (
        "value without quantity",
        "pragma ignore_check_constraints = on; update stock_value set quantity = 0 where item_id = 3",
        {"I01", "I02"},
    ),
    (
        "goods go before they came",
        STOCK + f"update stock_move set move_date = '2026-02-01' where doc_id = {LAST_PICK};"
        + WIP + f"update wip_move set move_date = '2026-02-01' where doc_id = {LAST_PICK}",
        {"I03"},
    ),
    (
        "customers' goods get a value",
        STOCK + "update stock_move set value = 5 where owner_id <> 0",
        {"I09"},
    ),
    ("more is done than ordered", "update doc_link set quantity = quantity * 30 where kind = 'execute'", {"I11", "I12"}),
    ("a done quantity is changed", "update doc_line set done = done + 1 where done > 0", {"I12"}),
    (
        "more comes back than was drawn",
        WIP + f"update wip_move set quantity = -quantity where element = 'material' and doc_id = {LAST_PICK}",
        {"I18", "I20"},
    ),
    ("a closing is changed", "update doc set closing = 'S' where type = 'production_order'", {"I12"}),
    (
        "an approval is forged",
        "update doc set status = 'C' where status = 'Z'",
        {"I13"},
    ),
    ("a draft keeps its rows", f"update doc set status = 'Z' where id = {LAST_PICK}", {"I13"}),
    ("a link is cut", "delete from doc_link where id = 1", {"I12", "I13"}),
    (
        "a reversal takes back less",
        STOCK + "update stock_move set value = value + 1 where reversal_of is not null",
        {"I01", "I14", "I18"},
    ),
    ("a series is set back", "update number_series set last = 0", {"I15"}),
    (
        "a closed month gets a row",
        STOCK + "update stock_move set posted_at = '2026-12-31T00:00:00.000+00:00' where move_date < '2026-03-31'",
        {"I16"},
    ),
    (
        "a bill leads back to itself",
        "insert into bom_line (bom_id, component_id, numerator, denominator) select id, parent_id, 1, 1 from bom limit 1",
        {"I23"},
    ),
    (
        "a component is valid twice",
        ("insert into bom_line (bom_id, position, component_id, numerator, denominator, valid_from)"
        " select bom_id, position, component_id, 1, 1, '2026-01-01' from bom_line limit 1"),
        {"I23"},
    ),
    (
        "a released planned order has no document",
        ("insert into planned_order (run_id, seq, item_id, kind, quantity, output, start_date, due_date, late_days, status)"
        " values (1, 1, 1, 'production', 1, 1, '2026-03-01', '2026-03-02', 0, 'released')"),
        {"I24"},
    ),
    ("an amount is changed", "update doc_line set amount = amount + 1 where price is not null", {"I30"}),
    ("an audit event is changed", AUDIT + "update audit_event set user = '别人' where seq = 5", {"I31"}),
    ("an audit event vanishes", AUDIT + "delete from audit_event where seq = 5", {"I31"}),
    ("a finished cost is changed", "update wip_cost set finished = finished + 1 where finished > 0", {"I19"}),
    ("a draw of a costed month is left out", "update wip_cost set input = input + 1, finished = finished + 1", {"I19"}),
    ("a cost is shared out twice", "update cost_share set amount = amount * 2", {"I19"}),
    ("a product costs less", "update output_cost set material = material - 1", {"I19"}),
    ("an order line vanishes", "pragma foreign_keys = off; delete from doc_line where role = 'material'", {"I32"}),
]  # fmt: skip


@pytest.fixture
def busy(sqlite_shop: Shop) -> Shop:
    """A book with picks, returns, receipts, a reversal, customers' goods, a draft and a closed month."""
    from services.documents import api

    factory = sqlite_shop.factory
    post(sqlite_shop, factory.purchase("50"))
    order = post(sqlite_shop, factory.order("50"))
    taken_back = draw(sqlite_shop, order, "SCREW", "9")
    api.reverse(sqlite_shop.db, "文员", [taken_back.id])
    post(sqlite_shop, taking(sqlite_shop, "product_receipt", order, "20"))
    post(sqlite_shop, factory.opening("SCREW", "7", store="WC"))
    draw(sqlite_shop, order, "SCREW", "100")
    costing.enter_costs(sqlite_shop.db, "主管", [CostDraft(f"{DAY:%Y-%m}", "工资", "labor", Decimal(100))])
    costing.cost_period(sqlite_shop.db, "主管", f"{DAY:%Y-%m}")
    with sqlite_shop.db.write("主管") as tx:
        periods.close(tx, f"{DAY:%Y-%m}")
    return sqlite_shop


def broken_codes(shop: Shop) -> set[str]:
    return {found.code for found in check(shop.db) if not found.holds}


def test_sound_books_hold_and_everything_was_looked_at(busy: Shop) -> None:
    findings = check(busy.db)
    assert [found.code for found in findings if not found.holds] == []
    assert [found.code for found in findings] == [proof.code for proof in PROOFS]
    assert {found.code for found in findings if not found.counted} <= {"I24", "I33", "I34"}
    for found in findings:
        assert found.title == catalogue("zh")[found.sentence]
        assert found.titled("en") == catalogue("en")[found.sentence]


@pytest.mark.parametrize(("damage", "script", "expected"), DAMAGES, ids=[d[0] for d in DAMAGES])
def test_the_damage_is_found(busy: Shop, damage: str, script: str, expected: set[str]) -> None:
    assert busy.db.path is not None
    busy.db.close()
    with closing(sqlite3.connect(busy.db.path)) as raw:
        raw.executescript(script)
    assert broken_codes(busy) >= expected
    told = [str(row) for found in check(busy.db) for row in found.broken]
    assert all(told)


def test_progress_is_told_before_each_proof_and_may_stop_it(busy: Shop) -> None:
    seen: list[tuple[int, int, str]] = []
    check(busy.db, lambda *told: seen.append(told))
    assert [code for _, _, code in seen] == [proof.code for proof in PROOFS]
    assert seen[-1][:2] == (len(PROOFS) - 1, len(PROOFS))

    def stop(position: int, _count: int, _code: str) -> None:
        if position == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        check(busy.db, stop)
