"""Opens the window on a book."""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.arguments import Arguments
from app.commands import user_of
from app.paths import data_folder
from models.kernel.problems import Refused
from services.platform.access.holding import Access
from services.platform.db import Database
from services.platform.users.api import sign_out

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.opened import OpenedBook
    from services.platform.api import DraftStore
    from ui.framework.desk import Desk
    from ui.framework.grid.layout import SettingsStore
    from ui.shell.frame import MainFrame
    from ui.shell.start import StoredSettings


def run_window(arguments: Arguments) -> int:
    """Shows the window on one book after the other until the clerk leaves; without a book to open she chooses one."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from ui.framework.collector import cycles_freed_here
    from ui.shell.start import StoredSettings, prepare

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Gongfang")
    stored = StoredSettings(QSettings(str(data_folder() / "window.ini"), QSettings.Format.IniFormat))
    prepare(app, stored, arguments.lang)
    with cycles_freed_here():
        return _books_in_turn(app, arguments, stored)


def _books_in_turn(app: QApplication, arguments: Arguments, stored: StoredSettings) -> int:
    from app.opening import begin, choose_book, close_with_backup

    status = 0
    book = _first_book(arguments)
    while book is not None:
        begin(book, arguments)
        wanted: list[str] = []
        status = _work(app, book, arguments, stored, wanted)
        close_with_backup(book, arguments)
        book = choose_book(arguments) if wanted else None
    return status


def _first_book(arguments: Arguments) -> OpenedBook | None:
    """The book of the command line or of last time; the picker when there is none, or when it does not open."""
    from app.opening import choose_book, open_at_start

    try:
        book = open_at_start(arguments)
    except Refused as refused:
        return choose_book(arguments, refused)
    return book if book is not None else choose_book(arguments)


def _work(app: QApplication, book: OpenedBook, arguments: Arguments, stored: StoredSettings, wanted: list[str]) -> int:
    """One frame after the other, each for who logged in; a book without users is opened at once, until it gets its first one.

    wanted gets an entry when the clerk asked for another book.
    """
    from services.platform.api import DraftStore, with_users
    from ui.shell.start import open_frame

    db = book.db
    drafts = DraftStore(data_folder() / "drafts")
    if not with_users(db):
        desk = make_desk_on(book.seen(db), user_of(arguments), stored, language=arguments.lang, target=book.shown)
        frame = open_frame(desk)
        first: list[str] = []
        _offer_books(frame, book, wanted, first)
        frame.show()
        _keep_drafts(frame, drafts, book)
        status = int(app.exec())
        frame.deleteLater()
        if not first:
            drafts.close()
            return status
    access = _logged_in(db, stored, arguments.lang)
    status = 0
    while access is not None:
        following: list[Access] = []
        frame = _frame_for(book, access, stored, arguments, following)
        _offer_books(frame, book, wanted)
        frame.show()
        _keep_drafts(frame, drafts, book)
        status = int(app.exec())
        frame.deleteLater()
        sign_out(db, access)
        access = following[0] if following else None
    drafts.close()
    return status


def _offer_books(frame: MainFrame, book: OpenedBook, wanted: list[str], first: list[str] | None = None) -> None:
    """Another book, a backup now, the first day again. first gets an entry when the book got its first user, who logs in then."""
    from app.opening import attach

    def close_for(reason: list[str]) -> None:
        reason.append(book.shown)
        if not frame.close():
            reason.clear()

    attach(frame, book, partial(close_for, wanted), partial(close_for, first) if first is not None else None)


def _keep_drafts(frame: MainFrame, drafts: DraftStore, book: OpenedBook) -> None:
    """From now on what is typed is kept; what an earlier program left is offered. Not where nothing can be saved."""
    from ui.documents.recovery import offer_recovery

    if book.looking:
        return
    frame.desk.session.drafts = drafts
    offer_recovery(frame.desk, frame)


def _logged_in(db: Database, stored: StoredSettings, language: str) -> Access | None:
    """Who logs in; None when he leaves."""
    from services.platform.messages import sentence
    from ui.access.login import LoginDialog
    from ui.framework.ops import Ops

    ops = Ops()
    dialog = LoginDialog(db, stored, ops, partial(sentence, lang=language))
    dialog.exec()
    ops.close()
    return dialog.access


def _frame_for(
    book: OpenedBook, access: Access, stored: StoredSettings, arguments: Arguments, following: list[Access]
) -> MainFrame:
    """The frame of a user: his rights, his layouts, his menu, and the lock. following gets whoever takes over from him."""
    from services.platform import parameters
    from ui.access.door import Door
    from ui.access.settings import UserSettings
    from ui.shell.start import open_frame

    db = book.db
    with db.read() as conn:
        minutes = int(parameters.load(conn).number("idle_lock_minutes"))
    settings = UserSettings(stored, access.name)
    desk = make_desk_on(
        book.seen(db.acting_as(access)),
        access.name,
        settings,
        language=arguments.lang,
        target=book.shown,
        access=access,
    )
    frame = open_frame(desk)
    if book.looking:
        frame.add_badge("user", access.title, _nothing)
        return frame
    door = Door(desk, frame, access, stored, idle_minutes=minutes)
    door.attach(frame.add_badge("user", access.title, _nothing))
    door.left.connect(frame.close)

    def take_over(other: Access) -> None:
        following.append(other)
        if not frame.close():
            following.clear()

    door.switched.connect(take_over)
    return frame


def _nothing() -> None:
    """The button of the user opens a menu; a click alone does nothing more."""


def make_desk_on(
    db: Database,
    user: str,
    stored: SettingsStore,
    *,
    language: str = "zh",
    target: str = "",
    access: Access | None = None,
) -> Desk:
    """A desk on an open book, with printing wired and the book's facts in its session. access: for whom, in a book with users."""
    from services.documents.api import count_print
    from ui.framework.at_need import AtNeed
    from ui.shell.start import open_desk

    company, today = book_facts(db)
    name = db.path.name if db.path is not None else Path(target).name
    return open_desk(
        db,
        user=user,
        settings=stored,
        language=language,
        print_documents=partial(AtNeed("services.reporting.api", "print_documents"), language=language),
        count_print=None if db.read_only else count_print,
        company=company,
        database=name,
        period=f"{today:%Y-%m}",
        today=lambda: today,
        **({"allowed": access.allows, "user_name": access.title} if access is not None else {}),
    )


def book_facts(db: Database) -> tuple[str, dt.date]:
    """The company's name, and today: of the demonstration factory the day its story ends, else this machine's."""
    from sqlalchemy import select

    from models.platform.tables import setting
    from services.platform import parameters
    from services.platform.clock import local_today

    with db.read() as conn:
        company = parameters.load(conn).text("company_name")
        told = conn.execute(select(setting.c.value).where(setting.c.key == "demo_today")).scalar()
    return company, dt.date.fromisoformat(str(told)) if told else local_today()
