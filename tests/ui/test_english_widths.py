"""Columns and lists as a language with longer words sets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.texts import SOURCE, listed, page_title, tr, use_language


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(SOURCE)


STATE = Column("state", "状态", kind="badge", width=60, choices={"C": "已审核", "Z": "未审核"})
SAFETY = Column("safety", "安全库存", kind="number", width=60)


def test_a_column_is_as_wide_as_declared_in_chinese() -> None:
    assert (STATE.pixels, SAFETY.pixels) == (60, 60)


@pytest.mark.usefixtures("english")
def test_a_column_is_wide_enough_for_its_title_and_its_choices_in_english(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    letters = box.fontMetrics()
    assert SAFETY.pixels > letters.horizontalAdvance(tr("安全库存"))
    assert STATE.pixels > letters.horizontalAdvance(tr("已审核")) + 20
    assert Column("note", "备注", width=140).pixels == 140


@pytest.mark.usefixtures("english")
def test_pages_are_titled_in_the_plural_and_lists_parted_by_commas() -> None:
    assert page_title("销售订单") == "Sales orders"
    assert tr("销售订单") == "Sales order"
    assert page_title("今日待办") == "To do today"
    assert [listed(["A", "B"], mark) for mark in "、，；"] == ["A, B", "A, B", "A; B"]


def test_the_same_in_chinese() -> None:
    assert page_title("销售订单") == "销售订单"
    assert [listed(["甲", "乙"], mark) for mark in "、，；"] == ["甲、乙", "甲，乙", "甲；乙"]


def test_a_line_too_long_for_its_place_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText("Made by demo 03-10 02:00")
    label.resize(60, 20)
    assert label.shown().endswith("…")
    assert label.shown().startswith("M")
    label.resize(600, 20)
    assert label.shown() == label.text()
    label.grab()
