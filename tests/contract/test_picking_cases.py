"""The worked cases of picking: AT-09, AT-10, AT-14, and what they imply for limits, returns and values."""

from __future__ import annotations

from decimal import Decimal

from models.documents.tables import material_line
from services.documents import api
from services.production.api import pick_orders
from tests.support.acting import draw, in_progress, material, on_hand, parameter, post, save, taking, worth
from tests.support.factory import DAY, USER, lines_of
from tests.support.ledgers import broken, ledgers
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop


def test_at_09_a_third_drawn_closed_by_hand_and_opened_again(shop: Shop) -> None:
    """300 at 5 % loss plan 315; 105 drawn leave 210; closed by hand takes no pick, opened again it does."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "A", kind="manufactured")
        shop.factory.add_bill(tx, "A", shop.factory.component("BULB", scrap_rate=Decimal("0.05"), key_part=True))
    order = post(shop, shop.factory.order("300", code="A"))
    draw(shop, order, "BULB", "105")
    assert material(shop, order, "BULB") == (315, 105, 0, 0)
    (picking,) = pick_orders(shop.db, [order.id])
    assert picking.kits_left == 200
    api.close(shop.db, USER, [order.id], "客户取消")
    late = taking(shop, "material_issue", order, "1", code="BULB")
    ref = save(shop, late)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"document.source_closed"}
    assert api.get_document(shop.db, order.id).closing == "H"
    api.reopen(shop.db, USER, [order.id])
    assert api.get_document(shop.db, order.id).closing == "C"
    api.approve(shop.db, USER, [ref.id])
    assert material(shop, order, "BULB") == (315, 106, 0, 0)
    assert broken(shop.db) == []


def test_at_09_no_more_is_received_than_sets_of_key_parts_were_drawn(shop: Shop) -> None:
    """105 of 315 drawn are 100 sets of 300: 100 are received, one more is refused."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_bill(
            tx, "A", factory.component("BULB", scrap_rate=Decimal("0.05"), key_part=True), factory.component("SCREW"),
        )  # fmt: skip
    parameter(shop, "receipt_needs_picks", "key")
    order = post(shop, factory.order("300", code="A"))
    draw(shop, order, "BULB", "105")
    slip = save(shop, taking(shop, "product_receipt", order, "60"))
    other = save(shop, taking(shop, "product_receipt", order, "41"))
    both = refused(api.approve, shop.db, USER, [slip.id, other.id])
    assert codes(both) == {"receipt.needs_picks"}
    assert "101" in told(both)[0]
    api.approve(shop.db, USER, [slip.id])
    post(shop, taking(shop, "product_receipt", order, "40"))
    one = save(shop, taking(shop, "product_receipt", order, "1"))
    assert codes(refused(api.approve, shop.db, USER, [one.id])) == {"receipt.needs_picks"}
    parameter(shop, "receipt_needs_picks", "no")
    api.approve(shop.db, USER, [one.id])
    assert broken(shop.db) == []


def test_at_17_with_every_part_asked_for_the_least_drawn_decides(shop: Shop) -> None:
    parameter(shop, "receipt_needs_picks", "all")
    order = post(shop, shop.factory.order("100"))
    draw(shop, order, "SCREW", "420")
    draw(shop, order, "SHADE", "60")
    slip = save(shop, taking(shop, "product_receipt", order, "70"))
    assert codes(refused(api.approve, shop.db, USER, [slip.id])) == {"receipt.needs_picks"}
    post(shop, taking(shop, "product_receipt", order, "60"))
    assert broken(shop.db) == []


def test_at_10_kits_follow_the_least_drawn_and_backflush_does_not_count(shop: Shop) -> None:
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_bill(
            tx, "A", factory.component("BULB", "20"), factory.component("SHADE", "0.1"),
            factory.component("SCREW", "5", issue="backflush", warehouse_id=factory.stores["W2"]),
        )  # fmt: skip
    order = post(shop, factory.order("10", code="A"))

    def kits() -> Decimal:
        return pick_orders(shop.db, [order.id])[0].kits_left

    assert kits() == 10
    draw(shop, order, "BULB", "20")
    assert kits() == 9
    draw(shop, order, "BULB", "180")
    assert kits() == 0
    assert material(shop, order, "SHADE")[1] == 0
    assert broken(shop.db) == []


def test_at_14_draw_supplement_return(shop: Shop) -> None:
    """210 planned and drawn, 5 supplemented, 3 returned: 212 net, +2 against the plan."""
    order = post(shop, shop.factory.order("50"))
    assert material(shop, order, "SCREW")[0] == 210
    before = on_hand(shop, "SCREW")
    draw(shop, order, "SCREW", "210")
    draw(shop, order, "SCREW", "5", "supplement")
    draw(shop, order, "SCREW", "3", "return")
    assert material(shop, order, "SCREW") == (210, 207, 5, 3)
    assert before - on_hand(shop, "SCREW") == 212
    assert in_progress(shop, "SCREW") == (212, 636)
    assert broken(shop.db) == []


