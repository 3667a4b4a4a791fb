"""Choosing, making, restoring and closing a book: by keys, with reasons, never with a password in a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
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
from services.platform import books
from services.platform.backup import backup, verify_backup
from services.platform.db import Database
from services.platform.held import hold
from services.platform.kept_backups import kept
from services.platform.messages import sentence
from services.platform.servers import Server
from tests.support.key_store import MemoryStore, store
from tests.support.postgres import Cluster
from ui.framework.ops import Ops
from ui.opening.picker import BookPicker
from ui.opening.restoring import BackupDialog, RestoreDialog
from ui.opening.server_dialog import ServerDialog

CANARY = "s3cret-canary-鸟"
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
    press(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.busy, timeout=5000)
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
