"""Change of approved orders: AT-09 and AT-27d, what may not change, and what the history keeps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal

from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft, LineDraft, MaterialDraft
from tests.support.acting import done, draw, material, parameter, post, save, taking
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken, everything
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop

WHY = "客户改数量"


def as_stored(shop: Shop, ref: DocRef, *, materials: bool = False) -> DocDraft:
    """A document as its window would send it back unchanged."""
    view = api.get_document(shop.db, ref.id)
    lines = [
        LineDraft(
            line.item_id, line.quantity, line_no=line.line_no, price=line.price, warehouse_id=line.warehouse_id,
            lot=line.lot, start_date=line.start_date, due_date=line.due_date, source_line_id=line.source_line_id,
            demand_line_id=line.demand_line_id, note=line.note, bom_version=line.bom_version,
        )
        for line in view.lines
    ]  # fmt: skip
    draft = DocDraft(ref.type, view.business_date, lines, kind=view.kind, partner_id=view.partner_id, note=view.note)
    numbers = {line.id: line.line_no for line in view.lines}
    if materials:
        draft.materials = [
            MaterialDraft(
                numbers[m.parent_line_id or 0], m.item_id, m.quantity, issue=m.issue, line_no=m.line_no,
                warehouse_id=m.warehouse_id,
            )
            for m in view.materials
        ]  # fmt: skip
    return draft


def change(shop: Shop, ref: DocRef, draft: DocDraft) -> None:
    version = api.get_document(shop.db, ref.id).version
    api.change_document(shop.db, USER, draft, doc_id=ref.id, version=version, reason=WHY)


def not_changed(shop: Shop, ref: DocRef, draft: DocDraft, *, reason: str = WHY) -> Sequence[Problem]:
    """The problems of a change that is refused and leaves nothing behind."""
    before = everything(shop.db)
    version = api.get_document(shop.db, ref.id).version
    problems = refused(api.change_document, shop.db, USER, draft, doc_id=ref.id, version=version, reason=reason)
    assert everything(shop.db) == before
    return problems


def resized(shop: Shop, ref: DocRef, quantity: str) -> DocDraft:
    draft = as_stored(shop, ref)
    draft.lines[0].quantity = Decimal(quantity)
    return draft


def test_at_09_the_quantity_falls_as_long_as_the_plan_covers_what_was_picked(shop: Shop) -> None:
    order = post(shop, shop.factory.order("300"))
    planned = material(shop, order, "SCREW")[0]
    draw(shop, order, "SCREW", str(planned / 3))
    change(shop, order, resized(shop, order, "200"))
    assert material(shop, order, "SCREW")[:2] == (planned * 2 / 3, planned / 3)
    view = api.get_document(shop.db, order.id)
    assert view.lines[0].quantity == 200
    problems = not_changed(shop, order, resized(shop, order, "90"))
    assert codes(problems) == {"document.change_below_drawn"}
    assert (problems[0].place.line, problems[0].place.role) == (1, "")
    assert told(problems)[0].count("第1行") == 1
    assert broken(shop.db) == []


def test_at_09_a_finished_order_does_not_change_and_a_draft_needs_no_change(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    api.close(shop.db, USER, [order.id], "停产")
    assert codes(not_changed(shop, order, resized(shop, order, "20"))) == {"document.change_closed"}
    draft = save(shop, shop.factory.order("10"))
    assert codes(not_changed(shop, draft, resized(shop, draft, "20"))) == {"document.change_draft"}


def test_at_27d_a_changed_order_shows_what_is_left_and_is_pushed_again(shop: Shop) -> None:
    order = post(shop, shop.factory.purchase("10"))
    post(shop, taking(shop, "purchase_receipt", order, "6"))
    assert codes(not_changed(shop, order, resized(shop, order, "5"))) == {"document.change_below_done"}
    change(shop, order, resized(shop, order, "8"))
    (draft,) = api.push_down(shop.db, order.id, "purchase_receipt")
    assert draft.lines[0].quantity == 2
    change(shop, order, resized(shop, order, "6"))
    assert api.get_document(shop.db, order.id).closing == "S"
    assert broken(shop.db) == []


def test_a_link_to_the_source_follows_the_changed_quantity(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("10"))
    with shop.db.write(USER) as tx:
        draft = shop.factory.taking(tx, "production_order", sale, "10")
    order = post(shop, draft)
    change(shop, order, resized(shop, order, "6"))
    assert api.get_document(shop.db, order.id).lines[0].quantity == 6
    assert broken(shop.db) == []
    api.reverse(shop.db, USER, [order.id])
    assert broken(shop.db) == []


def test_lines_are_added_and_unused_ones_deleted(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("10"))
    draft = as_stored(shop, order)
    extra = LineDraft(shop.factory.items["SHADE"], Decimal(4), price=Decimal(9), due_date=DAY + dt.timedelta(days=9))
    draft.lines.append(extra)
    change(shop, order, draft)
    view = api.get_document(shop.db, order.id)
    assert [(line.line_no, line.item_code, line.amount) for line in view.lines][1] == (2, "SHADE", Decimal(36))
    draft = as_stored(shop, order)
    del draft.lines[1]
    change(shop, order, draft)
    assert [line.item_code for line in api.get_document(shop.db, order.id).lines] == ["LAMP"]
    assert broken(shop.db) == []


def test_a_line_something_was_made_from_is_not_deleted_and_the_refusal_names_it(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("10"))
    with shop.db.write(USER) as tx:
        made = shop.factory.taking(tx, "production_order", order, "10")
    later = save(shop, made)
    draft = as_stored(shop, order)
    draft.lines[0].line_no = 7
    draft.lines[0].source_line_id = None
    problems = not_changed(shop, order, draft)
    assert codes(problems) == {"document.change_used"}
    assert problems[0].ref == later


def test_a_new_line_of_a_production_order_brings_its_materials(shop: Shop) -> None:
    order = post(shop, shop.factory.order("10"))
    before = api.get_document(shop.db, order.id)
    draft = as_stored(shop, order)
    draft.lines.append(LineDraft(shop.factory.items["LAMP"], Decimal(10), due_date=DAY + dt.timedelta(days=9)))
    change(shop, order, draft)
    after = api.get_document(shop.db, order.id)
    assert len(after.materials) == 2 * len(before.materials)
    assert {m.parent_line_id for m in after.materials} == {line.id for line in after.lines}
    assert broken(shop.db) == []


def test_materials_are_changed_added_and_deleted_unless_they_were_picked(shop: Shop) -> None:
    order = post(shop, shop.factory.order("100"))
    draw(shop, order, "SCREW", "1")
    draft = as_stored(shop, order, materials=True)
    assert draft.materials is not None
    kept = [m for m in draft.materials if m.item_id == shop.factory.items["SCREW"]]
    steel = MaterialDraft(1, shop.factory.items["STEEL"], Decimal("2.5"))
    draft.materials = [*kept, steel]
    change(shop, order, draft)
    codes_now = [m.item_code for m in api.get_document(shop.db, order.id).materials]
    assert codes_now == ["SCREW", "STEEL"]
    draft = as_stored(shop, order, materials=True)
    assert draft.materials is not None
    draft.materials = [m for m in draft.materials if m.item_id == shop.factory.items["STEEL"]]
    problems = not_changed(shop, order, draft)
    assert codes(problems) == {"document.change_material_used"}
    assert problems[0].place.role == "material"
    assert "材料第" in told(problems)[0]
    assert broken(shop.db) == []


def test_what_a_document_is_does_not_change(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("10"))
    draft = as_stored(shop, order)
    draft.business_date += dt.timedelta(days=1)
    assert codes(not_changed(shop, order, draft)) == {"document.change_head"}
    draft = as_stored(shop, order)
    draft.lines[0].item_id = shop.factory.items["SHADE"]
    assert codes(not_changed(shop, order, draft)) == {"document.change_item"}
    assert codes(not_changed(shop, order, as_stored(shop, order), reason=" ")) == {"document.change_reason"}
    stock = post(shop, shop.factory.opening("SCREW", "5", "1"))
    assert codes(not_changed(shop, stock, as_stored(shop, stock))) == {"document.not_changeable"}


def test_the_history_keeps_both_versions_and_the_reason(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("10"))
    seen = api.get_document(shop.db, order.id).version
    change(shop, order, resized(shop, order, "12"))
    view = api.get_document(shop.db, order.id)
    assert view.version > seen
    event = view.history[0]
    assert (event.action, event.reason, event.user) == ("amend", WHY, USER)
    quantities = [Decimal(json.loads(text)["lines"][0]["quantity"]) for text in (event.before, event.after)]
    assert quantities == [10, 12]
    stale = refused(
        api.change_document, shop.db, USER, resized(shop, order, "13"), doc_id=order.id, version=seen, reason=WHY
    )
    assert codes(stale) == {"document.changed_meanwhile"}


def test_where_four_eyes_are_asked_for_the_maker_does_not_change_his_order(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("10"))
    parameter(shop, "four_eyes", "yes")
    assert codes(not_changed(shop, order, resized(shop, order, "12"))) == {"document.four_eyes"}
    assert done(shop, order) == 0
