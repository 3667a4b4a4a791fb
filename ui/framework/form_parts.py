"""The parts of a form: an editor for each kind of field, the name beside a code, the month below a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCalendarWidget, QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import ChoiceEdit, WordEdit
from ui.framework.grid.typing_rules import FIRST_DAY, LAST_DAY
from ui.framework.icons import dress
from ui.framework.lookup import LookupEdit
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

LABEL_GAP: Final = 4
CODE_WIDTH: Final = 84
DAY: Final = "0000-00-00"
DAY_MARGINS: Final = 40


@dataclass(frozen=True, slots=True)
class Slots:
    """What a form does when one of its editors is used; each knows the editor as its sender."""

    toggled: Callable[..., Any]
    chosen: Callable[..., Any]
    picked: Callable[..., Any]
    calendar: Callable[..., Any]


def make_editor(field: Column, parent: QWidget, desk: Desk, slots: Slots) -> QWidget:
    """The editor of a field: tick, choice, look-up, or a line of text, with a calendar where it is a day."""
    if field.kind == "flag":
        check = QCheckBox(parent)
        check.toggled.connect(slots.toggled)
        return check
    if field.choices:
        combo = ChoiceEdit(field.choices, parent)
        combo.currentIndexChanged.connect(slots.chosen)
        return combo
    source = desk.lookups.get(field.lookup) if field.lookup else None
    if source is not None:
        edit = LookupEdit(source, desk.ops, parent)
        edit.chose.connect(slots.picked)
        return edit
    line = WordEdit("", parent)
    if field.numeric:
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
    if field.kind == "date":
        action = QAction(tr("日历"), line)
        dress(action, "calendar")
        action.triggered.connect(slots.calendar)
        line.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        line.setMinimumWidth(line.fontMetrics().horizontalAdvance(DAY) + DAY_MARGINS)
    return line


def with_name(editor: QWidget, parent: QWidget) -> tuple[QWidget, ElidedLabel]:
    """A code's editor with the label of its name beside it, and that label."""
    cell = QWidget(parent)
    box = QHBoxLayout(cell)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(LABEL_GAP)
    editor.setMinimumWidth(CODE_WIDTH)
    editor.setMaximumWidth(CODE_WIDTH + 30)
    name = ElidedLabel(cell)
    name.setMinimumWidth(20)
    name.setObjectName("faintLabel")
    box.addWidget(editor, 1)
    box.addWidget(name, 1)
    return cell, name


def show_calendar(below: QWidget, day: date | None, chosen: Callable[[date], object]) -> QWidget:
    """A month below a widget; a click or Enter chooses, Esc closes."""
    popup = QWidget(below, Qt.WindowType.Popup)
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    popup.setObjectName("calendarPopup")
    month = QCalendarWidget(popup)
    month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
    month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    month.setDateRange(FIRST_DAY, LAST_DAY)  # type: ignore[arg-type]
    if day is not None:
        month.setSelectedDate(day)  # type: ignore[arg-type]
    layout = QVBoxLayout(popup)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(month)

    def take() -> None:
        picked = month.selectedDate()
        popup.close()
        chosen(date(picked.year(), picked.month(), picked.day()))

    month.clicked.connect(take)
    month.activated.connect(take)
    popup.move(below.mapToGlobal(QPoint(0, below.height())))
    popup.show()
    month.setFocus()
    return popup
