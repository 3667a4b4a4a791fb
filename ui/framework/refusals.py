"""The panel of refusals under a page: one line a problem, Enter leads to its cell or document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QToolButton, QWidget

from models.kernel.problems import Problem
from ui.framework.icons import icon, tone_icon
from ui.framework.texts import tr

MAX_LINES = 5


class RefusalPanel(QFrame):
    """Hidden while there is nothing to say. activated(Problem) on Enter or double click; emptied() when the clerk closes it with Esc."""

    activated = Signal(object)
    emptied = Signal()

    def __init__(self, sentence: Callable[[Problem], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refusals")
        self._sentence = sentence
        self.list = QListWidget(self)
        self.list.setObjectName("refusalList")
        self.list.setAccessibleName(tr("没有通过的原因"))
        self.list.setWordWrap(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QToolButton(self)
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setToolTip(tr("关闭 (Esc)"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(self.list)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        self.list.itemActivated.connect(self._activate)
        self.problems: tuple[Problem, ...] = ()
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Lists the sentences; the whole sentence is the tooltip too."""
        self.show_lines([(self._sentence(problem), problem) for problem in problems])

    def show_lines(self, lines: Sequence[tuple[str, Problem]]) -> None:
        """Lists sentences that are already made (typing faults), each with the problem whose place Enter leads to."""
        self.problems = tuple(problem for _, problem in lines)
        self.list.clear()
        for text, problem in lines:
            item = QListWidgetItem(tone_icon("danger"), text)
            item.setToolTip(text)
            item.setData(Qt.ItemDataRole.UserRole, problem)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        height = self.list.sizeHintForRow(0) if lines else 0
        self.list.setFixedHeight(max(24, min(len(lines), MAX_LINES) * max(height, 22) + 4))
        self.setVisible(bool(lines))

    def texts(self) -> list[str]:
        """The sentences shown."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def clear(self) -> None:
        """Nothing refused (any more)."""
        self.problems = ()
        self.list.clear()
        self.hide()
        self.emptied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the panel (Enter on a line is the list's own activation)."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            return
        super().keyPressEvent(event)

    def _activate(self, item: QListWidgetItem) -> None:
        self.activated.emit(item.data(Qt.ItemDataRole.UserRole))
