"""条件颜色: a clerk's own rules colour cells, with a mark; they are typed by keys and kept with the layout."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import TODAY
from ui.framework.colors import LIGHT, tone_tint
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.index import SortKey
from ui.framework.grid.layout import apply_layout, layout_of, reset_layout
from ui.framework.grid.model import BACKGROUND, DECORATION, GridModel
from ui.framework.grid.rules import ColorRule, RuleFault, compiled, condition_of, rule_of
from ui.framework.grid.rules_dialog import RulesDialog
from ui.framework.view_shelf import without_figures

Show = Callable[[QWidget], None]
COLUMNS = (
    Column("code", "编码", kind="code"),
    Column("quantity", "数量", kind="number"),
    Column("due", "交期", kind="date"),
    Column("state", "状态", kind="badge", choices={"Z": "未审", "C": "已审"}, tones={"C": "ok"}),
    Column("price", "单价", kind="price"),
)
ROWS = [
    {"code": "A1", "quantity": Decimal(5), "due": date(2026, 3, 9), "state": "Z", "price": Decimal(1)},
    {"code": "A2", "quantity": Decimal(50), "due": date(2026, 3, 10), "state": "C", "price": Decimal(2)},
    {"code": "B3", "quantity": None, "due": None, "state": "", "price": None},
]
RULES = (
    ColorRule("quantity", "below", ("10",), "danger"),
    ColorRule("quantity", "below", ("100",), "warn"),
    ColorRule("due", "below", ("0",), "warn"),
    ColorRule("state", "is", ("已审",), "accent"),
)
KINDS = {
    "text": Column("c", "备注"),
    "number": Column("c", "数量", kind="number"),
    "date": Column("c", "日期", kind="date"),
    "stamp": Column("c", "时间", kind="stamp"),
    "choice": Column("c", "类型", kind="choice", choices={"normal": "普通", "rework": "返修"}),
    "flag": Column("c", "是否", kind="flag"),
    "progress": Column("c", "进度", kind="progress"),
}


@pytest.mark.parametrize(
    ("kind", "operator", "values", "hit", "miss"),
    [
        ("number", "below", ("１０",), Decimal(9), Decimal(10)),
        ("number", "most", ("10",), Decimal(10), Decimal("10.01")),
        ("number", "above", ("1,000",), 1001, Decimal(1000)),
        ("number", "least", ("=2*5",), Decimal(10), Decimal(9)),
        ("number", "between", ("5", "10"), Decimal(10), Decimal(11)),
        ("number", "is", ("5",), Decimal("5.000"), None),
        ("number", "not", ("5",), None, Decimal(5)),
        ("number", "below", ("5",), Decimal(-1), None),
        ("number", "blank", (), None, Decimal(0)),
        ("number", "filled", (), Decimal(0), ""),
        ("date", "below", ("0",), date(2026, 3, 9), date(2026, 3, 10)),
        ("date", "between", ("0", "+3"), date(2026, 3, 13), date(2026, 3, 14)),
        ("date", "is", ("2026/3/5",), date(2026, 3, 5), None),
        ("stamp", "least", ("2026-03-10",), datetime(2026, 3, 10, 8), datetime(2026, 3, 9, 23)),
        ("text", "is", ("急，加急",), "加急", "不急"),
        ("text", "not", ("急",), None, "急"),
        ("text", "has", ("m3、M4",), "螺丝 M4×10", "螺丝 M5"),
        ("text", "lacks", ("M3",), "", "M3×10"),
        ("text", "starts", ("A,B",), "b12", "CA1"),
        ("choice", "is", ("返修",), "rework", "normal"),
        ("choice", "not", ("普通",), "rework", "normal"),
        ("choice", "has", ("修",), "rework", "normal"),
        ("flag", "is", ("是",), True, False),
        ("flag", "not", ("是",), None, True),
        ("progress", "below", ("50",), Decimal("0.4"), Decimal("0.5")),
        ("progress", "least", ("95%",), Decimal("0.95"), Decimal("0.9")),
    ],
)
def test_a_condition_holds_for_what_it_says(
    kind: str, operator: str, values: tuple[str, ...], hit: Any, miss: Any
) -> None:
    column = KINDS[kind]
    test = condition_of(ColorRule("c", operator, values, "danger"), column, TODAY)
    assert [test(value, column.show(value)) for value in (hit, miss)] == [True, False]


@pytest.mark.parametrize(
    ("kind", "operator", "values", "field"),
    [
        ("number", "below", ("x",), "value"), ("number", "between", ("1", "x"), "upper"),
        ("number", "between", ("9", "1"), "upper"), ("number", "has", ("1",), "operator"),
        ("text", "below", ("1",), "operator"), ("text", "is", (" ",), "value"), ("date", "between", ("0", ""), "upper"),
        ("choice", "is", ("没有",), "value"), ("flag", "has", ("是",), "operator"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_names_the_cell_to_mend(
    kind: str, operator: str, values: tuple[str, ...], field: str
) -> None:
    with pytest.raises(RuleFault, match=r"[一-鿿]") as fault:
        condition_of(ColorRule("c", operator, values, "danger"), KINDS[kind], TODAY)
    assert fault.value.field == field
    assert compiled([ColorRule("c", operator, values, "danger")], [KINDS[kind]], TODAY) == {}


@pytest.fixture
def model() -> GridModel:
    """Three rows, four rules."""
    made = GridModel(COLUMNS)
    QAbstractItemModelTester(made, made)
    made.today = lambda: TODAY
    made.set_records(ROWS)
    made.set_rules(RULES)
    return made


def tones(model: GridModel, key: str) -> list[str]:
    return [model.tone(row, model.section(key)) for row in range(model.rowCount())]


def test_the_first_rule_that_holds_colours_before_the_columns_own(model: GridModel) -> None:
    assert tones(model, "quantity") == ["danger", "warn", ""]
    assert tones(model, "due") == ["warn", "", ""]
    assert tones(model, "state") == ["", "accent", ""]
    model.set_rules([])
    assert tones(model, "state") == ["", "ok", ""]
    assert tones(model, "quantity") == ["", "", ""]


def test_colour_comes_with_a_mark_and_a_tint(model: GridModel) -> None:
    cell = model.index(0, model.section("quantity"))
    assert model.data(cell, BACKGROUND) == tone_tint("danger")
    icon = model.data(cell, DECORATION)
    assert isinstance(icon, QIcon)
    assert not icon.isNull()
    plain = model.index(2, model.section("quantity"))
    assert (model.data(plain, BACKGROUND), model.data(plain, DECORATION)) == (None, None)
    model.set_rules([ColorRule("quantity", "blank", (), "warn")])
    assert isinstance(model.data(plain, DECORATION), QIcon)


def test_every_tone_of_a_rule_has_a_mark_of_its_own(model: GridModel) -> None:
    cell, pictures = model.index(0, 0), []
    for tone in ("danger", "warn", "ok", "accent"):
        model.set_rules([ColorRule("code", "filled", (), tone)])  # type: ignore[arg-type]
        image = model.data(cell, DECORATION).pixmap(12, 12).toImage()
        pictures.append(
            tuple(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height()))
        )
    assert len(set(pictures)) == 4


def test_rules_about_today_move_with_the_day(model: GridModel) -> None:
    model.today = lambda: date(2026, 3, 11)
    model.set_records(ROWS)
    assert tones(model, "due") == ["warn", "warn", ""]


def test_rules_neither_filter_nor_sort(model: GridModel) -> None:
    model.set_sort([SortKey(0, descending=True)])
    order = [row["code"] for row in model.records()]
    model.set_rules(RULES[:1])
    assert [row["code"] for row in model.records()] == order == ["B3", "A2", "A1"]
    assert tones(model, "quantity") == ["", "", "danger"]


@pytest.fixture
def grid(desk: Desk, show: Show) -> Grid:
    """A list without rules."""
    made = Grid(desk, "rules/list", COLUMNS, key="code")
    made.resize(700, 300)
    made.set_rows(ROWS)
    show(made)
    made.view.setFocus()
    return made


def test_rules_are_kept_with_the_layout_and_go_with_it(desk: Desk, grid: Grid, show: Show) -> None:
    grid.model.set_rules(RULES)
    grid.save_layout()
    text = layout_of(grid.view)
    assert json.loads(text)["rules"][0] == {
        "column": "quantity", "operator": "below", "values": ["10"], "tone": "danger",
    }  # fmt: skip
    again = Grid(desk, "rules/list", COLUMNS, key="code")
    show(again)
    assert again.model.rules == RULES
    reset_layout(again.view)
    assert again.model.rules == ()
    fewer = Grid(desk, "rules/fewer", COLUMNS[:2], key="code")
    show(fewer)
    assert apply_layout(fewer.view, text)
    assert fewer.model.rules == RULES[:2]


@pytest.mark.parametrize(
    "rules",
    ["x", [{}], [{"column": "code", "operator": "eval", "values": [], "tone": "warn"}],
     [{"column": "code", "operator": "is", "values": ["a", "b"], "tone": "warn"}],
     [{"column": "code", "operator": "blank", "values": [], "tone": "pink"}]],
)  # fmt: skip
def test_damaged_rules_change_nothing(grid: Grid, rules: Any) -> None:
    layout = {**json.loads(layout_of(grid.view)), "rules": rules}
    assert not apply_layout(grid.view, json.dumps(layout))
    assert grid.model.rules == ()


def test_a_layout_of_before_has_no_rules(grid: Grid) -> None:
    grid.model.set_rules(RULES)
    old = {key: part for key, part in json.loads(layout_of(grid.view)).items() if key != "rules"}
    assert apply_layout(grid.view, json.dumps(old))
    assert grid.model.rules == ()


def test_a_shared_layout_takes_no_limits_of_prices_with_it(grid: Grid) -> None:
    grid.model.set_rules([*RULES[:1], ColorRule("price", "above", ("1.5",), "danger")])
    state = without_figures({"layout": layout_of(grid.view)}, {"price"})
    assert [rule_of(entry) for entry in json.loads(state["layout"])["rules"]] == [RULES[0]]


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def choose(word: str) -> None:
    """Types into a cell of choices what its editor then selects, and goes on."""
    press(Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QComboBox)
    editor.setCurrentIndex(editor.findText(word))
    press(Qt.Key.Key_Return)


def opened(grid: Grid, qtbot: QtBot) -> RulesDialog:
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    QTest.keyClick(grid.view, Qt.Key.Key_K, control)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RulesDialog)
    qtbot.waitUntil(dialog.grid.view.hasFocus)
    return dialog


def test_a_rule_is_made_by_keys_alone(grid: Grid, qtbot: QtBot, settled: Callable[[], None]) -> None:
    grid.view.select_cell(0, "quantity")
    dialog = opened(grid, qtbot)
    assert dialog.grid.model.record(0)["column"] == "quantity"
    press(Qt.Key.Key_Return)
    choose("小于")
    QTest.keyClicks(QApplication.focusWidget(), "1")
    QTest.keyClicks(QApplication.focusWidget(), "0")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    choose("紫 超出")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled()
    assert grid.model.rules == (ColorRule("quantity", "below", ("10",), "accent"),)
    assert tones(grid.model, "quantity") == ["accent", "", ""]
    again = Grid(grid.desk, "rules/list", COLUMNS, key="code")
    assert again.model.rules == grid.model.rules
    again.deleteLater()


def test_a_rule_that_cannot_be_keeps_the_dialog_open(grid: Grid, qtbot: QtBot) -> None:
    grid.model.set_rules(RULES[:1])
    dialog = opened(grid, qtbot)
    dialog.grid.model.change(1, {"column": "code", "operator": "below", "value": "5", "tone": "warn"})
    dialog.accept()
    assert dialog.isVisible()
    assert "第 2 行" in dialog.fault.text()
    assert [(row, key) for row, key, _ in dialog.grid.model.faults()] == [(1, "operator")]
    assert grid.model.rules == RULES[:1]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert grid.model.rules == RULES[:1]


def test_a_ruled_column_has_room_for_the_mark(grid: Grid, qtbot: QtBot) -> None:
    section = grid.model.section("due")
    before = grid.view.header.sectionSize(section)
    dialog = opened(grid, qtbot)
    dialog.grid.model.change(0, {"column": "due", "operator": "below", "value": "0", "tone": "warn"})
    dialog.accept()
    assert grid.view.header.sectionSize(section) >= grid.view.sizeHintForColumn(section) > before


def test_all_rules_are_cleared(grid: Grid, qtbot: QtBot) -> None:
    grid.model.set_rules(RULES)
    dialog = opened(grid, qtbot)
    assert len(dialog.grid.model.lines()) == len(RULES)
    dialog.clear()
    dialog.accept()
    assert grid.model.rules == ()


def test_the_menu_of_a_column_leads_to_its_rules(grid: Grid) -> None:
    menu = grid.view.header.menu(grid.model.section("due"))
    [action] = [action for action in menu.actions() if "条件颜色" in action.text()]
    action.trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RulesDialog)
    assert dialog.grid.model.record(0)["column"] == "due"
    dialog.reject()


def test_a_copied_picture_has_the_marks_too(grid: Grid) -> None:
    grid.view.copy_picture()
    before = QGuiApplication.clipboard().image()
    grid.model.set_rules([ColorRule("quantity", "is", ("5",), "danger")])
    grid.view.copy_picture()
    after = QGuiApplication.clipboard().image()
    width, height = after.width() // 5, after.height() // 4
    red = [
        after.pixelColor(x, y).name()
        for x in range(width, width + 60)
        for y in range(height, 2 * height)
        if after.pixelColor(x, y) != before.pixelColor(x, y)
    ]
    assert LIGHT.tones["danger"] in red
