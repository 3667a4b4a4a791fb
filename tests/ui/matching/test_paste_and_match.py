"""A pasted block becomes lines of a sales order by keys, as one step that can be undone; nothing is written before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import app.wiring  # noqa: F401 registers the document types
from models.kernel.refs import DocRef
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.matching import api, blocks
from services.platform.books import create
from services.platform.db import Database
from tests.ui.conftest import TODAY
from ui.documents.document_page import DocumentPage
from ui.engineering.bom_page import BomPage
from ui.framework.desk import Desk
from ui.framework.grid.layout import MemorySettings
from ui.framework.navigator import RecordRef
from ui.matching.block_model import STATE
from ui.matching.dialog import MatchDialog
from ui.matching.views import register
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CHAT = "台灯 5W 黑 20台 3/25前\n螺丝M3*10 1000个\nRM404 2.5kg\n谢谢"
Wait = Callable[[], None]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Database]:
    """A customer and a few items."""
    db = create(tmp_path / "账套.db")
    rows: dict[str, list[dict[str, object]]] = {
        "units": [{"code": "PCS", "name": "个"}, {"code": "KG", "name": "千克", "decimals": 3}],
        "customers": [{"code": "C001", "name": "佛山光耀照明"}],
        "warehouses": [{"code": "W01", "name": "原料仓"}],
        "items": [
            {"code": "FG100", "name": "LED台灯", "spec": "5W 黑色", "unit": "PCS"},
            {"code": "FG101", "name": "LED台灯", "spec": "5W 白色", "unit": "PCS"},
            {"code": "RM403", "name": "螺丝", "spec": "M3×10", "unit": "PCS"},
            {"code": "RM404", "name": "导热硅脂", "unit": "KG"},
        ],
    }
    for kind, records in rows.items():
        masterdata.save_records(db, "tester", kind, records)
    yield db
    db.close()


@pytest.fixture
def frame(qapp: QApplication, book: Database, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The main window on that book."""
    apply_theme(qapp)
    desk = open_desk(book, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()


@pytest.fixture
def wait(qtbot: QtBot, frame: MainFrame) -> Wait:
    """Until every job has answered."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)

    return settle


@pytest.fixture
def page(frame: MainFrame, wait: Wait) -> DocumentPage:
    """A new sales order of the customer."""
    made = frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(made, DocumentPage)
    wait()
    hit = masterdata.search(frame.desk.session.db, "customers", "C001")[0]
    made.form.put(partner_code=hit.code, partner_name=hit.name, partner_id=hit.id)
    return made


def opened(page: DocumentPage, text: str, wait: Wait) -> MatchDialog:
    """The dialog on a clipboard's text."""
    QApplication.clipboard().setText(text)
    QTest.keyClick(page.lines.view, Qt.Key.Key_V, CONTROL | SHIFT)
    wait()
    dialog = page.findChild(MatchDialog)
    assert dialog is not None
    return dialog


def states(dialog: MatchDialog) -> list[str]:
    """The words of the first column."""
    return [dialog.rows.model.index(row, STATE).data() for row in range(dialog.rows.model.rowCount())]


def test_a_chat_becomes_lines_by_enter_and_control_enter(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, CHAT, wait)
    assert states(dialog) == ["请确认", "已匹配", "已匹配", "不要"]
    assert page.lines.rows() == []
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return)
    assert states(dialog)[0] == "已确认"
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    wait()
    rows = page.lines.rows()
    assert [(row["item_code"], row["quantity"]) for row in rows] == [
        ("FG100", Decimal(20)),
        ("RM403", Decimal(1000)),
        ("RM404", Decimal("2.5")),
    ]
    assert rows[0]["due_date"] == date(2026, 3, 25)
    assert page.dirty


def test_all_lines_are_one_step_of_undo(page: DocumentPage, wait: Wait) -> None:
    page.lines.model.type_text(0, "note", "先录的")
    before = page.lines.rows()
    dialog = opened(page, "RM403 5个\nRM404 1kg", wait)
    dialog.accept()
    assert len(page.lines.rows()) == 3
    page.lines.model.undo.undo()
    assert page.lines.rows() == before


def test_confirming_waits_until_every_row_is_decided(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, CHAT, wait)
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    assert dialog.rows.current_row() == 0
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Space)
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    wait()
    assert [row["item_code"] for row in page.lines.rows()] == ["RM403", "RM404"]


def test_a_digit_takes_another_candidate_and_it_is_remembered(page: DocumentPage, wait: Wait, book: Database) -> None:
    dialog = opened(page, "台灯 20台", wait)
    codes = [found.code for found in dialog.rows.decided[0].row.candidates]
    QTest.keyClick(dialog.rows.table, Qt.Key(Qt.Key.Key_1 + codes.index("FG101")))
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    wait()
    assert [row["item_code"] for row in page.lines.rows()] == ["FG101"]
    (record,) = masterdata.list_records(book, "aliases").rows
    assert (record.values["alias"], record.values["partner"], record.values["item"]) == ("台灯", "C001", "FG101")
    again = opened(page, "台灯 3台", wait)
    assert states(again) == ["已匹配"]


