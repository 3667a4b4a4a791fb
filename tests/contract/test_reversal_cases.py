"""AT-32 and the corners of reversal, closing and deleting that once went wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from sqlalchemy import select

from models.documents.tables import doc, doc_line
from models.kernel.refs import DocRef
from services.documents import api
from services.platform import periods
from tests.support.acting import done, draw, material, on_hand, post, save, taking, worth
from tests.support.factory import DAY, USER, lines_of
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop


def test_at_32_an_order_whose_pick_is_approved_is_not_reversed_and_the_pick_is_named(shop: Shop) -> None:
    order = post(shop, shop.factory.order("50"))
    pick = draw(shop, order, "SCREW", "210")
    stock = on_hand(shop, "SCREW"), worth(shop, "SCREW")
    standing = refused(api.reverse, shop.db, USER, [order.id])
    assert pick.number in told(standing)[0]
    assert standing[0].ref == pick
    for _ in range(3):
        api.reverse(shop.db, USER, [pick.id])
        api.approve(shop.db, USER, [pick.id])
    assert (on_hand(shop, "SCREW"), worth(shop, "SCREW")) == stock
    assert broken(shop.db) == []


def test_at_32_a_document_of_last_month_is_not_reversed_when_that_month_is_closed(shop: Shop) -> None:
    february = post(shop, shop.factory.sale("5", day=dt.date(2026, 2, 20)))
    delivery = post(shop, taking(shop, "delivery", february, day=DAY + dt.timedelta(days=1)))
    with shop.db.write("主管") as tx:
        periods.close(tx, "2026-02")
    before = everything(shop.db)
    chain = refused(api.reverse, shop.db, USER, [february.id], with_chain=True)
    assert codes(chain) == {"document.period_closed"}
    assert "2026-02" in told(chain)[0]
    assert everything(shop.db) == before
    api.reverse(shop.db, USER, [delivery.id])
    assert broken(shop.db) == []


def test_a_document_closed_by_hand_is_reversed_to_an_open_draft(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("50"))
    api.close(shop.db, USER, [order.id], "不要了")
    api.reverse(shop.db, USER, [order.id])
    view = api.get_document(shop.db, order.id)
    assert (view.status, view.closing, {line.closing for line in view.lines}) == ("Z", "C", {"C"})
    api.approve(shop.db, USER, [order.id])
    assert broken(shop.db) == []


def test_an_order_closed_by_hand_still_stands_before_its_source(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("5"))
    (draft, *_) = api.push_down(shop.db, sale.id, "production_order")
    order = post(shop, draft)
    api.close(shop.db, USER, [order.id])
    standing = refused(api.reverse, shop.db, USER, [sale.id])
    assert codes(standing) == {"document.later_approved"}
    assert order.number in told(standing)[0]
    api.reverse(shop.db, USER, [sale.id], with_chain=True)
    assert broken(shop.db) == []


def test_goods_are_not_taken_back_that_were_used_since(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW")
    purchase = post(shop, shop.factory.purchase("10", code="NEW", price="1"))
    receipt = post(shop, taking(shop, "purchase_receipt", purchase))
    sale = post(shop, shop.factory.sale("8", code="NEW"))
    delivery = post(shop, taking(shop, "delivery", sale, day=DAY + dt.timedelta(days=2)))
    short = refused(api.reverse, shop.db, USER, [receipt.id])
    assert codes(short) >= {"stock.reversal_short"}
    api.reverse(shop.db, USER, [delivery.id])
    api.reverse(shop.db, USER, [receipt.id])
    assert on_hand(shop, "NEW") == 0
    assert broken(shop.db) == []


def test_a_chain_is_judged_day_by_day_and_not_by_what_is_left_at_the_end(shop: Shop) -> None:
    """In 10, out 10, in 10, out 10: the first receipt and the last delivery reversed together would leave −10 between."""
    with shop.db.write(USER) as tx:
        shop.factory.add_item(tx, "NEW")
    days = [DAY + dt.timedelta(days=n) for n in range(4)]
    receipts, deliveries = [], []
    for inward, outward in ((days[0], days[1]), (days[2], days[3])):
        purchase = post(shop, shop.factory.purchase("10", code="NEW", price="1"))
        receipts.append(post(shop, taking(shop, "purchase_receipt", purchase, day=inward)))
        sale = post(shop, shop.factory.sale("10", code="NEW"))
        deliveries.append(post(shop, taking(shop, "delivery", sale, day=outward)))
    both = [receipts[0].id, deliveries[1].id]
    assert codes(refused(api.reverse, shop.db, USER, both)) == {"stock.reversal_short"}
    assert broken(shop.db) == []


def test_a_source_of_a_void_document_becomes_void_instead_of_vanishing(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("5"))
    delivery = post(shop, taking(shop, "delivery", sale))
    api.reverse(shop.db, USER, [delivery.id])
    api.delete(shop.db, USER, [delivery.id])
    api.reverse(shop.db, USER, [sale.id])
    api.delete(shop.db, USER, [sale.id])
    for ref in (sale, delivery):
        view = api.get_document(shop.db, ref.id)
        assert (view.status, view.closing) == ("Z", "H")
    assert broken(shop.db) == []


def test_an_edited_draft_keeps_its_lines_for_what_was_made_from_them(shop: Shop) -> None:
    """A draft receipt waits on an order; the order is reversed, edited and approved again: the receipt still fits."""
    draft = shop.factory.purchase("50")
    order = save(shop, draft)
    with shop.db.read() as conn:
        (line,) = lines_of(conn, order)
    draft.lines[0].quantity = Decimal(60)
    api.save_document(shop.db, USER, draft, doc_id=order.id, version=1)
    with shop.db.read() as conn:
        assert [after.id for after in lines_of(conn, order)] == [line.id]
    api.approve(shop.db, USER, [order.id])
    post(shop, taking(shop, "purchase_receipt", order, "60"))
    assert done(shop, order) == 60


def test_a_slip_whose_source_line_is_gone_is_refused_in_a_sentence(shop: Shop) -> None:
    order = post(shop, shop.factory.order("5"))
    slip = save(shop, taking(shop, "material_issue", order, code="SCREW"))
    with shop.db.write(USER) as tx:
        tx.conn.execute(doc_line.update().where(doc_line.c.doc_id == slip.id).values(source_line_id=999999))
    assert codes(refused(api.approve, shop.db, USER, [slip.id])) == {"document.source_gone"}


def test_a_receipt_needs_no_closing(shop: Shop) -> None:
    ref = post(shop, shop.factory.opening("BULB", "5", "1"))
    assert codes(refused(api.close, shop.db, USER, [ref.id])) == {"document.not_closable"}


def test_a_forecast_is_closed_by_hand_and_opened_again(shop: Shop) -> None:
    draft = shop.factory.order("30")
    draft.type = "forecast"
    ref = post(shop, draft)
    api.close(shop.db, USER, [ref.id])
    assert codes(refused(api.close, shop.db, USER, [ref.id])) == {"document.cannot_close"}
    api.reopen(shop.db, USER, [ref.id])
    assert codes(refused(api.reopen, shop.db, USER, [ref.id])) == {"document.cannot_reopen"}
    assert broken(shop.db) == []


def test_what_is_reversed_twice_is_refused_the_second_time(shop: Shop) -> None:
    order = post(shop, shop.factory.order("5"))
    pick = draw(shop, order, "SCREW", "10")
    api.reverse(shop.db, USER, [pick.id])
    before = everything(shop.db)
    assert codes(refused(api.reverse, shop.db, USER, [pick.id])) == {"document.not_approved"}
    assert everything(shop.db) == before
    assert material(shop, order, "SCREW")[1] == 0


def test_periods_are_closed_once_and_opened_for_a_reason(shop: Shop) -> None:
    def close(name: str) -> None:
        with shop.db.write("主管") as tx:
            periods.close(tx, name)

    def reopen(name: str, reason: str) -> None:
        with shop.db.write("主管") as tx:
            periods.reopen(tx, name, reason)

    assert codes(refused(reopen, "2026-03", "x")) == {"period.not_closed"}
    close("2026-03")
    assert codes(refused(close, "2026-03")) == {"period.closed_already"}
    assert codes(refused(reopen, "2026-03", " ")) == {"period.no_reason"}
    assert codes(refused(close, "2026-13")) == {"period.unknown"}
    reopen("2026-03", "补一张入库")
    assert broken(shop.db) == []


def test_voids_and_drafts_are_told_apart_in_the_database(shop: Shop) -> None:
    pick = draw(shop, post(shop, shop.factory.order("5")), "SCREW", "10")
    api.reverse(shop.db, USER, [pick.id])
    api.delete(shop.db, USER, [pick.id])
    with shop.db.read() as conn:
        assert conn.execute(select(doc.c.closing).where(doc.c.id == pick.id)).scalar_one() == "H"


def test_the_preview_says_what_undoing_each_document_does_to_the_stock(shop: Shop) -> None:
    """A receipt goes out of the store again, its backflush and the pick come back; an order moves nothing."""
    order = post(shop, shop.factory.order("50"))
    pick = draw(shop, order, "SCREW", "210")
    receipt = post(shop, taking(shop, "product_receipt", order, "30"))
    steps = {step.ref: step.effects for step in api.preview_reversal(shop.db, [order.id])}
    told_of = {ref: [(effect.item, effect.quantity, effect.unit) for effect in found] for ref, found in steps.items()}
    assert told_of[receipt] == [("LAMP 台灯", Decimal(-30), "PCS")]
    assert told_of[pick] == [("SCREW 螺丝", Decimal(210), "PCS")]
    assert told_of[order] == []
    (backflush,) = [found for ref, found in told_of.items() if ref not in (order, pick, receipt)]
    assert backflush == [("GLUE 胶水", Decimal("0.3"), "KG")]
    api.reverse(shop.db, USER, [pick.id])
    assert {step.effects for step in api.preview_reversal(shop.db, [pick.id])} == {()}


def test_the_preview_says_what_becomes_of_each_document(shop: Shop) -> None:
    """A pick the system made is void, so is a draft that posted once or that something void names; a plain draft is deleted."""
    sale = post(shop, shop.factory.sale("50"))
    (made, *_) = api.push_down(shop.db, sale.id, "production_order")
    order = post(shop, made)
    receipt = post(shop, taking(shop, "product_receipt", order, "30"))
    waiting = save(shop, taking(shop, "material_issue", order, "4", code="SCREW"))

    def foretold(ref: DocRef) -> dict[DocRef, str]:
        return {step.ref: step.becomes for step in api.preview_reversal(shop.db, [ref.id])}

    def became(refs: Iterable[DocRef]) -> dict[DocRef, str]:
        words = {("Z", "C"): "draft", ("Z", "H"): "void"}
        with shop.db.read() as conn:
            found = {row.id: words.get((row.status, row.closing), "approved") for row in conn.execute(select(doc))}
        return {ref: found.get(ref.id, "") for ref in refs}

    first = foretold(order)
    (drawn,) = [ref for ref in first if ref not in (order, receipt, waiting)]
    assert first == {drawn: "void", receipt: "draft", waiting: "", order: "draft"}
    api.reverse(shop.db, USER, [order.id], with_chain=True)
    assert became(first) == first
    second = foretold(sale)
    assert second == {receipt: "void", order: "void", sale: "draft"}, "void ones are passed over"
    api.reverse(shop.db, USER, [sale.id], with_chain=True)
    assert became(second) == second
    assert broken(shop.db) == []
