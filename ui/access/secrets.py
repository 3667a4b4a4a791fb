"""Dialogs that take passwords: fields that hide what is typed, a line for refusals, work off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from models.kernel.problems import Problem
from ui.framework.icons import tone_icon
from ui.framework.ops import Ops
from ui.framework.texts import tr

ICON = 16
Sentence = Callable[[Problem], str]


class SecretEdit(QLineEdit):
    """A password field: dots, no input method, no memory; says when Caps Lock made a letter large."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAccessibleName(tr(name))
        self.setMinimumWidth(240)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Text that an input method commits all the same is taken like typed text."""
        if event.commitString():
            self.insert(event.commitString())
        event.accept()


class SecretDialog(QDialog):
    """A title line, fields in rows, a line for what was refused, and buttons; Enter goes on to the next field, then does it.

    A subclass adds fields with `add_row` and overrides `act`, which starts `run`.
    """

    def __init__(self, title: str, name: str, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr(title))
        self.setObjectName(name)
        self.ops = ops
        self._sentence = sentence
        self._fields: list[QLineEdit] = []
        self._busy = False
        self.head = QLabel(self)
        self.head.setWordWrap(True)
        self.rows = QFormLayout()
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.sign = QLabel(self)
        self.refusal = QLabel(self)
        self.refusal.setWordWrap(True)
        self.refusal.setObjectName("secretRefusal")
        self.buttons = QDialogButtonBox(self)
        self.go = self.buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accepted)
        self.buttons.rejected.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(self.sign, alignment=Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.refusal, 1)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.head)
        layout.addLayout(self.rows)
        layout.addLayout(line)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(400)
        self.tell("")

    def add_row(self, title: str, field: QLineEdit) -> None:
        """A field under its title."""
        label = QLabel(tr(title), self)
        label.setBuddy(field)
        self.rows.addRow(label, field)
        self._fields.append(field)

    def act(self) -> None:
        """What Enter in the last field and the first button do."""

    def run(self, function: Callable[[], Any], on_done: Callable[[Any], object]) -> None:
        """Does it on the writer thread; a refusal appears as a line and the first empty or last field takes the focus."""
        self._busy = True
        self.go.setEnabled(False)
        self.ops.run_command(
            function,
            owner=self,
            on_done=on_done,
            on_refused=self.refused,
            on_finished=self._finished,
            title=self.windowTitle(),
        )

    def refused(self, problems: Sequence[Problem]) -> None:
        """Shows the sentences; what was typed as password is to be typed again."""
        self.tell("\n".join(self._sentence(problem) for problem in problems))
        secrets = [field for field in self._fields if isinstance(field, SecretEdit)]
        for field in secrets:
            field.clear()
        if secrets:
            secrets[0].setFocus()

    def tell(self, text: str) -> None:
        """A line with its sign; "" hides it."""
        self.refusal.setText(text)
        self.refusal.setVisible(bool(text))
        self.sign.setVisible(bool(text))
        self.sign.setPixmap(tone_icon("danger").pixmap(ICON, ICON))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter: the next field, from the last one the button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            place = self._fields.index(focus) if isinstance(focus, QLineEdit) and focus in self._fields else -1
            if 0 <= place < len(self._fields) - 1:
                self._fields[place + 1].setFocus()
                return
            self._accepted()
            return
        super().keyPressEvent(event)

    def _accepted(self) -> None:
        if not self._busy:
            self.act()

    def _finished(self) -> None:
        self._busy = False
        self.go.setEnabled(True)
