"""The item workbench: what is to come and to go by day without a run, the same as planning reads, and nothing shown without the right."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal as D
from fractions import Fraction

import pytest
from sqlalchemy import event

from models.kernel.problems import Refused
from models.masterdata.tables import item
from services.documents.records import DocDraft, LineDraft
from services.masterdata import saving as masters
from services.planning import api
from services.planning.engine.model import NONE
from services.planning.loader import load
from services.platform import parameters
from tests.support.acting import draw, post, save, taking
from tests.support.factory import DAY, USER, example, stock_up, type_codes
from tests.support.people import staff
from tests.support.shops import Shop

TODAY = DAY + dt.timedelta(days=7)


def bench(shop: Shop, code: str, today: dt.date = TODAY) -> api.Workbench:
    found = api.item_workbench(shop.db, code, today)
    assert found is not None
    return found


def told(rows: tuple[api.AvailabilityRow, ...]) -> list[tuple[str, D, D]]:
    return [(row.kind, row.quantity, row.balance) for row in rows]


def test_each_movement_has_its_document_day_and_the_balance_after_it(shop: Shop) -> None:
    bought = post(shop, shop.factory.purchase("50"))
    order = post(shop, shop.factory.order("2400", day=DAY + dt.timedelta(days=2)))
    later = post(shop, shop.factory.order("3", day=DAY + dt.timedelta(days=30)))
    draw(shop, order, "SCREW", "20")
    found = bench(shop, "SCREW")
    assert told(found.rows) == [
        ("stock", D(9980), D(9980)),
        ("purchase_order", D(50), D(10030)),
        ("production_order", D(-10060), D(-30)),
        ("production_order", D(-13), D(-43)),
    ]
    assert [row.document for row in found.rows] == [None, bought, order, later]
    assert [row.day for row in found.rows] == [TODAY, TODAY, TODAY, DAY + dt.timedelta(days=30)]
    assert [row.overdue for row in found.rows] == [0, 2, 5, 0]
    assert [row.party for row in found.rows] == ["", "五金厂", "", ""]
    assert [row.product for row in found.rows] == ["", "", "LAMP 台灯", "LAMP 台灯"]
    figures = found.figures
    assert (figures.on_hand, figures.available, figures.reserved, figures.on_order) == (
        D(9980),
        D(9980),
        D(10073),
        D(50),
    )
    assert (figures.free, figures.projected, figures.in_production) == (D(-93), D(-43), D(0))
    assert (figures.short_day, figures.short) == (TODAY, D(43))


def test_what_stands_in_the_books_of_a_kit_falls_on_its_parts(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "KIT", kind="phantom")
        shop.factory.add_item(tx, "PACK", kind="phantom")
        shop.factory.add_bill(tx, "PACK", shop.factory.component("BULB", "3"))
        shop.factory.add_bill(tx, "KIT", shop.factory.component("PACK", "2"), shop.factory.component("SCREW"))
    post(shop, shop.factory.sale("5", code="KIT"))
    (_, row) = bench(shop, "BULB").rows
    assert (row.kind, row.quantity, row.product, row.party) == ("sales_order", D(-30), "KIT", "明亮商贸")


def test_the_movements_are_those_that_planning_reads(shop: Shop) -> None:
    """Every type of document, drafts, half done orders, a forecast eaten by orders: item by item the sums of each day agree."""
    with shop.db.write(USER) as tx:
        stock_up(tx, shop.factory)
        for kind in type_codes():
            shop.factory.post(tx, example(tx, shop.factory, kind, 2))
            shop.factory.save(tx, example(tx, shop.factory, kind, 1))
        line = LineDraft(shop.factory.items["LAMP"], D(3), price=D(1), due_date=dt.date(2026, 4, 2))
        shop.factory.post(tx, DocDraft("sales_order", DAY, [line], partner_id=shop.factory.partners["C1"]))
    order = post(shop, shop.factory.order("9"))
    draw(shop, order, "SCREW", "5")
    post(shop, taking(shop, "product_receipt", order, "4"))
    with shop.db.read() as conn:
        whole = load(conn, parameters.load(conn), start=TODAY)
        planned = {row.code: row.id for row in conn.execute(item.select())}
    expected: dict[int, dict[dt.date, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    names, data = whole.names, whole.data
    for table, sign in ((data.supplies, 1), (data.demands, -1)):
        for at in range(len(table)):
            if table.ref[at] == NONE:
                continue
            rank = int(table.item[at])
            unit = 10 ** int(data.items.decimals[rank])
            given = Fraction(int(table.num[at]), int(table.den[at])) if sign > 0 else Fraction(int(table.quantity[at]))
            expected[int(names.item_ids[rank])][dt.date.fromordinal(int(table.day[at]))] += sign * given / unit
    moved = 0
    for code, key in planned.items():
        found: dict[dt.date, Fraction] = defaultdict(Fraction)
        for row in bench(shop, code).rows[1:]:
            found[row.due] += Fraction(row.quantity)
        moved += len(found)
        assert {day: n for day, n in found.items() if n} == {day: n for day, n in expected[key].items() if n}, code
    assert moved > 8


def test_one_item_takes_a_fixed_number_of_statements(shop: Shop) -> None:
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    def asked() -> int:
        statements.clear()
        bench(shop, "SCREW")
        return len(statements)

    post(shop, shop.factory.order("2"))
    event.listen(shop.db.engine, "before_cursor_execute", note)
    few = asked()
    for _ in range(8):
        post(shop, shop.factory.order("2"))
        post(shop, shop.factory.purchase("5"))
    statements.clear()
    many = asked()
    event.remove(shop.db.engine, "before_cursor_execute", note)
    assert few == many


def test_stock_documents_prices_and_stand_ins_of_an_item(shop: Shop) -> None:
    post(shop, shop.factory.opening("SCREW", "7", "1", store="W2", lot="L1"))
    with shop.db.write(USER) as tx:
        masters.upsert(tx, "substitutes", [{"component": "SCREW", "substitute": "BULB", "ratio": D(2), "priority": 1}])
    bought = post(shop, shop.factory.purchase("50", price="0.37"))
    order, draft = post(shop, shop.factory.order("2")), save(shop, shop.factory.purchase("8", price="9"))
    found = bench(shop, "SCREW")
    assert [(row.warehouse, row.lot, row.quantity, row.since) for row in found.stores] == [
        ("主仓", "", D(10000), DAY), ("车间仓", "L1", D(7), DAY),
    ]  # fmt: skip
    assert found.figures.on_hand == D(10007)
    assert [(row.ref, row.role, row.status, row.left) for row in found.documents] == [
        (order, "material", "C", D(9)), (bought, "main", "C", D(50)), (draft, "main", "Z", D(8)),
    ]  # fmt: skip
    assert found.prices is not None
    assert [(row.ref, row.price) for row in found.prices] == [(bought, D("0.37"))]
    assert [(row.replaces, row.item_code, row.ratio, row.available) for row in found.stand_ins] == [
        (True, "BULB", D(2), D(5000))
    ]
    assert [row.replaces for row in bench(shop, "BULB").stand_ins] == [False]
    draw(shop, order, "SCREW", "9")
    assert [(row.quantity, row.balance) for row in api.item_moves(shop.db, found.head.id)] == [
        (D(-9), D(9998)), (D(7), D(10007)), (D(10000), D(10000)),
    ]  # fmt: skip


def test_an_item_to_begin_with_is_one_that_open_orders_draw(shop: Shop) -> None:
    assert api.item_in_use(shop.db) == "BULB"
    post(shop, shop.factory.order("2", code="SHADE"))
    assert api.item_in_use(shop.db) == "STEEL"


def test_who_may_not_see_documents_or_figures_finds_the_balance_but_neither_names_nor_prices(
    sqlite_shop: Shop,
) -> None:
    post(sqlite_shop, sqlite_shop.factory.purchase("50", price="0.37"))
    sale = post(sqlite_shop, sqlite_shop.factory.sale("5", code="SCREW"))
    people = staff(sqlite_shop.db)
    picker = people["workshop"]
    assert not picker.allows("sales_order.read")
    assert not picker.allows("field.price")
    seen = api.item_workbench(sqlite_shop.db.acting_as(picker), "SCREW", TODAY)
    assert seen is not None
    assert seen.prices is None
    assert seen.head.unit_cost is None
    assert seen.head.price is None
    (sold,) = [row for row in seen.rows if row.kind == "sales_order"]
    assert (sold.document, sold.party, sold.quantity) == (None, "", D(-5))
    assert sale not in [row.ref for row in seen.documents]
    with pytest.raises(Refused):
        api.item_workbench(sqlite_shop.db.acting_as(people[""]), "SCREW", TODAY)
    assert api.item_workbench(sqlite_shop.db, "NONE", TODAY) is None
