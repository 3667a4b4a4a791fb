"""The window on a server: of the owner, who keeps the log-ins in step, and of clerks under log-ins of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from app import opening, window
from app.arguments import parse
from app.opened import OpenedBook
from models.kernel.refs import DocRef
from services.documents import api as documents
from services.platform import api, books
from services.platform.access.holding import Access, held_by
from services.platform.db import Database
from services.platform.kept_backups import kept
from tests.support.ledgers import broken
from tests.support.served import Served, served
from tests.support.shops import NOW
from ui.access.log_ins import PasswordsDialog
from ui.access.users_page import UsersPage
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.framework.grid.layout import MemorySettings
from ui.opening.closing import ClosingBackup
from ui.opening.restoring import BackupDialog
from ui.shell.frame import MainFrame
from ui.shell.theme import apply_theme

__all__ = ["served"]

NEW = "新来的"
Opens = Callable[[str, Access], MainFrame]


@pytest.fixture
def opens(qapp: QApplication, served: Served, show: Callable[[QWidget], None]) -> Iterator[Opens]:
    """The window as the program makes it, on a connection of its own; what failed in it fails the test."""
    apply_theme(qapp)
    made: list[tuple[MainFrame, Database]] = []
    failed: list[str] = []

    def opened(url: str, access: Access) -> MainFrame:
        db = books.open_book(url, clock=lambda: NOW)
        book = OpenedBook(db, url, None)
        frame = window._frame_for(book, access, MemorySettings(), parse(["--database", url]), [])  # type: ignore[arg-type]
        window._offer_books(frame, book, [])
        frame.desk.ops.failed.connect(lambda title, sentence: failed.append(f"{access.name} {title}: {sentence}"))
        frame.tabs.ask = lambda page: True
        frame.resize(1366, 768)
        show(frame)
        made.append((frame, db))
        return frame

    yield opened
    for frame, db in made:
        frame.desk.ops.close()
        frame.deleteLater()
        db.close()
    assert failed == []


def settle(qtbot: QtBot, frame: MainFrame) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=15_000)
        qtbot.wait(20)


@pytest.mark.parametrize("role", ["sales", "viewer"])
def test_every_page_opens_under_a_clerks_log_in(served: Served, opens: Opens, qtbot: QtBot, role: str) -> None:
    access = served.people[role]
    frame = opens(served.url_of(role), access)
    for spec in frame.desk.navigator.pages():
        if spec.right and not access.allows(spec.right):
            continue
        page = frame.desk.navigator.open(spec.key)
        assert page is not None
        qtbot.waitUntil(lambda page=page: frame.desk.ops.idle and not page.stale, timeout=15_000)  # type: ignore[misc]
        assert page.refusals.texts() == [], spec.key
        if isinstance(page, DocumentListPage):
            assert page.grid.model.rowCount(), spec.key
        frame.tabs.close_front()


def test_a_clerk_saves_approves_and_shares_under_her_log_in(served: Served, opens: Opens, qtbot: QtBot) -> None:
    with served.owner.write("root") as tx, tx.implied():
        (order,) = served.factory.save(tx, served.factory.sale("3"))
    frame = opens(served.url_of("sales"), served.people["sales"])
    page = frame.desk.navigator.open(order)
    settle(qtbot, frame)
    assert isinstance(page, DocumentPage)
    page.lines.model.change(0, {"note": "急"})
    page.save()
    settle(qtbot, frame)
    page.trigger("approve")
    settle(qtbot, frame)
    assert page.refusals.texts() == []
    assert documents.get_document(served.owner, order.id).status == "C"
    listed = frame.desk.navigator.open("sales_order/list")
    assert isinstance(listed, DocumentListPage)
    settle(qtbot, frame)
    listed.search_field.setText(order.number)
    listed.schemes.save_as("急单")
    settle(qtbot, frame)
    listed.schemes.set.share(listed.schemes.set.views[0], shared=True)
    settle(qtbot, frame)
    # Another PC, another clerk: the scheme is there when the menu opens.
    other = opens(served.url_of("viewer"), served.people["viewer"])
    theirs = other.desk.navigator.open("sales_order/list")
    assert isinstance(theirs, DocumentListPage)
    theirs.schemes.menu().aboutToShow.emit()
    settle(qtbot, other)
    assert theirs.schemes.names == ["急单"]
    theirs.schemes.choose("急单")
    theirs.schemes.set.open_with(theirs.schemes.set.current)
    settle(qtbot, other)
    assert theirs.refusals.texts() == []
    assert [row.ref.id for row in theirs.grid.model.records()] == [order.id]
    assert broken(served.owner) == []


def test_who_logs_in_is_the_one_the_server_knows(served: Served, opens: Opens, qtbot: QtBot) -> None:
    frame = opens(served.url_of("warehouse"), served.people["warehouse"])
    settle(qtbot, frame)
    assert frame.desk.navigator.open("users") is None
    new = frame.desk.navigator.open(DocRef("material_issue", 0, ""))
    assert isinstance(new, DocumentPage)
    settle(qtbot, frame)
    assert "price" not in {column.key for column in new.lines.model.columns}
    assert new.refusals.texts() == []


@pytest.fixture
def admin(served: Served) -> Iterator[Access]:
    with served.owner.read() as conn:
        access = held_by(conn, served.login("admin"))
    yield access
    with served.cluster.connect(make_url(served.url).database or "") as raw:
        if raw.execute("select 1 from pg_roles where rolname = %s", (NEW,)).fetchone():
            raw.execute(f'drop owned by "{NEW}"; drop role "{NEW}"')


def test_the_owner_keeps_log_ins_in_step_by_keys(
    served: Served, opens: Opens, admin: Access, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = opens(served.url, admin)
    page = frame.desk.navigator.open("users")
    assert isinstance(page, UsersPage)
    settle(qtbot, frame)
    assert page.hint.isHidden()
    db = frame.desk.session.db
    api.save_user(db, "", api.UserDraft(NEW, "新来的人", ("sales",)), password="ein langes Wort 7")
    page.request_refresh()
    settle(qtbot, frame)
    assert page.hint.isVisible()
    assert "1 个用户还没有数据库登录" in page.hint.text()
    shown = {row["login"]: row["log_in"] for row in page.grid.model.records()}
    assert shown[NEW] == "none"
    assert set(shown.values()) == {"none", "yes"}
    page.grid.setFocus()
    QTest.keyClick(
        page.grid.view, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    settle(qtbot, frame)
    assert page.refusals.texts() == []
    qtbot.waitUntil(lambda: bool(frame.findChildren(PasswordsDialog)), timeout=15_000)
    dialog = frame.findChildren(PasswordsDialog)[0]
    (row,) = dialog.grid.model.records()
    assert (row.login, row.name) == (NEW, "新来的人")
    asked: list[str] = []

    def refuse(question: str) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(dialog, "confirm", refuse)
    dialog.reject()
    assert dialog.isVisible()
    assert len(asked) == 1
    dialog.copy_all()
    assert QApplication.clipboard().text() == f"{NEW}\t新来的人\t{row.password}"
    dialog.reject()
    settle(qtbot, frame)
    assert page.hint.isHidden()
    page.grid.view.select_cell(page.grid.model.row_of(next(u.id for u in page._users.values() if u.login == NEW)))
    page.trigger("renew")
    qtbot.waitUntil(lambda: bool(frame.findChildren(PasswordsDialog)), timeout=15_000)
    again = frame.findChildren(PasswordsDialog)[0]
    assert next(iter(again.grid.model.records())).password != row.password
    again.copy_all()
    again.reject()


def test_an_administrator_under_her_own_log_in_is_told_where_it_is_done(
    served: Served, opens: Opens, qtbot: QtBot, admin: Access
) -> None:
    api.save_user(
        served.owner.acting_as(admin), "", api.UserDraft("另一个", "另一个", ("sales",)), password="ein langes Wort 7"
    )
    frame = opens(served.url_of("admin"), served.people["admin"])
    page = frame.desk.navigator.open("users")
    assert isinstance(page, UsersPage)
    settle(qtbot, frame)
    assert "账套所有者" in page.hint.text()
    assert not page.qaction("log_ins").isEnabled()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def closings(monkeypatch: pytest.MonkeyPatch) -> list[ClosingBackup]:
    """The closing windows that were shown."""
    shown: list[ClosingBackup] = []

    def show(dialog: ClosingBackup) -> None:
        shown.append(dialog)

    monkeypatch.setattr(ClosingBackup, "exec", show)
    return shown


def backup_dialog(frame: MainFrame) -> BackupDialog:
    """立即备份… chosen and its button pressed."""
    next(one for one in frame.desk.actions.commands() if one.title == "立即备份…").run()
    dialog = frame.findChildren(BackupDialog)[0]
    dialog.go.click()
    return dialog


def test_a_clerks_log_in_is_told_who_backs_up(
    served: Served, opens: Opens, qtbot: QtBot, home: Path, closings: list[ClosingBackup]
) -> None:
    frame = opens(served.url_of("admin"), served.people["admin"])
    settle(qtbot, frame)
    assert frame.status.backup.text() == "备份由工厂账号做"
    dialog = backup_dialog(frame)
    settle(qtbot, frame)
    assert dialog.made is None
    said = dialog.refusal.text()
    assert said.startswith(f"以 {served.login('admin')} 的登录名读不到全部数据，没有备份。")
    assert all(part in said for part in (make_url(served.url).database or "?", "工厂账号", "换账套…", "立即备份…"))
    assert "pg_dump" not in said
    dialog.reject()
    assert [file for file in home.rglob("*") if file.suffix == ".gfbak" or file.name.startswith(".gongfang")] == []
    # Nor does the window begin one when it closes.
    opening.close_with_backup(OpenedBook(frame.desk.session.db, served.url, None), parse([]))
    assert closings == []
    clerk = opens(served.url_of("sales"), served.people["sales"])
    assert "立即备份…" not in {one.title for one in clerk.desk.actions.commands()}


def test_the_factory_account_backs_up_what_clerks_wrote(
    served: Served, opens: Opens, admin: Access, qtbot: QtBot, home: Path, closings: list[ClosingBackup]
) -> None:
    frame = opens(served.url, admin)
    assert frame.status.backup.text() == "还没有备份"
    dialog = backup_dialog(frame)
    settle(qtbot, frame)
    assert dialog.refusal.text() == ""
    assert dialog.made is not None
    dialog.reject()
    assert [one.file for one in kept(opening.backups_of(frame.desk.session.db))] == [dialog.made.file]
    with served.book("sales") as db:
        documents.save_document(db, served.login("sales"), served.samples["sales_order"].draft)
    opening.close_with_backup(OpenedBook(frame.desk.session.db, served.url, None), parse([]))
    assert len(closings) == 1
