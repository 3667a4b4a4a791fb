"""退料 and 补料 begin from their source: F9 and push-down offer what can come back, and every material that can be added to (AT-14)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft
from services.documents.types import registry
from tests.support.acting import draw, in_place, material, on_hand, post, save, substitutes, taking
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused
from tests.support.shops import Shop

BACK = "material_issue:return"
Offer = tuple[str, str, Decimal]


def offered(shop: Shop, kind: str, **more: object) -> list[Offer]:
    rows = api.open_sources(shop.db, "material_issue", kind=kind, **more)  # type: ignore[arg-type]
    return [(row.ref.number, row.item_code, row.left) for row in rows]


def returned(shop: Shop, draft: DocDraft) -> list[tuple[int, Decimal]]:
    return [(line.item_id, line.quantity) for line in draft.lines]


@pytest.fixture
def order(shop: Shop) -> DocRef:
    return post(shop, shop.factory.order("10"))


def test_a_fully_drawn_material_is_offered_for_return_and_for_more_but_not_for_a_pick(
    shop: Shop, order: DocRef
) -> None:
    draw(shop, order, "SCREW", "42")
    assert offered(shop, "return") == [(order.number, "SCREW", Decimal(42))]
    assert [code for _, code, _ in offered(shop, "normal")] == ["SHADE", "GLUE"]
    assert [(code, left) for _, code, left in offered(shop, "supplement")] == [("SCREW", 0), ("SHADE", 0), ("GLUE", 0)]


def test_what_came_back_is_offered_no_more(shop: Shop, order: DocRef) -> None:
    draw(shop, order, "SCREW", "42")
    draw(shop, order, "SCREW", "5", kind="supplement")
    draw(shop, order, "SCREW", "3", kind="return")
    (row,) = api.open_sources(shop.db, "material_issue", kind="return")
    assert (row.quantity, row.done, row.left) == (42, 44, 39), (
        "what stands beside the plan is no part of what can come back"
    )
    draw(shop, order, "SCREW", "39", kind="return")
    assert offered(shop, "return") == []
    assert codes(refused(api.push_down, shop.db, order.id, BACK)) == {"document.nothing_left"}
    assert broken(shop.db) == []


def test_a_substitute_comes_back_as_itself_to_the_store_it_left(shop: Shop, order: DocRef) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "SCREW3")
    substitutes(shop, "SCREW", SCREW3="2")
    post(shop, shop.factory.opening("SCREW3", "100", "10", store="W2"))
    draw(shop, order, "SCREW", "20")
    post(shop, in_place(shop, order, "SCREW", "SCREW3", "21", store="W2"))
    rows = api.open_sources(shop.db, "material_issue", kind="return")
    assert [(row.item_code, row.left, row.warehouse_code) for row in rows] == [
        ("SCREW", 20, "W1"),
        ("SCREW3", 21, "W2"),
    ]
    assert len({row.key for row in rows}) == 2
    (draft,) = api.push_down(shop.db, order.id, BACK)
    assert returned(shop, draft) == [(shop.factory.items["SCREW"], 20), (shop.factory.items["SCREW3"], 21)]
    post(shop, draft)
    assert material(shop, order, "SCREW")[1] == 0
    assert on_hand(shop, "SCREW3") == 100
    assert broken(shop.db) == []


def test_a_pick_is_pushed_into_its_own_return(shop: Shop, order: DocRef) -> None:
    first, second = draw(shop, order, "SCREW", "30"), draw(shop, order, "SCREW", "12")
    (draft,) = api.push_down(shop.db, second.id, BACK)
    assert (draft.kind, returned(shop, draft)) == ("return", [(shop.factory.items["SCREW"], Decimal(12))])
    back = post(shop, draft)
    assert back.number.startswith("SCTL")
    draw(shop, order, "SCREW", "25", kind="return")
    (rest,) = api.push_down(shop.db, first.id, BACK)
    assert returned(shop, rest) == [(shop.factory.items["SCREW"], 5)], "of both picks together only 5 are left"
    assert codes(refused(api.push_down, shop.db, back.id, BACK)) == {"document.nothing_left"}
    post(shop, rest)
    assert codes(refused(api.push_down, shop.db, first.id, BACK)) == {"document.nothing_left"}


def test_two_lines_of_one_material_do_not_give_the_same_back_twice(shop: Shop, order: DocRef) -> None:
    draft = taking(shop, "material_issue", order, "20", code="SCREW")
    draft.lines += taking(shop, "material_issue", order, "22", code="SCREW").lines
    pick = post(shop, draft)
    draw(shop, order, "SCREW", "10", kind="return")
    (back,) = api.push_down(shop.db, pick.id, BACK)
    assert [line.quantity for line in back.lines] == [20, 12]


def test_a_finished_order_still_gives_back_and_one_closed_by_hand_does_not(shop: Shop, order: DocRef) -> None:
    draw(shop, order, "SCREW", "42")
    draw(shop, order, "SHADE", "10")
    post(shop, taking(shop, "product_receipt", order, "10"))
    assert api.get_document(shop.db, order.id).closing == "S"
    assert (order.number, "SCREW", Decimal(42)) in offered(shop, "return")
    (draft,) = api.push_down(shop.db, order.id, BACK)
    assert shop.factory.items["SCREW"] in {line.item_id for line in draft.lines}
    other = post(shop, shop.factory.order("10"))
    draw(shop, other, "SCREW", "42")
    api.close(shop.db, USER, [other.id], "不做了")
    assert other.number not in {number for number, _, _ in offered(shop, "return")}
    assert other.number not in {number for number, _, _ in offered(shop, "supplement")}


def test_the_latest_are_first_and_a_search_narrows(shop: Shop, order: DocRef) -> None:
    other = post(shop, shop.factory.order("10"))
    for one in (order, other):
        draw(shop, one, "SCREW", "5")
    assert [number for number, _, _ in offered(shop, "return")] == [other.number, order.number]
    assert [number for number, _, _ in offered(shop, "return", text=order.number)] == [order.number]
    assert len(offered(shop, "return", limit=1)) == 1


def test_what_a_push_makes_is_named(shop: Shop, order: DocRef) -> None:
    assert api.push_title(BACK) == "退料"
    assert api.push_title("product_receipt") == "产品入库单"
    for kind in registry:
        for target in kind.pushes:
            assert api.push_title(target)
    save(shop, taking(shop, "material_issue", order, "42", code="SCREW"))
    assert codes(refused(api.push_down, shop.db, order.id, BACK)) == {"document.nothing_left"}, "a draft drew nothing"
