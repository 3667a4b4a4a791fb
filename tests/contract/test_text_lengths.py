"""One length for a text, wherever it comes from: typed into a window, read from a sheet, or given to the services."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Text

from models.kernel.problems import Problem
from models.kernel.sheets import SheetColumn
from models.kernel.texts import CODE_LENGTH, TEXT_LENGTH, longest
from services.documents import api
from services.documents.records import LineDraft, MaterialDraft
from services.documents.types import registry
from services.engineering import saving as bills
from services.exchange.sheets import SHEETS
from services.exchange.values import Converter, Fault
from services.masterdata import api as masterdata
from services.masterdata.kinds import KINDS
from tests.support.factory import USER, example, type_codes
from tests.support.refusing import codes, refused
from tests.support.shops import Shop
from tests.ui.conftest import TODAY
from ui.documents.defaults import MATERIALS, default_spec
from ui.framework.grid.columns import Column
from ui.masterdata.views import SPECS

SHEET_TEXTS = [
    pytest.param(column, id=f"{sheet.name}.{column.key}")
    for sheet in SHEETS
    for column in sheet.columns
    if sheet.group != "result" and column.type in ("text", "code")
]
WINDOW_TEXTS = [
    *(
        pytest.param(column, id=f"{code}.{column.key}")
        for code in type_codes()
        for spec in [default_spec(code, today=lambda: TODAY)]
        for column in (*spec.header, *spec.lines, *MATERIALS)
        if column.editable and column.kind in ("text", "code", "lookup")
    ),
    *(
        pytest.param(column, id=f"{spec.kind}.{column.key}")
        for spec in SPECS
        for column in spec.fields
        if column.editable and column.kind in ("text", "code", "lookup")
    ),
]
CHOICES = {
    name: {column.key for sheet in SHEETS if sheet.name == name for column in sheet.columns if column.choices}
    for name in KINDS
}
MASTER_TEXTS = [
    (name, key)
    for name, kind in KINDS.items()
    for key, (column, _) in kind.columns.items()
    if isinstance(kind.table.c[column].type, Text)
    and not kind.table.c[column].foreign_keys
    and key not in CHOICES[name]
]


@pytest.mark.parametrize("column", SHEET_TEXTS)
def test_a_sheet_keeps_what_the_books_keep(column: SheetColumn) -> None:
    most = longest(column.key)
    convert = Converter(replace(column, choices=None, refers_to=""))
    assert convert["x" * most] == "x" * most
    fault = convert["x" * (most + 1)]
    assert isinstance(fault, Fault)
    assert (fault.code, fault.args["limit"]) == ("exchange.too_long", most)


@pytest.mark.parametrize("column", WINDOW_TEXTS)
def test_a_window_takes_what_the_books_keep_and_says_what_it_does_not(column: Column) -> None:
    most = longest(column.key)
    assert column.read("字" * most, today=TODAY) == "字" * most
    with pytest.raises(ValueError, match=f"{most + 1}.*{most}"):
        column.read("字" * (most + 1), today=TODAY)


def _long(problems: Any) -> list[Problem]:
    assert codes(problems) == {"text.too_long"}
    return list(problems)


@pytest.mark.parametrize("code", type_codes())
def test_every_text_of_a_document_is_measured_when_it_is_saved(shop: Shop, code: str) -> None:
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, code, 2)
    draft.note, draft.workshop, draft.number = "注" * TEXT_LENGTH, "车" * CODE_LENGTH, "N" * CODE_LENGTH
    for line in draft.lines:
        line.note, line.lot = "注" * TEXT_LENGTH, "批" * CODE_LENGTH
    ref, _ = api.save_document(shop.db, USER, draft)
    longer = replace(draft, note=draft.note + "!", workshop=draft.workshop + "!", number="N" * 99)
    longer.lines = [replace(line, note="注" * 501, lot="批" * 65, bom_version="V" * 65) for line in draft.lines]
    longer.materials = [MaterialDraft(1, line.item_id, line.quantity, note="注" * 501) for line in draft.lines[:1]]
    problems = _long(refused(api.save_document, shop.db, USER, longer, doc_id=ref.id, version=1))
    places = [(problem.place.line, problem.place.field) for problem in problems]
    heads = [(0, "number"), (0, "workshop"), (0, "note")]
    lines = [(n, field) for n in (1, 2) for field in ("lot", "bom_version", "note")]
    assert places == [*heads, *lines, (0, "note")]
    assert problems[2].args == {"text": "注" * 12, "length": TEXT_LENGTH + 1, "limit": TEXT_LENGTH}
    assert api.get_document(shop.db, ref.id).note == "注" * TEXT_LENGTH


def test_the_drafts_have_no_other_texts() -> None:
    """A text that is added to a line is measured too, or named here."""
    lines = {name for name, kind in LineDraft.__annotations__.items() if kind == "str"}
    materials = {name for name, kind in MaterialDraft.__annotations__.items() if kind == "str"}
    assert lines == {"lot", "bom_version", "note"}
    assert materials - {"issue", "supplied_by", "origin"} == {"note"}
    assert {kind.code for kind in registry} == set(type_codes())


def test_a_change_of_an_approved_order_is_measured(shop: Shop) -> None:
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, "sales_order", 1)
    ref, _ = api.save_document(shop.db, USER, draft)
    api.approve(shop.db, USER, [ref.id])
    view = api.get_document(shop.db, ref.id)
    wanted = replace(draft, number=ref.number, note="注" * 501)
    _long(refused(api.change_document, shop.db, USER, wanted, doc_id=ref.id, version=view.version, reason="试"))


@pytest.mark.parametrize(("name", "key"), MASTER_TEXTS)
def test_every_text_of_a_record_is_measured_when_it_is_saved(shop: Shop, name: str, key: str) -> None:
    kind = KINDS[name]
    row: dict[str, Any] = {"name": "新", "unit": "PCS", "code": "新", "key": "company", "alias": "新", "item": "LAMP"}
    known = {*kind.columns, *kind.references}
    row = {column: value for column, value in row.items() if column in known} | {key: "字" * (longest(key) + 1)}
    problems = refused(masterdata.save_records, shop.db, USER, name, [row])
    assert ("text.too_long", key) in [(problem.code, problem.place.column) for problem in problems]


def test_every_text_of_a_bill_is_measured_when_it_is_saved(shop: Shop) -> None:
    line = shop.factory.component("BULB", position="位" * 501, note="注" * 501)
    draft = bills.VersionDraft(shop.factory.items["LAMP"], "V" * 65, [line], note="注" * 501)
    with shop.db.write(USER) as tx:
        problems = _long(refused(bills.save, tx, [draft]))
    assert [problem.place.column for problem in problems] == ["version", "note", "position", "note"]
