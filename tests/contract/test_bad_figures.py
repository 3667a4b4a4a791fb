"""Figures that cannot be stored, and things deleted meanwhile, are refused in a sentence, for every type."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.documents import api
from services.documents.records import DocDraft
from services.masterdata import saving as masters
from tests.support.acting import save
from tests.support.factory import USER, example, type_codes
from tests.support.faults import fingerprint
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def draft_of(shop: Shop, kind: str) -> DocDraft:
    with shop.db.write(USER) as tx:
        return example(tx, shop.factory, kind, 1)


@pytest.mark.parametrize("kind", type_codes())
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", "100000000000000", "document.quantity_too_large"),
        ("price", "-1", "document.price_range"),
        ("price", "0.123456789", "document.price_range"),
        ("price", "99999999999999", "document.price_range"),
        ("item_id", "987654", "document.item_gone"),
        ("warehouse_id", "987654", "document.warehouse_gone"),
    ],
)
def test_a_figure_that_cannot_be_stored_is_refused(
    sqlite_shop: Shop, kind: str, field: str, value: str, code: str
) -> None:
    draft = draft_of(sqlite_shop, kind)
    before = fingerprint(sqlite_shop.db)
    setattr(draft.lines[0], field, int(value) if field.endswith("_id") else Decimal(value))
    assert code in codes(refused(save, sqlite_shop, draft))
    assert fingerprint(sqlite_shop.db) == before


@pytest.mark.parametrize("value", ["-0.01", "0.001", "99999999999999"])
def test_an_opening_amount_that_is_none_is_refused(shop: Shop, value: str) -> None:
    draft = shop.factory.opening("BULB", "5", value)
    assert codes(refused(save, shop, draft)) == {"document.amount_range"}


def test_a_partner_deleted_meanwhile_is_told_in_a_sentence(shop: Shop) -> None:
    draft = shop.factory.sale("1")
    draft.partner_id = shop.factory.partners["C2"]
    with shop.db.write(USER) as tx:
        masters.delete(tx, "customers", shop.factory.partners["C2"])
    assert codes(refused(save, shop, draft)) == {"database.reference_gone"}


def test_the_amount_follows_price_and_quantity(shop: Shop) -> None:
    """I30: a draft whose quantity was changed does not keep the amount of before."""
    draft = shop.factory.purchase("7", price="0.333")
    draft.lines[0].amount = Decimal(99)
    ref = save(shop, draft)
    assert api.get_document(shop.db, ref.id).lines[0].amount == Decimal("2.33")
