"""Opens the window on a book."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from app.arguments import Arguments
from app.commands import opened, target_of, user_of
from app.paths import data_folder
from models.kernel.problems import Refused
from services.platform.db import Database


def run_window(arguments: Arguments) -> int:
    """Shows the window until it is closed; a book that cannot be opened is told in a dialog."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication, QMessageBox

    from services.platform.messages import sentence
    from ui.shell.start import StoredSettings, open_frame, prepare

    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Gongfang")
    stored = StoredSettings(QSettings(str(data_folder() / "window.ini"), QSettings.Format.IniFormat))
    prepare(app, stored)
    try:
        db = opened(arguments)
    except Refused as refused:
        text = "\n".join(sentence(problem, arguments.lang) for problem in refused.problems)
        QMessageBox.warning(None, "工坊", text)
        return 1
    frame = open_frame(
        make_desk_on(db, user_of(arguments), stored, language=arguments.lang, target=target_of(arguments))
    )
    frame.show()
    status = int(app.exec())
    db.close()
    return status


def make_desk_on(db: Database, user: str, stored, *, language: str = "zh", target: str = ""):  # type: ignore[no-untyped-def]
    """A desk on an open book, with printing wired and the book's facts in its session."""
    from services.documents.api import count_print
    from services.reporting.api import print_documents
    from ui.shell.start import open_desk

    company, today = book_facts(db)
    name = db.path.name if db.path is not None else Path(target).name
    return open_desk(
        db,
        user=user,
        settings=stored,
        language=language,
        print_documents=print_documents,
        count_print=count_print,
        company=company,
        database=name,
        period=f"{today:%Y-%m}",
        today=lambda: today,
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
