"""The cell of a view that is being typed into: whether one is open, and whether it holds text that is not committed yet."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QWidget

from ui.framework.lookup import LookupEdit


class OpenCell(QObject):
    """Belongs to the delegate of one view, which tells of every editor it makes and fills. changed() when `typed` changes."""

    changed = Signal()

    def __init__(self, delegate: QStyledItemDelegate) -> None:
        super().__init__(delegate)
        self._editor: QWidget | None = None
        self._filled = -1
        self._told = False

    @property
    def open(self) -> bool:
        """Whether a cell is open; one whose rows were replaced under it is not."""
        return self._editor is not None and shiboken6.isValid(self._editor) and not self._editor.isHidden()

    @property
    def typed(self) -> bool:
        """Whether the open cell holds something that is not in the row yet."""
        return self._editor is not None and self.open and self._differs(self._editor)

    def made(self, editor: QWidget) -> None:
        """A cell is opened."""
        self._editor, self._filled = editor, -1
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self._changed)
        elif isinstance(editor, QComboBox):
            editor.currentIndexChanged.connect(self._changed)

    def filled(self, editor: QWidget) -> None:
        """The row's value was put into the editor."""
        if isinstance(editor, QComboBox):
            self._filled = editor.currentIndex()

    def keeps(self, editor: QWidget) -> bool:
        """Whether a change of its row must leave the editor as it is: the clerk has typed on."""
        return editor is self._editor and self._differs(editor)

    def gone(self, editor: QWidget) -> None:
        """The editor goes, however it was left."""
        if editor is self._editor:
            self._editor = None
            self._changed()

    def _differs(self, editor: QWidget) -> bool:
        if isinstance(editor, QComboBox):
            return self._filled != -1 and editor.currentIndex() != self._filled
        picked = isinstance(editor, LookupEdit) and editor.picked is not None
        return picked or (isinstance(editor, QLineEdit) and editor.isModified())

    def _changed(self) -> None:
        if self.typed != self._told:
            self._told = not self._told
            self.changed.emit()
