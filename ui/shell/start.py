"""From an open book to the window: theme, desk, areas, frame."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from services.platform.api import Database, sentence
from ui.documents.printer import PrintFunction, use_printer
from ui.framework.desk import Desk, Session, make_desk
from ui.framework.grid.layout import SettingsStore
from ui.framework.keys import install_key_names
from ui.framework.texts import SOURCE, use_language
from ui.shell.areas import register_areas
from ui.shell.frame import MainFrame
from ui.shell.look import Look
from ui.shell.theme import forget_chinese, install_chinese
from ui.today.counts import HeadCounts


class StoredSettings:
    """What a user arranged, in the settings of this machine's account: one INI file, texts only."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def load(self, name: str) -> str | None:
        """The text saved under a name, or None."""
        value = self._settings.value(name)
        return value if isinstance(value, str) else None

    def save(self, name: str, text: str) -> None:
        """Keeps a text under a name; "" forgets it."""
        if text:
            self._settings.setValue(name, text)
        else:
            self._settings.remove(name)


def open_desk(
    db: Database,
    *,
    user: str,
    settings: SettingsStore,
    language: str = "zh",
    print_documents: PrintFunction | None = None,
    count_print: Any = None,
    **facts: Any,
) -> Desk:
    """A desk on an open book, all areas registered. facts: further fields of Session (company, database, period, today …)."""
    session = Session(db=db, user=user, language=language, **({"user_name": user} | facts))
    desk = make_desk(session, settings, partial(sentence, lang=language))
    if print_documents is not None:
        use_printer(print_documents, count_print)
    register_areas(desk)
    return desk


def prepare(app: QApplication, settings: SettingsStore, language: str = SOURCE) -> None:
    """Words of the language, and Qt's own dialogs in it; theme and text size as the user left them."""
    use_language(language)
    if language == SOURCE:
        install_chinese(app)
    else:
        forget_chinese(app)
    install_key_names(app)
    Look(settings).apply()


def open_frame(desk: Desk) -> MainFrame:
    """The main window of a desk, where it was last time."""
    frame = MainFrame(desk)
    counts = HeadCounts(desk, frame.add_badge, frame)
    frame.look.changed.connect(counts.paint)
    frame.restore_state()
    return frame
