"""Change of an approved order in its window: typed, refused to its cell, saved with a reason, given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from services.documents import api
from services.documents.records import DocDraft, LineDraft
from services.masterdata import api as masterdata
from services.platform.api import DraftStore
from tests.ui.conftest import TODAY
from ui.documents.defaults import default_spec
from ui.documents.document_page import DocumentPage
from ui.documents.recovery import RecoveryDialog, offer_recovery
from ui.documents.sheet import DocumentSheet, SheetState
from ui.framework.desk import Desk
from ui.shell.frame import MainFrame


@pytest.fixture
def settle(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    """Until every job has answered and every page has read again."""

    def wait() -> None:
        for _ in range(3):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return wait


@pytest.fixture
def order(book_frame: MainFrame, settle: Callable[[], None]) -> DocumentPage:
    """An approved purchase order of 10 and 5 screws, 6 of the first received, in its window."""
    db = book_frame.desk.session.db
    item = masterdata.search(db, "items", "RM403")[0].id
    supplier = masterdata.search(db, "suppliers", "S001")[0].id
    due = TODAY + timedelta(days=7)
    lines = [LineDraft(item, Decimal(n), price=Decimal("0.1"), due_date=due) for n in (10, 5)]
    ref, _ = api.save_document(db, "tester", DocDraft("purchase_order", TODAY, lines, partner_id=supplier))
    api.approve(db, "tester", [ref.id])
    (receipt,) = api.push_down(db, ref.id, "purchase_receipt")
    receipt.lines = receipt.lines[:1]
    receipt.lines[0].quantity = Decimal(6)
    made, _ = api.save_document(db, "tester", receipt)
    api.approve(db, "tester", [made.id])
    page = book_frame.desk.navigator.open(ref)
    assert isinstance(page, DocumentPage)
    page.change.ask_reason = lambda: "客户减单"
    settle()
    return page


def test_an_approved_order_is_changed_with_a_reason(order: DocumentPage, settle: Callable[[], None]) -> None:
    model = order.lines.model
    assert not model.is_editable(0, model.section("quantity"))
    order.trigger("amend")
    assert model.is_editable(0, model.section("quantity"))
    assert not model.is_editable(0, model.section("item_code"))
    model.type_text(0, "quantity", "8")
    order.lines.view.select_cell(1, "quantity")
    order.lines.lines_view.delete_lines()
    assert order.dirty
    order.trigger("save")
    settle()
    assert order.refusals.texts() == []
    view = api.get_document(order.desk.session.db, order.ref.id)
    assert [line.quantity for line in view.lines] == [8]
    assert (view.history[0].action, view.history[0].reason) == ("amend", "客户减单")
    assert not order.change.active
    assert not order.dirty
    assert not model.is_editable(0, model.section("quantity"))


def test_a_refused_change_stays_typed_and_leads_to_its_cell(order: DocumentPage, settle: Callable[[], None]) -> None:
    model = order.lines.model
    order.trigger("amend")
    model.type_text(0, "quantity", "4")
    order.trigger("save")
    settle()
    assert order.change.active
    assert order.dirty
    (text,) = order.refusals.texts()
    assert "6" in text
    order.lead_to(order.refusals.problems[0])
    assert order.lines.view.currentIndex() == model.index(0, model.section("quantity"))


def test_a_change_is_given_up(order: DocumentPage, settle: Callable[[], None]) -> None:
    order.trigger("amend")
    order.lines.model.type_text(0, "quantity", "9")
    order.trigger("give_up")
    settle()
    assert not order.dirty
    assert order.lines.model.record(0)["quantity"] == 10


def test_what_was_posted_has_no_change(book_frame: MainFrame, order: DocumentPage, settle: Callable[[], None]) -> None:
    assert order.view is not None
    receipt = order.view.downstream[0].ref
    page = book_frame.desk.navigator.open(receipt)
    assert isinstance(page, DocumentPage)
    settle()
    assert "amend" not in {action.key for action in page.declared_actions()}


def test_a_change_that_was_being_typed_goes_on_after_a_crash(
    order: DocumentPage, book_frame: MainFrame, settle: Callable[[], None], tmp_path: Path
) -> None:
    before = book_frame.desk.session.drafts = DraftStore(tmp_path / "drafts")
    order.trigger("amend")
    order.lines.model.type_text(0, "quantity", "8")
    order.keeper.keep()
    settle()
    ref = order.ref
    order.keeper.take_over("")
    book_frame.tabs.close_front()
    before.close()
    after = book_frame.desk.session.drafts = DraftStore(tmp_path / "drafts")
    dialog = offer_recovery(book_frame.desk, book_frame)
    assert isinstance(dialog, RecoveryDialog)
    assert dialog.grid.model.text(0, 2) == f"{ref.number}（变更）"
    dialog.restore()
    settle()
    page = book_frame.tabs.front()
    assert isinstance(page, DocumentPage)
    assert page.ref == ref
    assert page.change.active
    assert page.dirty
    assert page.lines.model.record(0)["quantity"] == Decimal(8)
    assert page.lines.model.is_editable(0, page.lines.model.section("quantity"))
    page.change.ask_reason = lambda: "客户减单"
    page.trigger("save")
    settle()
    assert page.refusals.texts() == []
    assert api.get_document(book_frame.desk.session.db, ref.id).lines[0].quantity == Decimal(8)
    assert offer_recovery(book_frame.desk, book_frame) is None
    after.close()


def test_a_change_of_an_order_that_was_closed_meanwhile_is_not_lost(
    order: DocumentPage, book_frame: MainFrame, settle: Callable[[], None], tmp_path: Path
) -> None:
    before = book_frame.desk.session.drafts = DraftStore(tmp_path / "drafts")
    order.trigger("amend")
    order.lines.model.type_text(0, "quantity", "8")
    order.keeper.keep()
    settle()
    ref = order.ref
    order.keeper.take_over("")
    book_frame.tabs.close_front()
    before.close()
    api.close(book_frame.desk.session.db, "tester", [ref.id], "不再来料")
    after = book_frame.desk.session.drafts = DraftStore(tmp_path / "drafts")
    dialog = offer_recovery(book_frame.desk, book_frame)
    assert isinstance(dialog, RecoveryDialog)
    dialog.restore()
    settle()
    page = book_frame.tabs.front()
    assert isinstance(page, DocumentPage)
    assert page.ref.id == 0
    assert page.lines.model.record(0)["quantity"] == Decimal(8)
    after.close()


@pytest.mark.parametrize("typed", [True, False])
def test_materials_typed_before_a_crash_are_still_those_typed(desk: Desk, typed: bool) -> None:
    sheet = DocumentSheet(desk, default_spec("production_order", today=lambda: TODAY))
    sheet.show_new(date=TODAY, kind="normal")
    row = {"item_id": 1, "item_code": "FG100", "quantity": Decimal(5), "planned": Decimal(5)}
    sheet.restore(SheetState({"date": TODAY, "kind": "normal"}, [row], [row], True, False, typed))
    assert sheet.state().typed_materials == typed
    sheet.allow_change()
    assert (sheet.change_draft().materials is not None) == typed
