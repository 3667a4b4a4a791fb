"""What a drawn substitute covers is counted once wherever the order's open requirement is read (decision 0019)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import update

from models.documents.tables import doc_line, doc_link, material_line
from models.kernel.refs import DocRef
from services.documents import api
from services.inventory.holding import holding
from services.masterdata import saving as masters
from services.planning import api as planning
from services.production import api as production
from services.reporting import picked
from tests.support.acting import done, draw, in_place, material, on_hand, parameter, post, save, substitutes, taking
from tests.support.factory import DAY, USER, lines_of
from tests.support.ledgers import broken
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop

TOMORROW = DAY + dt.timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """One material of one order as every reader sees it, in the material's unit."""

    left: Decimal
    kits: Decimal
    short: Decimal
    reserved: Decimal
    planned: Decimal


def furnished(shop: Shop, *, unit: str = "PCS", issue: str = "pick", **lies: str) -> None:
    """A is made of one CORE, of which nothing lies here; for it 2 of CORE2 or 1.5 of CORE3 may stand in, of which what is told lies."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        masters.upsert(tx, "units", [{"code": "M4", "name": "米", "decimals": 4}])
        factory.add_item(tx, "A", kind="manufactured")
        factory.add_item(tx, "CORE", unit=unit)
        for code in ("CORE2", "CORE3"):
            factory.add_item(tx, code)
        factory.add_bill(tx, "A", factory.component("CORE", issue=issue, warehouse_id=factory.stores["W1"]))
    substitutes(shop, "CORE", CORE2="2", CORE3="1.5")
    for code, quantity in lies.items():
        post(shop, factory.opening(code, quantity, quantity))


def counted(shop: Shop, order: DocRef, code: str = "CORE") -> Counted:
    """The figures of pick bench, kitting desk, item workbench and a fresh planning run."""
    (bench,) = production.pick_orders(shop.db, [order.id])
    (part,) = [one for one in bench.materials if one.item_code == code]
    (kit,) = planning.analyse_kitting(shop.db, numbers=[order.number])
    bought, _ = plan(shop)
    return Counted(
        part.left, kit.complete_sets or Decimal(0), next(c.short for c in kit.components if c.code == code),
        reserved(shop, code), bought.get(code, Decimal(0)),
    )  # fmt: skip


def reserved(shop: Shop, code: str) -> Decimal:
    seen = planning.item_workbench(shop.db, code, DAY)
    assert seen is not None
    return seen.figures.reserved


def plan(shop: Shop) -> tuple[dict[str, Decimal], list[tuple[str, str, Decimal, Decimal]]]:
    """What a fresh run orders of each item, and the substitutes that it takes from stock for what is still open."""
    run = planning.run_mrp(shop.db, USER, start=TOMORROW).run_id
    ordered: dict[str, Decimal] = {}
    for row in planning.planned_orders(shop.db, run):
        ordered[row.item_code] = ordered.get(row.item_code, Decimal(0)) + row.quantity
    used = planning.exceptions(shop.db, run, kinds=["substitute_used"])
    return ordered, sorted((row.item_code, row.other_code, row.quantity, row.other_quantity) for row in used)


def test_what_two_substitutes_cover_leaves_bench_kits_workbench_and_plan_once(shop: Shop) -> None:
    """10 of CORE: 9 of CORE2 at 2 cover 4, 3 of CORE3 at 1.5 cover 2, 1 of CORE itself: 3 are left, everywhere."""
    furnished(shop, CORE2="9", CORE3="3")
    order = post(shop, shop.factory.order("10", code="A"))
    assert counted(shop, order) == Counted(Decimal(10), Decimal(0), Decimal(10), Decimal(10), Decimal(4))
    assert plan(shop)[1] == [("CORE", "CORE2", 4, 8), ("CORE", "CORE3", 2, 3)]
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    assert counted(shop, order) == Counted(Decimal(6), Decimal(4), Decimal(6), Decimal(6), Decimal(4))
    assert plan(shop)[1] == [("CORE", "CORE3", 2, 3)]
    post(shop, in_place(shop, order, "CORE", "CORE3", "3"))
    assert counted(shop, order) == Counted(Decimal(4), Decimal(6), Decimal(4), Decimal(4), Decimal(4))
    assert plan(shop) == ({"CORE": Decimal(4)}, [])
    post(shop, shop.factory.opening("CORE", "1", "1"))
    draw(shop, order, "CORE", "1")
    assert counted(shop, order) == Counted(Decimal(3), Decimal(7), Decimal(3), Decimal(3), Decimal(3))
    assert [reserved(shop, code) for code in ("CORE2", "CORE3")] == [0, 0]
    assert [on_hand(shop, code) for code in ("CORE", "CORE2", "CORE3")] == [0, 0, 0]
    assert broken(shop.db) == []


def test_what_comes_back_is_asked_for_again_once(shop: Shop) -> None:
    """9 of CORE2 cover 4; 3 back give up 1, 2 back 1, and the last 4 the other 2."""
    furnished(shop, CORE2="9")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    seen = []
    for back in ("3", "2", "4"):
        post(shop, in_place(shop, order, "CORE", "CORE2", back, kind="return"))
        seen.append((counted(shop, order), plan(shop)[1], material(shop, order, "CORE")))
    # 3, 5 and 9 lie here again and would cover 1, 2 and 4 of what is open; the rest is bought.
    assert seen == [
        (Counted(*map(Decimal, (7, 3, 7, 7, 6))), [("CORE", "CORE2", 1, 2)], (10, 3, 0, 1)),
        (Counted(*map(Decimal, (8, 2, 8, 8, 6))), [("CORE", "CORE2", 2, 4)], (10, 2, 0, 2)),
        (Counted(*map(Decimal, (10, 0, 10, 10, 6))), [("CORE", "CORE2", 4, 8)], (10, 0, 0, 4)),
    ]
    assert broken(shop.db) == []


def test_a_share_in_the_materials_decimals(shop: Shop) -> None:
    """AT-06c: 5 ÷ 1.5 are 3.3333 m, rounded down; 6.6667 m are left."""
    furnished(shop, unit="M4", CORE3="5")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE3", "5"))
    left = Decimal("6.6667")
    assert counted(shop, order) == Counted(left, Decimal(3), left, left, left)
    assert broken(shop.db) == []


def test_the_substitutes_own_demand_meets_what_the_ledger_left_of_it(shop: Shop) -> None:
    """B is made of CORE2 itself: of 12 its order needs 5, so 7 cover 3 of CORE; once 9 are drawn, 2 are bought for B."""
    furnished(shop, CORE2="12")
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "B", kind="manufactured")
        factory.add_bill(tx, "B", factory.component("CORE2"))
    order, other = post(shop, factory.order("10", code="A")), post(shop, factory.order("5", code="B"))
    assert plan(shop) == ({"CORE": Decimal(7)}, [("CORE", "CORE2", 3, 6)])
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    assert plan(shop) == ({"CORE": Decimal(6), "CORE2": Decimal(2)}, [])
    assert counted(shop, other, "CORE2") == Counted(Decimal(5), Decimal(3), Decimal(2), Decimal(5), Decimal(2))
    assert broken(shop.db) == []


def test_backflush_draws_what_a_substitute_has_not_covered(shop: Shop) -> None:
    """9 of CORE2 cover 4 of 10: receipts of 3, 3 and 4 backflush 0, 2 and, after 3 came back, 5."""
    furnished(shop, issue="backflush", CORE="20", CORE2="9")
    parameter(shop, "kitting_counts_backflush", "yes")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    (kit,) = planning.analyse_kitting(shop.db)
    assert [(part.drawn, part.short, part.available) for part in kit.components] == [(4, 0, 20)]
    assert reserved(shop, "CORE") == 6
    drawn = []
    for quantity in ("3", "3", "4"):
        post(shop, taking(shop, "product_receipt", order, quantity))
        drawn.append(20 - on_hand(shop, "CORE"))
        if quantity == "3" and len(drawn) == 2:
            assert material(shop, order, "CORE")[1] == 6
            post(shop, in_place(shop, order, "CORE", "CORE2", "3", kind="return"))
            assert (material(shop, order, "CORE")[1], reserved(shop, "CORE")) == (5, 5)
    assert drawn == [0, 2, 7]
    assert (material(shop, order, "CORE")[1], on_hand(shop, "CORE2")) == (10, 3)
    assert broken(shop.db) == []


def test_a_rule_for_a_level_that_is_skipped_serves_the_bench_as_it_serves_the_plan(shop: Shop) -> None:
    """A passes through PART, which holds 2 of CORE; 2 of CORE2 may stand in for it in PART, and CORE3 in LAMP alone."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        for code in ("A", "PART"):
            factory.add_item(tx, code, kind="manufactured")
        for code in ("CORE", "CORE2", "CORE3"):
            factory.add_item(tx, code)
        factory.add_bill(tx, "PART", factory.component("CORE", "2"))
        factory.add_bill(tx, "A", factory.component("PART", skip_level=True))
    substitutes(shop, "CORE", parent="PART", CORE2="2")
    substitutes(shop, "CORE", parent="LAMP", CORE3="1")
    for code in ("CORE2", "CORE3"):
        post(shop, factory.opening(code, "9", "9"))
    order = post(shop, factory.order("5", code="A"))
    assert plan(shop) == ({"CORE": Decimal(6)}, [("CORE", "CORE2", 4, 8)])
    (bench,) = production.pick_orders(shop.db, [order.id])
    found = production.substitute_offers(shop.db, bench.materials[0].line_id, TOMORROW)
    assert [(offer.code, offer.free) for offer in found] == [("CORE2", 9)]
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    assert counted(shop, order) == Counted(Decimal(6), Decimal(2), Decimal(6), Decimal(6), Decimal(6))
    other = save(shop, in_place(shop, order, "CORE", "CORE3", "1"))
    assert codes(refused(api.approve, shop.db, USER, [other.id])) == {"issue.other_item"}
    assert broken(shop.db) == []


