"""What is typed survives a crash; attached files and templates through the document window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import app.wiring  # noqa: F401 registers the document types
from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform.api import DraftStore, draft_owner
from services.platform.books import create
from services.platform.db import Database
from tests.ui.conftest import TODAY
from ui.documents.document_page import DocumentPage
from ui.documents.kept import frozen_row, thawed_row
from ui.documents.recovery import RecoveryDialog, offer_recovery
from ui.documents.template_dialog import TemplateDialog
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

Wait = Callable[[], None]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Database]:
    """A customer and two items."""
    db = create(tmp_path / "账套.db")
    rows: dict[str, list[dict[str, object]]] = {
        "units": [{"code": "PCS", "name": "个"}],
        "customers": [{"code": "C001", "name": "佛山光耀照明"}],
        "items": [{"code": "FG100", "name": "台灯", "unit": "PCS"}, {"code": "RM403", "name": "螺丝", "unit": "PCS"}],
    }
    for kind, records in rows.items():
        masterdata.save_records(db, "tester", kind, records)
    yield db
    db.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DraftStore]:
    """The store of the running program."""
    made = DraftStore(tmp_path / "drafts")
    yield made
    made.close()


@pytest.fixture
def frame(
    qapp: QApplication, book: Database, store: DraftStore, show: Callable[[QWidget], None]
) -> Iterator[MainFrame]:
    """The main window on that book, keeping drafts."""
    apply_theme(qapp)
    desk = open_desk(book, user="tester", settings=MemorySettings(), today=lambda: TODAY, drafts=store)
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


def typed(frame: MainFrame, wait: Wait) -> DocumentPage:
    """A sales order of one line, typed and not saved."""
    page = frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(page, DocumentPage)
    wait()
    db = frame.desk.session.db
    customer, item = masterdata.search(db, "customers", "C001")[0], masterdata.search(db, "items", "FG100")[0]
    page.form.put(partner_code="C001", partner_name=customer.name, partner_id=customer.id)
    cells = {"item_id": item.id, "item_code": "FG100", "item_name": "台灯", "unit": "PCS"}
    page.lines.model.change(
        0, {**cells, "quantity": Decimal("12.5"), "price": Decimal(3), "due_date": date(2026, 3, 25)}
    )
    page.keeper.keep()
    wait()
    return page


def crashed(frame: MainFrame, store: DraftStore, tmp_path: Path) -> DraftStore:
    """The program died: another one starts over the same folder."""
    store.close()
    after = DraftStore(tmp_path / "drafts")
    frame.desk.session.drafts = after
    return after


def saved(frame: MainFrame, wait: Wait) -> DocumentPage:
    """A stored sales order in its window."""
    page = typed(frame, wait)
    page.lines.model.change(0, {"quantity": Decimal(12)})
    page.save()
    wait()
    assert page.ref.id
    return page


def test_a_draft_is_offered_after_a_crash_and_goes_on_where_it_was(
    frame: MainFrame, store: DraftStore, tmp_path: Path, wait: Wait
) -> None:
    page = typed(frame, wait)
    page.keeper.take_over("")
    frame.tabs.close_front()
    after = crashed(frame, store, tmp_path)
    dialog = offer_recovery(frame.desk, frame)
    assert isinstance(dialog, RecoveryDialog)
    assert "1" in dialog.windowTitle()
    dialog.restore()
    wait()
    back = frame.tabs.front()
    assert isinstance(back, DocumentPage)
    (row,) = back.lines.rows()
    assert (row["item_code"], row["quantity"], row["due_date"]) == ("FG100", Decimal("12.5"), date(2026, 3, 25))
    assert back.form.value("partner_code") == "C001"
    assert back.dirty
    back.lines.model.change(0, {"quantity": Decimal(12)})
    back.save()
    wait()
    assert api.list_documents(frame.desk.session.db, "sales_order").total == 1
    after.close()
    third = DraftStore(tmp_path / "drafts")
    assert third.left_over(draft_owner(frame.desk.session.db, "tester")) == []
    third.close()


def test_nothing_is_offered_of_what_was_saved_or_closed(
    frame: MainFrame, store: DraftStore, tmp_path: Path, wait: Wait
) -> None:
    page = saved(frame, wait)
    page.lines.model.change(0, {"quantity": Decimal(13)})
    page.keeper.keep()
    wait()
    frame.tabs.close_front()
    after = crashed(frame, store, tmp_path)
    assert offer_recovery(frame.desk, frame) is None
    after.close()


def test_a_change_of_a_stored_document_is_recovered_onto_it(
    frame: MainFrame, store: DraftStore, tmp_path: Path, wait: Wait
) -> None:
    page = saved(frame, wait)
    page.lines.model.change(0, {"quantity": Decimal(13)})
    page.keeper.keep()
    wait()
    page.keeper.take_over("")
    frame.tabs.close_front()
    after = crashed(frame, store, tmp_path)
    dialog = offer_recovery(frame.desk, frame)
    assert dialog is not None
    dialog.restore()
    wait()
    back = frame.tabs.front()
    assert isinstance(back, DocumentPage)
    assert (back.ref, back.dirty) == (page.ref, True)
    back.save()
    wait()
    (row,) = api.list_documents(frame.desk.session.db, "sales_order").rows
    assert row.quantity == 13
    after.close()


def test_twenty_changes_are_kept_without_waiting(frame: MainFrame, store: DraftStore, wait: Wait) -> None:
    page = typed(frame, wait)
    page.keeper.forget()
    for number in range(20):
        page.lines.model.change(0, {"quantity": Decimal(number + 1)})
    assert page.keeper.key


def test_another_running_program_is_not_asked_about_ours(frame: MainFrame, tmp_path: Path, wait: Wait) -> None:
    typed(frame, wait)
    other = DraftStore(tmp_path / "drafts")
    assert other.left_over(draft_owner(frame.desk.session.db, "tester")) == []
    other.close()


def test_every_value_of_a_line_survives_being_kept() -> None:
    row = {
        "a": Decimal("0.10"),
        "b": date(2026, 3, 1),
        "c": DocRef("t", 1, "N"),
        "d": None,
        "e": "x",
        "f": True,
        "g": 3,
    }
    assert thawed_row(frozen_row(row)) == row


def test_a_file_dropped_on_a_stored_document_is_attached(frame: MainFrame, tmp_path: Path, wait: Wait) -> None:
    page = saved(frame, wait)
    file = tmp_path / "合同.pdf"
    file.write_bytes(b"%PDF-1.4 x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    none = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    assert page.side.drops.eventFilter(page, event)  # Qt hands drops only to the target of a drag under way
    wait()
    page.trigger("attach")
    wait()
    assert [row.name for row in page.side.attachments.grid.model.records()] == ["合同.pdf"]
    shown: list[Path] = []
    page.side.attachments.show_file = shown.append  # type: ignore[method-assign]
    page.side.attachments.open_current()
    wait()
    assert shown[0].read_bytes() == b"%PDF-1.4 x"
    page.side.attachments.ask = lambda question: True  # type: ignore[method-assign]
    page.side.attachments.remove_current()
    wait()
    assert papers.list_attachments(frame.desk.session.db, page.ref.id) == []


def test_a_program_is_not_attached_and_the_window_says_why(frame: MainFrame, tmp_path: Path, wait: Wait) -> None:
    page = saved(frame, wait)
    (tmp_path / "setup.exe").write_bytes(b"MZ")
    page.side.attachments.attach([tmp_path / "setup.exe"])
    wait()
    assert [problem.code for problem in page.refusals.problems] == ["attachment.kind"]


def test_without_templates_there_is_nothing_to_make_and_it_is_said_how_to_keep_one(
    frame: MainFrame, wait: Wait
) -> None:
    page = saved(frame, wait)
    page.trigger("template")
    wait()
    dialog = page.findChild(TemplateDialog)
    assert dialog is not None
    assert not dialog.make_button.isEnabled()
    assert "存为常用单据" in dialog.grid.empty_label.text()
    dialog.reject()


def test_a_template_makes_a_new_document_of_today(frame: MainFrame, wait: Wait, book: Database) -> None:
    page = saved(frame, wait)
    papers.save_template(book, "tester", "每月台灯", page.sheet.draft(client_key=None))
    page.trigger("template")
    wait()
    dialog = page.findChild(TemplateDialog)
    assert dialog is not None
    assert dialog.make_button.isEnabled()
    dialog.accept()
    wait()
    made = frame.tabs.front()
    assert isinstance(made, DocumentPage)
    assert made.ref.id == 0
    (row,) = made.lines.rows()
    assert (row["item_code"], row["quantity"], row["price"]) == ("FG100", Decimal(12), Decimal(3))
    assert row["due_date"] == date(2026, 3, 25)
    assert made.form.value("partner_code") == "C001"
