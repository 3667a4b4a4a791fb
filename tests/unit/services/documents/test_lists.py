"""Lists of documents: pages by key join without gap or overlap in both directions, and every order is the grid's."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal

import pytest
from sqlalchemy import update

import app.wiring  # noqa: F401 registers the document types
from models.documents.tables import doc, doc_line
from services.documents import api, saving
from services.documents.records import DocDraft, LineDraft
from services.masterdata import saving as masters
from services.platform.db import Database
from ui.documents.defaults import default_spec
from ui.framework.grid.index import SortKey
from ui.framework.grid.table import Table

DAY = dt.date(2026, 3, 2)
COUNT = 57
PARTNERS = ("中山灯饰", "阿波罗照明", "Zeta", "alpha", "重庆五金")
ITEMS = ("台灯", "安全帽", "bolt", "Cable", "螺丝")


@pytest.fixture
def orders(book: Database) -> Database:
    """57 sales orders of ten days in mixed order of entry, some closed, some partly done, some with several items."""
    dice = random.Random(11)
    with book.write("tester") as tx:
        masters.upsert(tx, "units", [{"code": "PCS", "name": "个"}])
        masters.upsert(tx, "customers", [{"code": f"C{n}", "name": name} for n, name in enumerate(PARTNERS)])
        goods = [{"code": f"I{n}", "name": name, "unit": "PCS", "kind": "purchased"} for n, name in enumerate(ITEMS)]
        masters.upsert(tx, "items", goods)
        partners = [row[0] for row in tx.conn.exec_driver_sql("select id from partner order by code")]
        items = [row[0] for row in tx.conn.exec_driver_sql("select id from item order by code")]
        drafts = []
        for _ in range(COUNT):
            day = DAY + dt.timedelta(days=dice.randrange(10))
            lines = [
                LineDraft(
                    dice.choice(items), Decimal(dice.randint(1, 9)), price=Decimal(dice.randint(1, 5)), due_date=day
                )
                for _ in range(dice.randint(1, 3))
            ]
            note = dice.choice(("", "急", "赶工", "b", "A"))
            drafts.append(DocDraft("sales_order", day, lines, partner_id=dice.choice(partners), note=note))
        made = saving.create(tx, drafts)
        for n, ref in enumerate(made):
            state = {"status": "C" if n % 4 else "Z", "closing": "CCCSH"[n % 5], "approved_by": "甲" if n % 3 else ""}
            tx.conn.execute(update(doc).where(doc.c.id == ref.id).values(**state))
            if n % 2:
                done = doc_line.c.quantity if n % 3 else Decimal(1)
                tx.conn.execute(update(doc_line).where(doc_line.c.doc_id == ref.id).values(done=done))
    return book


def ids(rows: Sequence[api.DocumentListRow]) -> list[int]:
    return [row.ref.id for row in rows]


@pytest.mark.parametrize("limit", [1, 7, COUNT - 1, COUNT, COUNT + 1])
def test_pages_by_key_join_to_the_whole_list_in_both_directions(orders: Database, limit: int) -> None:
    whole = api.list_documents(orders, "sales_order")
    expected = ids(whole.rows)
    keys = [(row.business_date, row.ref.id) for row in whole.rows]
    assert keys == sorted(keys, reverse=True)
    assert (whole.total, whole.more, len(expected)) == (COUNT, False, COUNT)
    forward: list[int] = []
    after = None
    while True:
        page = api.list_documents(orders, "sales_order", after=after, limit=limit, counted=False)
        assert page.total is None
        forward += ids(page.rows)
        assert page.more == (len(forward) < COUNT)
        if not page.more:
            break
        after = (page.rows[-1].business_date, page.rows[-1].ref.id)
    backward: list[int] = []
    before = None
    while True:
        page = api.list_documents(orders, "sales_order", after=before, reverse=True, limit=limit, counted=False)
        backward = ids(page.rows) + backward
        assert page.more == (len(backward) < COUNT)
        if not page.more:
            break
        before = (page.rows[0].business_date, page.rows[0].ref.id)
    assert forward == backward == expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", sorted(api.LIST_ORDERS))
def test_every_order_of_the_database_is_that_of_the_grid(orders: Database, key: str, descending: bool) -> None:
    rows = api.list_documents(orders, "sales_order").rows
    columns = {column.key: column for column in default_spec("sales_order", today=lambda: DAY).list_columns}
    columns |= {column.key: column for column in default_spec("production_order", today=lambda: DAY).list_columns}
    if key not in columns:
        assert key == "start_date"
        return
    grid = Table([columns[key]])
    grid.load(rows)
    grid.set_sort([SortKey(0, descending)])
    expected = [grid.records[i].ref.id for i in grid.order]
    found: list[int] = []
    while len(found) < COUNT:
        page = api.list_documents(orders, "sales_order", order=[(key, descending)], offset=len(found), limit=20)
        found += ids(page.rows)
        assert page.more == (len(found) < COUNT)
    assert found == expected


def test_the_count_is_that_of_the_filtered_list(orders: Database) -> None:
    wanted: list[api.DocumentFilter] = [
        {},
        {"closings": ("C",)},
        {"text": "luosi"[:1]},
        {"text": "阿波罗"},
        {"text": "ALPHA"},
        {"text": "安全"},
        {"text": "100%"},
        {"date_from": DAY + dt.timedelta(days=3), "statuses": ("C",)},
        {"due_to": DAY + dt.timedelta(days=4)},
    ]
    counts = []
    for one in wanted:
        rows = api.list_documents(orders, "sales_order", **one).rows
        counts.append(len(rows))
        assert api.count_documents(orders, "sales_order", **one) == len(rows)
    assert counts[0] == COUNT
    assert all(0 < count < COUNT for count in (counts[1], counts[3], counts[4], counts[5], counts[7], counts[8]))
    assert counts[6] == 0


@pytest.mark.parametrize("often", [0, 10_000])
def test_a_text_finds_the_same_documents_whether_its_items_are_rare_or_in_most_lines(
    orders: Database, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    everything = {row.ref.id: row for row in api.list_documents(orders, "sales_order").rows}
    holding = {
        key for key in everything if any(line.item_name == "螺丝" for line in api.get_document(orders, key).lines)
    }
    monkeypatch.setattr("services.documents.lists.OFTEN", often)
    assert set(ids(api.list_documents(orders, "sales_order", text="螺丝").rows)) == holding
    assert 0 < len(holding) < COUNT
