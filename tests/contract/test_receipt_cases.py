"""The worked cases of receipts: AT-12 backflush, AT-17 limits, AT-20 and the threads behind lessons 16, 20 and 23."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import select, update

from models.documents.tables import doc, doc_line
from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from tests.support.acting import done, in_progress, material, on_hand, parameter, post, save, taking, worth
from tests.support.factory import DAY, USER, lines_of
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop


def receive(shop: Shop, order: DocRef, quantity: str) -> DocRef:
    return post(shop, taking(shop, "product_receipt", order, quantity))


def backflushes(shop: Shop, status: str) -> list[DocRef]:
    query = select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.kind == "backflush", doc.c.status == status)
    with shop.db.read() as conn:
        return [DocRef(*row) for row in conn.execute(query.where(doc.c.closing != "H").order_by(doc.c.id))]


def test_at_12_a_receipt_draws_its_backflush_in_the_same_transaction(shop: Shop) -> None:
    """100 lamps plan 1 kg of glue: 30 received draw 0.3, the other 70 draw exactly what is left."""
    order = post(shop, shop.factory.order("100"))
    before = on_hand(shop, "GLUE")
    receive(shop, order, "30")
    assert before - on_hand(shop, "GLUE") == Decimal("0.3")
    (drawn,) = backflushes(shop, "C")
    view = api.get_document(shop.db, drawn.id)
    assert view.system_made
    assert view.kind == "backflush"
    receive(shop, order, "70")
    assert material(shop, order, "GLUE")[:2] == (1, 1)
    assert in_progress(shop, "GLUE")[0] == 1
    assert broken(shop.db) == []


def test_at_12_reversing_the_receipt_gives_the_backflush_back(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100"))
    before = on_hand(shop, "GLUE"), worth(shop, "GLUE")
    receipt = receive(shop, order, "30")
    (drawn,) = backflushes(shop, "C")
    alone = refused(api.reverse, shop.db, USER, [drawn.id])
    assert codes(alone) == {"document.system_made"}
    assert codes(refused(api.delete, shop.db, USER, [drawn.id])) == {"document.not_draft"}
    api.reverse(shop.db, USER, [receipt.id])
    assert (on_hand(shop, "GLUE"), worth(shop, "GLUE")) == before
    assert backflushes(shop, "C") == []
    api.approve(shop.db, USER, [receipt.id])
    assert before[0] - on_hand(shop, "GLUE") == Decimal("0.3")
    assert len(backflushes(shop, "C")) == 1
    assert broken(shop.db) == []


def test_at_12_a_receipt_whose_backflush_lacks_material_is_refused_with_three_ways_out(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100000"))
    receipt = save(shop, taking(shop, "product_receipt", order, "90000"))
    before = everything(shop.db)
    problems = refused(api.approve, shop.db, USER, [receipt.id])
    assert codes(problems) == {"receipt.backflush_refused", "stock.short"}
    head = told(problems)[0]
    for way in ("移", "backflush_failure", "取消"):
        assert way in head
    assert everything(shop.db) == before


def test_at_12_with_the_parameter_the_backflush_waits_and_can_be_approved_when_the_glue_is_there(shop: Shop) -> None:
    parameter(shop, "backflush_failure", "pending")
    order = post(shop, shop.factory.order("100000"))
    receipt = receive(shop, order, "90000")
    assert done(shop, order) == 90000
    (waiting,) = backflushes(shop, "Z")
    assert codes(refused(api.delete, shop.db, USER, [waiting.id])) == {"document.system_made"}
    post(shop, shop.factory.opening("GLUE", "1000", "9000", store="W2"))
    api.approve(shop.db, USER, [waiting.id])
    assert material(shop, order, "GLUE")[1] == 900
    assert broken(shop.db) == []
    api.reverse(shop.db, USER, [receipt.id])
    assert material(shop, order, "GLUE")[1] == 0
    assert broken(shop.db) == []


def test_at_12_a_backflush_without_a_warehouse_never_draws_from_the_main_store(shop: Shop) -> None:
    """An order from before the bill was checked: refused with the order and the way out, until the item has a warehouse."""
    parameter(shop, "default_warehouse", "W1")
    order = post(shop, shop.factory.order("100"))
    with shop.db.write(USER) as tx:
        lines = doc_line.c.doc_id == order.id, doc_line.c.role == "material"
        tx.conn.execute(update(doc_line).where(*lines).values(warehouse_id=None))
    receipt = save(shop, taking(shop, "product_receipt", order, "30"))
    before = everything(shop.db)
    (problem,) = refused(api.approve, shop.db, USER, [receipt.id])
    assert problem.code == "receipt.backflush_no_warehouse"
    assert (problem.args["item"], problem.args["order"]) == ("GLUE 胶水", order.number)
    assert (problem.place.document, problem.place.line) == (receipt.number, 1)
    assert everything(shop.db) == before
    masterdata.save_records(shop.db, USER, "items", [{"code": "GLUE", "warehouse": "W2"}])
    api.approve(shop.db, USER, [receipt.id])
    (drawn,) = backflushes(shop, "C")
    assert [line.warehouse_code for line in api.get_document(shop.db, drawn.id).lines] == ["W2"]
    assert broken(shop.db) == []


def test_at_12_a_backflush_written_by_hand_is_given_no_standing_warehouse(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100"))
    draft = taking(shop, "material_issue", order, "0.5", code="GLUE", kind="backflush")
    draft.lines[0].warehouse_id = None
    problems = refused(save, shop, draft)
    assert codes(problems) == {"document.no_own_warehouse"}
    draft.kind = "normal"
    assert save(shop, draft).id


def test_at_12_a_waiting_backflush_goes_with_its_receipt(shop: Shop) -> None:
    parameter(shop, "backflush_failure", "pending")
    order = post(shop, shop.factory.order("100000"))
    receipt = receive(shop, order, "90000")
    api.reverse(shop.db, USER, [receipt.id])
    assert backflushes(shop, "Z") == []
    api.approve(shop.db, USER, [receipt.id])
    assert len(backflushes(shop, "Z")) == 1
    assert broken(shop.db) == []


def test_at_12_a_receipt_beyond_the_order_draws_in_proportion(shop: Shop) -> None:
    parameter(shop, "over_receipt_percent", "10")
    order = post(shop, shop.factory.order("100"))
    receive(shop, order, "110")
    assert material(shop, order, "GLUE")[:2] == (1, Decimal("1.1"))
    assert broken(shop.db) == []


def test_at_17_five_percent_over_is_received_and_not_one_more(shop: Shop) -> None:
    parameter(shop, "over_receipt_percent", "5")
    order = post(shop, shop.factory.order("100"))
    receive(shop, order, "60")
    receive(shop, order, "45")
    more = save(shop, taking(shop, "product_receipt", order, "1"))
    over = refused(api.approve, shop.db, USER, [more.id])
    assert codes(over) == {"document.over_source"}
    assert "105" in told(over)[0]
    assert broken(shop.db) == []


def test_two_lines_of_one_receipt_share_one_limit(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100"))
    draft = taking(shop, "product_receipt", order, "60")
    draft.lines += taking(shop, "product_receipt", order, "41").lines
    assert codes(refused(api.approve, shop.db, USER, [save(shop, draft).id])) == {"document.over_source"}
    draft.lines[1].quantity = Decimal(40)
    post(shop, draft)
    assert done(shop, order) == 100
    assert api.get_document(shop.db, order.id).closing == "S"
    assert broken(shop.db) == []


def test_an_order_closes_when_it_is_received_and_opens_when_that_is_reversed(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("50"))
    first = post(shop, taking(shop, "purchase_receipt", order, "20"))
    assert api.get_document(shop.db, order.id).closing == "C"
    second = post(shop, taking(shop, "purchase_receipt", order, "30"))
    assert api.get_document(shop.db, order.id).closing == "S"
    api.reverse(shop.db, USER, [second.id])
    assert api.get_document(shop.db, order.id).closing == "C"
    api.reverse(shop.db, USER, [first.id])
    assert done(shop, order) == 0
    assert broken(shop.db) == []


def test_lessons_20_fifty_ordered_fifty_received_five_taken_back_leaves_forty_five(shop: Shop) -> None:
    """Received 45 + 5, the 5 reversed: received is what lies here, the order is open for 5 (OCA #952)."""
    order = post(shop, shop.factory.purchase("50"))
    post(shop, taking(shop, "purchase_receipt", order, "45"))
    five = post(shop, taking(shop, "purchase_receipt", order, "5"))
    assert api.get_document(shop.db, order.id).closing == "S"
    api.reverse(shop.db, USER, [five.id])
    assert done(shop, order) == 45
    assert api.get_document(shop.db, order.id).closing == "C"
    (again,) = api.push_down(shop.db, order.id, "purchase_receipt")
    assert [line.quantity for line in again.lines] == [5]
    assert broken(shop.db) == []


def test_lessons_16_a_subcontract_receipt_consumes_for_what_was_received(shop: Shop) -> None:
    """5 ordered, all material sent, 2 received: backflushed material is consumed for 2 only."""
    factory = shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "CASE", kind="subcontracted")
        factory.add_bill(
            tx, "CASE", factory.component("BULB", "3", issue="backflush", warehouse_id=factory.stores["W1"]),
            factory.component("STEEL", "1"),
        )  # fmt: skip
    order = factory.purchase("5", code="CASE", price="2")
    order.type = "subcontract_order"
    ref = post(shop, order)
    post(shop, taking(shop, "material_issue", ref, code="STEEL"))
    receive(shop, ref, "2")
    assert material(shop, ref, "BULB")[:2] == (15, 6)
    assert material(shop, ref, "STEEL")[:2] == (5, 5)
    assert broken(shop.db) == []


