"""Dialogs over a page: deleted when closed, the focus returns to where it was."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QWidget

from ui.framework.texts import tr


class PageDialog(QDialog):
    """Open it with open(): the event loop of the page goes on; answers come by signals."""

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setObjectName(name)
        self._came_from = QApplication.focusWidget()

    def done(self, result: int) -> None:
        """Closes; the window below becomes active again, with its old focus."""
        super().done(result)
        parent = self.parentWidget()
        if parent is not None:
            parent.window().activateWindow()
        if self._came_from is not None and shiboken6.isValid(self._came_from) and self._came_from.isVisible():
            self._came_from.setFocus()


def closing_row(dialog: QDialog) -> QDialogButtonBox:
    """The lowest row of a dialog that only shows: 关闭, as Esc. Enter is never it: that opens a row or asks again."""
    buttons = QDialogButtonBox(dialog)
    close = buttons.addButton(tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
    close.setAutoDefault(False)
    close.setObjectName("close")
    buttons.rejected.connect(dialog.reject)
    return buttons
