"""Paper in English: no Chinese sign that the program itself puts there, on any declared form, label or test page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.platform.tongues import Tongue
from services.printing import document_forms
from services.printing.columns import needs
from services.printing.declared import FormSpec, Value, build
from services.printing.forms import Column, Form, Table, labelled
from services.printing.labels import LARGE, material_label, print_labels, routing_card
from services.printing.layout import compose
from services.printing.marks import Text
from services.printing.paper import A4, A4_LANDSCAPE, A5, CONTINUOUS_HALF, PAPERS, PaperProfile
from services.printing.pdf import render
from services.printing.preview import PdfPages
from services.printing.ruler import ruler_page
from services.printing.speaking import spoken
from services.printing.words import amount_in_english

ENGLISH = Tongue("en")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee“”‘’]")
SPECS = {name: spec for name, spec in vars(document_forms).items() if isinstance(spec, FormSpec)}
LINE: dict[str, Value] = {
    "item": "FG100",
    "name": "LED desk lamp",
    "spec": "5 W, black",
    "unit": "pcs",
    "quantity": Decimal("79.5"),
    "price": Decimal("128.5"),
    "amount": Decimal("10215.75"),
    "due_date": date(2026, 3, 20),
    "place": "Raw A-01",
    "note": "urgent",
}


def all_text(pdf: bytes) -> str:
    pages = PdfPages(pdf)
    return "\n".join(pages.text(page) for page in range(1, pages.count + 1))


def english(spec: FormSpec, lines: int = 3) -> Form:
    head: dict[str, Value] = {key: "Sample" for row in spec.head for entry in row for key in entry.keys}
    head |= {
        "number": "XX-20260310-00001",
        "amount": Decimal("1284.05"),
        "note": "as agreed",
        "date": date(2026, 3, 10),
    }
    rows = {table.name: [LINE] * lines for table in spec.tables}
    return replace(build(spec, head, rows, company="Sample Lamps", tongue=ENGLISH), mark="未审核")


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("paper", [A4, A5, CONTINUOUS_HALF], ids=lambda paper: paper.key)
def test_an_english_form_has_no_chinese_sign(name: str, paper: PaperProfile) -> None:
    text = all_text(render([english(SPECS[name], 60)], profile=paper).pdf)
    assert CHINESE.findall(text) == []
    assert "Page 1/" in text
    assert "Note: as agreed" in text
    assert "Draft" in text


def test_the_same_form_in_chinese_says_the_same_in_chinese() -> None:
    form = build(document_forms.SALES_ORDER, {"note": "急"}, {"lines": [LINE]}, company="示范灯具")
    text = "".join(all_text(render([form], profile=A4).pdf).split())
    assert all(word in text for word in ("销售订单", "备注：急", "合计1行", "第1/1页", "白客户红财务黄业务"))


def test_signers_are_known_by_their_chinese_label_and_printed_in_english() -> None:
    form = build(
        document_forms.SALES_ORDER, {}, {"lines": [LINE]}, company="Lamps", signed={"制单": "Li Fang"}, tongue=ENGLISH
    )
    assert form.signatures[0].name == "Li Fang"
    text = all_text(render([form], profile=A4).pdf)
    assert "Made by: Li Fang Approved by: Salesperson:" in text


def test_what_was_given_is_printed_as_it_is() -> None:
    """A customer called 合格 and an item called 数量 keep their names, though both are words of the program."""
    head: dict[str, Value] = {"customer": "合格", "note": "数量"}
    form = spoken(
        build(document_forms.DELIVERY_NOTE, head, {"lines": [{**LINE, "name": "报废"}]}, company="备注", tongue=ENGLISH)
    )
    assert form.company == "备注"
    assert form.fields[0][0].text == "Customer: 合格"
    assert form.tables[0].rows[0][2] == "报废"
    assert form.note == "数量"


def test_a_title_that_a_clerk_worded_stays() -> None:
    form = replace(english(document_forms.SALES_ORDER), title="出口销售合同 Contract")
    assert spoken(form).title == "出口销售合同 Contract"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zero and 00/100"),
        ("0.05", "zero and 05/100"),
        ("1284.05", "one thousand two hundred eighty-four and 05/100"),
        ("20.004", "twenty and 00/100"),
        ("13", "thirteen and 00/100"),
        ("100000", "one hundred thousand and 00/100"),
        ("1000001.50", "one million one and 50/100"),
        ("-71.50", "minus seventy-one and 50/100"),
        ("9000000000000000", "nine quadrillion and 00/100"),
    ],
)
def test_amounts_in_english_words(amount: str, words: str) -> None:
    assert amount_in_english(Decimal(amount)) == words


def test_an_amount_beyond_all_books_is_no_amount() -> None:
    with pytest.raises(ValueError, match="too large"):
        amount_in_english(Decimal(10) ** 16)


def test_an_order_in_english_says_its_amount_in_words_and_figures() -> None:
    text = all_text(render([english(document_forms.PURCHASE_ORDER)], profile=A4).pdf)
    assert "Amount in words: CNY one thousand two hundred eighty-four and 05/100 only" in text
    assert "In figures: CNY 1,284.05" in text


def test_labels_and_routing_cards_in_english() -> None:
    label = material_label(
        "Lamps", "RM403", "Screw", spec="M3", quantity="160", unit="pcs", lot="L01", source="CGRK-1", tongue=ENGLISH
    )
    card = routing_card("Lamps", "SCRW-1", "FG100", "Lamp", quantity="79", unit="pcs", due="2026-03-20", tongue=ENGLISH)
    text = all_text(print_labels([label, card], LARGE).pdf)
    assert [sign for sign in CHINESE.findall(text) if sign != "\u3000"] == []
    assert all(word in text for word in ("Qty 160 pcs", "Lot L01", "Routing card", "Finish 2026-03-20", "Scrap"))


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_the_test_page_in_english(paper: PaperProfile) -> None:
    text = all_text(ruler_page(paper, ENGLISH).pdf)
    assert CHINESE.findall(text) == []
    assert "Margins: left" in text


@pytest.mark.parametrize("name", SPECS)
def test_column_titles_of_several_words_take_two_lines_rather_than_a_broken_word(name: str) -> None:
    """On A4 upright every word of every English column title is printed whole."""
    form = spoken(english(SPECS[name]))
    drawn = {
        mark.text
        for page in compose(form, A4)
        for _, block in page.blocks
        for mark in block.marks
        if isinstance(mark, Text) and mark.bold
    }
    words = {word for line in drawn for word in line.replace("/", "/ ").split()}
    titles = {word for table in form.tables for c in table.columns for word in c.title.replace("/", "/ ").split()}
    assert titles <= words


def test_a_title_of_two_words_needs_only_the_longer() -> None:
    one = needs(Table((Column("Planned finish"),), ()), 9)[0].least
    word = needs(Table((Column("Planned"),), ()), 9)[0].least
    whole = needs(Table((Column("PlannedXfinish"),), ()), 9)[0].least
    assert word <= one < whole


def test_a_label_stands_before_its_value_as_its_language_sets_it() -> None:
    assert labelled("日期") == "日期："
    assert labelled("Date") == "Date: "


def test_english_titles_are_not_spread_letter_by_letter() -> None:
    text = all_text(render([english(document_forms.PURCHASE_ORDER)], profile=A4_LANDSCAPE).pdf)
    assert "Purchase order" in text
