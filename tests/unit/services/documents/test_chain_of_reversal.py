"""What must be undone with a document is listed, and undone, from the last made back to it."""

from __future__ import annotations

from decimal import Decimal as D

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft
from tests.support.acting import draw, material, on_hand, post, save, taking
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.shops import Shop


def order_of(shop: Shop, sale: DocRef) -> DocRef:
    """A production order made for a sales order."""
    (draft, *_) = api.push_down(shop.db, sale.id, "production_order")
    return post(shop, draft)


def undoing(shop: Shop, *asked: DocRef) -> list[DocRef]:
    """The documents a clerk is shown, in the order they would be undone."""
    return [step.ref for step in api.preview_reversal(shop.db, [ref.id for ref in asked])]


def moved_to(shop: Shop, slip: DocRef, target: DocDraft) -> None:
    """A draft slip is edited so that it takes from another order."""
    api.save_document(shop.db, USER, target, doc_id=slip.id, version=1)


def test_the_later_of_two_slips_goes_first_and_what_was_asked_goes_last(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("5"))
    order = order_of(shop, sale)
    first, second = (draw(shop, order, "SCREW", quantity) for quantity in ("4", "6"))
    assert undoing(shop, sale) == [second, first, order, sale]
    assert undoing(shop, order) == [second, first, order]
    assert undoing(shop, first, second) == [second, first]


def test_a_slip_typed_before_the_order_it_now_draws_for_still_goes_before_it(shop: Shop) -> None:
    """A pick was typed for one order and edited to draw for another that was made since: what depends goes first, not what is newer."""
    other = post(shop, shop.factory.order("5"))
    slip = save(shop, taking(shop, "material_issue", other, "4", code="SCREW"))
    sale = post(shop, shop.factory.sale("5"))
    order = order_of(shop, sale)
    moved_to(shop, slip, taking(shop, "material_issue", order, "4", code="SCREW"))
    assert undoing(shop, sale) == [slip, order, sale]
    api.approve(shop.db, USER, [slip.id])
    assert undoing(shop, sale) == [slip, order, sale]
    stock = on_hand(shop, "SCREW")
    api.reverse(shop.db, USER, [sale.id], with_chain=True)
    assert on_hand(shop, "SCREW") == stock + 4
    assert [api.get_document(shop.db, ref.id).status for ref in (slip, order, sale)] == ["Z", "Z", "Z"]
    assert broken(shop.db) == []


def test_a_draft_slip_that_is_older_than_its_order_goes_with_the_chain(shop: Shop) -> None:
    other = post(shop, shop.factory.order("5"))
    slip = save(shop, taking(shop, "material_issue", other, "4", code="SCREW"))
    sale = post(shop, shop.factory.sale("5"))
    (draft, *_) = api.push_down(shop.db, sale.id, "production_order")
    order = post(shop, draft)
    moved_to(shop, slip, taking(shop, "material_issue", order, "4", code="SCREW"))
    api.reverse(shop.db, USER, [sale.id], with_chain=True)
    kept = [
        row.ref for kind in ("material_issue", "production_order") for row in api.list_documents(shop.db, kind).rows
    ]
    assert slip not in kept
    assert {order, other} <= set(kept)
    assert broken(shop.db) == []


def test_a_slip_that_hangs_on_two_documents_goes_before_both(shop: Shop) -> None:
    """What a receipt drew by itself hangs on the order and on the receipt: it is undone before the receipt, and listed once."""
    order = post(shop, shop.factory.order("50"))
    receipt = post(shop, taking(shop, "product_receipt", order, "30"))
    steps = undoing(shop, order)
    (drawn,) = [ref for ref in steps if ref not in (order, receipt)]
    assert steps == [drawn, receipt, order]
    assert undoing(shop, receipt) == [drawn, receipt]
    assert undoing(shop, receipt, order) == steps
    api.reverse(shop.db, USER, [order.id], with_chain=True)
    assert material(shop, order, "GLUE")[1] == D(0)
    assert broken(shop.db) == []


def test_a_return_goes_before_the_pick_it_gave_back_also_where_it_was_typed_first(shop: Shop) -> None:
    """Both hang on the order; the return's number and place in the list say nothing of what depends on what."""
    sale = post(shop, shop.factory.sale("5"))
    order = order_of(shop, sale)
    back = save(shop, taking(shop, "material_issue", order, "8", code="SCREW", kind="return"))
    pick = draw(shop, order, "SCREW", "8")
    api.approve(shop.db, USER, [back.id])
    assert undoing(shop, sale) == [back, pick, order, sale]
    assert undoing(shop, pick, back) == [back, pick]


def test_drafts_on_drafts_are_deleted_from_the_last_made_back(shop: Shop) -> None:
    """A draft slip takes from two orders, one approved and one a newer draft: it is deleted before the draft it takes from."""
    sale = post(shop, shop.factory.sale("5"))
    order = post(shop, shop.factory.order("5"))
    slip = save(shop, taking(shop, "material_issue", order, "4", code="SCREW"))
    (draft, *_) = api.push_down(shop.db, sale.id, "production_order")
    second = save(shop, draft)
    both = taking(shop, "material_issue", order, "4", code="SCREW")
    both.lines += taking(shop, "material_issue", second, "4", code="SCREW").lines
    moved_to(shop, slip, both)
    assert undoing(shop, sale, order)[:2] == [slip, second]
    api.reverse(shop.db, USER, [sale.id, order.id], with_chain=True)
    assert [row.ref for row in api.list_documents(shop.db, "material_issue").rows] == []
    assert broken(shop.db) == []
