"""Fields of a fixed width follow the size of the letters: a date is whole at 9 and at 14 points; so do the columns of a tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.widths import keep_width, scaled
from ui.shell.theme import apply_theme

FRAME = 14


@pytest.mark.parametrize("size", [9, 10, 14])
def test_a_date_is_whole_in_letters_of_any_size(
    desk: Desk, show: Callable[[QWidget], None], qapp: QApplication, size: int
) -> None:
    page = QWidget()
    field = QLineEdit("2026-03-10", page)
    keep_width(field, 92)
    show(page)
    apply_theme(qapp, point_size=size)
    qapp.processEvents()
    assert field.width() == scaled(field, 92)
    assert field.width() >= field.fontMetrics().horizontalAdvance(field.text()) + FRAME
    apply_theme(qapp)


def test_what_an_empty_list_says_is_never_cut_off(desk: Desk, show: Callable[[QWidget], None]) -> None:
    grid = Grid(desk, "t/empty", [Column("a", "名称")])
    grid.empty_label.setText("没有符合搜索和筛选的，" * 6)
    grid.resize(260, 300)
    show(grid)
    label = grid.empty_label
    inside = label.contentsRect().adjusted(label.margin(), label.margin(), -label.margin(), -label.margin())
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
    assert inside.contains(label.fontMetrics().boundingRect(inside, int(flags), label.text()))
