"""The window in English: no page shows a Chinese word of its own, at any place a clerk can see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents.types import registry
from services.platform.db import Database
from tests.ui.conftest import TODAY
from ui.documents.history import TITLES, differences, history_grid
from ui.framework.grid.layout import MemorySettings
from ui.framework.texts import SOURCE, use_language
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme, forget_chinese

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names that the book's clerk gave.
OWN = ("佛山光耀照明", "杭州明居家饰", "明辉五金", "螺丝", "硅脂", "台灯", "原料仓", "千克", "个", "账套")


@pytest.fixture
def english(qapp: QApplication, book: Database, show: Callable[[QWidget], None]) -> Iterator[MainFrame]:
    """The main window in English."""
    forget_chinese(qapp)
    use_language("en")
    apply_theme(qapp)
    desk = open_desk(book, user="tester", settings=MemorySettings(), language="en", today=lambda: TODAY)
    made = MainFrame(desk)
    made.resize(1366, 768)
    made.tabs.ask = lambda page: True
    show(made)
    yield made
    desk.ops.close()
    use_language(SOURCE)


def texts_of(root: QWidget) -> Iterator[str]:
    """Everything a widget and its children say of themselves."""
    for widget in [root, *root.findChildren(QWidget)]:
        yield from (widget.toolTip(), widget.accessibleName(), widget.windowTitle())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        elif isinstance(widget, QGroupBox):
            yield widget.title()
        elif isinstance(widget, QTabWidget):
            yield from (widget.tabText(place) for place in range(widget.count()))
        elif isinstance(widget, QHeaderView):
            yield from _heads(widget)
        elif isinstance(widget, QTreeWidget):
            yield from _tree(widget)
    for action in root.findChildren(QAction):
        yield from (action.text(), action.toolTip())


def _heads(header: QHeaderView) -> Iterator[str]:
    model: QAbstractItemModel | None = header.model()
    if model is None or header.orientation() != Qt.Orientation.Horizontal:
        return
    for section in range(model.columnCount()):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(model.headerData(section, Qt.Orientation.Horizontal, role) or "")


def _tree(tree: QTreeWidget) -> Iterator[str]:
    every = QTreeWidgetItemIterator(tree)
    while (item := every.value()) is not None:
        yield from (item.text(place) for place in range(tree.columnCount()))
        every += 1


def chinese(root: QWidget) -> list[str]:
    found = []
    for text in texts_of(root):
        rest = text
        for name in OWN:
            rest = rest.replace(name, "")
        if CHINESE.search(rest):
            found.append(text)
    return sorted(set(found))


def settle(qtbot: QtBot, frame: MainFrame) -> None:
    for _ in range(2):
        qtbot.wait(15)
        qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)


def test_the_frame_and_every_page_speak_english(qtbot: QtBot, english: MainFrame) -> None:
    found: dict[str, list[str]] = {"frame": chinese(english)}
    for spec in english.desk.navigator.pages():
        page = english.desk.navigator.open(spec.key)
        assert page is not None
        settle(qtbot, english)
        found[spec.key] = chinese(page)
        english.tabs.close_tab(english.tabs.currentIndex())
    assert {key: texts for key, texts in found.items() if texts} == {}


def test_every_document_window_speaks_english(qtbot: QtBot, english: MainFrame) -> None:
    found = {}
    for kind in registry:
        page = english.desk.navigator.open(DocRef(kind.code, 0, ""))
        if page is not None:
            settle(qtbot, english)
            found[kind.code] = chinese(page)
    assert {key: texts for key, texts in found.items() if texts} == {}


def test_a_history_tells_in_english_what_was_done(english: MainFrame) -> None:
    """Of a button and of a record of it the words differ: "Approve" and "approved"."""
    column = next(
        column for column in history_grid(english.desk, "test/history").model.columns if column.key == "action"
    )
    assert [column.show(action) for action in ("create", "approve", "reverse", "close")] == [
        "created", "approved", "reversed", "closed",
    ]  # fmt: skip
    assert differences('{"status": "Z"}', '{"status": "C"}', TITLES) == "State Draft → Approved"
