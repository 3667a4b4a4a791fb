"""Sentences in English: what the program put among their arguments is said in English, what a clerk wrote stays."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pytest

import app.wiring  # noqa: F401 registers the document types and with them the rights
from models.kernel.problems import Place, Problem
from services.platform.access.rights import Right, vocabulary
from services.platform.messages import WORD, catalogue, sentence, text
from services.platform.tongues import Tongue, words_of

CHINESE = re.compile(r"[\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]")
OWN_NAMES = ("原料仓", "客户", "自制", "销售订单", "mts 备货生产", "销售订单 审核", "客户、供应商")


def test_the_words_of_a_vocabulary_stand_behind_their_keys() -> None:
    known = ("mts 备货生产", "manufactured 自制")
    assert "mts (Make to stock), manufactured" in text("exchange.no_choice", "en", value="x", known=known)
    assert "mts 备货生产、manufactured 自制" in text("exchange.no_choice", "zh", value="x", known=known)


def test_a_document_type_is_named_in_english() -> None:
    said = text("document.later_draft", "en", title="生产领料单", number="SCLL-1")
    assert said.startswith("The draft Pick list SCLL-1 comes after it.")


def test_parts_of_a_list_are_parted_as_the_language_does() -> None:
    said = {
        lang: text("form.unknown_template", lang, name="x", type="客户", known=("甲", "乙、丙"))
        for lang in ("zh", "en")
    }
    assert said["zh"].endswith("甲、乙、丙。")
    assert said["en"].endswith("甲, 乙、丙.")


@pytest.mark.parametrize("name", OWN_NAMES)
def test_data_that_reads_like_a_word_of_the_program_stays(name: str) -> None:
    assert text("document.no_warehouse", "en", item=name).startswith(f"{name} has no warehouse.")
    assert sentence(Problem("document.no_supplier", {}, Place(document=name)), "en").startswith(f"{name}: ")
    said = text("form.unknown_template", "en", name=name, type="采购订单", known=(name,))
    assert said == f'Purchase order has no template named "{name}". Use one of these: {name}.'


@pytest.mark.parametrize("code", sorted(catalogue("en")))
def test_an_english_sentence_holds_no_chinese_but_data(code: str) -> None:
    """Data stays although it reads like a word of the program; a word of the program is translated in every marked place."""
    places = [(name, mark) for _, name, mark, _ in Formatter().parse(catalogue("en")[code]) if name]
    said = text(code, "en", **{name: "销售订单" if mark == WORD else "客户" for name, mark in places})
    marks = [mark for _, mark in places]
    assert (said.count("客户"), said.count("Sales order")) == (marks.count(""), marks.count(WORD))
    assert not CHINESE.search(said.replace("客户", ""))


@pytest.mark.parametrize("right", list(vocabulary), ids=lambda right: right.code)
def test_a_right_is_said_in_english(right: Right) -> None:
    said = text("access.denied", "en", user="客户", right=right.title.strip(), who=("仓库", "管理员"))
    assert said.startswith('客户 has no right to "')
    assert said.endswith(" 仓库, 管理员 can grant it under Users and rights.")
    assert not CHINESE.search(re.sub("客户|仓库|管理员", "", said))


def test_a_right_is_said_as_what_it_is_about_and_what_is_done() -> None:
    assert '"Sales order: Approve"' in text("access.denied_without_granter", "en", user="x", right="销售订单 审核")


def test_the_same_in_chinese_is_left_alone() -> None:
    assert text("document.no_warehouse", item="自制 螺丝").startswith("自制 螺丝")


def test_a_document_without_number_is_told_by_its_type() -> None:
    place = Place(line=3, type="采购订单")
    assert sentence(Problem("document.no_supplier", {}, place), "en").startswith("Purchase order line 3: ")
    numbered = replace(place, document="CGDD-1")
    assert sentence(Problem("document.no_supplier", {}, numbered), "en").startswith("CGDD-1 line 3: ")


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
