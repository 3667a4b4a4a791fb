"""The panel of refusals under a page: one line a problem, Enter leads to its cell or document, buttons beside it lead out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from models.kernel.problems import Problem
from ui.framework.icons import dress, tone_icon
from ui.framework.keys import key_of
from ui.framework.texts import tr
from ui.framework.ways import Offer, Way

MAX_LINES = 5
ROW_HEIGHT: Final = 24
MOST_ASKED: Final = 50
"""refusals for which ways out are looked for; nobody reads on beyond"""
MOST_WAYS: Final = 4
WIDTH: Final = Qt.ItemDataRole.UserRole + 1


class RefusalPanel(QFrame):
    """Hidden while there is nothing to say. activated(Problem) on Enter or double click; emptied() when the clerk closes it with Esc.

    asked is called for each problem shown, with a function that puts a way out beside it; Alt+1 … runs those of the current line.
    """

    activated = Signal(object)
    emptied = Signal()

    def __init__(self, sentence: Callable[[Problem], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refusals")
        self._sentence = sentence
        self.asked: Callable[[Problem, Offer], None] | None = None
        self._list: QListWidget | None = None
        self._over = parent or self
        self._keys: list[QShortcut] = []
        self.problems: tuple[Problem, ...] = ()
        self.hide()

    @property
    def list(self) -> QListWidget:
        """The sentences; made with the first of them, for most pages never refuse anything."""
        if self._list is None:
            self._list = self._made_list()
        return self._list

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Lists the sentences; the whole sentence is the tooltip too."""
        self.show_lines([(self._sentence(problem), problem) for problem in problems])

    def show_lines(self, lines: Sequence[tuple[str, Problem]]) -> None:
        """Lists sentences that are already made (typing faults), each with the problem whose place Enter leads to."""
        self.problems = tuple(problem for _, problem in lines)
        if self._list is None and not lines:
            return
        self.list.clear()
        for text, problem in lines:
            item = QListWidgetItem(tone_icon("danger"), text)
            item.setToolTip(text)
            item.setData(Qt.ItemDataRole.UserRole, problem)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._fit()
        if self.asked is not None:
            for problem in self.problems[:MOST_ASKED]:
                self.asked(problem, partial(self.offer, problem))

    def offer(self, problem: Problem, way: Way) -> None:
        """Puts a way out beside a problem that is still shown."""
        item = self._item_of(problem)
        if item is None:
            return
        holder = self.list.itemWidget(item)
        if not isinstance(holder, _Ways):
            holder = _Ways(self.list)
            self.list.setItemWidget(item, holder)
        holder.add(way)
        self._listen()
        self._show_keys()

    def ways(self, row: int = -1) -> Sequence[str]:
        """Titles of the ways out beside a line, the current one unless told."""
        holder = self._holder(row if row >= 0 else self.list.currentRow())
        return [way.title for way in holder.ways] if holder is not None else []

    def run_way(self, number: int) -> None:
        """Alt+1 …: a way out of the current line."""
        holder = self._holder(self.list.currentRow()) if self.isVisible() else None
        if holder is not None and number <= len(holder.ways):
            holder.ways[number - 1].run()

    def settle(self, problem: Problem) -> None:
        """A problem that was dealt with leaves the list."""
        item = self._item_of(problem)
        if item is None:
            return
        self.problems = tuple(one for one in self.problems if one is not problem)
        self.list.takeItem(self.list.row(item))
        if not self.problems:
            self.clear()
            return
        self._fit()

    def texts(self) -> Sequence[str]:
        """The sentences shown."""
        return [self.list.item(row).text() for row in range(self.list.count())] if self._list is not None else []

    def clear(self) -> None:
        """Nothing refused (any more)."""
        self.problems = ()
        if self._list is not None:
            self._list.clear()
        self.hide()
        self.emptied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the panel (Enter on a line is the list's own activation)."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            return
        super().keyPressEvent(event)

    def _made_list(self) -> QListWidget:
        made = QListWidget(self)
        made.setObjectName("refusalList")
        made.setAccessibleName(tr("没有通过的原因"))
        made.setWordWrap(False)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setItemDelegate(_BesideButtons(made))
        made.itemActivated.connect(self._activate)
        made.currentRowChanged.connect(self._show_keys)
        close = QToolButton(self)
        dress(close, "close")
        close.setAutoRaise(True)
        close.setToolTip(tr("关闭 (Esc)"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.clear)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 2, 4, 2)
        layout.addWidget(made)
        layout.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        return made

    def _activate(self, item: QListWidgetItem) -> None:
        self.activated.emit(item.data(Qt.ItemDataRole.UserRole))

    def _fit(self) -> None:
        count = len(self.problems)
        height = self.list.sizeHintForRow(0) if count else 0
        self.list.setFixedHeight(max(ROW_HEIGHT, min(count, MAX_LINES) * max(height, ROW_HEIGHT - 2) + 4))
        self.setVisible(count > 0)

    def _item_of(self, problem: Problem) -> QListWidgetItem | None:
        if problem not in self.problems:
            return None
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(Qt.ItemDataRole.UserRole) is problem:
                return item
        return None

    def _holder(self, row: int) -> _Ways | None:
        if not 0 <= row < self.list.count():
            return None
        holder = self.list.itemWidget(self.list.item(row))
        return holder if isinstance(holder, _Ways) else None

    def _listen(self) -> None:
        """Alt+1 … belong to the ways out from the first of them on; a page without ways gives these keys to its own verbs."""
        for number in range(len(self._keys) + 1, MOST_WAYS + 1):
            key = QShortcut(key_of(f"Alt+{number}"), self._over, partial(self.run_way, number))
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._keys.append(key)

    def _show_keys(self) -> None:
        """The keys stand on the buttons of the current line only; Tab goes through these."""
        for row in range(self.list.count()):
            holder = self._holder(row)
            if holder is not None:
                holder.show_keys(self.list, shown=row == self.list.currentRow())
                self.list.item(row).setData(WIDTH, holder.sizeHint().width())


class _Ways(QWidget):
    """The buttons beside one refusal; a click beside them goes to the line below."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.ways: list[Way] = []
        self._buttons: list[_WayButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 2, 0)
        self._row.setSpacing(2)
        self._row.addStretch(1)

    def add(self, way: Way) -> None:
        """One more button."""
        button = _WayButton(self)
        button.setText(way.title)
        button.clicked.connect(way.run)
        self.ways.append(way)
        self._buttons.append(button)
        self._row.addWidget(button)
        button.show()

    def show_keys(self, before: QWidget, *, shown: bool) -> None:
        """Titles with the keys that run them, reached by Tab after the widget before; or without both."""
        for number, (way, button) in enumerate(zip(self.ways, self._buttons, strict=True), start=1):
            key = f"Alt+{number}" if number <= MOST_WAYS else ""
            button.setText(f"{way.title} {key}" if shown and key else way.title)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if shown else Qt.FocusPolicy.NoFocus)
            if shown:
                QWidget.setTabOrder(before, button)
                before = button
            button.setToolTip(f"{way.tooltip or way.title} ({key})" if key else way.tooltip)
        self._row.activate()


class _WayButton(QToolButton):
    """Enter presses it too."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("wayOut")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space press."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


class _BesideButtons(QStyledItemDelegate):
    """Leaves the room of the buttons free of the sentence."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The sentence, cut before the buttons."""
        width = index.data(WIDTH)
        if width:
            option.rect = option.rect.adjusted(0, 0, -int(width), 0)
        super().paint(painter, option, index)