def test_lessons_23_an_order_reduced_from_two_to_one_consumes_for_one(shop: Shop) -> None:
    draft = shop.factory.order("2")
    ref = save(shop, draft)
    assert material(shop, ref, "SCREW")[0] == 9
    draft.lines[0].quantity = Decimal(1)
    api.save_document(shop.db, USER, draft, doc_id=ref.id, version=1)
    assert material(shop, ref, "SCREW")[0] == 5
    api.approve(shop.db, USER, [ref.id])
    receive(shop, ref, "1")
    assert material(shop, ref, "GLUE")[:2] == (Decimal("0.01"), Decimal("0.01"))
    assert api.get_document(shop.db, ref.id).closing == "S"
    assert broken(shop.db) == []


def test_a_receipt_enters_at_its_own_price_else_at_the_orders_rounded_once(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("7", code="BULB", price="0.333"))
    before = worth(shop, "BULB")
    post(shop, taking(shop, "purchase_receipt", order, "3", price="0.335"))
    assert worth(shop, "BULB") - before == Decimal("1.01")
    plain = taking(shop, "purchase_receipt", order, "4")
    plain.lines[0].price = None
    post(shop, plain)
    assert worth(shop, "BULB") - before == Decimal("1.01") + Decimal("1.33")
    assert broken(shop.db) == []


