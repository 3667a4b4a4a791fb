"""The grid as a list: shown texts, filters, sorting, ticks, totals, copying, layout."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import compose, type_chinese
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.layout import apply_layout, layout_of
from ui.framework.grid.model import CHECK, DECORATION, DISPLAY, FOREGROUND, GridModel
from ui.framework.grid.popup import FilterPopup

Show = Callable[[QWidget], None]
NO = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A row as a service would hand it out."""

    id: int
    number: str
    name: str
    quantity: Decimal | None
    due: date | None
    state: str


STATES = {"Z": "未审核", "C": "已审核"}
COLUMNS = (
    Column("number", "单号", kind="code"),
    Column("name", "产品"),
    Column("quantity", "数量", kind="number", total=True),
    Column("due", "交期", kind="date"),
    Column("state", "状态", kind="badge", choices=STATES, tones={"C": "ok", "Z": "muted"}),
)


def rows(count: int = 6) -> list[OrderRow]:
    names = ["螺丝", "灯珠", "底座", "电源", "外壳", "纸箱"]
    return [
        OrderRow(
            i,
            f"{i:05d}",
            names[i % 6],
            Decimal(i) * 10 if i % 5 else None,
            date(2026, 3, 1) + timedelta(i % 40),
            "ZC"[i % 2],
        )
        for i in range(count)
    ]


def numbers(model: GridModel) -> list[str]:
    return [record.number for record in model.records()]


def test_cells_show_prepared_texts_with_chinese_words_and_grouped_numbers() -> None:
    model = GridModel(COLUMNS)
    QAbstractItemModelTester(model, model)
    model.set_records([OrderRow(1, "00012", "台灯", Decimal("1284.500"), date(2026, 3, 5), "C")])
    shown = [model.data(model.index(0, section), DISPLAY) for section in range(5)]
    assert shown == ["00012", "台灯", "1,284.5", "2026-03-05", "已审核"]


def test_a_coloured_word_always_has_a_mark_beside_it() -> None:
    model = GridModel(COLUMNS)
    model.set_records(rows(1))
    cell = model.index(0, 4)
    assert model.data(cell, FOREGROUND) is not None
    assert not model.data(cell, DECORATION).isNull()


def test_filters_sorting_and_quick_text_combine() -> None:
    model = GridModel(COLUMNS, key="id")
    QAbstractItemModelTester(model, model)
    model.set_records(rows(12))
    model.set_filter("state", ColumnFilter(texts=frozenset({"已审核"})))
    model.set_sort([SortKey(2, descending=True)])
    assert numbers(model) == ["00011", "00009", "00007", "00003", "00001", "00005"]
    model.set_quick_text("电源")
    assert numbers(model) == ["00009", "00003"]
    model.set_quick_text("")
    model.set_filter("quantity", ColumnFilter(low=Decimal(30), high=Decimal(90)))
    assert numbers(model) == ["00009", "00007", "00003"]


def test_several_sort_levels_and_blanks_last_in_both_directions() -> None:
    model = GridModel(COLUMNS)
    model.set_records(rows(12))
    model.set_sort([SortKey(4), SortKey(2)])
    assert numbers(model) == [
        "00001",
        "00003",
        "00007",
        "00009",
        "00011",
        "00005",
        "00002",
        "00004",
        "00006",
        "00008",
        "00000",
        "00010",
    ]
    model.set_sort([SortKey(2, descending=True)])
    assert numbers(model)[-3:] == ["00000", "00005", "00010"]


def test_chinese_sorts_by_pinyin() -> None:
    model = GridModel(COLUMNS)
    model.set_records(rows(6))
    model.set_sort([SortKey(1)])
    assert [record.name for record in model.records()] == ["灯珠", "底座", "电源", "螺丝", "外壳", "纸箱"]


def test_the_popup_offers_what_the_other_filters_leave() -> None:
    model = GridModel(COLUMNS)
    model.set_records(rows(6))
    model.set_filter("state", ColumnFilter(texts=frozenset({"已审核"})))
    assert model.distinct(1) == [("灯珠", 1), ("电源", 1), ("纸箱", 1)]
    assert model.distinct(4) == [("已审核", 3), ("未审核", 3)]


