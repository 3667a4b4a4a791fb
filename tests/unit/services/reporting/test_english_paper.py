"""Every printed form of a book whose names are ASCII, in English: on no paper stands a Chinese sign of the program's own."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from decimal import Decimal

import pytest

from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner, unit, warehouse
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.platform.db import Database
from services.printing.api import PdfPages, print_labels
from services.printing.furniture import barcode_modules
from services.printing.labels import LARGE, SMALL
from services.printing.templates.applying import STOCK, stock
from services.reporting import api
from tests.support.acting import parameter
from tests.support.factory import example, type_codes
from tests.support.shops import Shop

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee“”‘’]")
WHO = "clerk"
KINDS = [kind for kind, _ in api.printed_types()]


@pytest.fixture
def ascii_shop(sqlite_shop: Shop) -> Shop:
    """The lamp factory with every name as its code."""
    with sqlite_shop.db.write(WHO) as tx:
        for table in (item, partner, unit, warehouse):
            tx.conn.execute(table.update().values(name=table.c.code))
    parameter(sqlite_shop, "company_name", "Sample Lamps Ltd")
    return sqlite_shop


def posted(shop: Shop, kind: str, lines: int = 3) -> DocRef:
    with shop.db.write(WHO) as tx:
        draft = example(tx, shop.factory, kind, lines)
        return shop.factory.post(tx, replace(draft, note="as agreed"))[0]


def text_of(pdf: bytes) -> str:
    pages = PdfPages(pdf)
    return "\n".join(pages.text(page) for page in range(1, pages.count + 1))


@pytest.mark.parametrize("kind", type_codes())
def test_a_document_of_every_type_is_printed_in_english(ascii_shop: Shop, kind: str) -> None:
    ref = posted(ascii_shop, kind)
    documents.count_print(ascii_shop.db, WHO, [ref.id])
    for template in STOCK:
        printed = api.print_documents(ascii_shop.db, [ref.id], template=template, language="en")
        text = text_of(printed.pdf)
        assert CHINESE.findall(text) == [], template
        assert ref.number in text
        assert "Page 1/" in text
        assert "Note: as agreed" in text
        assert "Print no. 2" in text
        assert printed.missing == ()


@pytest.mark.parametrize("kind", type_codes())
def test_a_draft_says_so_in_english(ascii_shop: Shop, kind: str) -> None:
    with ascii_shop.db.write(WHO) as tx:
        (ref,) = ascii_shop.factory.save(tx, example(tx, ascii_shop.factory, kind))
    text = text_of(api.print_documents(ascii_shop.db, [ref.id], language="en").pdf)
    assert CHINESE.findall(text) == []
    assert "Draft" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_made_up_sample_of_every_form_is_english(ascii_shop: Shop, kind: str) -> None:
    for template in stock(api.offer_of(kind)):
        text = text_of(api.preview_template(ascii_shop.db, template, language="en").pdf)
        assert CHINESE.findall(text) == []
        assert "RM403" in text


@pytest.mark.parametrize("template", STOCK)
def test_a_merged_pick_list_of_many_orders_is_printed_in_english(ascii_shop: Shop, template: str) -> None:
    """With orders that go on below, with one that goes short, and with what they have drawn counted."""
    with ascii_shop.db.write(WHO) as tx:
        orders = [ascii_shop.factory.order(str(250 + i)) for i in range(14)]
        refs = ascii_shop.factory.post(tx, *orders)
    ids = [ref.id for ref in refs]
    listed, _ = api.pick_list(ascii_shop.db, WHO, ids, day=dt.date(2026, 3, 10))
    api.count_pick_list(ascii_shop.db, WHO, listed)
    again, _ = api.pick_list(ascii_shop.db, WHO, ids)
    text = text_of(api.print_merged(ascii_shop.db, ids, template=template, listed=again, language="en").pdf)
    assert CHINESE.findall(text.replace("※", "")) == []
    for said in ("Merged pick list", "follow below under", "Split by order", "※ short", "Print no. 2", "materials"):
        assert said in text, said
    unnumbered = text_of(api.print_merged(ascii_shop.db, ids, language="en").pdf)
    names = f"{refs[0].number} … (14 in all)"
    assert names in unnumbered
    assert barcode_modules(names) == 0  # no number of a document, so no bar code


def test_a_pick_list_of_several_orders_with_a_customers_material_is_english(ascii_shop: Shop) -> None:
    with ascii_shop.db.write(WHO) as tx:
        factory = ascii_shop.factory
        factory.add_item(tx, "TOY", kind="manufactured")
        factory.add_bill(
            tx, "TOY", factory.component("SCREW"), factory.component("BULB", supplied_by="customer", warehouse_id=factory.stores["WC"])
        )  # fmt: skip
        refs = factory.post(tx, factory.order("3", code="TOY"), factory.order("4", code="TOY"))
    text = text_of(api.print_merged(ascii_shop.db, [ref.id for ref in refs], language="en").pdf)
    assert CHINESE.findall(text.replace("※", "")) == []
    assert "Customer-supplied (at no cost)" in text


def test_a_template_names_the_language_whatever_the_window_speaks(ascii_shop: Shop) -> None:
    ref = posted(ascii_shop, "sales_order")
    template = stock(api.offer_of("sales_order"))[0]
    api.save_template(ascii_shop.db, WHO, replace(template, name="Export", language="en"))
    api.save_template(ascii_shop.db, WHO, replace(template, name="Home", language="zh"))

    def printed(name: str, language: str) -> str:
        return text_of(api.print_documents(ascii_shop.db, [ref.id], template=name, language=language).pdf)

    assert CHINESE.findall(printed("Export", "zh")) == []
    assert "Amount in words: CNY" in printed("Export", "zh")
    for language in ("zh", "en"):
        assert "金额大写" in printed("Home", language)
    assert "销 售 订 单" in printed("A4", "zh")
    assert "Sales order" in printed("A4", "en")


def test_texts_that_a_clerk_changed_are_printed_as_he_wrote_them(ascii_shop: Shop) -> None:
    ref = posted(ascii_shop, "sales_order")
    template = stock(api.offer_of("sales_order"))[0]
    own = replace(template, name="Export", language="en", title="Sales contract 合同", terms="货到付款 T/T")
    api.save_template(ascii_shop.db, WHO, own)
    text = text_of(api.print_documents(ascii_shop.db, [ref.id], template="Export").pdf)
    assert "Sales contract 合同" in text
    assert "货到付款 T/T" in text
    assert "Made by: clerk" in text


def test_labels_and_routing_cards_of_a_book_are_english(ascii_shop: Shop) -> None:
    receipt, order = posted(ascii_shop, "purchase_receipt"), posted(ascii_shop, "production_order")
    labels = [
        *api.labels_of_items(ascii_shop.db, list(ascii_shop.factory.items.values()), "en"),
        *api.labels_of_documents(ascii_shop.db, [receipt.id, order.id], "en"),
    ]
    for sheet in (SMALL, LARGE):
        text = text_of(print_labels(labels, sheet).pdf).replace("\u3000", " ")
        assert CHINESE.findall(text) == []
        assert "Routing card" in text
        assert "Qty" in text


def test_prices_with_many_places_and_an_amount_in_the_millions_fit_an_english_order(ascii_shop: Shop) -> None:
    db: Database = ascii_shop.db
    lamp, due = ascii_shop.factory.items["LAMP"], dt.date(2026, 4, 1)
    lines = [LineDraft(lamp, Decimal(999999), price=Decimal("1234.56789"), due_date=due) for _ in range(3)]
    draft = DocDraft("sales_order", dt.date(2026, 3, 5), lines, partner_id=ascii_shop.factory.partners["C1"])
    ref, _ = documents.save_document(db, WHO, draft)
    for template in STOCK:
        text = text_of(api.print_documents(db, [ref.id], template=template, language="en").pdf)
        assert "billion" in text
        assert "1,234.56789" in text


def test_names_that_are_words_of_the_program_stay_on_english_paper(ascii_shop: Shop) -> None:
    """A clerk calls an item 自制, a partner 客户, a warehouse 仓库: data is printed as it was written."""
    with ascii_shop.db.write(WHO) as tx:
        for table, name in ((item, "自制"), (partner, "客户"), (warehouse, "仓库")):
            tx.conn.execute(table.update().values(name=name))
    for kind, names in (("sales_order", ("自制", "客户")), ("material_issue", ("自制", "仓库"))):
        ref = posted(ascii_shop, kind)
        text = text_of(api.print_documents(ascii_shop.db, [ref.id], language="en").pdf)
        assert [name for name in names if name not in text] == [], kind
