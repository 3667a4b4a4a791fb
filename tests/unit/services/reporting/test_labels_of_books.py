"""Labels of what stands in the books: items, lines of receipts, products of orders."""

from __future__ import annotations

import pytest

from models.kernel.problems import Refused
from services.platform.messages import sentence
from services.reporting import api
from tests.support.acting import post, taking
from tests.support.people import staff
from tests.support.shops import Shop


def test_items_get_a_label_in_the_order_asked(shop: Shop) -> None:
    items = shop.factory.items
    labels = api.labels_of_items(shop.db, [items["GLUE"], items["LAMP"]])
    assert [(label.head, label.lines) for label in labels] == [("GLUE", ("胶水",)), ("LAMP", ("台灯",))]
    assert labels[0].square == "GLUE;;;公斤"
    with pytest.raises(Refused) as caught:
        api.labels_of_items(shop.db, [items["LAMP"], 9999])
    assert "9999" in sentence(caught.value.problems[0])


def test_a_receipt_gets_a_label_for_each_line_and_an_order_a_card(shop: Shop) -> None:
    purchase = post(shop, shop.factory.purchase("100"))
    receipt = post(shop, taking(shop, "purchase_receipt", purchase, lot="L7"))
    (label,) = api.labels_of_documents(shop.db, [receipt.id])
    assert label.square == f"SCREW;L7;100;个;{receipt.number}"
    assert label.lines[1:] == ("数量 100 个　批次 L7", f"主仓　{receipt.number}　2026-03-06")
    order = post(shop, shop.factory.order("5"))
    (card,) = api.labels_of_documents(shop.db, [order.id])
    assert (card.bars, card.square) == (order.number, f"{order.number};LAMP;5;个")
    assert card.boxes
    assert len(api.labels_of_documents(shop.db, [receipt.id, order.id])) == 2


def test_other_documents_have_no_labels(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("3"))
    with pytest.raises(Refused) as caught:
        api.labels_of_documents(shop.db, [sale.id])
    assert sale.number in sentence(caught.value.problems[0])


def test_who_may_not_see_items_gets_no_labels_of_them(shop: Shop) -> None:
    nobody = shop.db.acting_as(staff(shop.db)[""])
    with pytest.raises(Refused) as caught:
        api.labels_of_items(nobody, [shop.factory.items["LAMP"]])
    assert caught.value.problems[0].code == "access.denied"