def test_ticks_survive_a_reload_by_key(desk: Desk) -> None:
    model = GridModel(COLUMNS, markable=True, key="id")
    QAbstractItemModelTester(model, model)
    model.set_records(rows(5))
    model.set_marks([1, 3])
    assert model.data(model.index(1, 0), CHECK) == Qt.CheckState.Checked
    model.set_records(rows(4)[1:])
    assert [record.id for record in model.marked_records()] == [1, 3]


def test_the_box_in_the_header_is_all_or_none_of_what_the_filters_leave(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/ticks", COLUMNS, markable=True, key="id")
    grid.resize(600, 300)
    grid.set_rows(rows(6))
    show(grid)
    header, state = grid.view.header, Qt.CheckState
    assert header.ticks() is state.Unchecked
    grid.model.set_filter("state", ColumnFilter(texts=frozenset({"已审核"})))
    place = QPoint(header.sectionViewportPosition(0) + 12, header.height() // 2)
    bare = header.grab().toImage()
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, NO, place)
    assert (header.ticks(), len(grid.model.marked_records())) == (state.Checked, 3)
    assert header.grab().toImage() != bare
    grid.model.clear_filters()
    assert header.ticks() is state.PartiallyChecked
    for wanted in (state.Checked, state.Unchecked):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, NO, place)
        assert header.ticks() is wanted
    grid.view.setFocus()
    for wanted in (state.Checked, state.Unchecked):
        QTest.keyClick(grid.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(grid.view, Qt.Key.Key_Space)
        assert header.ticks() is wanted


def test_space_ticks_enter_opens_and_arrows_move(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/list", COLUMNS, markable=True, key="id")
    grid.set_rows(rows(4))
    show(grid)
    opened: list[int] = []
    grid.opened.connect(lambda record: opened.append(record.id))
    grid.view.setFocus()
    QTest.keyClick(grid.view, Qt.Key.Key_Space)
    QTest.keyClick(grid.view, Qt.Key.Key_Space)
    assert [record.id for record in grid.chosen()] == [0, 1]
    QTest.keyClick(grid.view, Qt.Key.Key_Return)
    assert opened == [2]


def test_the_totals_row_follows_the_filter(desk: Desk) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(5))
    assert grid.totals.text("quantity") == "100"
    grid.model.set_quick_text("灯珠")
    assert grid.totals.text("quantity") == "10"


def test_a_total_too_long_for_its_column_never_looks_like_a_smaller_one(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(5))
    show(grid)
    section = grid.model.section("quantity")
    assert grid.totals.shown("quantity") == "100"
    grid.view.header.resizeSection(section, 28)
    assert grid.totals.shown("quantity") != "100"
    assert "100".startswith(grid.totals.shown("quantity").rstrip("…"))
    assert grid.totals.shown("quantity").endswith("…")
    assert grid.totals.text("quantity") == "100"


def test_the_sum_of_a_selection_is_told(desk: Desk, qtbot: QtBot, show: Show) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(5))
    show(grid)
    with qtbot.waitSignal(grid.summary) as told:
        grid.view.selectAll()
    assert told.args == [25, Decimal(100)]


def test_copied_cells_keep_leading_zeros_in_html_and_tabs_in_text(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(3))
    show(grid)
    grid.view.selectAll()
    QTest.keyClick(grid.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().splitlines()[1] == "00001\t灯珠\t10\t2026-03-02\t已审核"
    assert "mso-number-format:'\\@'\">00001" in data.html()


def test_layout_survives_a_restart(desk: Desk, qtbot: QtBot) -> None:
    first = Grid(desk, "t/list", COLUMNS)
    first.set_rows(rows(6))
    first.view.header.moveSection(4, 0)
    first.view.header.resizeSection(1, 222)
    first.view.header.set_shown(3, shown=False)
    first.model.set_sort([SortKey(2, descending=True)])
    first.model.set_filter("state", ColumnFilter(texts=frozenset({"已审核"})))
    first.save_layout()
    second = Grid(desk, "t/list", COLUMNS)
    second.set_rows(rows(6))
    assert layout_of(second.view) == layout_of(first.view)
    assert second.view.header.sectionSize(1) == 222
    assert second.view.isColumnHidden(3)
    assert numbers(second.model) == ["00003", "00001", "00005"]
    for grid in (first, second):
        qtbot.addWidget(grid)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"columns": 3}', '{"columns": [{"key": 1}]}', '{"columns": [], "filters": {"a": 1}}']
)
def test_a_damaged_layout_changes_nothing(desk: Desk, qtbot: QtBot, text: str) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    qtbot.addWidget(grid)
    before = layout_of(grid.view)
    assert not apply_layout(grid.view, text)
    assert layout_of(grid.view) == before


