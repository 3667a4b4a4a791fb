"""What a clerk sees before a book is open, in English: no dialog shows a Chinese word of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from app.deeds import StartDeeds
from models.kernel.problems import Problem
from services.masterdata import api as masterdata
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.users.api import make_first_administrator
from tests.support.key_store import store
from tests.ui.test_english import CHINESE, texts_of
from ui.framework.grid.layout import MemorySettings
from ui.framework.ops import Ops
from ui.framework.texts import SOURCE, use_language
from ui.opening.first_run import FirstRunWizard
from ui.opening.picker import BookPicker
from ui.opening.restoring import RestoreDialog
from ui.opening.server_dialog import ServerDialog
from ui.shell.start import prepare

say: Callable[[Problem], str] = partial(sentence, lang="en")
PASSWORD = "shuangchuan-2026"
OWN = ("示范灯具厂",)
__all__ = ["store"]


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    prepare(qapp, MemorySettings(), "en")
    yield
    use_language(SOURCE)


def chinese(root: QWidget) -> list[str]:
    """Chinese texts of a window, in its tables too, but for names that a clerk gave."""
    texts = [*texts_of(root)]
    for table in root.findChildren(QTableWidget):
        cells = (table.item(row, column) for row in range(table.rowCount()) for column in range(table.columnCount()))
        texts += [cell.text() for cell in cells if cell is not None]
    for name in OWN:
        texts = [text.replace(name, "") for text in texts]
    return sorted({text for text in texts if CHINESE.search(text)})


def settled(qtbot: QtBot, ops: Ops, window: QWidget) -> QWidget:
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: ops.idle, timeout=8000)
    return window


def test_the_list_of_books_speaks_english(qtbot: QtBot, ops: Ops) -> None:
    assert chinese(settled(qtbot, ops, BookPicker(StartDeeds("clerk"), ops, say))) == []


def test_the_dialog_for_a_server_speaks_english(qtbot: QtBot, ops: Ops, store: object) -> None:
    del store
    assert chinese(settled(qtbot, ops, ServerDialog(StartDeeds("clerk"), ops, say))) == []


def test_restoring_speaks_english(qtbot: QtBot, ops: Ops) -> None:
    assert chinese(settled(qtbot, ops, RestoreDialog(StartDeeds("clerk"), ops, say))) == []


def test_every_page_of_the_first_day_speaks_english(qtbot: QtBot, ops: Ops, empty: Database) -> None:
    wizard = FirstRunWizard(empty, "clerk", ops, say, dt.date(2026, 3, 10))
    settled(qtbot, ops, wizard)
    found = {number: chinese(wizard.page(number)) for number in wizard.pageIds()}
    assert {number: texts for number, texts in found.items() if texts} == {}
    assert chinese(wizard) == []


def test_the_first_day_again_speaks_english(qtbot: QtBot, ops: Ops, book: Database) -> None:
    make_first_administrator(book, "wang", "示范灯具厂", PASSWORD)
    masterdata.save_records(book, "wang", "warehouses", [{"code": "W01", "name": "示范灯具厂"}])
    wizard = FirstRunWizard(book, "clerk", ops, say, dt.date(2026, 3, 10), again=True)
    settled(qtbot, ops, wizard)
    found = {number: chinese(wizard.page(number)) for number in wizard.pageIds()}
    assert {number: texts for number, texts in found.items() if texts} == {}
    assert chinese(wizard) == []
