"""A barcode gun over the tree of a bill."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from tests.ui.engineering.conftest import key, outline
from tests.ui.engineering.test_bom_keys import Key, Open, go


def test_a_barcode_scanned_into_a_usage_is_refused(open_bom: Open) -> None:
    page = open_bom("FG100")
    said: list[str] = []
    page.desk.ops.told.connect(said.append)
    before = outline(page)
    go(page, 0, column="usage")
    for time, letter in enumerate("6901234567892"):
        press = QKeyEvent(QEvent.Type.KeyPress, Key(ord(letter)), Qt.KeyboardModifier.NoModifier, letter)
        press.setTimestamp(1000 + 5 * time)
        QApplication.sendEvent(QApplication.focusWidget(), press)
    key(Key.Key_Return)
    assert outline(page) == before
    assert "6901234567892" in said[-1]