def test_a_column_named_otherwise_is_matched_again(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "料号\t数量\t价\nRM403\t5\t7\n", wait)
    assert dialog.rows.bar.columns() == ["code", "quantity", "price"]
    box = dialog.rows.bar.boxes[2]
    box.setCurrentIndex(box.findData("quantity"))
    box.activated.emit(box.currentIndex())
    wait()
    assert dialog.rows.bar.columns() == ["code", "", "quantity"]
    assert dialog.rows.decided[0].row.quantity == 7


def test_an_empty_clipboard_asks_for_a_text(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "", wait)
    assert dialog.text_field.isVisible()
    dialog.text_field.setPlainText("RM403 5个")
    dialog.accept()
    wait()
    assert states(dialog) == ["已匹配"]


def test_an_order_pasted_is_saved_with_its_amounts(page: DocumentPage, wait: Wait, book: Database) -> None:
    dialog = opened(page, "料号\t数量\t单价\t交期\nRM403\t1,000\t￥0.02\t2026年3月26日\n", wait)
    dialog.accept()
    page.save()
    wait()
    (row,) = documents.list_documents(book, "sales_order").rows
    assert row.amount == Decimal("20.00")


def test_an_approved_order_takes_no_paste(page: DocumentPage, wait: Wait) -> None:
    opened(page, "料号\t数量\t单价\t交期\nRM403\t1\t2\t2026-03-26\n", wait).accept()
    page.approve()
    wait()
    page.update_actions()
    assert not page.qaction("match").isEnabled()


def test_a_count_becomes_opening_stock_with_store_lot_and_worth(frame: MainFrame, wait: Wait) -> None:
    """A store that is not known is told in its cell; the line is taken and the store chosen afterwards."""
    db = frame.desk.session.db
    masterdata.save_records(db, "t", "warehouses", [{"code": "W02", "name": "成品仓"}])
    page = frame.desk.navigator.open(DocRef("opening_stock", 0, ""))
    assert isinstance(page, DocumentPage)
    wait()
    text = (
        "仓库\t料号\t品名\t批号\t数量\t金额\n原料仓\tRM403\t螺丝\tL01\t1,200\t24.00\n"
        "W02\tRM404\t导热硅脂\t\t2.5\t￥75\n老仓\tRM403\t螺丝\t\t10\t\n"
    )
    dialog = opened(page, text, wait)
    assert [box.currentData() for box in dialog.rows.bar.boxes] == [
        "warehouse",
        "code",
        "name",
        "lot",
        "quantity",
        "amount",
    ]
    dialog.rows.table.selectRow(2)
    assert "老仓" in dialog.rows.fault_label.text()
    dialog.accept()
    rows = page.lines.rows()
    keys = ("warehouse_code", "item_code", "lot", "quantity", "amount")
    assert [tuple(row[key] or None for key in keys) for row in rows] == [
        ("W01", "RM403", "L01", Decimal(1200), Decimal(24)), ("W02", "RM404", None, Decimal("2.5"), Decimal(75)),
        (None, "RM403", None, Decimal(10), None),
    ]  # fmt: skip
    page.lines.model.change(2, {"warehouse_id": rows[0]["warehouse_id"], "warehouse_code": "W01"})
    page.save()
    wait()
    assert page.refusals.texts() == []
    stored = documents.get_document(db, page.ref.id)
    assert [(line.warehouse_code, line.lot, line.amount) for line in stored.lines] == [
        ("W01", "L01", Decimal(24)), ("W02", "", Decimal(75)), ("W01", "", None),
    ]  # fmt: skip


def test_a_block_becomes_components_of_a_bill_in_one_step(frame: MainFrame, wait: Wait) -> None:
    db = frame.desk.session.db
    masterdata.save_records(
        db, "t", "items", [{"code": "FG900", "name": "新灯", "unit": "PCS", "kind": "manufactured"}]
    )
    page = frame.desk.navigator.open(RecordRef("bom", "FG900"))
    assert isinstance(page, BomPage)
    wait()
    QApplication.clipboard().setText(
        "编码\t名称\t数量\t损耗率\t备注\nRM403\t螺丝\t4\t5%\t\nRM404\t导热硅脂\t0.01\t很多\t点胶\n"
    )
    page.tree.setFocus()
    QTest.keyClick(page.tree, Qt.Key.Key_V, CONTROL | SHIFT)
    wait()
    dialog = page.findChild(MatchDialog)
    assert dialog is not None
    assert [box.currentData() for box in dialog.rows.bar.boxes] == ["code", "name", "quantity", "scrap_rate", "note"]
    assert "price" in [dialog.rows.bar.boxes[0].itemData(place) for place in range(dialog.rows.bar.boxes[0].count())]
    dialog.accept()
    wait()
    assert page.book is not None
    lines = [line for line in page.book.lines(page.book.root_id) if not line.blank]
    assert [(line.text, line.numerator, line.scrap_rate, line.note) for line in lines] == [
        ("RM403", Decimal(4), Decimal("0.05"), ""), ("RM404", Decimal("0.01"), Decimal(0), "点胶"),
    ]  # fmt: skip
    assert lines[1].fault("scrap_rate") is not None
    assert page.model is not None
    page.model.undo.undo()
    assert not page.dirty


