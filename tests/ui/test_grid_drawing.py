"""A list paints its plain cells by a way of its own; what is on the screen is what Qt paints by asking for each role."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QWidget

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.delegate import GridDelegate
from ui.framework.grid.grid import Grid
from ui.framework.grid.list_delegate import ListDelegate
from ui.framework.grid.rules import ColorRule

COLUMNS = (
    Column("code", "编码", kind="code"),
    Column("name", "名称", width=120),
    Column("quantity", "数量", kind="number"),
    Column("fixed", "固定", kind="flag"),
    Column("state", "状态", kind="badge", choices={"Z": "未审核", "C": "已审核"}, tones={"C": "ok"}),
)
NAMES = ("螺丝", "两行\n的名称", "", "一个比这一列宽得多的名称要在末尾省略", "M3×8 “十字” 螺丝", "灯珠")
ROWS = [
    {
        "code": f"A{number:03}",
        "name": NAMES[number % len(NAMES)],
        "quantity": Decimal(number * 37 - 100) if number % 4 else None,
        "fixed": number % 3 == 0,
        "state": "C" if number % 2 else "Z",
        "closed": number % 5 == 0,
    }
    for number in range(30)
]


@pytest.fixture
def grid(desk: Desk, show: Callable[[QWidget], None]) -> Grid:
    """A list with rows in grey, badges, ticks and a name over two lines."""
    made = Grid(
        desk, "drawn", COLUMNS, key="code", markable=True, row_tone=lambda row: "muted" if row["closed"] else ""
    )
    made.set_rows(ROWS)
    made.resize(700, 600)
    show(made)
    return made


def drawn(grid: Grid) -> tuple[QImage, QImage]:
    """The list as it is painted, and with Qt asking for each role."""
    view = grid.view
    own = view.itemDelegate()
    assert isinstance(own, ListDelegate)
    by_roles = GridDelegate(view)
    # A bar that comes or goes with the rows moves the columns: everything has its place before it is compared.
    for delegate in (by_roles, own):
        view.setItemDelegate(delegate)
        view.viewport().grab()
        QApplication.processEvents()
    mine = view.viewport().grab().toImage()
    view.setItemDelegate(by_roles)
    theirs = view.viewport().grab().toImage()
    view.setItemDelegate(own)
    return mine, theirs


def test_a_list_is_painted_as_qt_paints_it(grid: Grid) -> None:
    mine, theirs = drawn(grid)
    assert mine == theirs
    grid.view.select_cell(3, "name")
    grid.model.set_marks([1, 2])
    chosen = grid.model.index(5, 2)
    grid.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)
    selected, by_roles = drawn(grid)
    assert selected == by_roles != mine


def test_the_clerks_colours_and_a_filter_are_painted_as_qt_paints_them(grid: Grid) -> None:
    plain, _ = drawn(grid)
    grid.model.set_rules([ColorRule("quantity", "above", ("300",), "danger")])
    grid.model.set_quick_text("螺丝")
    mine, theirs = drawn(grid)
    assert mine == theirs != plain


def test_a_plain_cell_is_told_without_a_question_and_one_with_a_colour_by_its_roles(grid: Grid) -> None:
    asked: list[int] = []
    roles = grid.model.data

    def data(cell: QModelIndex, role: int) -> object:
        asked.append(role)
        return roles(cell, role)

    grid.model.data = data  # type: ignore[method-assign, assignment]
    own = grid.view.itemDelegate()
    assert isinstance(own, ListDelegate)
    own.initStyleOption(QStyleOptionViewItem(), grid.model.index(1, 2))
    assert not asked
    own.initStyleOption(QStyleOptionViewItem(), grid.model.index(0, 2))
    assert asked
    assert grid.model.tone(0, 2) == "muted"
    assert grid.model.bare_text(-1, 2) is None


def test_a_cell_is_as_wide_as_qt_says(grid: Grid) -> None:
    own, by_roles = grid.view.itemDelegate(), GridDelegate(grid.view)
    for row in range(len(ROWS)):
        for section in range(len(grid.model.columns)):
            cell, option = grid.model.index(row, section), QStyleOptionViewItem()
            grid.view.initViewItemOption(option)
            assert own.sizeHint(option, cell) == by_roles.sizeHint(option, cell), (row, section)
