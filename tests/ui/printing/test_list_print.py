"""打印列表: the columns, their order, the rows, filters, sorting and totals of the window, on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.printing.api import ListColumn, ListOnPaper, PdfPages, print_list
from services.printing.lists import MOST_ROWS
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.preview import PreviewDialog
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


def printed_of(frame: MainFrame, wait: Wait) -> str:
    """What the preview over the window shows, closed again."""
    wait()
    dialog = frame.window().findChildren(PreviewDialog)[-1]
    pages = PdfPages(dialog._pdf)
    text = "\n".join(pages.text(n) for n in range(1, pages.count + 1))
    dialog.reject()
    wait()
    return text


@pytest.fixture
def orders(frame: MainFrame, wait: Wait, papers: dict[str, DocRef]) -> DocumentListPage:
    page = frame.desk.navigator.open("sales_order/list")
    assert isinstance(page, DocumentListPage)
    wait()
    return page


def test_a_list_is_printed_as_it_is_shown_by_one_key(orders: DocumentListPage, wait: Wait, frame: MainFrame) -> None:
    view, model = orders.grid.view, orders.grid.model
    hidden, moved = model.section("partner_name"), model.section("number")
    view.header.setSectionHidden(hidden, True)
    view.header.moveSection(view.header.visualIndex(moved), len(model.columns) - 1)
    model.set_sort([SortKey(moved, descending=True)])
    orders.grid.setFocus()
    QTest.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    text = printed_of(frame, wait)
    sections = view.shown_sections()
    assert sections[-1] == moved
    for section in sections[1:]:
        assert "".join(model.columns[section].title.split()) in "".join(text.split()), model.columns[section].title
    assert model.columns[hidden].title not in text
    numbers = [model.text(row, moved) for row in range(model.rowCount())]
    assert len(numbers) == 2
    assert text.index(numbers[0]) < text.index(numbers[1])
    assert "状态：未审核、已审核" in text
    assert "排序：单号↓" in text
    assert "合计 2 行" in text
    assert orders.grid.totals.text("amount") in text
    assert "打印" in text


def test_only_rows_that_pass_the_filters_are_printed_and_the_filters_stand_above(
    orders: DocumentListPage, wait: Wait, frame: MainFrame
) -> None:
    model = orders.grid.model
    name = model.section("partner_name")
    shown, gone = model.text(0, name), model.text(1, name)
    assert shown != gone
    model.set_filter("partner_name", ColumnFilter(frozenset({shown})))
    orders.range_box.setCurrentIndex(orders.range_box.findData("30"))
    wait()
    orders.trigger("print_list")
    text = printed_of(frame, wait)
    assert "日期：近 30 天" in text
    assert f"{model.columns[name].title}：{shown}" in text
    assert gone not in text
    assert "合计 1 行" in text


def test_master_data_stock_and_today_are_printed_from_the_head_of_the_grid(
    frame: MainFrame, wait: Wait, papers: dict[str, DocRef]
) -> None:
    items = frame.desk.navigator.open("items/records")
    assert isinstance(items, RecordListPage)
    wait()
    items.search_field.setText("RM403")
    wait()
    items.grid.printing.show()
    text = printed_of(frame, wait)
    assert "物 料" in text
    assert "搜索：RM403" in text
    assert "RM403" in text
    for name in ("stock", "today", "users"):
        page = frame.desk.navigator.open(name)
        assert page is not None
        wait()
        menu = page.grid.view.header.menu(0)  # type: ignore[attr-defined]
        (action,) = [action for action in menu.actions() if action.text().startswith("打印列表")]
        action.trigger()
        assert "合计" in printed_of(frame, wait)


def test_wide_lists_lie_across_and_long_ones_go_on_with_their_heads() -> None:
    rows = tuple((f"RM{i:04d}", "螺丝", "1") for i in range(120))
    columns = (ListColumn("编码", whole=True), ListColumn("名称"), ListColumn("数量", "right", whole=True))
    narrow = PdfPages(print_list(ListOnPaper("厂", "物料", columns, rows)).pdf)
    assert narrow.size_mm(1) == (210, 297)
    assert narrow.count > 1
    assert all("编码" in narrow.text(n) for n in range(1, narrow.count + 1))
    assert sum(narrow.text(n).count("RM") for n in range(1, narrow.count + 1)) == 120
    wide = tuple(ListColumn(f"列{i}", whole=True) for i in range(12))
    assert PdfPages(print_list(ListOnPaper("厂", "物料", wide, (("编码ABC-20260310",) * 12,))).pdf).size_mm(1) == (
        297,
        210,
    )


def test_too_many_rows_and_no_column_are_refused() -> None:
    one = (ListColumn("编码"),)
    with pytest.raises(Refused) as caught:
        print_list(ListOnPaper("厂", "物料", one, (("A",),) * (MOST_ROWS + 1)))
    assert caught.value.problems[0].args["rows"] == MOST_ROWS + 1
    with pytest.raises(Refused, match=r"print\.list_empty"):
        print_list(ListOnPaper("厂", "物料", (), ()))


def test_rows_that_the_list_has_not_read_yet_are_printed_too_and_too_many_are_refused(
    orders: DocumentListPage, wait: Wait, frame: MainFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.documents import list_page

    held = orders.reader.held
    numbers = [row.ref.number for row in held.rows]
    held.show(held.rows[:1], before=False, after=True, ordered=False)
    orders.grid.set_rows(held.rows)
    assert not held.whole
    orders.grid.model.set_sort([SortKey(orders.grid.model.section("number"))])
    orders._refresh_timer.stop()
    orders.trigger("print_list")
    text = printed_of(frame, wait)
    assert text.index(min(numbers)) < text.index(max(numbers))
    assert "合计 2 行" in text
    monkeypatch.setattr(list_page, "MOST_ROWS", 1)
    with pytest.raises(Refused) as caught:
        list_page._all(frame.desk.session.db, orders.spec, {}, lambda row: True)
    assert caught.value.problems[0].args == {"title": "销售订单", "rows": 2, "most": 1}
