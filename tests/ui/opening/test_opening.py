"""Choosing, making, restoring and closing a book: by keys, with reasons, never with a password in a file."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app import deeds as app_deeds
from app import opening, recent
from app.arguments import parse
from app.deeds import StartDeeds
from app.opened import OpenedBook
from app.paths import settings_file
from models.kernel.problems import Problem, Refused, refuse
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform import books, file_store
from services.platform.backup import backup, verify_backup
from services.platform.db import Database
from services.platform.held import hold
from services.platform.kept_backups import kept
from services.platform.messages import sentence
from services.platform.servers import Server
from tests.support.key_store import MemoryStore, store
from tests.support.postgres import Cluster
from ui.framework.ops import Ops
from ui.opening.closing import ClosingBackup, backup_text
from ui.opening.picker import BookPicker
from ui.opening.restoring import BackupDialog, RestoreDialog
from ui.opening.server_dialog import ServerDialog

CANARY = "s3cret-canary-鸟"
TODAY = dt.date(2026, 3, 10)
say: Callable[[Problem], str] = partial(sentence, lang="zh")
__all__ = ["store"]


@pytest.fixture
def file(book: Database) -> str:
    """The path of a book that nobody has open."""
    assert book.path is not None
    book.close()
    return str(book.path)


def press(widget: QWidget, code: Qt.Key) -> None:
    QTest.keyClick(widget, code)


def picker(ops: Ops, qtbot: QtBot) -> BookPicker:
    made = BookPicker(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_last_book_opens_with_enter_and_is_held(
    file: str, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    recent.note(file, "示范灯具厂")
    dialog = picker(ops, qtbot)
    assert dialog.list.item(0).text() == f"示范灯具厂\n{file}"
    press(dialog.list, Qt.Key.Key_Return)
    finish()
    assert dialog.result() == QDialog.DialogCode.Accepted
    opened = dialog.opened
    assert isinstance(opened, OpenedBook)
    with pytest.raises(Refused, match=r"place\.in_use"):
        hold(file, "李四")
    opened.close()
    hold(file, "李四").release()


def test_a_book_open_in_another_window_is_refused_in_the_dialog(
    file: str, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    recent.note(file)
    other = hold(file, "王五")
    dialog = picker(ops, qtbot)
    press(dialog.list, Qt.Key.Key_Return)
    finish()
    assert dialog.opened is None
    assert dialog.refusal.isVisible()
    assert "王五" in dialog.refusal.text()
    other.release()
    press(dialog.list, Qt.Key.Key_Return)
    finish()
    assert isinstance(dialog.opened, OpenedBook)
    dialog.opened.close()


def test_a_book_in_a_synchronised_folder_is_refused_with_the_way_out(
    file: str, tmp_path: Path, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    (tmp_path / "坚果云").mkdir()
    moved = tmp_path / "坚果云" / "a.db"
    shutil.copyfile(file, moved)
    dialog = picker(ops, qtbot)
    dialog.open_target(str(moved))
    finish()
    assert "坚果云" in dialog.refusal.text()
    assert "不同步的文件夹" in dialog.refusal.text()


def test_a_missing_book_says_so_and_delete_takes_it_off_the_list(
    tmp_path: Path, file: str, ops: Ops, qtbot: QtBot
) -> None:
    recent.note(file)
    recent.note(str(tmp_path / "weg.db"))
    dialog = picker(ops, qtbot)
    assert "文件不在了" in dialog.list.item(0).text()
    press(dialog.list, Qt.Key.Key_Delete)
    assert [book.shown for book in recent.recent_books()] == [file]
    assert dialog.list.count() == 1


def test_a_new_book_is_made_held_and_remembered(
    tmp_path: Path, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    dialog = picker(ops, qtbot)
    assert dialog.empty.isVisible()
    deed = partial(dialog.deeds.make_file, str(tmp_path / "新.db"))
    dialog.work("正在建立账套…", deed, dialog._done)
    finish()
    assert isinstance(dialog.opened, OpenedBook)
    assert dialog.opened.fresh
    dialog.opened.close()
    assert [book.shown for book in recent.recent_books()] == [str(tmp_path / "新.db")]


def test_the_trial_book_is_made_once_and_again_only_when_asked(
    file: str, ops: Ops, qtbot: QtBot, finish: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[Path] = []

    def fill(_self: StartDeeds, target: Path, tell: Callable[[int, int, str], None]) -> None:
        tell(1, 2, "2026-01-01")
        filled.append(target)
        shutil.copyfile(file, target)

    monkeypatch.setattr(StartDeeds, "_fill", fill)
    for reset, times in ((False, 1), (False, 1), (True, 2)):
        dialog = picker(ops, qtbot)
        dialog.ask_reset = lambda reset=reset: reset  # type: ignore[method-assign]
        dialog.buttons["trial"].click()
        finish()
        assert isinstance(dialog.opened, OpenedBook)
        assert Path(dialog.opened.shown).name == app_deeds.TRIAL
        dialog.opened.close()
        assert len(filled) == times
    assert not list(Path(dialog.opened.shown).parent.glob("*.new*"))


def test_a_trial_book_that_could_not_be_filled_leaves_the_old_one(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deeds = StartDeeds("张会计")
    trial = deeds._trial
    shutil.copyfile(file, trial)

    def fail(_self: StartDeeds, target: Path, _tell: object) -> None:
        target.write_bytes(b"half")
        raise refuse("database.busy")

    monkeypatch.setattr(StartDeeds, "_fill", fail)
    with pytest.raises(Refused):
        deeds.open_trial(lambda *_told: None, reset=True)
    assert trial.read_bytes() == Path(file).read_bytes()
    assert not list(trial.parent.glob("*.new*"))


def test_the_trial_book_can_be_stopped_halfway_and_leaves_nothing(
    ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    dialog = picker(ops, qtbot)
    dialog.buttons["trial"].click()
    qtbot.waitUntil(lambda: dialog.bar.maximum() > 0, timeout=20000)
    assert dialog.stop_button.isVisible()
    started = time.monotonic()
    press(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.busy, timeout=5000)
    assert time.monotonic() - started < 2
    assert dialog.isVisible()
    assert dialog.opened is None
    assert not dialog.refusal.isVisible()
    folder = StartDeeds("张会计")._trial.parent
    assert [one.name for one in folder.iterdir()] == []
    finish()


def test_the_server_form_refuses_an_open_line_before_it_connects(ops: Ops, qtbot: QtBot) -> None:
    dialog = ServerDialog(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.host.setText("192.168.1.5")
    dialog.database.setText("books")
    dialog.user.setText("li")
    dialog.tls.setCurrentIndex(dialog.tls.findData("disable"))
    dialog.connect_now()
    assert "不加密" in dialog.refusal.text()
    dialog.tls.setCurrentIndex(dialog.tls.findData("verify-full"))
    dialog.connect_now()
    assert "根证书" in dialog.refusal.text()
    dialog.system_roots.setChecked(True)
    assert dialog.server == Server("192.168.1.5", "books", "li", root_cert="system")


def test_a_server_is_remembered_without_its_password_which_lies_in_the_key_store(
    store: MemoryStore, file: str, ops: Ops, qtbot: QtBot, finish: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def open_book(target: str, **_more: object) -> Database:
        asked.append(str(target))
        return real(file)

    real = books.open_book
    monkeypatch.setattr(books, "open_book", open_book)
    dialog = ServerDialog(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.host.setText("db.lamp.cn")
    dialog.database.setText("books")
    dialog.user.setText("li")
    dialog.system_roots.setChecked(True)
    dialog.password.setText(CANARY)
    dialog.connect_now()
    finish()
    assert isinstance(dialog.opened, OpenedBook)
    assert len(asked) == 1
    assert "sslmode=verify-full" in asked[0]
    assert dialog.opened.shown == "postgresql://li@db.lamp.cn:5432/books"
    assert list(store.kept.values()) == [CANARY]
    assert CANARY not in settings_file().read_text(encoding="utf-8")
    assert dialog.password.text() == ""
    dialog.opened.close()
    again = picker(ops, qtbot)
    press(again.list, Qt.Key.Key_Return)
    finish()
    assert isinstance(again.opened, OpenedBook)
    assert asked[1] == asked[0]
    again.opened.close()


def test_a_backup_is_proved_shown_and_restored_beside_the_old_book(
    file: str, tmp_path: Path, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    db = books.open_book(file)
    dialog = BackupDialog(db, tmp_path / "备份.gfbak", ops, say)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.go.click()
    finish()
    assert dialog.made is not None
    assert "已验证" in dialog.result_label.text()
    db.close()
    restoring = RestoreDialog(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(restoring)
    restoring.show()
    assert not restoring.go.isEnabled()
    restoring.source.field.setText(str(tmp_path / "备份.gfbak"))
    restoring.target.field.setText(file)
    assert restoring.warning.isVisible()
    restoring.verify()
    finish()
    assert "已验证" in restoring.proof.text()
    restoring.go.click()
    finish()
    assert restoring.restored == Path(file)
    assert Path(f"{file}.before-restore").exists()


def test_a_damaged_backup_is_never_restored(
    file: str, tmp_path: Path, ops: Ops, qtbot: QtBot, finish: Callable[[], None]
) -> None:
    db = books.open_book(file)
    made = backup(db, tmp_path / "备份.gfbak")
    db.close()
    raw = bytearray(made.file.read_bytes())
    raw[len(raw) // 2] ^= 1
    made.file.write_bytes(bytes(raw))
    restoring = RestoreDialog(StartDeeds("张会计"), ops, say)
    qtbot.addWidget(restoring)
    restoring.show()
    restoring.source.field.setText(str(made.file))
    restoring.verify()
    finish()
    assert not restoring.go.isEnabled()
    assert "已损坏" in restoring.refusal.text()


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


def test_the_start_opens_what_was_named_else_the_last_book_else_asks(file: str, tmp_path: Path) -> None:
    assert opening.open_at_start(parse([])) is None
    named = opening.open_at_start(parse(["--database", file]))
    assert named is not None
    named.close()
    last = opening.open_at_start(parse([]))
    assert last is not None
    assert last.shown == file
    last.close()
    Path(file).unlink()
    assert opening.open_at_start(parse([])) is None


def test_a_book_on_a_real_server_is_made_opened_and_backed_up_on_closing(
    store: MemoryStore, postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres_cluster.database() as url:
        address = make_url(url)
        server = Server(str(address.query["host"]), str(address.database), str(address.username), tls="disable")
        deeds = StartDeeds("张会计")
        with pytest.raises(Refused, match=r"database\.not_a_book"):
            deeds.open_server(server, "")
        made, kept_password = deeds.open_server(server, "x", make=True)
        assert made.fresh
        assert kept_password
        made.close()
        again, _ = deeds.open_server(server, "x")
        assert again.hold is None
        assert [book.shown for book in recent.recent_books()] == [server.shown]
        folder = opening.backups_of(again.db)
        opening.close_with_backup(again, parse([]))
        (copy,) = kept(folder)
        assert verify_backup(copy.file).manifest.kind == "postgresql"
