"""The stock ledger agrees with a plain one, step by step, and keeps I01, I02 and I03 after each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from models.documents.tables import doc
from models.ledgers.tables import stock_balance, stock_value
from services.ledgers import stock
from services.ledgers.facts import load_items, load_warehouses
from services.platform.db import Database, Tx
from services.reporting import stock_proofs
from tests.property.ledgers.oracle import Oracle, Store
from tests.reliability.sizes import HISTORIES
from tests.support.factory import Factory
from tests.support.shops import Shop

FIRST = dt.date(2026, 5, 1)
ITEMS = ("SCREW", "GLUE")
STORES = ("W1", "W2", "WN", "WC")

Entry = tuple[str, str, str | None, int, int, int]
"""item, warehouse, lot, quantity (negative: out), value in cents, day"""
Step = tuple[str, Any]

entries = st.tuples(
    st.sampled_from(ITEMS), st.sampled_from(STORES), st.sampled_from([None, "", "A"]),
    st.integers(-40, 40).filter(bool), st.integers(0, 9999), st.integers(0, 4),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.lists(entries, min_size=1, max_size=4)),
        st.tuples(st.just("reverse"), st.integers(0, 3)),
        st.tuples(st.just("reverse all"), st.integers(0, 3)),
    ),
    min_size=1, max_size=14,
)  # fmt: skip


@settings(max_examples=HISTORIES)
@given(steps)
@example([("post", [("SCREW", "WN", "", -5, 0, 0)]), ("post", [("SCREW", "W1", "", 5, 1000, 1)])])
@example([("post", [("SCREW", "WN", "", -5, 0, 0)]), ("post", [("SCREW", "W1", "", 9, 700, 1)]), ("reverse", 0)])
@example(
    [
        ("post", [("SCREW", "W1", "", 10, 100, 0)]),
        ("post", [("SCREW", "W1", "", -10, 0, 1)]),
        ("post", [("SCREW", "W1", "", 10, 100, 2)]),
        ("post", [("SCREW", "W1", "", -10, 0, 3)]),
        ("reverse all", 3),
    ]
)
@example([("post", [("SCREW", "W1", "", 10, 100, 3), ("SCREW", "W1", "", -10, 0, 1)])])
def test_the_ledger_agrees_with_a_plain_one(sqlite_shop: Shop, plan: Sequence[Step]) -> None:
    with pytest.raises(TakeBack):
        _run(sqlite_shop.db, sqlite_shop.factory, plan)


class TakeBack(Exception):
    """Ends a trial, so that the next finds the book as this one did."""


def _run(db: Database, factory: Factory, plan: Sequence[Step]) -> None:
    with db.read() as conn:
        items = load_items(conn, [factory.items[code] for code in ITEMS])
        stores = load_warehouses(conn)
    oracle = Oracle(
        {key: Store(w.negative, w.kind != "customer") for key, w in stores.items()},
        {key: facts.unit_cost or Decimal(0) for key, facts in items.items()},
    )
    with db.write("测试") as tx:
        _empty(tx, factory)
        posted: list[int] = []
        for number, (what, given_) in enumerate(plan):
            if what == "post":
                key = _document(tx, number)
                accepted = _post_both(tx, oracle, key, factory, given_)
                posted += [key] if accepted else []
            elif posted:
                place = given_ % len(posted)
                chosen = posted[place:] if what == "reverse all" else [posted[place]]
                if _reverse_both(tx, oracle, chosen, items, stores):
                    posted = [key for key in posted if key not in chosen]
            _compare(tx.conn, oracle, list(items))
        raise TakeBack


def _empty(tx: Tx, factory: Factory) -> None:
    """Takes the opening stock back, so that the trial begins with nothing."""
    ids = [ref.id for ref in factory.made]
    with_items = load_items(tx.conn, factory.items.values())
    assert stock.reverse(tx, ids, with_items, load_warehouses(tx.conn), {}) == []


def _document(tx: Tx, number: int) -> int:
    (key,) = tx.reserve_ids(doc, 1)
    row = {
        "id": key, "type": "opening_stock", "number": f"T{number}", "business_date": FIRST, "created_by": "测试",
        "created_at": tx.now,
    }  # fmt: skip
    tx.insert(doc, [row])
    return key


def _post_both(tx: Tx, oracle: Oracle, key: int, factory: Factory, given_: Sequence[Entry]) -> bool:
    made, accepted, kept = [], True, list(oracle.moves)
    for code, name, lot, quantity, value, day in given_:
        item, store, count = factory.items[code], factory.stores[name], Decimal(quantity)
        worth = Decimal(value) / 100
        made.append(
            stock.StockEntry(
                key, 1, FIRST + dt.timedelta(days=day), item, store, count, lot if quantity < 0 else lot or "",
                0, worth if quantity > 0 else None,
            )
        )  # fmt: skip
        if quantity > 0:
            oracle.receive(key, day, item, store, lot or "", count, value=worth)
        else:
            accepted = oracle.issue(key, day, item, store, lot, -count) and accepted
    problems = stock.post(tx, made, load_items(tx.conn, factory.items.values()), load_warehouses(tx.conn))
    assert (not problems) == accepted
    if not accepted:
        oracle.moves = kept
    return accepted


def _reverse_both(tx: Tx, oracle: Oracle, chosen: Sequence[int], items: Any, stores: Any) -> bool:
    kept = list(oracle.moves)
    accepted = all(oracle.reverse(key) for key in reversed(chosen))
    if not accepted:
        oracle.moves = kept
    problems = stock.reverse(tx, chosen, items, stores, {})
    if len(chosen) == 1:
        assert (not problems) == accepted
    elif problems:
        # Values are looked at when the whole chain is undone, one by one they may be odd on the way.
        oracle.moves = kept
        return False
    else:
        oracle.moves = [move for move in kept if move.doc not in chosen]
    return not problems


def _compare(conn: Connection, oracle: Oracle, items: Sequence[int]) -> None:
    for item in items:
        row = conn.execute(select(stock_value).where(stock_value.c.item_id == item)).first()
        assert (row.quantity, row.value) == oracle.worth(item) if row else oracle.worth(item) == (0, 0)
        for balance in conn.execute(select(stock_balance).where(stock_balance.c.item_id == item)):
            assert balance.quantity == oracle.on_hand(item, balance.warehouse_id, balance.lot)
    for proof in (
        stock_proofs.balances_equal_ledger,
        stock_proofs.value_follows_quantity,
        stock_proofs.never_below_zero,
    ):
        assert proof(conn).broken == ()