def test_bench_and_merged_list_propose_what_is_left(shop: Shop) -> None:
    furnished(shop, CORE2="9", CORE="5")
    orders = [post(shop, shop.factory.order(quantity, code="A")) for quantity in ("10", "3")]
    ids = [order.id for order in orders]
    post(shop, in_place(shop, orders[0], "CORE", "CORE2", "9"))

    def proposed(mode: production.Mode) -> list[Decimal]:
        lines = production.propose_picks(production.pick_orders(shop.db, ids), mode=mode)
        return [line.quantity for line in lines]

    assert (proposed("direct"), proposed("stock"), proposed("kit")) == ([6, 3], [5], [5, 3])
    with shop.db.read() as conn:
        (row,) = picked.summed(picked.of_orders(conn, ids))
    assert (row.total, dict(row.shares), row.short) == (9, {orders[0].number: 5, orders[1].number: 0}, 4)
    post(shop, in_place(shop, orders[0], "CORE", "CORE2", "3", kind="return"))
    assert proposed("direct") == [7, 3]


def test_a_slip_tells_what_was_drawn_before_it_whether_posted_or_not(shop: Shop) -> None:
    """Before the slip of 2 CORE and 9 CORE2, 1 was drawn; the slip itself covers 2 + 4 of the 10."""
    furnished(shop, CORE2="9", CORE="3")
    order = post(shop, shop.factory.order("10", code="A"))
    draw(shop, order, "CORE", "1")
    slip = taking(shop, "material_issue", order, "2", code="CORE")
    slip.lines += in_place(shop, order, "CORE", "CORE2", "9").lines

    def before(ref: DocRef) -> list[tuple[str, Decimal, Decimal]]:
        with shop.db.read() as conn:
            found = picked.of_slip(conn, picked.document(conn, ref.id))
        return [(part.line.material.code, part.line.required, part.line.picked) for part in found]

    ref = save(shop, slip)
    assert before(ref) == [("CORE", 10, 1), ("CORE2", 9, 0)]
    api.approve(shop.db, USER, [ref.id])
    assert material(shop, order, "CORE")[1] == 7
    assert before(ref) == [("CORE", 10, 1), ("CORE2", 9, 0)]
    back = save(shop, taking(shop, "material_issue", order, "2", code="CORE", kind="return"))
    assert before(back) == [("CORE", 10, 7)]
    api.approve(shop.db, USER, [back.id])
    assert before(back) == [("CORE", 10, 7)]


