"""A form of labelled fields declared like grid columns: same reading of typed values, same look-up, Enter goes to the next field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from ui.framework.form_parts import Slots, make_editor, show_calendar, with_name
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import ChoiceEdit
from ui.framework.lookup import LookupEdit, LookupRow, exact_hits, hit_of, miss_sentence
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
RESOLVE_LIMIT = 5


class Form(QWidget):
    """Fields in rows of `across` pairs; a column with width over 300 takes two places, as the last one all that are left.

    changed(key) after a value changed by typing; typing(key) while a field is typed into, before it is read; left() when Enter leaves
    the last field. values() holds every key that was set, also those without a field (ids that a look-up fills).
    """

    changed = Signal(str)
    typing = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, fields: Sequence[Column], *, across: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.fields = {field.key: field for field in fields}
        self.editors: dict[str, QWidget] = {}
        self._names: dict[str, QLabel] = {}
        self._values: dict[str, Any] = {}
        self._faults: dict[str, str] = {}
        self._loading = False
        self._read_only = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        place = 0
        for field in fields:
            span = 2 if field.width > 300 else 1
            left = across - place % across
            if field is fields[-1] and field.width > 300:
                span = left
            elif span > left:
                place += left
            self._add(grid, field, place, across, span)
            place += span
        for column in range(across):
            grid.setColumnStretch(2 * column + 1, 1)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Shows values; nothing counts as changed."""
        self._loading = True
        self._values = dict(values)
        self._faults.clear()
        for key, editor in self.editors.items():
            self._show(key, editor)
        self._loading = False

    def values(self) -> dict[str, Any]:
        """All values, the open field's included."""
        self._commit_open()
        return dict(self._values)

    def value(self, key: str) -> Any:
        """One value."""
        return self._values.get(key)

    def put(self, **values: Any) -> None:
        """Sets values as if typed."""
        self._values.update(values)
        for key in values:
            if key in self.editors:
                self._loading = True
                self._show(key, self.editors[key])
                self._loading = False
            self.changed.emit(key)

    def faults(self) -> list[tuple[str, str]]:
        """(key, sentence) of every field that could not be read or is required and blank, the open field's included."""
        self._commit_open()
        missing = [
            (key, tr("“{title}”没有填", title=tr(field.title)))
            for key, field in self.fields.items()
            if field.required and self._values.get(key) in (None, "") and key not in self._faults
        ]
        return [*self._faults.items(), *missing]

    def set_fault(self, key: str, sentence: str) -> None:
        """Marks a field red with its sentence; "" clears it."""
        if sentence:
            self._faults[key] = sentence
        else:
            self._faults.pop(key, None)
        editor = self.editors.get(key)
        if editor is None:
            return
        if bool(editor.property("fault")) != bool(sentence):
            # The style sheet is asked anew only then: it would be felt with each of twenty fields.
            editor.setProperty("fault", bool(sentence))
            editor.style().unpolish(editor)
            editor.style().polish(editor)
        editor.setToolTip(sentence or tr(self.fields[key].tooltip))

    def set_read_only(self, read_only: bool, *, but: Sequence[str] = ()) -> None:
        """An approved document's fields take no typing; but: the only fields that take it otherwise (none given: all)."""
        self._read_only = read_only
        for key, editor in self.editors.items():
            fixed = read_only or not self.fields[key].editable or bool(but and key not in but)
            if isinstance(editor, QLineEdit):
                editor.setReadOnly(fixed)
            else:
                editor.setEnabled(not fixed)

    def focus_field(self, key: str = "") -> bool:
        """Puts the focus on a field (the first editable one without key); False if there is none."""
        for name, editor in self.editors.items():
            if (name == key) if key else (self.fields[name].editable and editor.isEnabled()):
                editor.setFocus()
                if isinstance(editor, QLineEdit):
                    editor.selectAll()
                return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on, Shift+Enter back; leaving a field reads it. Nothing while an input method composes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in ENTER:
            return self._enter(watched, event)
        if event.type() == QEvent.Type.FocusOut:
            key = str(watched.property("field") or "")
            if key:
                self._commit(key)
        return super().eventFilter(watched, event)

    def _enter(self, watched: QObject, event: QKeyEvent) -> bool:
        key = str(watched.property("field") or "")
        if not key or getattr(watched, "composing", False):
            return False
        if isinstance(watched, LookupEdit):
            watched.take_key(event)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self._commit(key)
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        order = [name for name, editor in self.editors.items() if self.fields[name].editable and editor.isEnabled()]
        if key not in order:
            return True
        place = order.index(key) + (-1 if back else 1)
        if place >= len(order):
            self.left.emit()
        elif place >= 0:
            self.focus_field(order[place])
        return True

    def _add(self, grid: QGridLayout, field: Column, place: int, across: int, span: int) -> None:
        row, column = divmod(place, across)
        label = QLabel(tr(field.title) + ("" if not field.required else " *"), self)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        editor = make_editor(field, self, self.desk, self._slots())
        editor.setObjectName(f"field_{field.key}")
        editor.setAccessibleName(tr(field.title))
        editor.setToolTip(tr(field.tooltip))
        editor.setProperty("field", field.key)
        editor.installEventFilter(self)
        if isinstance(editor, QLineEdit):
            editor.textEdited.connect(self._typed)
        label.setBuddy(editor)
        self.editors[field.key] = editor
        grid.addWidget(label, row, 2 * column)
        cell: QWidget = editor
        if isinstance(editor, LookupEdit) and field.fills and "name" in field.fills.values():
            cell, self._names[field.key] = with_name(editor, self)
        grid.addWidget(cell, row, 2 * column + 1, 1, 2 * span - 1)

    def _show(self, key: str, editor: QWidget) -> None:
        field, value = self.fields[key], self._values.get(key)
        if isinstance(editor, QCheckBox):
            editor.setChecked(bool(value))
        elif isinstance(editor, ChoiceEdit):
            editor.show_value(value)
        elif isinstance(editor, LookupEdit):
            editor.setText(str(value or ""))
            editor.picked = None
            self._show_name(field)
        elif isinstance(editor, QLineEdit):
            editor.setText(field.edit_text(value))
            editor.setCursorPosition(0)
        self.set_fault(key, "")

    def _show_name(self, field: Column) -> None:
        label = self._names.get(field.key)
        if label is not None:
            target = next(key for key, name in field.fills.items() if name == "name")
            text = str(self._values.get(target) or "")
            label.setText(text)
            label.setToolTip(text)

    def _commit_open(self) -> None:
        focused = self.focusWidget()
        for key, editor in self.editors.items():
            if editor is focused:
                self._commit(key)

    def _commit(self, key: str) -> None:
        editor, field = self.editors[key], self.fields[key]
        if not isinstance(editor, QLineEdit) or editor.isReadOnly():
            return
        if isinstance(editor, LookupEdit):
            self._commit_code(key, field, editor)
            return
        try:
            value = field.read(editor.text(), today=self.desk.session.today())
        except ValueError as fault:
            self.set_fault(key, str(fault))
            return
        self.set_fault(key, "")
        if value != self._values.get(key) and not (value is None and self._values.get(key) == ""):
            self._values[key] = value
            self.changed.emit(key)
        editor.setText(field.edit_text(self._values.get(key)))

    def _commit_code(self, key: str, field: Column, editor: LookupEdit) -> None:
        text = editor.text().strip()
        if text == str(self._values.get(key) or "") or editor.picked is not None:
            return
        self._values[key] = text or None
        self._values.update(dict.fromkeys(field.fills))
        self._show_name(field)
        self.set_fault(key, "")
        self.changed.emit(key)
        if text:
            search = editor.source.search
            self.desk.ops.run_query(
                lambda: (key, text, search(text, RESOLVE_LIMIT)), self._resolved, owner=self, latest=f"resolve {key}"
            )

    def _resolved(self, answer: tuple[str, str, Sequence[LookupRow]]) -> None:
        key, text, hits = answer
        editor = self.editors[key]
        if self._values.get(key) != text or (isinstance(editor, QLineEdit) and editor.text().strip() != text):
            return
        found = hit_of(text, hits)
        if isinstance(found, int):
            self.set_fault(key, miss_sentence(text, hits, tr(self.fields[key].title)))
            if exact_hits(text, hits) and isinstance(editor, LookupEdit) and editor.isVisible():
                editor.open_dialog()
            return
        self._take(key, found)

    def _picked(self, hit: LookupRow) -> None:
        self._take(str(self.sender().property("field")), hit)

    def _take(self, key: str, hit: LookupRow) -> None:
        field, editor = self.fields[key], self.editors[key]
        self._values[key] = hit.code
        self._values.update({other: hit.value(name) for other, name in field.fills.items()})
        if isinstance(editor, LookupEdit):
            editor.setText(hit.code)
        for other in field.fills:
            if other in self.editors:
                self._show(other, self.editors[other])
        self._show_name(field)
        self.set_fault(key, "")
        self.changed.emit(key)

    def _typed(self) -> None:
        self.typing.emit(str(self.sender().property("field")))

    def _slots(self) -> Slots:
        return Slots(self._set_by_sender, self._chosen, self._picked, self._calendar)

    def _chosen(self) -> None:
        combo = self.sender()
        if isinstance(combo, ChoiceEdit):
            self._set_by_sender(combo.currentData())

    def _set_by_sender(self, value: Any) -> None:
        sender = self.sender()
        if not self._loading:
            key = str(sender.property("field"))
            self._values[key] = value
            self.changed.emit(key)

    def _calendar(self) -> None:
        line = self.sender().parent()
        if isinstance(line, QLineEdit) and not line.isReadOnly():
            key = str(line.property("field"))
            show_calendar(line, self._values.get(key), lambda day: self.put(**{key: day}))
