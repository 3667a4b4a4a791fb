"""A lamp order from the customer's call to the lorry, and back again when the customer changes his mind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models.kernel.refs import DocRef
from services.documents import api
from services.platform.backup import verify_backup
from tests.support.acting import done, draw, in_progress, material, on_hand, post, save, taking, worth
from tests.support.factory import DAY, USER
from tests.support.ledgers import broken, ledgers
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def sold_and_pushed_down(shop: Shop) -> tuple[DocRef, DocRef]:
    """The customer orders 40 lamps; the order is pushed down to production, due when the customer wants them."""
    sale = post(shop, shop.factory.sale("40"))
    (draft, *_) = api.push_down(shop.db, sale.id, "production_order")
    draft.business_date = day(1)
    order = post(shop, draft)
    assert material(shop, order, "SCREW")[0] == 168
    assert api.get_document(shop.db, sale.id).downstream[0].ref == order
    return sale, order


def bought(shop: Shop) -> None:
    """Screws are bought because the store man wants more; they come in two parts, the first dearer."""
    purchase = post(shop, shop.factory.purchase("500", price="2.5"))
    first = taking(shop, "purchase_receipt", purchase, "200", price="4", day=day(2))
    post(shop, first)
    post(shop, taking(shop, "purchase_receipt", purchase, "300", day=day(3)))
    assert api.get_document(shop.db, purchase.id).closing == "S"


def picked(shop: Shop, order: DocRef) -> None:
    """The whole list is picked at once, a few screws are lost, some come back."""
    (pick,) = api.push_down(shop.db, order.id, "material_issue")
    pick.business_date = day(4)
    post(shop, pick)
    draw(shop, order, "SCREW", "6", "supplement")
    draw(shop, order, "SCREW", "4", "return")
    assert material(shop, order, "SCREW") == (168, 164, 6, 4)


def finished(shop: Shop, order: DocRef) -> None:
    """Lamps come off the bench in two lots; glue is backflushed; the order closes itself."""
    post(shop, taking(shop, "product_receipt", order, "15", day=day(5), lot="L1"))
    post(shop, taking(shop, "product_receipt", order, "25", day=day(6), lot="L2"))
    assert api.get_document(shop.db, order.id).closing == "S"
    assert material(shop, order, "GLUE")[:2] == (Decimal("0.4"), Decimal("0.4"))


def delivered(shop: Shop, sale: DocRef) -> None:
    """Delivered in two lorries; the second slip asks for one too many and is corrected."""
    post(shop, taking(shop, "delivery", sale, "30", day=day(7)))
    second = taking(shop, "delivery", sale, "11", day=day(8))
    ref = save(shop, second)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"document.over_source"}
    second.lines[0].quantity = Decimal(10)
    api.save_document(shop.db, USER, second, doc_id=ref.id, version=1)
    api.approve(shop.db, USER, [ref.id])
    assert api.get_document(shop.db, sale.id).closing == "S"


def taken_back(shop: Shop, sale: DocRef) -> None:
    """The customer sends it all back before it left the yard: one key shows the chain, one key takes it back."""
    steps = api.preview_reversal(shop.db, [sale.id])
    assert [step.ref.type for step in steps][-1] == "sales_order"
    assert {step.ref.type for step in steps} == {
        "sales_order", "production_order", "material_issue", "product_receipt", "delivery",
    }  # fmt: skip
    assert not any(step.blocked for step in steps)
    api.reverse(shop.db, USER, [sale.id], with_chain=True)


def same_but_for(item: int, begin: Mapping[str, Any], end: Mapping[str, Any]) -> None:
    """Stock and value of every other item are as they were."""
    for name in ("balance", "value"):
        left, was = (
            {key: rest for key, rest in state[name].items() if (key if name == "value" else key[0]) != item}
            for state in (end, begin)
        )
        assert left == was


def test_an_order_is_made_picked_received_delivered_and_the_books_hold(shop: Shop) -> None:
    begin = ledgers(shop.db)
    screws, lamps = on_hand(shop, "SCREW"), on_hand(shop, "LAMP")
    sale, order = sold_and_pushed_down(shop)
    bought(shop)
    picked(shop, order)
    assert on_hand(shop, "SCREW") == screws + 500 - 168 - 6 + 4
    finished(shop, order)
    delivered(shop, sale)
    assert on_hand(shop, "LAMP") == lamps
    assert in_progress(shop, "LAMP")[0] == -40
    assert worth(shop, "SCREW") > 0
    assert broken(shop.db) == []
    taken_back(shop, sale)
    same_but_for(shop.factory.items["SCREW"], begin, ledgers(shop.db))
    assert on_hand(shop, "SCREW") == screws + 500
    assert done(shop, sale) == 0
    assert broken(shop.db) == []


def test_a_day_ends_with_a_backup_that_proves_itself(sqlite_shop: Shop) -> None:
    from services.platform.backup import backup

    post(sqlite_shop, sqlite_shop.factory.sale("4"))
    assert sqlite_shop.db.path is not None
    made = backup(sqlite_shop.db, sqlite_shop.db.path.with_suffix(".gfbak"))
    assert verify_backup(made.file) == made
