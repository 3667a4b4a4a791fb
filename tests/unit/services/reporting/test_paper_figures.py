"""U12: the text on paper is what the book says, codes are read by a gun as the number, papers are exact to a tenth of a millimetre."""

from __future__ import annotations

import datetime as dt
import re
import time
from dataclasses import replace

import pytest

from models.kernel.numbers import plain
from models.kernel.refs import DocRef
from services.documents import api as documents
from services.documents.views import DocumentView
from services.printing.api import PAPERS, Label, PdfPages, print_labels
from services.printing.labels import LABEL_SHEETS
from services.printing.templates.applying import stock
from services.production.api import create_picks, pick_orders, propose_picks
from services.reporting import api
from tests.support.acting import post, save
from tests.support.factory import USER, example, type_codes
from tests.support.scanned import scanned
from tests.support.shops import Shop

LINES = 500
DAY = dt.date(2026, 3, 10)


def packed(text: str) -> str:
    return "".join(text.split())


def pages_of(pdf: bytes) -> list[str]:
    pages = PdfPages(pdf)
    return [pages.text(number) for number in range(1, pages.count + 1)]


@pytest.fixture
def long_slip(sqlite_shop: Shop) -> DocRef:
    """A draft pick list of 500 lines for an order of seven cabinets, by the ways the clerks go."""
    shop, factory = sqlite_shop, sqlite_shop.factory
    with shop.db.write(USER) as tx:
        factory.add_item(tx, "CABINET", kind="manufactured")
        for i in range(LINES):
            factory.add_item(tx, f"P{i:04d}", name=f"零件{i}号", spec=f"M{i % 30}×{i}", warehouse="W1")
        factory.add_bill(tx, "CABINET", *(factory.component(f"P{i:04d}", str(i % 9 + 1)) for i in range(LINES)))
    order = post(shop, factory.order("7", code="CABINET"))
    picks = propose_picks(pick_orders(shop.db, [order.id]))
    (ref,), _ = create_picks(shop.db, USER, picks, day=DAY)
    return ref


def rows_of(view: DocumentView) -> list[str]:
    """What each line must read on paper, without spaces: number, code, name, specification, unit, store, quantities."""
    return [
        f"{number}{line.item_code}{line.item_name}{line.spec}{line.unit}{line.warehouse_name}"
        f"{plain(line.quantity)}0{plain(line.quantity)}"
        for number, line in enumerate(view.lines, start=1)
    ]


@pytest.mark.parametrize("template", ["A4", "A5", "241×140"])
def test_the_text_of_a_pick_list_of_500_lines_is_what_the_book_says(
    sqlite_shop: Shop, long_slip: DocRef, template: str
) -> None:
    view = documents.get_document(sqlite_shop.db, long_slip.id)
    assert len(view.lines) == LINES
    started = time.perf_counter()
    printed = api.print_documents(sqlite_shop.db, [long_slip.id], template=template)
    print(f"{LINES} lines on {template}: {time.perf_counter() - started:.2f} s, {printed.pages} pages")
    texts = pages_of(printed.pdf)
    text = packed("".join(texts))
    for row in rows_of(view):
        assert text.count(row) == 1, row
    wrong = rows_of(view)[17].replace("P0017", "P0018")
    assert wrong not in text
    assert all(long_slip.number in page and f"第{n}/{len(texts)}页" in packed(page) for n, page in enumerate(texts, 1))
    assert len(re.findall(r"P\d{4}零件", text)) == LINES
    assert f"合计{LINES}种{LINES}行" in text


@pytest.mark.parametrize("kind", type_codes())
def test_the_gun_reads_the_number_of_every_type_on_every_stock_paper(sqlite_shop: Shop, kind: str) -> None:
    with sqlite_shop.db.write(USER) as tx:
        (ref,) = sqlite_shop.factory.save(tx, example(tx, sqlite_shop.factory, kind, 1))
    for template in ("A4", "A5", "241×140"):
        pdf = api.print_documents(sqlite_shop.db, [ref.id], template=template).pdf
        assert scanned(pdf) == {"Code128": [ref.number]}, template


def test_the_gun_reads_the_merged_list_on_every_page(sqlite_shop: Shop) -> None:
    refs = [post(sqlite_shop, sqlite_shop.factory.order(str(20 + i))) for i in range(9)]
    listed, _ = api.pick_list(sqlite_shop.db, USER, [ref.id for ref in refs], day=DAY)
    for template in ("A4", "A5", "241×140"):
        printed = api.print_merged(sqlite_shop.db, listed.ids, template=template, listed=listed)
        for page in range(1, printed.pages + 1):
            assert scanned(printed.pdf, page=page) == {"Code128": [listed.number]}


def test_a_page_without_bars_is_not_read(sqlite_shop: Shop) -> None:
    ref = save(sqlite_shop, sqlite_shop.factory.sale("3"))
    bare = replace(stock(api.offer_of("sales_order"))[0], name="无条码", barcode=False)
    api.save_template(sqlite_shop.db, USER, bare)
    assert scanned(api.print_documents(sqlite_shop.db, [ref.id], template="无条码").pdf) == {}


def test_the_gun_reads_both_codes_of_every_label(sqlite_shop: Shop) -> None:
    factory = sqlite_shop.factory
    order = post(sqlite_shop, factory.order("3"))
    labels: list[Label] = [
        *api.labels_of_items(sqlite_shop.db, [factory.items["SCREW"], factory.items["LAMP"]]),
        *api.labels_of_documents(sqlite_shop.db, [order.id]),
    ]
    for sheet in LABEL_SHEETS.values():
        pdf = print_labels(labels, sheet).pdf
        found: dict[str, list[str]] = {}
        for page in range(1, PdfPages(pdf).count + 1):
            for kind, texts in scanned(pdf, page=page).items():
                found.setdefault(kind, []).extend(texts)
        assert sorted(found["Code128"]) == sorted(label.bars for label in labels), sheet.key
        assert sorted(found["QRCode"]) == sorted(label.square for label in labels), sheet.key


@pytest.mark.parametrize("key", PAPERS)
def test_paper_is_exact_to_a_tenth_of_a_millimetre_in_the_file_itself(sqlite_shop: Shop, key: str) -> None:
    paper = PAPERS[key]
    ref = save(sqlite_shop, sqlite_shop.factory.sale("3"))
    pdf = api.print_documents(sqlite_shop.db, [ref.id], profile=paper).pdf
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)
    assert boxes
    for wide, high in boxes:
        sizes = float(wide) / 72 * 25.4, float(high) / 72 * 25.4
        assert sizes == (pytest.approx(paper.width_mm, abs=0.05), pytest.approx(paper.height_mm, abs=0.05))