def test_a_receipt_of_another_item_or_another_supplier_is_refused(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("50"))
    wrong = taking(shop, "purchase_receipt", order, "5")
    wrong.lines[0].item_id = shop.factory.items["BULB"]
    wrong.partner_id = shop.factory.partners["S2"]
    problems = refused(api.save_document, shop.db, USER, wrong)
    assert codes(problems) == {"document.source_item", "document.source_partner"}
    ref = save(shop, taking(shop, "purchase_receipt", order, "5"))
    assert api.get_document(shop.db, ref.id).partner_code == "S1"


def test_the_order_of_days_decides_not_the_order_of_names(shop: Shop) -> None:
    """Approved together, what brings goods in comes before what takes them out, day by day."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW")
        shop.factory.add_item(tx, "TOY", kind="manufactured")
        shop.factory.add_bill(tx, "TOY", shop.factory.component("NEW"))
    purchase = post(shop, shop.factory.purchase("10", code="NEW"))
    order = post(shop, shop.factory.order("10", code="TOY"))
    late = DAY + dt.timedelta(days=3)
    issue = save(shop, taking(shop, "material_issue", order, "10", code="NEW", day=late))
    receipt = save(shop, taking(shop, "purchase_receipt", purchase, "10", day=late))
    api.approve(shop.db, USER, [issue.id, receipt.id])
    with shop.db.read() as conn:
        assert [line.done for line in lines_of(conn, order, "material")] == [10]
    assert broken(shop.db) == []
