"""Orders are printed with tax where the parameter names a rate: each line to the cent, the total is their sum."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.documents import api as documents
from services.documents.views import DocumentView
from services.masterdata import api as masterdata
from services.printing.api import PdfPages
from services.reporting import api as reporting
from services.reporting.taxed import with_tax
from tests.support.acting import parameter, save
from tests.support.factory import USER
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def printed(shop: Shop, doc: int) -> str:
    """The text of a document on paper."""
    return PdfPages(reporting.print_documents(shop.db, [doc]).pdf).text(1)


def view_of(shop: Shop, doc: int) -> DocumentView:
    """A document as a window shows it."""
    return documents.get_document(shop.db, doc)


def test_a_sales_order_is_printed_with_tax(shop: Shop) -> None:
    ref = save(shop, shop.factory.sale("3", price="80.55"))
    assert "241.65" in printed(shop, ref.id)
    parameter(shop, "default_tax_rate", "13")
    text = printed(shop, ref.id)
    assert "91.0215" in text
    assert "273.06" in text
    assert "241.65" not in text


def test_the_total_is_the_sum_of_the_lines_to_the_cent(shop: Shop) -> None:
    ref = save(shop, shop.factory.sale("1", price="0.05"))
    view = view_of(shop, ref.id)
    many = with_tax(type(view)(**{**_fields(view), "lines": view.lines * 3}), Decimal(13))
    assert [line.amount for line in many.lines] == [Decimal("0.06")] * 3
    assert [line.price for line in many.lines] == [Decimal("0.0565")] * 3


def _fields(view: DocumentView) -> dict[str, object]:
    return {name: getattr(view, name) for name in type(view).__dataclass_fields__}


def test_without_a_rate_or_a_partner_a_document_stays_as_it_is(shop: Shop) -> None:
    sale = view_of(shop, save(shop, shop.factory.sale("3")).id)
    assert with_tax(sale, Decimal(0)) is sale
    opening = view_of(shop, save(shop, shop.factory.opening("BULB", "1", "1")).id)
    assert with_tax(opening, Decimal(13)) is opening


@pytest.mark.parametrize("value", ["101", "13%", "-1", "十三"])
def test_the_rate_is_a_percentage(shop: Shop, value: str) -> None:
    rows = [{"key": "default_tax_rate", "value": value}]
    found = codes(refused(masterdata.save_records, shop.db, USER, "parameters", rows))
    assert found <= {"parameter.percent", "parameter.number"}
