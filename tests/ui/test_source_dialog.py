"""选源单: an empty list says why, a list that was cut says so, a gun finds the line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QWidget

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft, LineDraft
from services.masterdata import api as masterdata
from services.platform.db import Database
from tests.ui.conftest import TODAY
from tests.ui.test_grid_scanning import Gun
from ui.documents import source_dialog
from ui.documents.source_dialog import SourceDialog
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


@pytest.fixture
def orders(book: Database) -> list[DocRef]:
    """Three approved orders of one line each from one supplier."""
    item = masterdata.search(book, "items", "RM403")[0].id
    supplier = masterdata.search(book, "suppliers", "S001")[0].id
    made = []
    for count in (10, 20, 30):
        line = LineDraft(item, Decimal(count), price=Decimal("0.1"), due_date=TODAY + timedelta(days=7))
        made.append(
            api.save_document(book, "tester", DocDraft("purchase_order", TODAY, [line], partner_id=supplier))[0]
        )
    api.approve(book, "tester", [ref.id for ref in made])
    return made


def opened(frame: MainFrame, show: Callable[[QWidget], None], wait: Wait, partner: int | None = None) -> SourceDialog:
    dialog = SourceDialog(frame.desk, "purchase_receipt", partner, frame)
    show(dialog)
    wait()
    return dialog


def test_an_empty_list_says_why_and_takes_nothing(
    book_frame: MainFrame, show: Callable[[QWidget], None], wait: Wait
) -> None:
    dialog = opened(book_frame, show, wait)
    assert "要先审核" in dialog.grid.empty_label.text()
    assert not dialog.take.isEnabled()
    dialog.search_field.setText("RM999")
    dialog._timer.timeout.emit()
    wait()
    assert "RM999" in dialog.grid.empty_label.text()
    assert "清空单头的往来单位" in opened(book_frame, show, wait, partner=7).grid.empty_label.text()


@pytest.mark.usefixtures("orders")
def test_a_list_that_was_cut_says_so(
    book_frame: MainFrame, show: Callable[[QWidget], None], wait: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = opened(book_frame, show, wait)
    assert whole.grid.model.rowCount() == 3
    assert whole.take.isEnabled()
    assert "空格勾选" in whole.note.text()
    monkeypatch.setattr(source_dialog, "LIMIT", 2)
    cut = opened(book_frame, show, wait)
    assert cut.grid.model.rowCount() == 2
    assert "先列出 2 行" in cut.note.text()


def test_a_scanned_order_number_goes_to_its_line(
    book_frame: MainFrame, show: Callable[[QWidget], None], wait: Wait, orders: list[DocRef]
) -> None:
    dialog = opened(book_frame, show, wait)
    dialog.grid.view.setFocus()
    Gun().scan(orders[1].number)
    wait()
    found = dialog.grid.current()
    assert found is not None
    assert found.ref == orders[1]
    assert dialog.isVisible()
