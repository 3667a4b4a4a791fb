"""The demonstration factory in an English window: of all that stands on its pages only what the book holds is Chinese."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

import app.wiring  # noqa: F401 registers the document types
from app.demo import TODAY, fill
from services.planning.api import run_mrp
from services.platform import books
from tests.ui.test_english import CHINESE, settle, texts_of
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.grid.layout import MemorySettings
from ui.framework.page import Page
from ui.framework.texts import SOURCE, use_language, words_of
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme, forget_chinese

USER = "demo"
ROWS = 40
SPACES = re.compile(r"\s+")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The factory, planned."""
    file = tmp_path_factory.mktemp("demo") / "lamp.db"
    db = books.create(file)
    fill(db)
    run_mrp(db, USER, start=TODAY)
    db.close()
    return file


@pytest.fixture(scope="module")
def held(demo: Path) -> tuple[str, ...]:
    """Every Chinese text of the book, the longest first."""
    found = set()
    with sqlite3.connect(demo) as raw:
        for (table,) in raw.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in raw.execute(f'select * from "{table}"'):
                found.update(cell for cell in row if isinstance(cell, str) and CHINESE.search(cell))
    return tuple(sorted(found, key=len, reverse=True))


@pytest.fixture
def frame(qapp: QApplication, demo: Path, tmp_path: Path, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The main window on a copy of it, in English."""
    forget_chinese(qapp)
    use_language("en")
    apply_theme(qapp)
    db = books.open_book(shutil.copyfile(demo, tmp_path / "lamp.db"))
    desk = open_desk(db, user=USER, settings=MemorySettings(), language="en", today=lambda: TODAY)
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()
    db.close()
    use_language(SOURCE)


def cells_of(root: QWidget) -> Iterator[str]:
    """What stands in the lists and trees, and the hints on their cells."""
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        if model is None:
            continue
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
        for row in range(min(model.rowCount(), ROWS)):
            for column in range(columns):
                index: QModelIndex = model.index(row, column)
                for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                    yield str(index.data(role) or "")


def left(root: QWidget, held: tuple[str, ...]) -> list[str]:
    """Texts with Chinese that the book does not hold, as a whole or part by part."""
    parts = {part for own in held for part in SPACES.split(own)}
    found = []
    for text in {text for text in (*texts_of(root), *cells_of(root)) if CHINESE.search(text)}:
        rest = text
        for own in held:
            rest = rest.replace(own, "")
        if CHINESE.search(rest) and any(CHINESE.search(part) and part not in parts for part in SPACES.split(text)):
            found.append(text)
    return sorted(found)


def test_no_page_and_no_record_of_the_factory_shows_a_chinese_word_of_the_program(
    qtbot: QtBot, frame: MainFrame, held: tuple[str, ...]
) -> None:
    found: dict[str, list[str]] = {}
    for spec in frame.desk.navigator.pages():
        page = frame.desk.navigator.open(spec.key)
        assert page is not None
        settle(qtbot, frame)
        found[spec.key] = left(frame, held)
        if _opened_first(page):
            settle(qtbot, frame)
            record = frame.tabs.front()
            if isinstance(record, DocumentPage):
                record.side.show_front()
                settle(qtbot, frame)
            found[f"{spec.key} opened"] = left(frame, held)
        while frame.tabs.pages():
            frame.tabs.close_front()
    assert {key: texts for key, texts in found.items() if texts} == {}


def test_a_warehouse_called_like_a_word_of_the_program_keeps_its_name(
    qtbot: QtBot, frame: MainFrame, demo: Path
) -> None:
    with sqlite3.connect(demo) as raw:
        names = {name for (name,) in raw.execute("select name from warehouse") if name in words_of("en")}
    assert "原料仓" in names
    page = frame.desk.navigator.open("warehouses/records")
    assert page is not None
    settle(qtbot, frame)
    assert names <= {*cells_of(page)}


def _opened_first(page: Page) -> bool:
    if not isinstance(page, DocumentListPage | RecordListPage) or not page.grid.model.rowCount():
        return False
    page.grid.view.select_cell(0)
    page.grid.opened.emit(page.grid.model.record(0))
    return True
