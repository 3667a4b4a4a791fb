"""Filters and sorting of lists where the simple case is not the clerk's: ranges kept, many values, late texts, shown texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pypinyin import lazy_pinyin
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.grid.index import RARE, ColumnFilter, SortKey
from ui.framework.grid.layout import apply_layout, layout_of
from ui.framework.grid.model import GridModel
from ui.framework.grid.popup import MAX_VALUES, FilterPopup

Show = Callable[[QWidget], None]
COLUMNS = (
    Column("number", "单号", kind="code"),
    Column("quantity", "数量", kind="number"),
    Column("due", "交期", kind="date"),
    Column("done", "进度", kind="progress"),
    Column("store", "仓库", shown=lambda row: f"{row['store']} 仓" if row.get("store") else ""),
)


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "number": f"{i:05d}",
            "quantity": Decimal(i),
            "due": date(2026, 3, 1 + i % 28),
            "done": Decimal(i % 10) / 10,
            "store": f"W{i % 3}",
        }
        for i in range(count)
    ]


def shown(model: GridModel) -> list[str]:
    return [str(record["number"]) for record in model.records()]


@pytest.fixture
def grid(desk: Desk, show: Show) -> Grid:
    made = Grid(desk, "t/filters", COLUMNS)
    made.set_rows(rows(20))
    show(made)
    return made


def popup_of(grid: Grid, key: str) -> FilterPopup:
    grid.view.header.open_filter(grid.model.section(key))
    found = [popup for popup in grid.view.header.findChildren(FilterPopup) if popup.isVisible()]
    return found[-1]


def test_a_range_is_kept_with_the_layout(desk: Desk, grid: Grid, qtbot: QtBot) -> None:
    grid.model.set_filter("quantity", ColumnFilter(low=Decimal("2.5"), high=Decimal(9)))
    grid.model.set_filter("due", ColumnFilter(low=date(2026, 3, 5)))
    wanted = shown(grid.model)
    grid.save_layout()
    again = Grid(desk, "t/filters", COLUMNS)
    qtbot.addWidget(again)
    again.set_rows(rows(20))
    assert wanted == ["00004", "00005", "00006", "00007", "00008", "00009"]
    assert shown(again.model) == wanted
    assert again.model.filters == grid.model.filters


def test_a_layout_of_before_has_filters_without_ranges(grid: Grid) -> None:
    layout = json.loads(layout_of(grid.view))
    layout["filters"] = {"number": {"texts": ["00003"], "contains": ""}, "gone": {"texts": None, "contains": "a"}}
    assert apply_layout(grid.view, json.dumps(layout))
    assert shown(grid.model) == ["00003"]


@pytest.mark.parametrize(
    "damage",
    [
        {"columns": [{"key": "number", "width": float("inf"), "hidden": False}]},
        {"columns": [], "filters": {"quantity": {"texts": None, "contains": "", "low": "viel"}}},
        {"columns": [], "filters": {"due": {"texts": None, "contains": "", "low": "2026-02-30"}}},
        {"columns": [], "sort": [["number", False, 3]]},
    ],
)
def test_a_layout_with_figures_that_are_none_changes_nothing(grid: Grid, damage: dict[str, Any]) -> None:
    before = layout_of(grid.view)
    assert not apply_layout(grid.view, json.dumps(damage))
    assert not apply_layout(grid.view, "[" * 100_000)
    assert layout_of(grid.view) == before


def test_lines_of_a_document_are_neither_filtered_nor_sorted_by_a_layout(desk: Desk, show: Show) -> None:
    columns = (Column("note", "备注", editable=True),)
    layout = {
        "columns": [{"key": "note", "width": 90, "hidden": False}],
        "filters": {"note": {"texts": ["乙"], "contains": ""}},
        "sort": [["note", True]],
    }
    desk.settings.save("grid/t/lines", json.dumps(layout))
    lines = LineGrid(desk, "t/lines", columns)
    show(lines)
    lines.set_rows([{"note": "甲"}, {"note": "乙"}])
    assert lines.model.rowCount() == 2
    lines.model.type_text(1, "note", "丙")
    assert [row["note"] for row in lines.model.records()] == ["甲", "丙"]
    assert lines.view.header.sectionSize(0) == 90


def test_texts_that_begin_after_fifty_blanks_are_sorted_as_texts() -> None:
    model = GridModel((Column("name", "名称"),))
    model.set_records([{"name": name} for name in (*[None] * 60, "螺丝", "灯珠", "b", "A", "阿达")])
    model.set_sort([SortKey(0)])
    assert [record["name"] for record in model.records()][:6] == ["A", "b", "阿达", "灯珠", "螺丝", None]


def test_names_with_rare_characters_stand_where_they_are_spelled() -> None:
    names = ["安达", "昊天", "淼源", "祥瑞", "欣欣", "信达", "鑫A", "鑫达", "雄鹰", "中山", "珠海"]
    model = GridModel((Column("name", "名称"),))
    model.set_records([{"name": name} for name in sorted(names, reverse=True)])
    model.set_sort([SortKey(0)])
    assert [record["name"] for record in model.records()] == names


def test_every_rare_character_stands_behind_a_common_one_spelled_no_later() -> None:
    """A common one of several spellings may stand by another than its usual one."""
    lines = RARE.read_text(encoding="utf-8").splitlines()
    placed = [(line[0], letter) for line in lines for letter in line[1:]]
    assert len({letter for _, letter in placed}) == len(placed) > 17_000
    assert not {common for common, _ in placed} & {letter for _, letter in placed}
    wrong = [pair for pair in placed[::37] if lazy_pinyin(pair[0])[0] > lazy_pinyin(pair[1])[0]]
    assert wrong == []


def test_to_untick_one_of_very_many_values_leaves_all_others(grid: Grid) -> None:
    count = MAX_VALUES + 500
    grid.set_rows(rows(count))
    popup = popup_of(grid, "number")
    popup.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    popup.apply()
    assert grid.model.rowCount() == count - 1
    popup = popup_of(grid, "number")
    popup.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    popup.list.item(3).setCheckState(Qt.CheckState.Checked)
    popup.apply()
    assert shown(grid.model) == ["00002"]


def test_all_found_of_very_many_are_unticked_together(grid: Grid) -> None:
    count = MAX_VALUES + 500
    grid.set_rows(rows(count))
    popup = popup_of(grid, "number")
    popup.search_field.setText("0249")
    popup.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    popup.apply()
    assert shown(grid.model) == []


def test_fifty_of_a_progress_is_half(grid: Grid) -> None:
    popup = popup_of(grid, "done")
    popup.low_field.setText("50")
    popup.high_field.setText("80%")
    popup.apply()
    assert {record["done"] for record in grid.model.records()} == {Decimal(n) / 10 for n in (5, 6, 7, 8)}


def test_a_column_is_filtered_and_searched_by_what_it_shows(grid: Grid) -> None:
    section = grid.model.section("store")
    assert grid.model.distinct(section) == [("W0 仓", 7), ("W1 仓", 7), ("W2 仓", 6)]
    grid.model.set_filter("store", ColumnFilter(texts=frozenset({"W1 仓"})))
    assert {record["store"] for record in grid.model.records()} == {"W1"}
    grid.model.clear_filters()
    grid.model.set_quick_text("w2 仓")
    assert {record["store"] for record in grid.model.records()} == {"W2"}


def test_ticks_that_a_filter_hides_are_not_acted_on(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/ticked", COLUMNS, markable=True, key="number")
    grid.set_rows(rows(6))
    show(grid)
    grid.model.set_marks([0, 3], marked=True)
    grid.model.set_filter("store", ColumnFilter(texts=frozenset({"W1 仓"})))
    grid.view.select_cell(1)
    assert [row["number"] for row in grid.chosen()] == ["00004"]
    grid.model.set_filter("store", None)
    assert [row["number"] for row in grid.chosen()] == ["00000", "00003"]
    grid.model.set_quick_text("00003")
    assert [row["number"] for row in grid.chosen()] == ["00003", "00000"]
