"""The stock ledger itself: days, owners, and what a reversal may leave behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.documents.tables import doc
from models.kernel.problems import Problem
from models.ledgers.tables import stock_move, stock_value
from services.ledgers import stock
from services.ledgers.facts import load_items, load_warehouses
from services.platform.db import Tx
from tests.support.factory import USER
from tests.support.shops import Shop

FIRST = dt.date(2026, 5, 1)


class Ledger:
    """Posts movements of one new item without documents' rules."""

    def __init__(self, shop: Shop, tx: Tx) -> None:
        self.tx = tx
        self.stores = shop.factory.stores
        shop.factory.add_item(tx, "NEW")
        self.item = shop.factory.items["NEW"]

    def post(
        self, *moves: tuple[int, str], day: int = 1, store: str = "W1", owner: int = 0
    ) -> tuple[int, list[Problem]]:
        """One document: quantity and value of each movement, "" where the ledger is to value it."""
        return self.batch([self.entry(quantity, value, day=day, store=store, owner=owner) for quantity, value in moves])

    def entry(
        self, quantity: int, value: str = "", *, day: int = 1, store: str = "W1", owner: int = 0
    ) -> stock.StockEntry:
        return stock.StockEntry(
            0, 1, FIRST + dt.timedelta(days=day), self.item, self.stores[store], Decimal(quantity), owner_id=owner,
            value=Decimal(value) if value else None,
        )  # fmt: skip

    def batch(self, entries: Sequence[stock.StockEntry]) -> tuple[int, list[Problem]]:
        """One document with these movements; its id, and why not."""
        (key,) = self.tx.reserve_ids(doc, 1)
        row = {"id": key, "type": "opening_stock", "number": f"T{key}", "business_date": FIRST, "created_by": USER}
        self.tx.insert(doc, [row | {"created_at": self.tx.now}])
        made = [replace(entry, doc_id=key) for entry in entries]
        return key, stock.post(self.tx, made, load_items(self.tx.conn, [self.item]), load_warehouses(self.tx.conn))

    def reverse(self, *keys: int) -> list[str]:
        """Codes of why not."""
        items, stores = load_items(self.tx.conn, [self.item]), load_warehouses(self.tx.conn)
        return [problem.code for problem in stock.reverse(self.tx, keys, items, stores, {})]

    def worth(self) -> tuple[Decimal, Decimal]:
        """Quantity and value that stand in the books, (0, 0) where none does."""
        query = select(stock_value.c.quantity, stock_value.c.value).where(stock_value.c.item_id == self.item)
        row = self.tx.conn.execute(query).first()
        return (row.quantity, row.value) if row else (Decimal(0), Decimal(0))

    def moved(self) -> Decimal:
        """Quantity over all movements."""
        query = select(func.sum(stock_move.c.quantity, type_=stock_move.c.quantity.type))
        total: Decimal = self.tx.conn.execute(query.where(stock_move.c.item_id == self.item)).scalar_one()
        return total


@pytest.fixture
def ledger(shop: Shop) -> Iterator[Ledger]:
    with shop.db.write(USER) as tx:
        yield Ledger(shop, tx)


def test_a_day_is_judged_at_its_end_whatever_came_first_on_it(ledger: Ledger) -> None:
    """3 on the first day; on the third 5 come and go. On the second day all 3 may leave."""
    moves = [ledger.entry(3, "3", day=1), ledger.entry(5, "5", day=3), ledger.entry(-5, day=3), ledger.entry(-3, day=2)]
    assert ledger.batch(moves)[1] == []
    assert ledger.worth() == (0, 0)


def test_what_is_needed_on_a_later_day_does_not_leave_earlier(ledger: Ledger) -> None:
    _, problems = ledger.batch(
        [ledger.entry(3, "3", day=1), ledger.entry(-3, day=3), ledger.entry(5, "5", day=4), ledger.entry(-1, day=2)]
    )
    assert [(problem.code, problem.args["free"]) for problem in problems] == [("stock.short", 0)]


def test_a_customers_goods_carry_no_value_in_an_own_warehouse(ledger: Ledger) -> None:
    ledger.post((4, "8"))
    key, problems = ledger.post((5, "100"), owner=7)
    assert problems == []
    assert ledger.post((-2, ""), owner=7)[1] == []
    assert (ledger.worth(), ledger.moved()) == ((4, 8), 7)
    assert [problem.code for problem in ledger.post((-4, ""), owner=7)[1]] == ["stock.short"]
    assert ledger.reverse(key) == ["stock.reversal_short"]


@pytest.mark.parametrize(
    ("first", "second", "issued", "left"),
    [("10", "30", -10, (10, 20)), ("90", "10", -5, (15, 75)), ("10", "90", -15, (5, 25))],
    ids=["no quantity", "value below zero", "quantity below zero"],
)
def test_a_reversal_leaves_no_value_that_contradicts_its_quantity(
    ledger: Ledger, first: str, second: str, issued: int, left: tuple[int, int]
) -> None:
    key, _ = ledger.post((10, first), store="WN")
    ledger.post((10, second), store="WN")
    ledger.post((issued, ""), store="WN")
    assert ledger.worth() == left
    assert ledger.reverse(key) == ["stock.reversal_value"]
    assert ledger.worth() == left


def test_documents_reversed_together_are_undone_latest_first(ledger: Ledger) -> None:
    receipt, _ = ledger.post((10, "10"))
    issue, _ = ledger.post((-10, ""))
    assert ledger.reverse(receipt) == ["stock.reversal_short"]
    assert ledger.reverse(receipt, issue) == []
    assert (ledger.worth(), ledger.moved()) == ((0, 0), 0)
    assert ledger.reverse(receipt, issue) == []
    assert (ledger.worth(), ledger.moved()) == ((0, 0), 0)


def test_an_issue_of_any_lot_passes_over_the_empty_ones(ledger: Ledger) -> None:
    ledger.batch([replace(ledger.entry(3, "3"), lot="A"), replace(ledger.entry(5, "5"), lot="B")])
    ledger.batch([replace(ledger.entry(-3), lot="A")])
    key, problems = ledger.batch([replace(ledger.entry(-2), lot=None)])
    assert problems == []
    query = select(stock_move.c.lot, stock_move.c.quantity).where(stock_move.c.doc_id == key)
    assert [tuple(row) for row in ledger.tx.conn.execute(query)] == [("B", -2)]