def test_a_layout_that_hides_everything_is_not_obeyed(desk: Desk, qtbot: QtBot) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    qtbot.addWidget(grid)
    layout = json.loads(layout_of(grid.view))
    for column in layout["columns"]:
        column["hidden"] = True
    apply_layout(grid.view, json.dumps(layout))
    assert grid.view.shown_sections()


def test_the_filter_popup_works_by_keys(desk: Desk, show: Show, qtbot: QtBot) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(6))
    show(grid)
    grid.view.select_cell(0, "number")
    QTest.keyClick(grid.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = grid.view.header.findChild(QWidget, "filterPopup")
    assert popup is not None
    QTest.keyClicks(popup.search_field, "0003")  # type: ignore[attr-defined]
    QTest.keyClick(popup.search_field, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    assert numbers(grid.model) == ["00003"]
    assert list(grid.model.filters) == ["number"]


def test_enter_while_composing_does_not_close_the_filter(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.set_rows(rows(6))
    show(grid)
    grid.view.header.open_filter(grid.model.section("number"))
    popup = grid.view.header.findChild(FilterPopup)
    assert popup is not None
    compose(popup.search_field, "guang")
    QTest.keyClick(popup.search_field, Qt.Key.Key_Return)
    assert popup.isVisible()
    assert grid.model.filters == {}
    type_chinese(popup.search_field, "光")
    QTest.keyClick(popup.search_field, Qt.Key.Key_Return)
    assert list(grid.model.filters) == ["number"]


def test_fifty_thousand_rows_filter_and_sort_quickly(desk: Desk, qtbot: QtBot) -> None:
    records = rows(50_000)
    random.Random(1).shuffle(records)
    grid = Grid(desk, "t/list", COLUMNS, markable=True, key="id")
    qtbot.addWidget(grid)
    grid.resize(1100, 700)
    grid.show()
    figures = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        figures[name] = round((time.perf_counter() - started) * 1000)

    timed("open", lambda: grid.set_rows(records))
    timed("sort number", lambda: grid.model.set_sort([SortKey(3)]))
    timed("sort text", lambda: grid.model.set_sort([SortKey(2)]))
    timed("sort two levels", lambda: grid.model.set_sort([SortKey(5), SortKey(4, descending=True)]))
    timed("filter", lambda: grid.model.set_filter("state", ColumnFilter(texts=frozenset({"已审核"}))))
    timed("quick text", lambda: grid.model.set_quick_text("电源"))
    timed("quick text again", lambda: grid.model.set_quick_text("电源 0003"))
    timed("popup values", lambda: grid.model.distinct(4))
    timed("frame", grid.grab)
    print("milliseconds for 50,000 rows:", figures)
    assert all(record.state == "C" and record.name == "电源" for record in grid.model.records())


def test_a_click_sorts_and_a_click_on_the_funnel_filters(desk: Desk, show: Show, qtbot: QtBot) -> None:
    grid = Grid(desk, "t/list", COLUMNS)
    grid.resize(900, 300)
    grid.set_rows(rows(6))
    show(grid)
    header = grid.view.header
    middle = header.height() // 2
    for section, funnel in ((0, header.sectionSize(0) - 12), (2, 12)):
        left = header.sectionViewportPosition(section)
        qtbot.mouseClick(
            header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left + header.sectionSize(section) // 2, middle)
        )
        assert [key.column for key in grid.model.sort_keys] == [section]
        grid.model.set_sort([])
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left + funnel, middle))
        popup = header.findChild(QWidget, "filterPopup")
        assert popup is not None
        assert grid.model.sort_keys == ()
        popup.close()
        qtbot.wait(10)