def test_more_than_planned_is_refused_until_the_parameter_allows_it(shop: Shop) -> None:
    order = post(shop, shop.factory.order("50"))
    draw(shop, order, "SCREW", "210")
    one_more = taking(shop, "material_issue", order, "1", code="SCREW")
    ref = save(shop, one_more)
    over = refused(api.approve, shop.db, USER, [ref.id])
    assert codes(over) == {"document.over_source"}
    assert "210" in told(over)[0]
    parameter(shop, "allow_over_issue", "yes")
    parameter(shop, "over_issue_percent", "1")
    api.approve(shop.db, USER, [ref.id])
    far = taking(shop, "material_issue", order, "2", code="SCREW")
    more = save(shop, far)
    assert codes(refused(api.approve, shop.db, USER, [more.id])) == {"document.over_source"}
    assert broken(shop.db) == []


def test_a_switched_off_allowance_never_blocks_the_reversal_of_what_exceeded_it(shop: Shop) -> None:
    """Only a new excess is refused; taking an old one back is always possible, and check does not call it broken."""
    order = post(shop, shop.factory.order("50"))
    parameter(shop, "allow_over_issue", "yes")
    more = draw(shop, order, "SCREW", "220")
    parameter(shop, "allow_over_issue", "no")
    assert broken(shop.db) == []
    api.reverse(shop.db, USER, [more.id])
    assert material(shop, order, "SCREW")[1] == 0
    assert broken(shop.db) == []


def test_a_return_beyond_what_was_drawn_is_refused(shop: Shop) -> None:
    order = post(shop, shop.factory.order("50"))
    draw(shop, order, "SCREW", "100")
    draft = taking(shop, "material_issue", order, "101", code="SCREW", kind="return")
    ref = save(shop, draft)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"document.return_exceeds"}


def test_a_return_stands_before_the_pick_it_returned(shop: Shop) -> None:
    order = post(shop, shop.factory.order("50"))
    pick = draw(shop, order, "SCREW", "100")
    back = draw(shop, order, "SCREW", "30", "return")
    standing = refused(api.reverse, shop.db, USER, [pick.id])
    assert codes(standing) == {"document.later_approved"}
    assert back.number in told(standing)[0]
    api.reverse(shop.db, USER, [pick.id], with_chain=True)
    assert material(shop, order, "SCREW")[1:] == (0, 0, 0)
    assert broken(shop.db) == []


def test_a_return_brings_back_the_value_it_left_with(shop: Shop) -> None:
    """Drawn at 3.00, bought dearer meanwhile: the return comes back at 3.00, and all of it empties work in progress."""
    order = post(shop, shop.factory.order("50"))
    start = worth(shop, "SCREW")
    draw(shop, order, "SCREW", "100")
    assert start - worth(shop, "SCREW") == 300
    post(shop, shop.factory.opening("SCREW", "1000", "9999.99"))
    dear = worth(shop, "SCREW")
    draw(shop, order, "SCREW", "33", "return")
    assert worth(shop, "SCREW") - dear == 99
    draw(shop, order, "SCREW", "67", "return")
    assert worth(shop, "SCREW") - dear == 300
    assert in_progress(shop, "SCREW") == (0, 0)
    assert broken(shop.db) == []


def test_another_item_than_planned_and_what_is_not_drawn_are_refused(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    draft = taking(shop, "material_issue", order, "1", code="SCREW")
    draft.lines[0].item_id = shop.factory.items["BULB"]
    ref = save(shop, draft)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"issue.other_item"}


def test_customers_material_is_never_drawn_for_our_own_order(shop: Shop) -> None:
    post(shop, shop.factory.opening("SCREW", "100", "50", store="WC"))
    order = post(shop, shop.factory.order("2"))
    draft = taking(shop, "material_issue", order, "1", code="SCREW", store="WC")
    ref = save(shop, draft)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"issue.customer_store"}
    assert broken(shop.db) == []


def test_a_substitute_that_is_approved_for_the_line_may_be_drawn(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    with shop.db.write(USER) as tx:
        (line,) = [m for m in lines_of(tx.conn, order, "material") if m.item_id == shop.factory.items["SCREW"]]
        tx.conn.execute(
            material_line.update()
            .where(material_line.c.line_id == line.id)
            .values(substitute_for_id=shop.factory.items["BULB"])
        )
        draft = shop.factory.taking(tx, "material_issue", order, code="SCREW")
    draft.lines[0].item_id = shop.factory.items["BULB"]
    before = on_hand(shop, "BULB")
    post(shop, draft)
    assert before - on_hand(shop, "BULB") == draft.lines[0].quantity


def test_shortage_names_item_store_and_figures_and_changes_nothing(shop: Shop) -> None:
    order = post(shop, shop.factory.order("5000"))
    draft = taking(shop, "material_issue", order, code="SCREW")
    ref = save(shop, draft)
    before = ledgers(shop.db)
    short = refused(api.approve, shop.db, USER, [ref.id])
    assert codes(short) == {"stock.short"}
    for part in ("SCREW 螺丝", "主仓", "21000", "10000", "11000"):
        assert part in told(short)[0]
    assert ledgers(shop.db) == before


def test_what_is_here_today_was_not_there_last_month(shop: Shop) -> None:
    """A pick dated before the goods came is refused though they lie here now (I03)."""
    order = post(shop, shop.factory.order("2", day=DAY.replace(month=2)))
    draft = taking(shop, "material_issue", order, code="SCREW", day=DAY.replace(month=2))
    ref = save(shop, draft)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"stock.short"}
    assert broken(shop.db) == []