def test_what_was_decided_stays_when_a_column_is_named_otherwise(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "台灯\t20\t30\n螺丝M3*10\t10\t40\n台灯\t1\t2\n乱七八糟\t5\t6", wait)
    rows = dialog.rows
    assert states(dialog) == ["请确认", "已匹配", "请确认", "没找到"]
    rows.take(1)
    chosen = rows.decided[0].chosen
    for row in (1, 3):
        rows.table.selectRow(row)
        rows.skip()
    box = rows.bar.boxes[2]
    box.setCurrentIndex(box.findData("note"))
    box.activated.emit(box.currentIndex())
    wait()
    assert states(dialog) == ["已确认", "不要", "请确认", "不要"]
    assert chosen is not None
    assert rows.decided[0].chosen == chosen
    assert [one.row.note for one in rows.decided] == ["30", "40", "2", "6"]


def test_nothing_is_confirmed_of_columns_that_are_still_being_matched(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "FG100\t20\t30\nFG101\t10\t40", wait)
    assert dialog.rows.bar.columns() == ["code", "quantity", "price"]
    box = dialog.rows.bar.boxes[2]
    box.setCurrentIndex(box.findData("quantity"))
    box.activated.emit(box.currentIndex())
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    wait()
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    assert [row["quantity"] for row in page.lines.model.lines()] == [Decimal(30), Decimal(40)]


def test_nothing_is_confirmed_of_a_block_that_another_replaces(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "FG100\t20\nFG101\t10", wait)
    QApplication.clipboard().setText("RM403\t7\nRM404\t8")
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_V, CONTROL)
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    assert dialog.isVisible()
    wait()
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return, CONTROL)
    assert [row["item_code"] for row in page.lines.model.lines()] == ["RM403", "RM404"]


def test_rows_beyond_the_most_are_named(page: DocumentPage, wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST_ROWS", 2)
    monkeypatch.setattr(api, "MOST_ROWS", 2)
    dialog = opened(page, "FG100\t20\nFG101\t10\n\nRM403\t7\n\t\nRM404\t8", wait)
    assert len(states(dialog)) == 2
    assert "后面 2 行没有取" in dialog.summary_label.text()
    dialog.take_text("FG100\t20\nFG101\t10\n\n")
    wait()
    assert "没有取" not in dialog.summary_label.text()


def test_its_engine_is_loaded_ahead(desk: Desk) -> None:
    register(desk)
    assert [load() for load in desk.ahead] == [api]


def test_what_was_wrong_goes_when_an_item_is_chosen_that_fits(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "物料\t数量\t单位\nLED台灯\t2\tkg\n", wait)
    rows = dialog.rows
    assert rows.fault_label.text()
    assert "红色" in dialog.summary_label.text()
    hit = masterdata.search(page.desk.session.db, "items", "RM404")[0]
    paste = api.paste(page.desk.session.db, [["RM404", "1"]], partner_id=None, today=TODAY)
    rows.decided[0].choose(paste.rows[0].candidates[0])
    rows._changed(0)
    assert rows.decided[0].chosen is not None
    assert rows.decided[0].chosen.item_id == hit.id
    assert rows.fault_label.text() == ""
    assert rows.model.faults(0) == []
    assert "红色" not in dialog.summary_label.text()


def test_what_is_left_out_is_counted(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, CHAT, wait)
    assert "不要 1 行" in dialog.summary_label.text()


def test_merged_cells_wait_for_the_clerk(page: DocumentPage, wait: Wait) -> None:
    dialog = opened(page, "物料编码\t数量\nFG100\t100\n\t50\n合计\t150\n", wait)
    assert states(dialog) == ["已匹配", "请确认", "不要"]
    dialog.accept()
    assert page.lines.rows() == []
    QTest.keyClick(dialog.rows.table, Qt.Key.Key_Return)
    dialog.accept()
    assert [(row["item_code"], row["quantity"]) for row in page.lines.rows()] == [
        ("FG100", Decimal(100)),
        ("FG100", Decimal(50)),
    ]
