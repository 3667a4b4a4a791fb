"""Editors in the cells of the tree, the frame of the current cell and the dashes of a skipped level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.engineering.fields import COLUMNS
from ui.engineering.look import SKIPPED
from ui.engineering.tree_model import AnyIndex
from ui.framework.colors import color, current
from ui.framework.grid import flags
from ui.framework.grid.delegate import ENTER
from ui.framework.grid.editors import CellEdit, ChoiceEdit, scan_in
from ui.framework.grid.open_cell import OpenCell
from ui.framework.lookup import LookupEdit
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.engineering.tree_view import BomTreeView


class TreeDelegate(QStyledItemDelegate):
    """Commits through the outline; Enter goes to the next line, Tab to the next cell."""

    def __init__(self, view: BomTreeView) -> None:
        super().__init__(view)
        self._view = view
        self.cell = OpenCell(self)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        """Look-up edit for the component, combo for choices, else a line edit."""
        column = COLUMNS[index.column()]
        choices = self._view.choices(column.key)
        editor: QWidget
        if choices:
            editor = ChoiceEdit(choices, parent)
        elif column.kind == "lookup":
            editor = LookupEdit(self._view.item_source, self._view.ops, parent)
            editor.setFrame(False)
        else:
            editor = CellEdit(parent)
            if column.numeric:
                editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        editor.setObjectName(f"cell_{column.key}")
        editor.setAccessibleName(column.title)
        self.cell.made(editor)
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Starts with the whole text selected, so typing replaces it. What was typed stays when the line changes under it."""
        if self.cell.keeps(editor):
            return
        if isinstance(editor, ChoiceEdit):
            editor.show_value(index.data(Qt.ItemDataRole.UserRole))
        elif isinstance(editor, CellEdit | LookupEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()
        self.cell.filled(editor)

    def destroyEditor(self, editor: QWidget, index: AnyIndex) -> None:
        """The cell is no longer open."""
        self.cell.gone(editor)
        super().destroyEditor(editor, index)

    def setModelData(self, editor: QWidget, model: QObject, index: AnyIndex) -> None:
        """Hands what was typed or picked to the outline; an unchanged text is no edit."""
        place = self._view.bom.place(index)
        if place is None:
            return
        key = COLUMNS[index.column()].key
        outline = self._view.outline
        if isinstance(editor, ChoiceEdit):
            if editor.currentIndex() >= 0 and editor.currentData() != index.data(Qt.ItemDataRole.UserRole):
                outline.set_value(place, key, editor.currentData())
        elif isinstance(editor, LookupEdit) and editor.picked is not None:
            outline.type_text(place, key, editor.picked.code)
        elif isinstance(editor, CellEdit | LookupEdit):
            before = str(index.data(Qt.ItemDataRole.EditRole) or "")
            if editor.text() != before:
                outline.type_text(place, key, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The editor covers its cell."""
        editor.setGeometry(option.rect)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """A yes/no cell that can be changed is a box without text, as in the grids."""
        super().initStyleOption(option, index)
        flags.make_bare(option)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: AnyIndex
    ) -> bool:
        """A click on the box is a Space."""
        taken = flags.take_click(event, option, index, self._view.verbs.toggle_flag)
        return super().editorEvent(event, model, option, index) if taken is None else taken

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The cell, its box, dashes under a skipped level, and a frame round the current cell."""
        super().paint(painter, option, index)
        flags.paint_box(painter, option, index)
        rect = QRectF(option.rect)
        if index.data(SKIPPED):
            pen = QPen(color(current().tones["info"]), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            bottom = rect.bottom() - 2
            painter.drawLine(QPointF(rect.left() + 2, bottom), QPointF(rect.right() - 2, bottom))
        here = self._view.currentIndex()
        if here.internalId() == index.internalId() and here.column() == index.column() and self._view.hasFocus():
            painter.setPen(QPen(color(current().accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -1, -1))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Keys that leave an editor; nothing is taken while an input method composes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(editor, QWidget):
            if getattr(editor, "composing", False):
                return False
            if self._leave(editor, cast(QKeyEvent, event)):
                return True
        return super().eventFilter(editor, event)

    def _leave(self, editor: QWidget, event: QKeyEvent) -> bool:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        none, shift, alt = (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.AltModifier,
        )
        if isinstance(editor, LookupEdit) and modifiers == none and editor.take_key(event):
            return True
        if key in ENTER and modifiers == none and self._scanned(editor):
            return True
        moves: dict[tuple[int, Any], Any] = {
            (Qt.Key.Key_Tab, none): (self._view.step_cell, 1),
            (Qt.Key.Key_Backtab, shift): (self._view.step_cell, -1),
            (Qt.Key.Key_Backtab, none): (self._view.step_cell, -1),
            (Qt.Key.Key_Right, alt): (self._view.verbs.indent, 1),
            (Qt.Key.Key_Left, alt): (self._view.verbs.indent, -1),
        }
        for enter in ENTER:
            moves[enter, none] = (self._view.verbs.next_line, 1)
            moves[enter, shift] = (self._view.step_cell, -1)
        if not isinstance(editor, QComboBox):
            moves[Qt.Key.Key_Up, none] = (self._view.step_row, -1)
            moves[Qt.Key.Key_Down, none] = (self._view.step_row, 1)
        move = moves.get((key, modifiers))
        if move is None:
            return False
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        move[0](move[1])
        return True

    def _scanned(self, editor: QWidget) -> bool:
        """A barcode that a gun typed into a usage or a yield is not of it: the cell keeps what it had, and the code goes on."""
        found = scan_in(editor, COLUMNS[self._view.currentIndex().column()])
        if found is None:
            return False
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
        self._view.ops.told.emit(tr("扫到的“{code}”不填在这一格，按它找物料", code=found[1]))
        self._view.scanning.find(found[1])
        return True
