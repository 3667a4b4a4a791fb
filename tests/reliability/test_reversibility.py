"""T8: whatever was posted can be taken back; a month taken back in the opposite order leaves nothing behind."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from models.documents.tables import doc, doc_line, doc_link
from models.ledgers.tables import stock_balance, stock_value, wip_move
from models.platform.tables import audit_event
from services.documents import api
from tests.reliability.sizes import DEEDS_OF_A_MONTH, SEEDS
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.random_clerk import RandomClerk
from tests.support.shops import Shop


def approved_last_first(shop: Shop) -> list[int]:
    """Approved documents that people made, the latest approval first."""
    last = func.max(audit_event.c.seq)
    query = (
        select(doc.c.id)
        .join(audit_event, (audit_event.c.entity == doc.c.type) & (audit_event.c.entity_id == doc.c.id))
        .where(doc.c.status == "C", audit_event.c.action == "approve")
        .group_by(doc.c.id, doc.c.system_made)
        .order_by(last.desc())
    )
    with shop.db.read() as conn:
        return list(conn.execute(query.where(doc.c.system_made == False)).scalars())  # noqa: E712 SQL expression


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_random_month_reversed_last_first_leaves_nothing(sqlite_shop: Shop, seed: int) -> None:
    clerk = RandomClerk(sqlite_shop.db, sqlite_shop.factory, seed)
    for _ in range(DEEDS_OF_A_MONTH):
        clerk.act()
    assert broken(sqlite_shop.db) == [], f"seed {seed}"
    drafts = select(doc.c.id).where(doc.c.status == "Z", doc.c.closing == "C").order_by(doc.c.id.desc())
    with sqlite_shop.db.read() as conn:
        waiting = list(conn.execute(drafts).scalars())
    for key in waiting:
        api.delete(sqlite_shop.db, USER, [key])
    posted = approved_last_first(sqlite_shop)
    for key in posted:
        api.reverse(sqlite_shop.db, USER, [key])
        api.delete(sqlite_shop.db, USER, [key])
    with sqlite_shop.db.read() as conn:
        for table in (stock_balance, stock_value):
            assert conn.execute(select(table).where(table.c.quantity != 0)).all() == [], f"seed {seed}"
        assert conn.execute(select(stock_value).where(stock_value.c.value != 0)).all() == [], f"seed {seed}"
        w = wip_move.c
        left = select(w.item_id).group_by(w.item_id).having((func.sum(w.quantity) != 0) | (func.sum(w.value) != 0))
        assert conn.execute(left).all() == []
        assert conn.execute(select(doc_link)).all() == []
        assert conn.execute(select(doc_line.c.id).where(doc_line.c.done != Decimal(0))).all() == []
    assert broken(sqlite_shop.db) == [], f"seed {seed}"
    print(f"seed {seed}: {len(posted)} documents reversed; done {dict(clerk.done)}, refused {dict(clerk.refused)}")


def test_a_random_month_keeps_every_invariant_on_both_databases(shop: Shop) -> None:
    clerk = RandomClerk(shop.db, shop.factory, 7)
    for step in range(DEEDS_OF_A_MONTH // 3):
        clerk.act()
        if step % 10 == 0:
            assert broken(shop.db) == [], f"after step {step}"
    assert broken(shop.db) == []
    assert sum(clerk.done.values()) > DEEDS_OF_A_MONTH // 6
