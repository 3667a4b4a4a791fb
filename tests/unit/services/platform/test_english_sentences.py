"""Sentences in English: what the program put among their arguments is said in English, what a clerk wrote stays."""

from __future__ import annotations

import re

import pytest

from models.kernel.problems import Place, Problem
from services.platform.messages import catalogue, sentence, text
from services.platform.tongues import Tongue, words_of


def test_the_words_of_a_vocabulary_stand_behind_their_keys() -> None:
    known = "mts 备货生产、manufactured 自制"
    assert "mts (Make to stock), manufactured" in text("exchange.no_choice", "en", value="x", known=known)
    assert known in text("exchange.no_choice", "zh", value="x", known=known)


def test_a_document_type_is_named_in_english() -> None:
    said = text("document.later_draft", "en", title="生产领料单", number="SCLL-1")
    assert said.startswith("The draft Pick list SCLL-1 comes after it.")


def test_titles_in_a_list_are_parted_by_commas() -> None:
    assert "known are: Customer, Supplier" in text("form.unknown_field", "en", type="x", keys="y", known="客户、供应商")


def test_what_a_clerk_named_himself_stays() -> None:
    said = text("document.no_warehouse", "en", item="螺丝 M3×10、特制")
    assert said.startswith("螺丝 M3×10, 特制 has no warehouse.")


def test_the_same_in_chinese_is_left_alone() -> None:
    assert text("document.no_warehouse", item="自制 螺丝").startswith("自制 螺丝")


def test_a_place_is_said_in_english() -> None:
    problem = Problem("document.no_supplier", {}, Place(document="采购订单", line=3))
    assert sentence(problem, "en").startswith("Purchase order line 3: ")


@pytest.mark.parametrize("code", sorted(catalogue("en")))
def test_every_english_sentence_ends_as_its_source_does(code: str) -> None:
    """A sentence has its full stop in both languages, a heading in neither."""
    zh, en = catalogue("zh")[code].rstrip(), catalogue("en")[code].rstrip()
    assert en.endswith((".", "?", "!")) == zh.endswith(("。", "？", "！")), (zh, en)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 documents"), (1, "1 document"), ("1", "1 document"), (2, "2 documents"), (11, "11 documents")],
)
def test_one_is_singular(count: object, said: str) -> None:
    assert Tongue("en")("{count} 张单据", count=count) == said


def test_every_plural_of_the_words_stands_behind_its_number() -> None:
    """`[s]` is for Tongue to read; anywhere else it would be shown."""
    for source, english in words_of("en").items():
        rest = re.sub(r"\{\w+\}[^{}\[\]]*\[\w+\]", "", english)
        assert "[" not in rest or "[" in source, english
