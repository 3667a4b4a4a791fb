"""下推 and 选源单: what a clerk is offered of a document, how much of it, from which store and in which order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from models.documents.tables import doc_line
from models.kernel.refs import DocRef
from services.documents import api
from tests.support.acting import draw, in_place, post, save, substitutes, taking
from tests.support.factory import DAY, USER, lines_of
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

BACK = "material_issue:return"


def offered(shop: Shop, target: str, **more: object) -> list[tuple[str, str, D]]:
    """Number, item and quantity of every line that can be taken over."""
    found = api.open_sources(shop.db, target, **more)  # type: ignore[arg-type]
    return [(row.ref.number, row.item_code, row.left) for row in found]


def two_lines(shop: Shop) -> DocRef:
    """A sales order of five lamps and seven bulbs."""
    draft = shop.factory.sale("5")
    draft.lines += shop.factory.sale("7", code="BULB", price="3").lines
    return post(shop, draft)


def deliver(shop: Shop, sale: DocRef, place: int, quantity: str) -> DocRef:
    draft = taking(shop, "delivery", sale)
    draft.lines = [draft.lines[place]]
    draft.lines[0].quantity = D(quantity)
    return post(shop, draft)


def pushed(shop: Shop, ref: DocRef, target: str = "delivery") -> list[tuple[int, D]]:
    return [(line.item_id, line.quantity) for draft in api.push_down(shop.db, ref.id, target) for line in draft.lines]


def test_only_what_is_left_of_a_line_is_pushed_and_offered_and_a_finished_line_not_at_all(shop: Shop) -> None:
    sale, items = two_lines(shop), shop.factory.items
    deliver(shop, sale, 0, "5")
    deliver(shop, sale, 1, "3")
    assert pushed(shop, sale) == [(items["BULB"], D(4))]
    assert offered(shop, "delivery") == [(sale.number, "BULB", D(4))]
    deliver(shop, sale, 1, "4")
    assert offered(shop, "delivery") == []
    assert codes(refused(api.push_down, shop.db, sale.id, "delivery")) >= {"document.nothing_left"}


def test_an_order_closed_by_hand_is_offered_no_more_until_it_is_opened_again(shop: Shop) -> None:
    sale = two_lines(shop)
    api.close(shop.db, USER, [sale.id])
    assert offered(shop, "delivery") == []
    api.reopen(shop.db, USER, [sale.id])
    assert [code for _, code, _ in offered(shop, "delivery")] == ["LAMP", "BULB"]


def test_an_order_closed_by_hand_is_offered_neither_for_more_nor_for_returns(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    draw(shop, order, "SCREW", "10")
    for kind in ("supplement", "return"):
        assert offered(shop, "material_issue", kind=kind) != []
    api.close(shop.db, USER, [order.id])
    for kind in ("supplement", "return"):
        assert offered(shop, "material_issue", kind=kind) == []


def test_a_draft_is_no_source(shop: Shop) -> None:
    save(shop, shop.factory.sale("5"))
    assert offered(shop, "delivery") == []


def test_the_oldest_order_is_offered_first_but_for_returns_the_latest(shop: Shop) -> None:
    late = post(shop, shop.factory.order("10", day=DAY + dt.timedelta(days=1)))
    early = post(shop, shop.factory.order("10", day=DAY - dt.timedelta(days=1)))
    for order in (late, early):
        draw(shop, order, "SCREW", "2")
    numbers = [number for number, code, _ in offered(shop, "material_issue") if code == "SCREW"]
    assert numbers == [early.number, late.number]
    assert [number for number, _, _ in offered(shop, "material_issue", kind="return")] == [late.number, early.number]


def test_only_the_partners_own_orders_are_offered_for_a_partner_and_a_text_finds_by_pinyin(shop: Shop) -> None:
    mine = post(shop, shop.factory.sale("5"))
    other = shop.factory.sale("6", code="BULB")
    other.partner_id = shop.factory.partners["C2"]
    theirs = post(shop, other)
    assert [number for number, _, _ in offered(shop, "delivery", partner_id=other.partner_id)] == [theirs.number]
    assert [number for number, _, _ in offered(shop, "delivery", text="tai")] == [mine.number]
    assert [number for number, _, _ in offered(shop, "delivery", text="BULB")] == [theirs.number]


def test_a_delivery_takes_price_and_customer_of_its_order_a_pick_neither(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("5"))
    (delivery,) = api.push_down(shop.db, sale.id, "delivery")
    assert (delivery.partner_id, delivery.lines[0].price) == (shop.factory.partners["C1"], D(80))
    order = shop.factory.sale("8", code="SHADE", price="1.2")
    order.type, order.partner_id = "subcontract_order", shop.factory.partners["S2"]
    subcontract = post(shop, order)
    (pick,) = api.push_down(shop.db, subcontract.id, "material_issue")
    (receipt,) = api.push_down(shop.db, subcontract.id, "product_receipt")
    assert (pick.partner_id, pick.lines[0].price, receipt.lines[0].price) == (None, None, None)


def test_material_comes_from_the_store_of_its_line_else_from_the_items_own(shop: Shop) -> None:
    order = shop.factory.sale("8", code="SHADE", price="1.2")
    order.type, order.partner_id = "subcontract_order", shop.factory.partners["S2"]
    plain = post(shop, order)
    (pick,) = api.push_down(shop.db, plain.id, "material_issue")
    standing = pick.lines[0].warehouse_id
    with shop.db.write(USER) as tx:
        (line,) = lines_of(tx.conn, plain, "material")
        tx.conn.execute(
            doc_line.update().where(doc_line.c.id == line.id).values(warehouse_id=shop.factory.stores["W2"])
        )
    (pick,) = api.push_down(shop.db, plain.id, "material_issue")
    assert pick.lines[0].warehouse_id == shop.factory.stores["W2"] != standing


def test_what_comes_back_goes_to_the_store_and_lot_it_was_last_drawn_from(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "A", kind="manufactured")
        shop.factory.add_item(tx, "PIPE")
        shop.factory.add_bill(tx, "A", shop.factory.component("PIPE", "2"))
    for store, lot in (("W1", "L1"), ("W2", "L2")):
        post(shop, shop.factory.opening("PIPE", "9", "9", store=store, lot=lot))
    order = post(shop, shop.factory.order("5", code="A"))
    picks = [
        post(shop, taking(shop, "material_issue", order, "3", code="PIPE", store=store, lot=lot))
        for store, lot in (("W1", "L1"), ("W2", "L2"))
    ]
    draft = taking(shop, "material_issue", order, "1", code="PIPE", store="W1", lot="L1", kind="return")
    post(shop, draft)
    (row,) = api.open_sources(shop.db, "material_issue", kind="return")
    assert (row.left, row.warehouse_code, row.lot) == (D(5), "W2", "L2")
    # Of a pick its own lines come back, each no more than it drew and no more than is still out, in its own lot.
    backs = [api.push_down(shop.db, pick.id, BACK)[0].lines[0] for pick in picks]
    stores = shop.factory.stores
    assert [(line.quantity, line.warehouse_id, line.lot) for line in backs] == [
        (D(3), stores["W1"], "L1"), (D(3), stores["W2"], "L2"),
    ]  # fmt: skip
    post(shop, taking(shop, "material_issue", order, "3", code="PIPE", store="W2", lot="L2", kind="return"))
    assert api.push_down(shop.db, picks[0].id, BACK)[0].lines[0].quantity == 2


def test_two_lines_of_a_pick_give_back_together_what_is_out_and_a_return_gives_nothing_back(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    draft = taking(shop, "material_issue", order, "10", code="SCREW")
    draft.lines += taking(shop, "material_issue", order, "6", code="SCREW").lines
    pick = post(shop, draft)
    back = draw(shop, order, "SCREW", "4", kind="return")
    assert pushed(shop, pick, BACK) == [(shop.factory.items["SCREW"], D(10)), (shop.factory.items["SCREW"], D(2))]
    assert codes(refused(api.push_down, shop.db, back.id, BACK)) != set()


def test_material_that_is_never_drawn_is_never_offered(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "A", kind="manufactured")
        shop.factory.add_bill(tx, "A", shop.factory.component("BULB"), shop.factory.component("STEEL", issue="none"))
    post(shop, shop.factory.order("5", code="A"))
    for kind in ("normal", "supplement"):
        assert [code for _, code, _ in offered(shop, "material_issue", kind=kind)] == ["BULB"]


def test_only_supplements_drawn_can_come_back_too_but_never_beyond_the_plan(shop: Shop) -> None:
    """A supplement stands beside the plan: of the planned item no more comes back than the line has executed."""
    order = post(shop, shop.factory.order("10"))
    draw(shop, order, "SCREW", "5", kind="supplement")
    assert offered(shop, "material_issue", kind="return") == []
    draw(shop, order, "SCREW", "2")
    assert offered(shop, "material_issue", kind="return") == [(order.number, "SCREW", D(2))]


def test_a_substitute_drawn_beyond_the_plan_can_come_back_though_nothing_of_the_plan_was_drawn(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    substitutes(shop, "SCREW", BULB="1")
    post(shop, in_place(shop, order, "SCREW", "BULB", "5", kind="supplement"))
    assert offered(shop, "material_issue", kind="return") == [(order.number, "BULB", D(5))]


def test_material_of_which_nothing_is_left_is_pushed_no_more(shop: Shop) -> None:
    draft = shop.factory.sale("8", code="SHADE", price="1.2")
    draft.type, draft.partner_id = "subcontract_order", shop.factory.partners["S2"]
    order = post(shop, draft)
    post(shop, api.push_down(shop.db, order.id, "material_issue")[0])
    assert codes(refused(api.push_down, shop.db, order.id, "material_issue")) == {"document.nothing_left"}