def test_a_closed_order_asks_for_nothing_and_an_opened_one_for_what_is_left(shop: Shop) -> None:
    furnished(shop, CORE2="9")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, shop.factory.sale("1", code="BULB"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    api.close(shop.db, USER, [order.id], "客户取消")
    assert (plan(shop), reserved(shop, "CORE")) == (({}, []), 0)
    assert planning.analyse_kitting(shop.db) == []
    api.reopen(shop.db, USER, [order.id])
    assert counted(shop, order) == Counted(Decimal(6), Decimal(4), Decimal(6), Decimal(6), Decimal(6))
    assert broken(shop.db) == []


def test_sets_that_may_be_received_are_those_that_are_covered(shop: Shop) -> None:
    furnished(shop, CORE2="9")
    parameter(shop, "receipt_needs_picks", "all")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    five = save(shop, taking(shop, "product_receipt", order, "5"))
    assert codes(refused(api.approve, shop.db, USER, [five.id])) == {"receipt.needs_picks"}
    post(shop, taking(shop, "product_receipt", order, "4"))
    assert done(shop, order) == 4


def test_variance_figures_count_in_the_materials_unit(shop: Shop) -> None:
    """Planned 10; 9 cover 4, a supplement of 3 is 1 beside the plan; of the 12 that are out 4 come back: 4 × 4 ÷ 12 is 1."""
    furnished(shop, CORE2="12")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "3", kind="supplement"))
    assert material(shop, order, "CORE") == (10, 4, 1, 0)
    post(shop, in_place(shop, order, "CORE", "CORE2", "4", kind="return"))
    assert material(shop, order, "CORE") == (10, 3, 1, 1)
    assert counted(shop, order).left == 7
    assert broken(shop.db) == []


