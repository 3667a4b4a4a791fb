"""Editors in cells and the keys that leave them: Enter, Tab and arrows commit and move, Esc gives up, F7 looks up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.framework.colors import color, current
from ui.framework.grid.clipboard import pasted
from ui.framework.grid.editors import CellEdit, ChoiceEdit, scan_in
from ui.framework.grid.lines import LineModel
from ui.framework.grid.model import VALUE, AnyIndex, GridModel
from ui.framework.grid.open_cell import OpenCell
from ui.framework.grid.scanning import bare_code
from ui.framework.lookup import LookupEdit, LookupSource

if TYPE_CHECKING:
    from ui.framework.grid.view import GridView

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BAR_MARGIN = 3


class GridDelegate(QStyledItemDelegate):
    """One delegate for a grid: makes the editor of a cell's kind and commits what was typed through the model."""

    def __init__(self, view: GridView) -> None:
        super().__init__(view)
        self._view = view
        self.cell = OpenCell(self)

    def source_of(self, name: str) -> LookupSource | None:
        """The look-up source of that name, if the grid was given one."""
        return self._view.lookups.get(name)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """Combo for choices, look-up edit for codes, else a line edit."""
        model = cast(GridModel, index.model())
        column = model.columns[index.column()]
        editor: QWidget
        if column.choices:
            editor = ChoiceEdit(column.choices, parent)
        elif column.kind == "lookup" and (source := self.source_of(column.lookup)) is not None:
            editor = LookupEdit(source, self._view.ops, parent)
            editor.setFrame(False)
            editor.dialog_chose.connect(self._dialog_chose)
        else:
            editor = CellEdit(parent)
            if column.numeric:
                editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setObjectName(f"cell_{column.key}")
        editor.setAccessibleName(column.title)
        self.cell.made(editor)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Starts with the whole text selected, so typing replaces it. What was typed stays when the row changes under it."""
        if self.cell.keeps(editor):
            return
        model = cast(GridModel, index.model())
        value = index.data(VALUE)
        if isinstance(editor, ChoiceEdit):
            editor.show_value(value)
        elif isinstance(editor, CellEdit | LookupEdit):
            shown = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
            column = model.columns[index.column()]
            fault = model.fault(index.row(), column.key) if isinstance(model, LineModel) else None
            wrong = fault is not None and bool(fault[1])
            editor.setText(column.edit_text(value) if value not in (None, "") and not wrong else shown)
            editor.selectAll()
        self.cell.filled(editor)

    def destroyEditor(self, editor: QWidget, index: AnyIndex) -> None:
        """The cell is no longer open."""
        self.cell.gone(editor)
        super().destroyEditor(editor, index)

    def setModelData(self, editor: QWidget, model: QObject, index: AnyIndex) -> None:
        """Commits through LineModel: typed text is read by the column, a picked look-up row brings its fills."""
        if not isinstance(model, LineModel):
            return
        column = model.columns[index.column()]
        row = index.row()
        if isinstance(editor, ChoiceEdit):
            chosen = editor.currentData()
            if editor.currentIndex() >= 0 and (chosen != index.data(VALUE) or model.fault(row, column.key) is not None):
                model.change(row, {column.key: chosen})
        elif isinstance(editor, LookupEdit) and editor.picked is not None:
            picked = editor.picked
            model.change(
                row, {column.key: picked.code, **{key: picked.value(name) for key, name in column.fills.items()}}
            )
        elif isinstance(editor, CellEdit | LookupEdit):
            text = editor.text()
            model.type_text(row, column.key, bare_code(text) if isinstance(editor, LookupEdit) else text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The editor covers its cell."""
        editor.setGeometry(option.rect)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys that leave an editor; nothing is taken while an input method composes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            if getattr(editor, "composing", False):
                return False
            if self._paste(editor, cast(QKeyEvent, event)) or self._leave(editor, cast(QKeyEvent, event)):
                return True
        if event.type() == QEvent.Type.FocusOut and not self._view.currentIndex().isValid():
            # The rows were replaced under the open cell: what was typed belongs to none of the new ones.
            return False
        return super().eventFilter(editor, event)

    def _leave(self, editor: QWidget, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if isinstance(editor, LookupEdit) and editor.take_key(event):
            return True
        if key in ENTER and modifiers == Qt.KeyboardModifier.NoModifier and self._scanned(editor):
            return True
        if key in ENTER and modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
            self._commit(editor)
            self._view.advance(-1 if modifiers == Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._commit(editor)
            self._view.advance(-1 if key == Qt.Key.Key_Backtab else 1, grow=False)
            return True
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and modifiers == Qt.KeyboardModifier.NoModifier:
            if isinstance(editor, QComboBox):
                return False
            self._commit(editor)
            self._view.move_row(-1 if key == Qt.Key.Key_Up else 1)
            return True
        return False

    def _paste(self, editor: QWidget, event: QKeyEvent) -> bool:
        """Ctrl+V in an open cell: one cell's text goes in where the cursor stands, a block goes to the cells from this one on."""
        if not isinstance(editor, CellEdit | LookupEdit) or not event.matches(QKeySequence.StandardKey.Paste):
            return False
        block = pasted(QGuiApplication.clipboard().text())
        if not block:
            return False
        if len(block) == 1 and len(block[0]) == 1:
            editor.insert(" ".join(block[0][0].split("\n")))
            return True
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
        self._view.paste()
        return True

    def _scanned(self, editor: QWidget) -> bool:
        """A gun's code in a cell for a number or a date: the cell keeps what it had, or what a hand typed before; the code goes on."""
        column = self._view.grid_model.columns[self._view.currentIndex().column()]
        found = scan_in(editor, column)
        if found is None:
            return False
        typed, code = found
        if isinstance(editor, CellEdit) and typed.strip():
            editor.setText(typed)
            self._commit(editor)
        else:
            self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
        self._view.scanned(code)
        return True

    def _dialog_chose(self) -> None:
        editor = self.sender()
        # A cell may be closed while its dialog is open; what is chosen then has no place.
        if isinstance(editor, QWidget) and self._view.indexWidget(self._view.currentIndex()) is editor:
            self._commit(editor)
            self._view.setFocus()
            self._view.advance(1)

    def _commit(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)


class ProgressDelegate(QStyledItemDelegate):
    """Paints a share between 0 and 1 as a bar with its percentage."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The bar behind the text."""
        value: Any = index.data(VALUE)
        if value is not None and value != "":
            rect = QRectF(option.rect).adjusted(BAR_MARGIN, BAR_MARGIN + 2, -BAR_MARGIN, -BAR_MARGIN - 2)
            share = max(0.0, min(1.0, float(value)))
            painter.fillRect(rect, color(current().panel))
            rect.setWidth(rect.width() * share)
            painter.fillRect(rect, color(current().bars["ok" if share >= 1 else "info"]))
        super().paint(painter, option, index)
