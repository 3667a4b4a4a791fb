"""Costing and the books: reversal of what was costed, closing, several periods, rework, stock below zero, both databases."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.kernel.problems import Refused
from models.ledgers.tables import stock_balance
from models.masterdata.tables import item
from services.costing import api
from services.documents import api as documents
from services.inventory import api as inventory
from services.planning import api as planning
from tests.support.costed import USER, Costed, bought, issue, line, opening, order, paid, receipt, sold
from tests.support.ledgers import broken, everything, ledgers

D = Decimal


def refused(act: Callable[[], object]) -> str:
    """Code of what is refused."""
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.problems[0].code


def two_orders(book: Costed) -> None:
    """Ten of a product for 100, ten for 200, and ten of them sold."""
    book.items("M", "N")
    book.items("P", kind="manufactured")
    book.load(
        bom=[line("P", "M")],
        opening_stock=[opening("M", 10, 100), opening("N", 10, 200)],
        production_orders=[order("WO-1", "P", 10), order("WO-2", "P", 10)],
        material_issues=[issue("MI-1", "WO-1", "M", 10)],
        product_receipts=[receipt("FR-1", "WO-1", "P", 10), receipt("FR-2", "WO-2", "P", 10, "2026-03-11")],
        period_costs=[paid("外协", 200, order="WO-2")],
    )
    book.load(**sold("DN-1", "P", 10, "2026-03-20"))


def test_movements_of_an_item_do_not_show_corrections_of_value(book: Costed) -> None:
    two_orders(book)
    with book.db.read() as conn:
        product = conn.execute(select(item.c.id).where(item.c.code == "P")).scalar_one()
        store = conn.execute(
            select(stock_balance.c.warehouse_id).where(stock_balance.c.item_id == product)
        ).scalar_one()
    before = inventory.moves(book.db, product, store), planning.item_moves(book.db, product)
    book.cost()
    assert book.value_of("DN-1") == D(-150)
    assert (inventory.moves(book.db, product, store), planning.item_moves(book.db, product)) == before
    assert [row.quantity for row in before[0]] == [-10, 10, 10]


def test_what_was_costed_can_be_reversed_and_costs_anew(book: Costed) -> None:
    two_orders(book)
    book.cost()
    assert book.value_of("DN-1") == D(-150)
    documents.reverse(book.db, USER, [book.document("FR-2")])
    assert broken(book.db) == []
    # Ten are sold and ten were made: what is left of value went with them.
    assert book.stock("P") == (D(0), D(0))
    book.cost()
    assert book.value_of("DN-1") == D(-100)
    assert book.in_progress("WO-2") == {"overhead": D(200)}
    documents.approve(book.db, USER, [book.document("FR-2")])
    book.cost()
    assert book.value_of("DN-1") == D(-150)


def test_costing_again_writes_nothing_but_the_run(book: Costed) -> None:
    two_orders(book)
    book.cost()
    before, rows = ledgers(book.db), everything(book.db)
    api.cost_period(book.db, USER, "2026-03")
    after = everything(book.db)
    assert ledgers(book.db) == before
    assert [row[1:] for row in after["wip_cost"]] == [row[1:] for row in rows["wip_cost"]]
    for table in ("stock_move", "wip_move", "stock_value", "stock_balance", "doc", "doc_line"):
        assert after[table] == rows[table]


def test_a_period_is_closed_when_it_was_costed_since_its_last_change(book: Costed) -> None:
    two_orders(book)
    assert refused(lambda: api.close_period(book.db, USER, "2026-03")) == "costing.not_costed"
    book.cost()
    book.load(**bought("PR-1", "M", 5, 11, "2026-03-25"))
    assert refused(lambda: api.close_period(book.db, USER, "2026-03")) == "costing.not_costed"
    book.cost()
    api.close_period(book.db, USER, "2026-03")
    assert refused(lambda: api.cost_period(book.db, USER, "2026-03")) == "costing.closed"
    assert refused(lambda: api.cost_period(book.db, USER, "2026-02")) == "costing.later_closed"
    assert refused(lambda: book.load(period_costs=[paid("水电", 5)])) == "costing.closed"
    assert refused(lambda: documents.reverse(book.db, USER, [book.document("PR-1")])) == "document.period_closed"
    assert refused(lambda: api.reopen_period(book.db, USER, "2026-03", " ")) == "period.no_reason"
    api.reopen_period(book.db, USER, "2026-03", "补单")
    book.load(period_costs=[paid("外协", 100, order="WO-2")])
    book.cost()
    assert book.value_of("DN-1") == D(-100)


def test_an_order_closed_by_hand_after_costing_is_costed_again_before_the_period_is_closed(book: Costed) -> None:
    book.items("M")
    book.items("P", kind="manufactured")
    book.load(
        bom=[line("P", "M")],
        opening_stock=[opening("M", 10, 100)],
        production_orders=[order("WO-1", "P", 10)],
        material_issues=[issue("MI-1", "WO-1", "M", 10)],
        product_receipts=[receipt("FR-1", "WO-1", "P", 4)],
    )
    book.cost()
    assert book.stock("P") == (D(4), D(40))
    documents.close(book.db, USER, [book.document("WO-1")], "不做了")
    assert refused(lambda: api.close_period(book.db, USER, "2026-03")) == "costing.not_costed"
    book.cost()
    assert book.stock("P") == (D(4), D(100))
    api.close_period(book.db, USER, "2026-03")


def test_work_in_progress_goes_on_in_the_next_periods(book: Costed) -> None:
    book.items("M")
    book.items("P", kind="manufactured")
    book.load(
        bom=[line("P", "M", 2)],
        opening_stock=[opening("M", 20, 200)],
        production_orders=[order("WO-1", "P", 10)],
        material_issues=[issue("MI-1", "WO-1", "M", 20)],
        period_costs=[paid("工资", 100, kind="labor"), paid("工资", 50, kind="labor", period="2026-04")],
    )
    book.load(product_receipts=[receipt("FR-1", "WO-1", "P", 4, "2026-04-10")])
    book.load(product_receipts=[receipt("FR-2", "WO-1", "P", 6, "2026-05-10")])
    book.cost("2026-05")
    april, may = book.costs("2026-04")["WO-1", "P"], book.costs("2026-05")["WO-1", "P"]
    assert book.costs("2026-03") == {}
    # April: 4 of 4 + 6 pieces of material; 4 of 4 + 3 equivalent units of labor.
    assert (april["material"], april["labor"]) == (D(80), D("85.71"))
    assert (may["material"], may["labor"]) == (D(120), D("64.29"))
    assert book.stock("P") == (D(10), D(350))


def test_rework_costs_what_it_draws_and_adds(book: Costed) -> None:
    book.items("M")
    book.items("P", kind="manufactured")
    book.load(
        bom=[line("P", "M")],
        opening_stock=[opening("P", 10, 500), opening("M", 10, 20)],
        production_orders=[order("RW-1", "P", 2, kind="rework")],
        substitutes=[{"component": "M", "substitute": "P", "ratio": 1, "priority": 1}],
        material_issues=[issue("MI-1", "RW-1", "P", 2, line=1)],
        product_receipts=[receipt("FR-1", "RW-1", "P", 2)],
        period_costs=[paid("返工", 30, kind="labor")],
    )
    book.cost()
    row = book.costs()["RW-1", "P"]
    assert (row["material"], row["labor"], row["total"]) == (D(100), D(30), D(130))
    assert book.stock("P") == (D(10), D(530))


def test_what_left_before_it_came_is_corrected_when_it_comes(book: Costed) -> None:
    book.load(warehouses=[{"code": "WN", "kind": "own", "negative": "yes"}])
    book.items("M", unit_cost=9)
    book.load(
        sales_orders=[
            {"number": "SO", "date": "2026-03-01", "customer": "C1", "line": 1, "item": "M", "quantity": 5, "price": 1}
        ],
        deliveries=[
            {"number": "DN", "date": "2026-03-02", "order": "SO", "item": "M", "quantity": 5, "warehouse": "WN"}
        ],
    )
    parts = bought("PR", "M", 8, 10, "2026-03-05")
    parts["purchase_receipts"] = [{**parts["purchase_receipts"][0], "warehouse": "WN"}]
    book.load(**parts)
    book.cost()
    assert book.value_of("DN") == D(-50)
    assert book.stock("M") == (D(3), D(30))


def test_a_product_that_left_before_it_was_made_keeps_the_books_whole_before_and_after_costing(book: Costed) -> None:
    book.load(warehouses=[{"code": "WN", "kind": "own", "negative": "yes"}])
    book.items("M")
    book.items("P", kind="manufactured", unit_cost=9)
    gone = sold("DN", "P", 5, "2026-03-02")
    gone["deliveries"] = [{**gone["deliveries"][0], "warehouse": "WN"}]
    book.load(
        bom=[line("P", "M")],
        opening_stock=[opening("M", 8, 80)],
        production_orders=[order("WO-1", "P", 8)],
        material_issues=[issue("MI-1", "WO-1", "M", 8)],
        **gone,
    )
    with book.db.write(USER) as tx:
        tx.conn.execute(update(item).where(item.c.code == "P").values(unit_cost=D(7)))
    book.load(product_receipts=[{**receipt("FR-1", "WO-1", "P", 8), "warehouse": "WN"}])
    assert book.value_of("DN") == D(-45)
    assert book.stock("P") == (D(3), D(21))
    assert broken(book.db) == []
    documents.reverse(book.db, USER, [book.document("FR-1")])
    assert broken(book.db) == []
    documents.approve(book.db, USER, [book.document("FR-1")])
    book.cost()
    assert book.value_of("DN") == D(-50)
    assert book.stock("P") == (D(3), D(30))
    assert broken(book.db) == []


def test_costs_are_the_same_on_both_databases(tmp_path: Path, database_url: str) -> None:
    book = Costed(tmp_path, target=database_url)
    two_orders(book)
    book.cost()
    book.load(**sold("DN-2", "P", 4, "2026-04-02"))
    book.cost("2026-04")
    assert book.totals() == {("WO-1", "P"): "100", ("WO-2", "P"): "200"}
    assert book.stock("P") == (D(6), D(90))
    documents.reverse(book.db, USER, [book.document("DN-2")])
    api.close_period(book.db, USER, "2026-03")
    assert broken(book.db) == []
    book.db.close()