def test_a_supplement_counts_whole_whatever_is_left(shop: Shop) -> None:
    """0.4 of a coil stand for 1: a supplement of 1 is 2, though it would suffice for the 1 that is left."""
    furnished(shop, CORE="9", CORE2="5")
    substitutes(shop, "CORE", CORE2="0.4")
    order = post(shop, shop.factory.order("10", code="A"))
    draw(shop, order, "CORE", "9")
    post(shop, in_place(shop, order, "CORE", "CORE2", "1", kind="supplement"))
    assert material(shop, order, "CORE") == (10, 9, 2, 0)
    post(shop, in_place(shop, order, "CORE", "CORE2", "1"))
    assert material(shop, order, "CORE") == (10, 10, 2, 0)
    assert broken(shop.db) == []


def test_whoever_asks_what_holds_the_material_is_told_what_is_left(shop: Shop) -> None:
    furnished(shop, CORE="20", CORE2="9")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    store = shop.factory.stores["W1"]
    with shop.db.read() as conn:
        core = holding(conn, shop.factory.items["CORE"], store, TOMORROW)
        other = holding(conn, shop.factory.items["CORE2"], store, TOMORROW)
    assert [(row.kind, row.quantity) for row in core.rows] == [("here", 20), ("order", 6)]
    assert other.rows == ()
    seen = planning.item_workbench(shop.db, "CORE", DAY)
    assert seen is not None
    assert [(row.role, row.quantity, row.done, row.left) for row in seen.documents] == [("material", 10, 4, 6)]


def test_too_much_of_a_substitute_is_told_in_its_own_unit(shop: Shop) -> None:
    """6 are left: 15 of CORE2 are 7 of CORE; 12 is the most."""
    furnished(shop, CORE2="30")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    more = save(shop, in_place(shop, order, "CORE", "CORE2", "15"))
    problems = refused(api.approve, shop.db, USER, [more.id])
    assert codes(problems) == {"document.over_in_place"}
    sentence, _ = told(problems)
    for part in ("CORE CORE", "CORE2 CORE2", "15PCS", "抵 7PCS", "12PCS"):
        assert part in sentence
    assert problems[0].args["most"] == 12
    post(shop, in_place(shop, order, "CORE", "CORE2", "12"))
    assert material(shop, order, "CORE")[1] == 10


