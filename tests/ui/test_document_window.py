"""What a clerk sees of a document whose business goes on: drafts pushed down, void documents, who is named where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.api import DocDraft, LineDraft
from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.conftest import TODAY
from tests.ui.ordering import enter_order, key, new, stored, typed
from ui.documents.defaults import short_tone
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.documents.source_dialog import SourceDialog
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


def front(frame: MainFrame) -> DocumentPage:
    page = frame.tabs.front()
    assert isinstance(page, DocumentPage)
    return page


def test_a_draft_pushed_from_an_older_order_is_of_today(book_frame: MainFrame, wait: Wait) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.form.put(date=date(2026, 1, 21))
    page.approve()
    wait()
    page.trigger("push_delivery")
    wait()
    draft = front(book_frame)
    assert draft.spec.type == "delivery"
    assert draft.form.value("date") == TODAY


def void_receipt(book: Database) -> DocRef:
    """A receipt that was posted, taken back and deleted: it is kept, void."""
    (supplier,) = masterdata.list_records(book, "suppliers", limit=1).rows
    (item,) = masterdata.list_records(book, "items", text="FG100").rows
    line = LineDraft(item.id, Decimal(10), price=Decimal(8), due_date=TODAY)
    order, _ = api.save_document(book, "a", DocDraft("purchase_order", TODAY, [line], partner_id=supplier.id))
    api.approve(book, "a", [order.id])
    (draft,) = api.push_down(book, order.id, "purchase_receipt")
    receipt, _ = api.save_document(book, "a", draft)
    for verb in (api.approve, api.reverse, api.delete):
        verb(book, "a", [receipt.id])
    return receipt


def test_what_is_void_says_so_and_takes_no_typing(book_frame: MainFrame, wait: Wait, book: Database) -> None:
    book_frame.desk.navigator.open(void_receipt(book))
    wait()
    page = front(book_frame)
    assert page.heading.audit.text() == "作废"
    assert page.heading.closing.isHidden()
    assert page.heading.execution.isHidden()
    page.lines.view.select_cell(0, "quantity")
    typed("3")
    key(Qt.Key.Key_Return)
    wait()
    assert page.lines.model.record(0)["quantity"] == 10
    assert not page.dirty
    page.update_actions()
    enabled = {action.key for action in page.declared_actions() if page.qaction(action.key).isEnabled()}
    assert enabled.isdisjoint({"save", "approve", "delete", "reopen", "source"})
    assert {"copy", "history", "flow"} <= enabled


def test_lists_show_what_is_void_among_the_closed(book_frame: MainFrame, wait: Wait, book: Database) -> None:
    ref = void_receipt(book)
    page = book_frame.desk.navigator.open("purchase_receipt/list")
    assert isinstance(page, DocumentListPage)
    wait()
    assert [row.ref for row in page.grid.model.records()] == []
    for name, button in page.state_buttons.items():
        button.setChecked(name == "closed")
    wait()
    assert [row.ref for row in page.grid.model.records()] == [ref]
    assert page.grid.model.text(0, [column.key for column in page.grid.model.columns].index("state")) == "作废"


def test_lines_taken_by_f9_bring_specification_price_store_and_partner(
    book_frame: MainFrame, wait: Wait, book: Database
) -> None:
    (supplier,) = masterdata.list_records(book, "suppliers", limit=1).rows
    (item,) = masterdata.list_records(book, "items", text="RM403").rows
    line = LineDraft(item.id, Decimal(10), price=Decimal("0.25"), due_date=TODAY)
    order, _ = api.save_document(book, "a", DocDraft("purchase_order", TODAY, [line], partner_id=supplier.id))
    api.approve(book, "a", [order.id])
    page = new(book_frame.desk, "purchase_receipt")
    wait()
    key(Qt.Key.Key_F9)
    wait()
    dialog = page.findChildren(SourceDialog)[-1]
    assert dialog.grid.model.text(0, [column.key for column in dialog.grid.model.columns].index("spec")) == "M3×10"
    dialog.accept()
    wait()
    (row,) = page.lines.rows()
    assert (row["spec"], row["price"], row["amount"]) == ("M3×10", Decimal("0.25"), Decimal("2.50"))
    assert row["warehouse_code"] == "W01"
    assert (page.form.value("partner_code"), page.form.value("partner_name")) == ("S001", "明辉五金")
    key(Qt.Key.Key_F8)
    wait()
    assert stored(book_frame, page).status == "C"


def test_the_stock_beside_a_quantity_follows_what_is_typed() -> None:
    row = {"quantity": Decimal(5), "done": Decimal(0)}
    assert short_tone(Decimal(8), row) == "ok"
    assert short_tone(Decimal(8), row | {"quantity": Decimal(9)}) == "danger"
    assert short_tone(Decimal(8), row | {"quantity": Decimal(9), "done": Decimal(2)}) == "ok"
    assert short_tone(Decimal(8), row | {"quantity": Decimal(9), "draws_nothing": True}) == ""


def test_a_document_without_lines_leads_to_them(book_frame: MainFrame, wait: Wait) -> None:
    page = new(book_frame.desk, "forecast")
    wait()
    key(Qt.Key.Key_F8)
    wait()
    assert len(page.refusals.texts()) == 1
    page.refusals.list.setFocus()
    key(Qt.Key.Key_Return)
    assert page.lines.view.hasFocus()
    assert page.lines.view.currentIndex().row() == 0
