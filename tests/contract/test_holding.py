"""What a clerk is shown of a shortage: what holds the stock, and which substitutes have some free."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import update

from models.masterdata.tables import item
from services.documents import api
from services.inventory import api as inventory
from services.masterdata import api as masterdata
from services.production import api as production
from tests.support.acting import draw, post, save, taking
from tests.support.factory import DAY, USER, lines_of
from tests.support.refusing import refused
from tests.support.shops import Shop

TOMORROW = DAY + dt.timedelta(days=1)


def held(shop: Shop, code: str, store: str = "W1", day: dt.date = TOMORROW, but: int = 0) -> inventory.Holding:
    factory = shop.factory
    return inventory.holding(shop.db, factory.items[code], factory.stores[store], day, but=but)


def rows(found: inventory.Holding) -> list[tuple[str, str, Decimal]]:
    return [(row.kind, row.ref.number if row.ref else row.warehouse, row.quantity) for row in found.rows]


def test_every_reason_is_named_with_its_document_and_quantity(shop: Shop) -> None:
    """5000 bulbs lie in the main store and 40 in another; 200 leave next week, an order wants 300, a draft 50, 100 come."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_bill(tx, "A", factory.component("BULB"))
    post(shop, factory.opening("BULB", "40", "20", store="WN"))
    order = post(shop, factory.order("500", code="A"))
    week = DAY + dt.timedelta(days=7)
    later = post(shop, taking(shop, "material_issue", order, "200", code="BULB", day=week))
    draft = save(shop, taking(shop, "material_issue", order, "50", code="BULB"))
    coming = post(shop, factory.purchase("100", code="BULB"))
    found = held(shop, "BULB")
    assert (found.item, found.warehouse, found.unit) == ("BULB 灯珠", "主仓", "PCS")
    assert (found.on_hand, found.free) == (4800, 4800)
    assert rows(found) == [
        ("here", "主仓", 4800), ("later", later.number, 200), ("draft", draft.number, 50), ("order", order.number, 300),
        ("elsewhere", "允许负库存", 40), ("coming", coming.number, 100),
    ]  # fmt: skip
    assert [row.kind for row in held(shop, "BULB", but=draft.id).rows].count("draft") == 0


def test_what_came_in_only_later_is_said_and_is_not_free_before(shop: Shop) -> None:
    week = DAY + dt.timedelta(days=7)
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "NEW")
    order = post(shop, factory.purchase("30", code="NEW"))
    came = post(shop, taking(shop, "purchase_receipt", order, "30", day=week))
    found = held(shop, "NEW")
    assert (found.on_hand, found.free) == (30, 0)
    assert rows(found) == [("here", "主仓", 30), ("came_later", came.number, 30)]
    api.reverse(shop.db, USER, [came.id])
    assert rows(held(shop, "NEW")) == [("coming", order.number, 30)]


def test_the_refusal_carries_what_the_ways_out_need(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100000"))
    pick = save(shop, taking(shop, "material_issue", order, "90000", code="SCREW"))
    (problem,) = refused(api.approve, shop.db, USER, [pick.id])
    args = problem.args
    assert (args["item_id"], args["warehouse_id"]) == (shop.factory.items["SCREW"], shop.factory.stores["W1"])
    assert (args["free"], args["short"], args["owner_id"]) == (10000, 80000, 0)


def test_substitutes_are_offered_by_priority_the_store_of_the_line_first(shop: Shop) -> None:
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        for code in ("B1", "B2", "B3", "B4", "B5"):
            factory.add_item(tx, code)
        factory.add_bill(tx, "A", factory.component("BULB"))
    allowed = [
        {"component": "BULB", "substitute": "B2", "priority": 2, "ratio": Decimal("1.2")},
        {"component": "BULB", "substitute": "B1", "priority": 1},
        {"component": "BULB", "substitute": "B3", "priority": 3, "parent": "A"},
        {"component": "BULB", "substitute": "B4", "priority": 1, "parent": "LAMP"},
        {"component": "BULB", "substitute": "B5", "priority": 1, "valid_to": DAY},
    ]
    masterdata.save_records(shop.db, USER, "substitutes", allowed)
    post(shop, factory.opening("B1", "7", "7", store="W2"))
    post(shop, factory.opening("B1", "5", "5"))
    post(shop, factory.opening("B2", "30", "30", store="WC"))
    order = post(shop, factory.order("10", code="A"))
    with shop.db.read() as conn:
        (line,) = lines_of(conn, order, "material")
    found = production.substitute_offers(shop.db, line.id, TOMORROW, store_id=factory.stores["W1"])
    assert [(offer.code, offer.warehouse_code, offer.free) for offer in found] == [
        ("B1", "W1", 5), ("B1", "W2", 7), ("B2", "W1", 0), ("B3", "W1", 0),
    ]  # fmt: skip
    assert [offer.needed(Decimal(3)) for offer in found] == [3, 3, 4, 3]
    draw(shop, order, "BULB", "1")
    with shop.db.write(USER) as tx:
        tx.conn.execute(update(item).where(item.c.code == "B3").values(enabled=False))
    assert [offer.code for offer in production.substitute_offers(shop.db, line.id, DAY)] == ["B1", "B1", "B5", "B2"]


def test_a_customers_material_counts_on_what_lies_in_his_warehouse(shop: Shop) -> None:
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_item(tx, "BOX")
        factory.add_bill(tx, "A", factory.component("BOX", supplied_by="customer"), factory.component("BULB"))
    post(shop, factory.opening("BOX", "80", "0", store="WC"))
    order = post(shop, factory.order("100", code="A"))
    draft = taking(shop, "material_issue", order, "60", code="BOX", store="WC")
    draft.lines += taking(shop, "material_issue", order, "60", code="BULB").lines
    found = api.get_document(shop.db, save(shop, draft).id)
    assert [(line.item_code, line.available) for line in found.lines] == [("BOX", 80), ("BULB", 5000)]
    materials = api.get_document(shop.db, order.id).materials
    assert [(line.item_code, line.available) for line in materials] == [("BOX", None), ("BULB", 5000)]
