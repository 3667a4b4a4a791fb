"""What a record refers to is told by code and name, in forms and histories; a value its vocabulary lacks is refused in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from models.kernel.problems import Refused
from services.exchange.sheets.master import MASTER_SHEETS
from services.masterdata import api
from services.masterdata.kinds import KINDS
from services.platform.db import Database
from services.platform.messages import sentence
from tests.support.sheets import fill

ITEMS = "code,name,spec,unit\nA1,台灯,,个\nC1,铁芯,3x10,个\nC2,铜芯,3x12,个\nC3,铝芯,,个\n"
BEFORE: Mapping[str, Mapping[str, Any]] = {
    "warehouses": {"code": "W8", "name": "外协仓", "kind": "customer", "partner": "P1"},
    "items": {"code": "X1", "name": "灯座", "unit": "个", "warehouse": "W8", "supplier": "S8"},
    "substitutes": {"component": "C1", "substitute": "C2", "parent": None, "priority": 1},
    "aliases": {"alias": "灯-7", "partner": "P1", "item": "A1"},
}
AFTER: Mapping[str, Mapping[str, Any]] = {
    "warehouses": {"code": "W8", "partner": "S8"},
    "items": {"code": "X1", "supplier": "S9"},
    "aliases": {"alias": "灯-7", "partner": "P1", "item": "C1"},
}
TOLD = {
    "warehouses": ("partner", "P1 甲", "S8 铜厂"),
    "items": ("supplier", "S8 铜厂", "S9 铁厂"),
    "aliases": ("item", "A1 台灯", "C1 铁芯 3x10"),
}


@pytest.fixture
def filled(book: Database, tmp_path: Path) -> Database:
    fill(book, tmp_path, items=ITEMS)
    api.save_records(book, "测试", "suppliers", [{"code": "S8", "name": "铜厂"}, {"code": "S9", "name": "铁厂"}])
    for kind, row in BEFORE.items():
        api.save_records(book, "测试", kind, [row])
    return book


def record(db: Database, kind: str) -> api.Record:
    keys = KINDS[kind].key
    wanted = [BEFORE[kind][key] for key in keys]
    return next(row for row in api.list_records(db, kind).rows if [row.values[key] for key in keys] == wanted)


def test_every_reference_is_told_by_name(filled: Database) -> None:
    for kind in BEFORE:
        values = record(filled, kind).values
        for key in KINDS[kind].references:
            assert bool(values[f"{key}_name"]) == bool(values[key])
    values = record(filled, "items").values
    assert (values["warehouse_name"], values["supplier_name"]) == ("外协仓", "铜厂")


def test_names_that_only_the_form_tells_are_not_searched(filled: Database) -> None:
    assert [row.values["code"] for row in api.list_records(filled, "items", text="铜厂").rows] == []


@pytest.mark.parametrize("kind", AFTER)
def test_a_history_tells_what_it_was_and_became(filled: Database, kind: str) -> None:
    api.save_records(filled, "测试", kind, [AFTER[kind]])
    newest = api.record_history(filled, kind, record(filled, kind).id)[0]
    key, was, now = TOLD[kind]
    assert json.loads(newest.before)[key] == was
    assert json.loads(newest.after)[key] == now


@pytest.mark.parametrize("kind", BEFORE)
def test_no_history_holds_an_id(filled: Database, kind: str) -> None:
    (created,) = api.record_history(filled, kind, record(filled, kind).id)
    after = json.loads(created.after)
    assert after.keys() & {ref.column for ref in KINDS[kind].references.values()} == set()
    for key in KINDS[kind].references:
        assert after[key] is None or after[key].startswith(BEFORE[kind][key])


def test_what_was_deleted_since_is_told_by_its_code(filled: Database) -> None:
    api.save_records(filled, "测试", "items", [AFTER["items"]])
    api.save_records(filled, "测试", "warehouses", [{"code": "W8", "partner": None}])
    (gone,) = [row for row in api.list_records(filled, "suppliers", text="S8").rows if row.values["code"] == "S8"]
    api.delete_record(filled, "测试", "suppliers", gone.id)
    newest = api.record_history(filled, "items", record(filled, "items").id)[0]
    assert json.loads(newest.before)["supplier"] == "S8"


def test_a_record_without_a_code_of_its_own_is_named_by_what_it_refers_to(filled: Database) -> None:
    with filled.read() as conn:
        found = conn.exec_driver_sql("select number from audit_event where entity in ('substitutes', 'aliases')")
        assert sorted(row[0] for row in found) == ["C1 / C2", "灯-7 / P1"]


CHOICES = [(kind, key) for kind, declared in KINDS.items() for key in declared.choices]


@pytest.mark.parametrize(("kind", "key"), CHOICES)
def test_a_value_that_is_none_of_the_vocabulary_is_refused_with_what_may_stand_there(
    filled: Database, kind: str, key: str
) -> None:
    with pytest.raises(Refused) as refused:
        api.save_records(filled, "测试", kind, [{**BEFORE[kind], key: "sideways"}])
    (problem,) = refused.value.problems
    title, known = KINDS[kind].choices[key]
    told = sentence(problem)
    assert (problem.code, problem.place.column) == ("master.choice", key)
    for part in (title, "sideways", BEFORE[kind]["code"], *known, *known.values()):
        assert part in told
    assert "sideways" in sentence(problem, "en")


def test_every_closed_vocabulary_of_the_sheets_is_checked() -> None:
    closed = {
        (sheet.name, column.key)
        for sheet in MASTER_SHEETS
        if sheet.name in KINDS
        for column in sheet.columns
        if column.type == "choice"
    }
    assert closed - {("parameters", "value")} == set(CHOICES)
