"""Material lines of an order: what cannot be read or names no item is refused at its cell, and nothing is saved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from services.documents import api
from tests.ui.planning.conftest import TODAY, Factory
from ui.documents.document_page import DocumentPage
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk


@pytest.mark.parametrize(("column", "typed"), [("item_code", ""), ("item_code", "没有这种料"), ("quantity", "五个")])
def test_a_material_that_cannot_be_is_refused_at_its_cell(
    factory: Factory, show: Callable[[QWidget], None], qtbot: QtBot, column: str, typed: str
) -> None:
    stored = factory.order("FG100", 5, TODAY, approve=False)
    desk = open_desk(factory.db, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    frame = MainFrame(desk)
    frame.tabs.ask = lambda page: True
    show(frame)
    page = desk.navigator.open(stored.ref)
    assert isinstance(page, DocumentPage)
    materials = page.sheet.materials
    assert materials is not None
    qtbot.waitUntil(lambda: materials.model.rowCount() == len(stored.materials))
    materials.model.type_text(1, column, typed)
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(page.refusals.texts()))
    told = page.refusals.texts()
    assert len(told) == 1
    assert told[0].startswith("材料第2行")
    assert api.get_document(factory.db, stored.ref.id).version == stored.version
    page.lines.setFocus()
    QTest.keyClick(page.refusals.list, Qt.Key.Key_Return)
    index = materials.view.currentIndex()
    assert (index.row(), materials.model.columns[index.column()].key) == (1, column)
    assert materials.view.hasFocus()
    desk.ops.close()