@pytest.mark.parametrize(
    ("percent", "ratio", "before", "most", "covered"),
    [
        ("10", "2", "7", "8", "11"),
        ("60", "2", "7", "18", "16"),
        ("20", "0.4", "9", "1", "10"),
        ("10", "0.4", "10", "0", "10"),
    ],
)
def test_the_most_keeps_within_what_may_be_drawn_beyond_the_plan(
    shop: Shop, percent: str, ratio: str, before: str, most: str, covered: str
) -> None:
    """10 are planned, some drawn; what is told as the most is taken, and covers no more than the limit."""
    furnished(shop, CORE=before, CORE2="60")
    substitutes(shop, "CORE", CORE2=ratio)
    parameter(shop, "allow_over_issue", "yes")
    parameter(shop, "over_issue_percent", percent)
    order = post(shop, shop.factory.order("10", code="A"))
    draw(shop, order, "CORE", before)
    more = save(shop, in_place(shop, order, "CORE", "CORE2", "40"))
    problems = refused(api.approve, shop.db, USER, [more.id])
    assert [(p.code, p.args["most"]) for p in problems] == [("document.over_in_place", Decimal(most))]
    if most != "0":
        post(shop, in_place(shop, order, "CORE", "CORE2", most))
    assert material(shop, order, "CORE")[1] == Decimal(covered)
    assert broken(shop.db) == []


def test_returns_approved_at_once_bring_back_no_more_than_was_drawn_of_the_item(shop: Shop) -> None:
    """4 of CORE3 and 6 of CORE: two returns of 3 CORE3 each are refused together, though 8 of the material would stay."""
    furnished(shop, CORE="6", CORE3="6")
    order = post(shop, shop.factory.order("10", code="A"))
    draw(shop, order, "CORE", "6")
    post(shop, in_place(shop, order, "CORE", "CORE3", "4"))
    backs = [save(shop, in_place(shop, order, "CORE", "CORE3", "3", kind="return")) for _ in range(2)]
    problems = refused(api.approve, shop.db, USER, [back.id for back in backs])
    assert [(p.code, p.args["quantity"], p.args["drawn"]) for p in problems] == [("issue.return_item", 6, 4)]
    api.approve(shop.db, USER, [backs[0].id])
    assert on_hand(shop, "CORE3") == 5
    assert broken(shop.db) == []


def test_stock_made_for_one_customer_is_not_counted_twice_when_another_draws_it(shop: Shop) -> None:
    """10 of CORE2 were made for each of two sales; 4 stand in for CORE in the first one's order: the second has its 10 left."""
    factory = shop.factory
    furnished(shop)
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "CORE2", kind="manufactured", strategy="mto")
        factory.add_item(tx, "B", kind="manufactured")
        factory.add_bill(tx, "CORE2", factory.component("SCREW"))
        factory.add_bill(tx, "B", factory.component("CORE2"))
    substitutes(shop, "CORE", CORE2="1")
    orders = []
    for code in ("A", "B"):
        sale = post(shop, factory.sale("10", code=code))
        with shop.db.read() as conn:
            (wanted,) = lines_of(conn, sale)
        for made in ("CORE2", code):
            draft = factory.order("10", code=made)
            draft.lines[0].demand_line_id = wanted.id
            orders.append(post(shop, draft))
        post(shop, taking(shop, "product_receipt", orders[-2], "10"))
    first = orders[1]
    post(shop, in_place(shop, first, "CORE", "CORE2", "4"))
    post(shop, in_place(shop, first, "CORE", "CORE2", "1", kind="supplement"))
    # CORE2: 5 kept for the first sale, whose order asks for none of it, 10 for the second, whose order asks for 10.
    assert plan(shop) == ({"CORE": Decimal(6)}, [])
    post(shop, in_place(shop, first, "CORE", "CORE2", "2", kind="return"))
    assert plan(shop) == ({"CORE": Decimal(7)}, [])
    assert broken(shop.db) == []


def test_check_finds_a_substitute_that_covers_after_it_came_back(shop: Shop) -> None:
    furnished(shop, CORE2="9")
    order = post(shop, shop.factory.order("10", code="A"))
    post(shop, in_place(shop, order, "CORE", "CORE2", "9"))
    back = post(shop, in_place(shop, order, "CORE", "CORE2", "9", kind="return"))
    assert broken(shop.db) == []
    with shop.db.write(USER) as tx:
        tx.conn.execute(update(doc_link).where(doc_link.c.target_doc_id == back.id).values(quantity=Decimal(-3)))
        tx.conn.execute(
            update(doc_line).where(doc_line.c.item_id == shop.factory.items["CORE"]).values(done=Decimal(1))
        )
        tx.conn.execute(update(material_line).where(material_line.c.returned == Decimal(4)).values(returned=Decimal(3)))
    (found,) = broken(shop.db)
    assert found.startswith(f"I20 {order.number}")
