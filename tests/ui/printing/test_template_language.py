"""A template in the editor of an English window: shown in English, kept in Chinese as long as nobody changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QInputDialog

from services.printing.templates.applying import stock
from services.printing.templates.model import Template
from services.reporting import api
from ui.framework.texts import SOURCE, tr, use_language
from ui.printing.layout_form import READER, column_rows, head_rows, template_of, values_of
from ui.printing.printer_dialog import PrinterDialog
from ui.printing.templates_page import TemplatesPage
from ui.shell.frame import MainFrame

KINDS = [kind for kind, _ in api.printed_types()]


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(SOURCE)


def first(kind: str = "sales_order") -> Template:
    return stock(api.offer_of(kind))[0]


def edited(template: Template, **typed: Any) -> Template:
    """The template after a look in the editor, with what was typed into its fields."""
    offer = api.offer_of(template.type)
    values = values_of(template) | typed
    return template_of(template, values, column_rows(template, offer), head_rows(template, offer))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_looked_at_in_english_stays_as_it_was(kind: str) -> None:
    for template in stock(api.offer_of(kind)):
        assert edited(template) == template


@pytest.mark.parametrize("kind", KINDS)
def test_and_so_it_does_in_chinese(kind: str) -> None:
    for template in stock(api.offer_of(kind)):
        assert edited(template) == template


@pytest.mark.usefixtures("english")
def test_the_editor_shows_titles_labels_and_signers_in_english() -> None:
    template = first()
    values = values_of(template)
    offer = api.offer_of("sales_order")
    assert values["title"] == "Sales order"
    assert values["signatures"] == "Made by, Approved by, Salesperson, Confirmed by customer"
    columns, head = column_rows(template, offer), head_rows(template, offer)
    assert {row["title"] for row in columns} >= {"Item code", "Quantity"}
    assert all(row["title"] == row["own"] for row in columns)
    assert all(row["label"] == row["own"] for row in head)


@pytest.mark.usefixtures("english")
def test_what_is_typed_is_kept_as_typed_and_signers_by_the_name_they_are_known_by() -> None:
    kept = edited(first(), title="Sales contract", signatures="Made by, The boss", terms="T/T in 30 days")
    assert kept.title == "Sales contract"
    assert kept.signatures == ("制单", "The boss")
    assert kept.terms == "T/T in 30 days"


@pytest.mark.usefixtures("english")
def test_a_column_title_that_is_cleared_is_its_own_again() -> None:
    template = first()
    offer = api.offer_of("sales_order")
    columns = [{**row, "title": ""} for row in column_rows(template, offer)]
    kept = template_of(template, values_of(template), columns, head_rows(template, offer))
    assert kept.columns == template.columns


@pytest.mark.parametrize(("chosen", "kept"), [(READER, ""), ("zh", "zh"), ("en", "en"), (None, "")])
def test_the_language_chosen_is_that_of_the_template(chosen: str | None, kept: str) -> None:
    template = edited(first(), language=chosen)
    assert template.language == kept
    assert values_of(template)["language"] == (kept or READER)


def test_a_language_is_kept_when_something_else_is_typed() -> None:
    assert edited(replace(first(), language="en"), footer="x").language == "en"


@pytest.mark.usefixtures("english")
def test_the_dialogs_around_a_template_name_it_in_english(
    frame: MainFrame, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = frame.desk.navigator.open("print/templates")
    assert isinstance(page, TemplatesPage)
    wait()
    template = page.editor.template()
    assert template is not None
    title = tr(template.title)
    assert PrinterDialog(frame.desk, template, (), page, printers=("HP",)).only.text() == f"only for {title}"
    suggested: list[str] = []
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, text: (suggested.append(text) or "", False))
    page.verbs.duplicate()
    assert suggested == [title]
    assert title.isascii()
