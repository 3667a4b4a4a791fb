"""Lists of what refers to items and partners tell their names beside the codes, and are searched by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.masterdata import api
from services.platform.db import Database
from tests.support.sheets import fill

ITEMS = "code,name,spec,unit\nA1,台灯,,个\nC1,铁芯,3x10,个\nC2,铜芯,3x12,个\nC3,铝芯,,个\n"


@pytest.fixture
def named(book: Database, tmp_path: Path) -> Database:
    fill(book, tmp_path, items=ITEMS, substitutes="component,substitute,parent,ratio\nC1,C2,,2\nC1,C3,A1,1\n")
    api.save_records(
        book, "测试", "aliases", [{"alias": "灯-7", "partner": "P1", "item": "A1"}, {"alias": "灯-8", "item": "A1"}]
    )
    return book


def test_substitutes_and_aliases_tell_names(named: Database) -> None:
    keys = ("component", "component_name", "substitute", "substitute_name", "parent", "parent_name")
    rows = [tuple(row.values[key] for key in keys) for row in api.list_records(named, "substitutes").rows]
    assert rows == [("C1", "铁芯 3x10", "C2", "铜芯 3x12", None, ""), ("C1", "铁芯 3x10", "C3", "铝芯", "A1", "台灯")]
    keys = ("partner", "partner_name", "item", "item_name")
    rows = [tuple(row.values[key] for key in keys) for row in api.list_records(named, "aliases").rows]
    assert sorted(rows, key=str) == [("P1", "甲", "A1", "台灯"), (None, "", "A1", "台灯")]


@pytest.mark.parametrize(
    ("text", "found"),
    [("铝", ["C3"]), ("tongxin", ["C2"]), ("台灯", ["C3"]), ("铁芯", ["C2", "C3"]), ("C2", ["C2"]), ("3x12", ["C2"])],
)
def test_they_are_found_by_names_and_pinyin(named: Database, text: str, found: list[str]) -> None:
    listed = api.list_records(named, "substitutes", text=text)
    assert ([row.values["substitute"] for row in listed.rows], listed.total) == (found, len(found))
