"""账套: recent books, another file, a new one, the trial factory, a PostgreSQL server, a backup."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from services.platform.api import Server, password_of
from ui.framework.colors import current
from ui.framework.icons import icon
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.deeds import Deeds, Opened, Recent
from ui.opening.restoring import RestoreDialog
from ui.opening.server_dialog import ServerDialog
from ui.opening.working import Sentence, WorkingDialog

SIZE: Final = (760, 440)
BOOKS: Final = "账套 (*.db *.sqlite *.gfdb);;所有文件 (*)"


class BookPicker(WorkingDialog):
    """Accepted when `opened` is a book; Enter opens the chosen one, Delete takes it off the list."""

    def __init__(self, deeds: Deeds, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(tr("工坊 · 选择账套"), "bookPicker", ops, sentence, parent)
        self.deeds = deeds
        self.opened: Opened | None = None
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("最近打开的账套"))
        self.list.setIconSize(QSize(20, 20))
        self.list.itemActivated.connect(self._activated)
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        self._fill()
        self.resize(*SIZE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the current book off the list."""
        if event.key() == Qt.Key.Key_Delete and self.focusWidget() is self.list:
            self.forget_current()
            return
        super().keyPressEvent(event)

    # deeds

    def open_current(self) -> None:
        """打开: the chosen book."""
        book = self._current()
        if book is not None:
            self.open_target(book.target)

    def open_target(self, target: str | Server) -> None:
        """Opens a file, or a server whose password is in the key store; else the form asks for it."""
        if isinstance(target, str):
            self.work("正在打开账套…", partial(self.deeds.open_file, target), self._done)
            return
        password = password_of(target)
        if password is None:
            self.ask_server(target)
        else:
            self.work("正在连接服务器…", partial(self.deeds.open_server, target, password), self._done_with_server)

    def open_other(self) -> None:
        """打开文件…."""
        name, _ = QFileDialog.getOpenFileName(self, tr("打开账套"), str(self.deeds.suggested_file().parent), tr(BOOKS))
        if name:
            self.open_target(name)

    def make_new(self) -> None:
        """新建账套…: an empty book, the first-run wizard follows."""
        name, _ = QFileDialog.getSaveFileName(self, tr("新建账套"), str(self.deeds.suggested_file()), tr(BOOKS))
        if name:
            file = name if Path(name).suffix else f"{name}.db"
            self.work("正在建立账套…", partial(self.deeds.make_file, file), self._done)

    def open_trial(self) -> None:
        """试用账套: made on the first time; later the question is whether to start anew."""
        reset = self.deeds.has_trial() and self.ask_reset()
        deed = partial(self.deeds.open_trial, self.tell, reset=reset)
        self.work("正在准备示范工厂…", deed, self._done, can_stop=True)

    def ask_reset(self) -> bool:
        """Whether the trial book is to be as on the first day (tests replace it)."""
        answer = QMessageBox.question(
            self,
            tr("试用账套"),
            tr("试用账套已经有了。要恢复成第一天的样子吗？试着录的单据会全部丢掉。选“否”接着上次用。"),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return bool(answer == QMessageBox.StandardButton.Yes)

    def ask_server(self, server: Server | None = None) -> None:
        """PostgreSQL…."""
        dialog = ServerDialog(
            self.deeds, self.ops, self.sentence, self, server=server if isinstance(server, Server) else None
        )
        dialog.exec()
        if dialog.opened is not None:
            self._done(dialog.opened)

    def restore(self) -> None:
        """从备份恢复…: into a file, which is then opened, or a server; or only looked at."""
        dialog = RestoreDialog(self.deeds, self.ops, self.sentence, self)
        dialog.exec()
        if dialog.opened is not None:
            self._done(dialog.opened)
        elif dialog.restored is not None:
            self.open_target(str(dialog.restored))

    def forget_current(self) -> None:
        """Takes the current book off the list; the file stays."""
        book = self._current()
        if book is not None:
            self.deeds.forget(book.target)
            self._fill()

    # parts

    def _done(self, opened: Opened) -> None:
        self.opened = opened
        self.accept()

    def _done_with_server(self, answer: tuple[Opened, bool]) -> None:
        self._done(answer[0])

    def _activated(self, item: QListWidgetItem) -> None:
        self.list.setCurrentItem(item)
        self.open_current()

    def _current(self) -> Recent | None:
        if self.list.currentRow() < 0:
            return None
        found: Recent = self.list.currentItem().data(Qt.ItemDataRole.UserRole)
        return found

    def _fill(self) -> None:
        self.list.clear()
        for book in self.deeds.recent():
            title = book.company or Path(book.shown).stem
            note = tr("（文件不在了）") if book.missing else ""
            item = QListWidgetItem(
                icon("flow" if isinstance(book.target, Server) else "box"), f"{title}{note}\n{book.shown}"
            )
            item.setData(Qt.ItemDataRole.UserRole, book)
            item.setToolTip(book.shown)
            if book.missing:
                item.setForeground(_faint())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.empty.setVisible(self.list.count() == 0)
        self.list.setVisible(self.list.count() > 0)
        self.buttons["open"].setEnabled(self.list.count() > 0)
        if self.list.count():
            self.list.setFocus()
        else:
            self.buttons["trial"].setFocus()

    def _build(self) -> None:
        across = QHBoxLayout()
        left = QVBoxLayout()
        left.addWidget(QLabel(tr("最近打开（Enter 打开，Delete 从这里移走）"), self))
        self.empty = QLabel(tr("还没有打开过账套。\n先看看示范工厂，或者新建自己的账套。"), self)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setObjectName("faintLabel")
        left.addWidget(self.list, 1)
        left.addWidget(self.empty, 1)
        right = QVBoxLayout()
        right.setSpacing(6)
        for key, title, icon_name, deed in (
            ("open", "打开 (&Enter)", "right", self.open_current),
            ("other", "打开文件… (&O)", "page", self.open_other),
            ("new", "新建账套… (&N)", "new", self.make_new),
            ("trial", "试用账套 示范工厂 (&T)", "run", self.open_trial),
            ("server", "连接 PostgreSQL… (&P)", "flow", self.ask_server),
            ("restore", "从备份恢复… (&R)", "history", self.restore),
        ):
            button = QPushButton(icon(icon_name), tr(title), self)
            button.setObjectName(f"button_{key}")
            button.setAutoDefault(False)
            button.setMinimumWidth(210)
            button.clicked.connect(_without_flag(deed))
            self.buttons[key] = button
            right.addWidget(button)
        self.buttons["open"].setText(tr("打开"))
        self.buttons["open"].setDefault(True)
        right.addStretch(1)
        leave = QPushButton(tr("退出"), self)
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        right.addWidget(leave)
        across.addLayout(left, 1)
        across.addLayout(right)
        self.body.addLayout(across)


def _without_flag(deed: Any) -> Any:
    """A button says whether it is checked; a deed does not ask."""

    def run(_checked: bool = False) -> None:
        deed()

    return run


def _faint() -> Any:
    from PySide6.QtGui import QColor

    return QColor(current().faint)
