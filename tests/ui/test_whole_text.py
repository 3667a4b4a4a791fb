"""What a narrow list cuts off stands whole under it; verbs that are always refused are not offered."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.api import DocType
from tests.ui.ordering import enter_order, key, new
from ui.documents.whole_text import WholeText
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.shell.frame import MainFrame

LONG = "这一句写得很长很长很长很长很长很长很长很长，一列放不下"


@pytest.fixture
def grid(desk: Desk, show: Callable[[QWidget], None]) -> Grid:
    made = Grid(desk, "whole/list", (Column("number", "单号", width=80), Column("what", "内容", width=120)))
    made.resize(400, 200)
    show(made)
    return made


def test_the_current_row_is_told_whole_only_where_it_is_cut(grid: Grid, settled: Callable[[], None]) -> None:
    whole = WholeText(grid, ("what",), lambda row: row["what"].split("，"), grid)
    grid.set_rows([{"number": "1", "what": "短"}, {"number": "2", "what": LONG}])
    settled()
    assert whole.isHidden()
    grid.view.select_cell(1)
    assert not whole.isHidden()
    assert whole.toPlainText() == LONG.replace("，", "\n")
    grid.view.header.resizeSection(1, 300)
    grid.resize(1200, 200)
    grid.view.header.resizeSection(1, 900)
    settled()
    assert whole.isHidden()


def test_a_column_out_of_sight_is_told_too(grid: Grid, settled: Callable[[], None]) -> None:
    whole = WholeText(grid, ("what",), lambda row: [row["what"]], grid)
    grid.view.header.resizeSection(0, 600)
    grid.set_rows([{"number": "1", "what": "短"}])
    settled()
    assert whole.toPlainText() == "短"


def test_the_history_tells_every_change_of_the_current_event(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80"), ("RM403", "7", "2")])
    page.trigger("save")
    wait()
    for row, quantity in enumerate((6, 9)):
        page.lines.model.change(row, {"quantity": Decimal(quantity), "note": "客户来电"})
    page.form.put(note="急，今天一定要发，发之前先打电话")
    page.trigger("save")
    wait()
    page.trigger("history")
    wait()
    (whole,) = page.side.findChildren(WholeText)
    assert whole.isVisible()
    lines = whole.toPlainText().split("\n")
    assert lines[0] == "备注 空 → 急，今天一定要发，发之前先打电话"
    assert [line.split(" ")[0] for line in lines[1:]] == ["第1行", "第2行"]
    key(Qt.Key.Key_Tab)
    assert whole.hasFocus()


@pytest.mark.parametrize("kind", api.document_types(), ids=lambda kind: kind.code)
def test_only_what_can_be_closed_by_hand_offers_it(
    book_frame: MainFrame, wait: Callable[[], None], kind: DocType
) -> None:
    page = new(book_frame.desk, kind.code)
    wait()
    offered = {action.key for action in page.declared_actions()}
    assert ({"close", "reopen"} <= offered) == (kind.posting is None)
    assert ("close" in offered) == ("reopen" in offered)
    give_up = page.findChild(QToolButton, "button_give_up")
    assert give_up is None or not give_up.isVisible()
    assert page.ref == DocRef(kind.code, 0, "")
