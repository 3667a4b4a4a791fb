"""A backup that is only looked at: read, never changed, marked in the status bar, and nothing of it stays; restore to a server."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app.arguments import parse
from app.deeds import StartDeeds
from app.looking import FOLDER, look_into
from app.paths import data_folder
from app.window import run_window
from models.kernel.problems import Problem, Refused
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform import books, postgres_dump
from services.platform.backup import backup, restore
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.users.api import make_first_administrator, sign_in
from tests.support.key_store import store
from tests.support.postgres import Cluster
from tests.support.refusing import codes, refused
from tests.ui.opening.test_session import Script
from ui.access.login import LoginDialog
from ui.framework.ops import Ops
from ui.opening.picker import BookPicker
from ui.opening.restoring import RestoreDialog, RestoreServerDialog
from ui.shell.frame import MainFrame

PASSWORD = "shuangchuan-2026"
TODAY = dt.date(2026, 3, 10)
say: Callable[[Problem], str] = partial(sentence, lang="zh")
__all__ = ["store"]


@pytest.fixture
def copy(book: Database, tmp_path: Path) -> Path:
    """A backup of a book with an order that has a drawing."""
    customer = masterdata.search(book, "customers", "C001")[0].id
    item = masterdata.search(book, "items", "FG100")[0].id
    line = documents.LineDraft(item, Decimal(5), price=Decimal(3), due_date=TODAY)
    ref, _ = documents.save_document(book, "li", documents.DocDraft("sales_order", TODAY, [line], partner_id=customer))
    (tmp_path / "图纸.pdf").write_bytes(b"drawing")
    papers.attach(book, "li", ref.id, [tmp_path / "图纸.pdf"])
    return backup(book, tmp_path / "备份.gfbak").file


def left() -> list[Path]:
    return list((data_folder() / FOLDER).iterdir())


def test_everything_is_read_and_nothing_is_changed(copy: Path, tmp_path: Path) -> None:
    looked = look_into(copy, "张会计")
    db = looked.seen(looked.db)
    assert looked.looking
    (row,) = documents.list_documents(db, "sales_order").rows
    (paper,) = papers.list_attachments(db, row.ref.id)
    assert papers.save_attachment_as(db, paper.id, tmp_path / "out.pdf").read_bytes() == b"drawing"
    for deed in (
        lambda: documents.approve(db, "li", [row.ref.id]),
        lambda: documents.delete(db, "li", [row.ref.id]),
        lambda: masterdata.save_records(db.acting_as(None), "li", "units", [{"code": "X", "name": "X"}]),
        lambda: papers.attach(db, "li", row.ref.id, [tmp_path / "图纸.pdf"]),
    ):
        assert codes(refused(deed)) == {"database.read_only"}
    looked.close()
    assert left() == []


def test_a_copy_that_a_dead_program_left_is_removed_and_an_open_one_stays(copy: Path) -> None:
    first = look_into(copy, "张会计")
    dead = data_folder() / FOLDER / "dead"
    shutil.copytree(left()[0], dead)
    second = look_into(copy, "张会计")
    assert not dead.exists()
    assert len(left()) == 2
    second.close()
    first.close()
    assert left() == []


def test_what_is_no_backup_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.gfbak").write_bytes(b"PK")
    with pytest.raises(Refused, match=r"backup\.not_a_backup"):
        look_into(tmp_path / "x.gfbak", "张会计")
    assert left() == []


def test_from_the_picker_to_the_window_with_its_mark(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    titles: list[str] = []

    def pick(picker: object) -> None:
        assert isinstance(picker, BookPicker)
        # The dialog's own loop must not run within the timer that does the steps.
        QTimer.singleShot(0, picker.buttons["restore"].click)

    def choose(dialog: object) -> None:
        assert isinstance(dialog, RestoreDialog)
        assert not dialog.look.isEnabled()
        dialog.source.field.setText(str(copy))
        dialog.verify()

    def look(dialog: object) -> None:
        assert isinstance(dialog, RestoreDialog)
        dialog.look.click()

    def read(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        seen.append(frame.status.backup.text())
        seen.append(frame.status.database.text())
        titles.extend(one.title for one in frame.desk.actions.commands())
        frame.close()

    script = Script((BookPicker, pick), (RestoreDialog, choose), (RestoreDialog, look), (MainFrame, read))
    assert run_window(parse([])) == 0
    assert not script.left
    assert seen[0].startswith("只读：2026-")
    assert "备份" in seen[1]
    assert "换账套…" in titles
    assert "立即备份…" not in titles
    assert left() == []
    assert list((data_folder() / "backups").glob("*/*")) == []


def test_whoever_looks_at_a_book_with_users_logs_in(book: Database, tmp_path: Path) -> None:
    make_first_administrator(book, "admin", "管理员", PASSWORD)
    copy = backup(book, tmp_path / "备份.gfbak").file
    seen: list[str] = []

    def pick(picker: object) -> None:
        assert isinstance(picker, BookPicker)
        picker._done(StartDeeds("张会计").look_into(copy))

    def log_in(dialog: object) -> None:
        assert isinstance(dialog, LoginDialog)
        dialog._entered(sign_in(dialog._db, "admin", PASSWORD))

    def read(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        seen.append(frame.status.backup.text())
        db = frame.desk.session.db
        seen.append(next(iter(codes(refused(masterdata.save_records, db, "admin", "units", [{"code": "X"}])))))
        frame.close()

    script = Script((BookPicker, pick), (LoginDialog, log_in), (MainFrame, read))
    assert run_window(parse([])) == 0
    assert not script.left
    assert seen[0].startswith("只读")
    assert seen[1] == "database.read_only"


@pytest.mark.usefixtures("store")
def test_a_backup_of_a_server_goes_to_a_server_from_the_window(
    postgres_cluster: Cluster,
    tmp_path: Path,
    qtbot: QtBot,
    finish: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    ops: Ops,
) -> None:
    with postgres_cluster.database() as url:
        db = books.create(url)
        masterdata.save_records(db, "li", "units", [{"code": "PCS", "name": "个"}])
        made = backup(db, tmp_path / "备份.gfbak")
        db.close()
        address = make_url(url)
        target = address.set(database=f"{address.database}_window")
        dialog = RestoreDialog(StartDeeds("张会计"), ops, say)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.source.field.setText(str(made.file))
        dialog.verify()
        finish()
        assert dialog.of_server
        assert not dialog.look.isEnabled()
        assert not dialog.target.isVisible()
        assert dialog.go.text() == "恢复到服务器…"

        def fill(asked: RestoreServerDialog) -> None:
            qtbot.addWidget(asked)
            asked.show()
            asked.host.setText(str(address.query["host"]))
            asked.database.setText(str(target.database))
            asked.user.setText(str(address.username))
            asked.tls.setCurrentIndex(asked.tls.findData("disable"))
            asked.connect_now()
            finish()

        monkeypatch.setattr(RestoreServerDialog, "exec", fill)
        try:
            dialog.go.click()
            assert dialog.opened is not None
            assert [row.values["code"] for row in masterdata.list_records(dialog.opened.db, "units").rows] == ["PCS"]
            dialog.opened.db.close()
        finally:
            with postgres_dump._administration(target) as admin:
                admin.execute(f'drop database if exists "{target.database}" with (force)'.encode())


def test_an_account_that_may_not_make_databases_is_told_so(postgres_cluster: Cluster, tmp_path: Path) -> None:
    with postgres_cluster.database() as url, postgres_cluster.connect() as admin:
        db = books.create(url)
        made = backup(db, tmp_path / "备份.gfbak")
        db.close()
        admin.execute("create role poor login")
        try:
            target = make_url(url).set(username="poor").render_as_string(hide_password=False)
            assert codes(refused(restore, made.file, target)) == {"backup.no_createdb"}
        finally:
            admin.execute("drop role poor")
