"""From the start to a book that is open, and from the window's end to its backup."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from app.arguments import Arguments
from app.commands import user_of
from app.deeds import StartDeeds, is_new
from app.opened import OpenedBook
from app.paths import data_folder, standard_book
from app.recent import recent_books
from models.kernel.problems import Refused
from services.papers.api import sweep_files
from services.platform import audit
from services.platform.backup import Backup
from services.platform.db import Database
from services.platform.kept_backups import back_up, folder_of, kept
from services.platform.sealed import manifest_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.shell.frame import MainFrame


def backups_of(db: Database) -> Path:
    """Where the program keeps its own backups of a book."""
    return folder_of(data_folder() / "backups", db)


def open_at_start(arguments: Arguments) -> OpenedBook | None:
    """The book named on the command line, else the last one if it is a file that is still there; None: the clerk chooses."""
    deeds = StartDeeds(user_of(arguments))
    if arguments.database:
        return deeds.open_file(arguments.database)
    recent = recent_books()
    if recent and isinstance(recent[0].target, str) and not recent[0].missing:
        return deeds.open_file(recent[0].target)
    standard = standard_book()
    return deeds.open_file(standard) if not recent and Path(standard).exists() else None


def choose_book(arguments: Arguments, told: Refused | None = None) -> OpenedBook | None:
    """The picker; None when the clerk leaves. told: why the book of last time did not open."""
    from services.platform.messages import sentence
    from ui.framework.ops import Ops
    from ui.opening.picker import BookPicker

    ops = Ops()
    dialog = BookPicker(StartDeeds(user_of(arguments)), ops, partial(sentence, lang=arguments.lang))
    if told is not None:
        dialog.show_refusal(told.problems)
    dialog.exec()
    ops.close()
    opened = dialog.opened
    return opened if isinstance(opened, OpenedBook) else None


def begin(book: OpenedBook, arguments: Arguments) -> None:
    """The first-run wizard on a book in which nothing was entered yet."""
    if book.looking or not (book.fresh or is_new(book.db)):
        return
    from services.platform.clock import local_today
    from services.platform.messages import sentence
    from ui.framework.ops import Ops
    from ui.opening.first_run import FirstRunWizard

    ops = Ops()
    wizard = FirstRunWizard(book.db, user_of(arguments), ops, partial(sentence, lang=arguments.lang), local_today())
    wizard.exec()
    ops.close()


def close_with_backup(book: OpenedBook, arguments: Arguments) -> None:
    """A verified backup if anything changed since the last one, then the book is let go. The clerk need not wait for it.

    A backup that was looked at is only let go.
    """
    from services.platform.messages import sentence
    from ui.framework.ops import Ops
    from ui.opening.closing import ClosingBackup

    if not book.looking and not backed_up_elsewhere(book.db) and not has_current_backup(book.db):
        ops = Ops()
        dialog = ClosingBackup(partial(_back_up, book.db), ops, partial(sentence, lang=arguments.lang))
        dialog.exec()
        ops.close()
    book.close()


def backed_up_elsewhere(db: Database) -> bool:
    """Whether a clerk's own log-in on a server has the book open: it does not read everything, the factory account backs up."""
    try:
        return bool(db.login())
    except DBAPIError:
        return False


def has_current_backup(db: Database) -> bool:
    """Whether the newest backup has the head of the audit chain as it is now."""
    newest = kept(backups_of(db))[:1]
    if not newest:
        return False
    try:
        with db.read() as conn:
            return manifest_of(newest[0].file).audit_head == audit.head(conn)
    except (Refused, DBAPIError):
        # A server that is not there any more: the backup says so in words.
        return False


def attach(
    frame: MainFrame, book: OpenedBook, change_book: Callable[[], None], log_in: Callable[[], None] | None = None
) -> None:
    """What the frame offers of its book: another one, a backup now, the first day again, and the state of the backups.

    log_in: called when the book got its first user, who is to log in now.
    """
    from services.platform.access.rights import KEEP_BACKUPS
    from services.platform.clock import local_today
    from ui.framework.actions import Command
    from ui.framework.texts import tr
    from ui.opening.closing import backup_text
    from ui.opening.restoring import BackupDialog

    elsewhere = not book.looking and backed_up_elsewhere(book.db)

    def show_state() -> None:
        if elsewhere:
            frame.status.show_backup(tr("备份由工厂账号做"), fine=True)
            return
        newest = kept(backups_of(book.db))[:1]
        frame.status.show_backup(*backup_text(newest[0].made if newest else None, local_today()))

    def back_up_now() -> None:
        folder = backups_of(book.db)
        # Under a clerk's log-in the dialog says who backs up; nothing is left behind for that.
        folder = folder if not elsewhere else folder.parent
        folder.mkdir(parents=True, exist_ok=True)
        moment = book.db.clock().astimezone()
        dialog = BackupDialog(
            book.db, folder / f"{moment:%Y%m%d-%H%M%S}.gfbak", frame.desk.ops, frame.desk.sentence, frame
        )
        dialog.finished.connect(show_state)
        dialog.open()

    frame.desk.actions.register(Command(tr("换账套…"), change_book, tr("账套"), "", "box"))
    if book.looking:
        frame.status.show_backup(tr("只读：{made} 的备份", made=book.looked_at.replace("T", " ")[:16]), fine=False)
        return
    if frame.desk.session.allowed(KEEP_BACKUPS):
        frame.desk.actions.register(Command(tr("立即备份…"), back_up_now, tr("账套"), "", "save"))
    if log_in is not None:
        frame.desk.tools["log_in"] = log_in
    _offer_first_day(frame, log_in)
    show_state()


def _offer_first_day(frame: MainFrame, log_in: Callable[[], None] | None) -> None:
    """The first-run wizard on the present book, for who may change what its pages hold."""
    from PySide6.QtCore import Qt

    from ui.framework.actions import Command
    from ui.framework.texts import tr
    from ui.opening.again import FirstDayAgain
    from ui.opening.present import needed_rights

    session = frame.desk.session
    if not all(session.allowed(right) for right in needed_rights()):
        return

    def rename(company: str) -> None:
        session.company = company
        frame.show_session()

    again = FirstDayAgain(frame.desk, frame.add_badge, frame)
    frame.badges.insertWidget(0, again.badge)
    frame.look.changed.connect(again.paint)
    again.named.connect(rename)
    if log_in is not None:
        # The window closes for it: not from within the wizard that is just closing.
        again.administrator_made.connect(log_in, Qt.ConnectionType.QueuedConnection)
    frame.desk.actions.register(Command(tr("第一天设置…"), again.open, tr("账套"), "", "settings"))


def _back_up(db: Database) -> Backup:
    """The backup of a closing. Attached files that were lost at the last one too have been told; old orphans are removed."""
    folder = backups_of(db)
    before = kept(folder)[:1]
    made = back_up(db, folder)
    sweep_files(db)
    try:
        told = manifest_of(before[0].file).lost if before else 0
    except Refused:
        told = 0
    return replace(made, problems=()) if made.manifest.lost <= told else made
