"""Closing a book: backed up when it changed, with the files of its documents, and told when that fails."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import opening
from app.arguments import parse
from app.deeds import StartDeeds
from models.kernel.problems import Problem, refuse
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform import books, file_store
from services.platform.db import Database
from services.platform.held import hold
from services.platform.kept_backups import kept
from services.platform.messages import sentence
from ui.framework.ops import Ops
from ui.opening.closing import ClosingBackup, backup_text
from ui.opening.restoring import BackupDialog, RestoreDialog

TODAY = dt.date(2026, 3, 10)
say: Callable[[Problem], str] = partial(sentence, lang="zh")


@pytest.fixture
def file(book: Database) -> str:
    """The path of a book that nobody has open."""
    assert book.path is not None
    book.close()
    return str(book.path)


def test_closing_backs_up_what_changed_and_nothing_twice(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[ClosingBackup] = []
    real = ClosingBackup.exec
    monkeypatch.setattr(ClosingBackup, "exec", lambda self: (shown.append(self), real(self))[1])
    arguments = parse([])
    for times in (1, 1):
        book = StartDeeds("张会计").open_file(file)
        folder = opening.backups_of(book.db)
        opening.close_with_backup(book, arguments)
        assert len(shown) == len(kept(folder)) == times
    assert shown[0].made is not None
    hold(file, "李四").release()


def with_a_paper(file: str, folder: Path) -> Path:
    """Attaches a drawing to a document of the book; where its content lies."""
    db = books.open_book(file)
    masterdata.save_records(db, "li", "units", [{"code": "PCS", "name": "个"}])
    masterdata.save_records(db, "li", "customers", [{"code": "C001", "name": "光耀"}])
    masterdata.save_records(db, "li", "items", [{"code": "FG100", "name": "台灯", "unit": "PCS"}])
    item = masterdata.search(db, "items", "FG100")[0].id
    customer = masterdata.search(db, "customers", "C001")[0].id
    line = documents.LineDraft(item, Decimal(5), price=Decimal(3), due_date=TODAY)
    draft = documents.DocDraft("sales_order", TODAY, [line], partner_id=customer)
    ref, _ = documents.save_document(db, "li", draft)
    (folder / "图纸.pdf").write_bytes(b"drawing")
    papers.attach(db, "li", ref.id, [folder / "图纸.pdf"])
    db.close()
    (stored,) = file_store.contents(file_store.folder_beside(Path(file)))
    return stored


def test_files_that_are_lost_are_told_once_on_closing_and_the_book_is_backed_up(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = with_a_paper(file, tmp_path)
    shown: list[str] = []
    stored.unlink()
    stay = ClosingBackup._stay
    monkeypatch.setattr(
        ClosingBackup, "_stay", lambda self, text: (shown.append(text), stay(self, text), self.button.click())[0]
    )
    moment = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
    for times in (1, 2):
        book = StartDeeds("张会计").open_file(file)
        book.db.clock = lambda times=times: moment + dt.timedelta(days=times)  # type: ignore[misc]
        masterdata.save_records(book.db, "li", "units", [{"code": f"U{times}", "name": "箱"}])
        folder = opening.backups_of(book.db)
        opening.close_with_backup(book, parse([]))
        assert len(kept(folder)) == times
        assert len(shown) == 1
    assert "账套已备份" in shown[0]
    assert "图纸.pdf" in shown[0]


def test_closing_removes_files_that_no_document_has_named_for_a_week(file: str, tmp_path: Path) -> None:
    stored = with_a_paper(file, tmp_path)
    left = file_store.path_of(file_store.folder_beside(Path(file)), "ab" * 32)
    left.parent.mkdir()
    left.write_bytes(b"nobody's")
    old = time.time() - 8 * 86400
    for one in (left, stored):
        os.utime(one, (old, old))
    book = StartDeeds("张会计").open_file(file)
    opening.close_with_backup(book, parse([]))
    assert stored.exists()
    assert not left.exists()


def test_the_dialogs_say_how_many_files_a_backup_has_and_what_did_not_come_along(
    file: str, tmp_path: Path, ops: Ops, qtbot: QtBot, finish: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_paper(file, tmp_path)
    db = books.open_book(file)
    dialog = BackupDialog(db, tmp_path / "备份.gfbak", ops, say)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.go.click()
    finish()
    assert "含附件 1 个" in dialog.result_label.text()
    db.close()
    content = bytearray((tmp_path / "备份.gfbak").read_bytes())
    content[content.index(b"drawing")] ^= 1
    (tmp_path / "备份.gfbak").write_bytes(bytes(content))
    restoring = RestoreDialog(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(restoring)
    told: list[str] = []
    monkeypatch.setattr(restoring, "tell_lost", told.append)
    restoring.show()
    restoring.source.field.setText(str(tmp_path / "备份.gfbak"))
    restoring.target.field.setText(str(tmp_path / "另一个.db"))
    restoring.verify()
    finish()
    assert "图纸.pdf" in restoring.proof.text()
    restoring.go.click()
    finish()
    assert restoring.restored == tmp_path / "另一个.db"
    assert "图纸.pdf" in told[0]


def test_a_backup_that_fails_is_told_and_the_book_is_let_go(ops: Ops, qtbot: QtBot, finish: Callable[[], None]) -> None:
    def fail() -> object:
        raise refuse("backup.cannot_write", name="x", reason="disk full")

    dialog = ClosingBackup(fail, ops, say)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    finish()
    assert dialog.isVisible()
    assert "disk full" in dialog.label.text()
    dialog.button.click()
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("last", "text", "fine"),
    [
        (None, "还没有备份", False),
        (dt.datetime(2026, 3, 10, 9, 0), "备份 今日 09:00 ✓", True),
        (dt.datetime(2026, 3, 9, 18, 5), "备份 昨日 18:05 ✓", True),
        (dt.datetime(2026, 3, 1, 18, 5), "备份 9 天前 ⚠", False),
    ],
)
def test_the_status_bar_says_when_the_book_was_backed_up(last: dt.datetime | None, text: str, fine: bool) -> None:
    assert backup_text(last, TODAY) == (text, fine)
