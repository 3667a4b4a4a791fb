"""Ctrl+K: find a command, a page, a document or an item by name, code or pinyin initials, and run it; a scanned number opens at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.framework.actions import Command
from ui.framework.desk import Desk
from ui.framework.grid.editors import CellEdit
from ui.framework.icons import icon
from ui.framework.keys import key_name
from ui.framework.texts import tr

WIDTH, ROWS = 560, 14
DEBOUNCE_MS = 80
DATA_LIMIT = 12
SHORTEST = 2


class CommandPalette(QFrame):
    """A popup at the top of the frame; Enter runs the current line, Esc closes."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self._desk = desk
        self._commands: list[Command] = []
        self._answered = ""
        self._wanted = ""
        room = QPixmap(QSize(16, 16))
        room.fill(Qt.GlobalColor.transparent)
        self._room = QIcon(room)
        self.field = CellEdit(self)
        self.field.setFrame(True)
        self.field.setPlaceholderText(tr("找单据、物料、功能…（编码、名称或拼音首字母）"))
        self.field.setAccessibleName(tr("找单据、物料、功能"))
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(16, 16))
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._changed)
        self.list.itemClicked.connect(self.run_current)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._find_data)

    def open_at(self, anchor: QPoint) -> None:
        """Shows the palette with an empty field."""
        self._answered = self._wanted = ""
        self.field.clear()
        self._changed("")
        self.resize(WIDTH, self.field.sizeHint().height() + ROWS * (self.fontMetrics().height() + 8))
        self.move(anchor)
        self.show()
        self.field.setFocus()

    def texts(self) -> list[str]:
        """Lines shown."""
        return [command.title for command in self._commands]

    def run_current(self) -> None:
        """Closes, then runs the current line."""
        row = self.list.currentRow()
        self.hide()
        if 0 <= row < len(self._commands):
            self._commands[row].run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter runs; not while an input method composes."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.field.composing:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                QApplication.sendEvent(self.list, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._entered()
                return True
        return super().eventFilter(watched, event)

    def _entered(self) -> None:
        """Runs the line; a code from a gun, or one entered before the books have answered, waits for what it finds."""
        scanned = self.field.strokes.scan(self.field.text())
        if scanned is not None and scanned[1] != self.field.text():
            self.field.setText(scanned[1])
        text = self.field.text().strip()
        early = self._answered != text and len(text) >= SHORTEST and bool(self._desk.actions.finders)
        if early and (scanned is not None or not self._commands):
            self._wanted = text
            self._timer.stop()
            self._find_data()
            return
        self.run_current()

    def _changed(self, text: str) -> None:
        self._answered = self._wanted = ""
        self._show(self._desk.actions.find(text))
        self._timer.start()

    def _find_data(self) -> None:
        text = self.field.text().strip()
        finders = self._desk.actions.finders
        if len(text) < SHORTEST or not finders:
            return
        self._desk.ops.run_query(
            lambda: (text, [hit for finder in finders for hit in finder(text, DATA_LIMIT)]),
            self._found,
            owner=self,
            latest="find",
        )

    def _found(self, answer: tuple[str, Sequence[Command]]) -> None:
        text, hits = answer
        if text != self.field.text().strip():
            return
        self._answered = text
        commands = self._desk.actions.find(text)
        self._show([*hits, *commands] if not commands or any(c.isdigit() for c in text) else [*commands, *hits])
        if not self._commands:
            self._tell(tr("没有找到 {text}。请核对号码，或打名称、拼音首字母", text=text))
        if self._wanted == text:
            self._wanted = ""
            self._run_wanted(text, hits)

    def _run_wanted(self, text: str, hits: Sequence[Command]) -> None:
        """Runs the one hit that a code entered before the answer means; several stay to choose from, none gets a sentence."""
        exact = [hit for hit in hits if hit.title.casefold() == text.casefold()] or hits
        if len(exact) == 1 and self.isVisible():
            self.hide()
            exact[0].run()
        elif not self._commands:
            self._show([Command(tr("没有找到 {text}。请核对号码，或打名称、拼音首字母", text=text), self._again)])
            self.field.selectAll()

    def _again(self) -> None:
        """The sentence is no command: the field is asked again."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def _tell(self, sentence: str) -> None:
        """A line that is no command."""
        told = QListWidgetItem(sentence)
        told.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(told)

    def _show(self, commands: Sequence[Command]) -> None:
        self._commands = list(commands)
        self.list.clear()
        for command in commands:
            tail = "    ".join(part for part in (command.hint, key_name(command.shortcut)) if part)
            self.list.addItem(
                QListWidgetItem(
                    icon(command.icon) if command.icon else self._room,
                    f"{command.title}    {tail}" if tail else command.title,
                )
            )
        self.list.setCurrentRow(0)
