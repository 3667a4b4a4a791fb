"""Numbers typed by hand beside those of the series, several at once, and a number of its own for a return."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

from services.documents import api
from services.documents.records import DocDraft
from tests.support.acting import draw, parameter, post, save, taking
from tests.support.factory import USER, lines_of
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def order(shop: Shop, day: int, number: str = "") -> DocDraft:
    return shop.factory.order("1", day=dt.date(2026, 3, day), number=number)


def save_all(shop: Shop, *drafts: DocDraft) -> list[str]:
    """Saves drafts in one go, as an import does."""
    with shop.db.write(USER) as tx:
        return [ref.number for ref in shop.factory.save(tx, *drafts)]


def test_the_series_goes_on_beyond_the_highest_of_several_typed_numbers(shop: Shop) -> None:
    typed = ("SCRW-20260310-00005", "SCRW-20260310-00003")
    assert save_all(shop, *(order(shop, 10, number) for number in typed), order(shop, 10)) == [
        *typed, "SCRW-20260310-00006",
    ]  # fmt: skip


def test_a_low_number_typed_again_does_not_set_the_series_back(shop: Shop) -> None:
    first, *_ = [save(shop, order(shop, 10)) for _ in range(3)]
    api.delete(shop.db, USER, [first.id])
    assert save(shop, order(shop, 10, first.number)).number == "SCRW-20260310-00001"
    assert save(shop, order(shop, 10)).number == "SCRW-20260310-00004"


def test_one_number_twice_in_one_go_is_refused(shop: Shop) -> None:
    assert codes(refused(save_all, shop, order(shop, 10, "老单-7"), order(shop, 11, "老单-7"))) == {
        "document.number_exists"
    }


def test_a_return_has_a_series_of_its_own(shop: Shop) -> None:
    made = post(shop, shop.factory.order("5"))
    pick, back = draw(shop, made, "SCREW", "10"), draw(shop, made, "SCREW", "4", kind="return")
    assert (pick.number[:5], back.number[:5]) == ("SCLL-", "SCTL-")
    assert (pick.number[-5:], back.number[-5:]) == ("00001", "00001")


def test_a_pick_that_becomes_a_return_gets_a_number_of_returns_where_the_parameter_asks_for_it(shop: Shop) -> None:
    made = post(shop, shop.factory.order("5"))
    slip = save(shop, taking(shop, "material_issue", made, "4", code="SCREW"))
    turned = taking(shop, "material_issue", made, "4", code="SCREW", kind="return")
    turned.number = slip.number
    kept, _ = api.save_document(shop.db, USER, turned, doc_id=slip.id, version=1)
    assert kept.number == slip.number
    parameter(shop, "renumber_when_date_changes", "yes")
    pick = taking(shop, "material_issue", made, "4", code="SCREW")
    pick.number = save(shop, taking(shop, "material_issue", made, "4", code="SCREW")).number
    found = [row.ref for row in api.list_documents(shop.db, "material_issue").rows if row.ref.number == pick.number]
    pick.kind = "return"
    moved, _ = api.save_document(shop.db, USER, pick, doc_id=found[0].id, version=1)
    assert moved.number.startswith("SCTL-")


def test_the_amount_follows_price_and_quantity_whatever_was_sent_with_them(shop: Shop) -> None:
    draft = shop.factory.purchase("3", price="1.115")
    draft.lines[0].amount = D(999)
    ref = save(shop, draft)
    with shop.db.read() as conn:
        assert [line.amount for line in lines_of(conn, ref)] == [D("3.35")]
