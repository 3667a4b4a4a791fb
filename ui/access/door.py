"""The user's own menu in the frame: password, lock, another user; and the lock after a while without a key or a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QPushButton, QWidget

from services.platform import api
from ui.access.login import LoginDialog, Purpose
from ui.access.passwords import ChangePasswordDialog
from ui.framework.actions import Command
from ui.framework.desk import Desk
from ui.framework.grid.layout import SettingsStore
from ui.framework.icons import dress, icon
from ui.framework.texts import tr

SIGNS_OF_LIFE: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.InputMethod}
)
MINUTE_MS: Final = 60_000


class Door(QObject):
    """Made for a frame of somebody who logged in.

    switched(access): another user is in, the frame is to be opened for him. left(): the clerk wants to end the program.
    The lock hides the frame's pages but keeps them, with everything typed; only the one who is locked lifts it.
    """

    switched = Signal(object)
    left = Signal()

    def __init__(
        self, desk: Desk, frame: QMainWindow, access: api.Access, settings: SettingsStore, *, idle_minutes: int = 0
    ) -> None:
        super().__init__(frame)
        self._desk = desk
        self._frame = frame
        self._access = access
        self._settings = settings
        self._hidden: list[QWidget] = []
        self.dialog: LoginDialog | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(idle_minutes * MINUTE_MS)
        self._timer.timeout.connect(self.lock)
        app = QApplication.instance()
        if idle_minutes > 0 and app is not None:
            app.installEventFilter(self)
            self._timer.start()

    @property
    def locked(self) -> bool:
        """Whether the frame waits for the password."""
        return self.dialog is not None and self.dialog.purpose == "lock"

    def attach(self, button: QPushButton) -> None:
        """Gives the button of the top line the user's menu, and the palette the same commands."""
        button.setText(self._access.title)
        dress(button, "user")
        menu = QMenu(button)
        for command in self._commands():
            menu.addAction(icon(command.icon), command.title, command.run)
            self._desk.actions.register(command)
        button.setMenu(menu)

    def change_password(self) -> None:
        """修改密码."""
        session = self._desk.session
        dialog = ChangePasswordDialog(
            session.db, self._access.name, self._desk.ops, self._desk.sentence, parent=self._frame
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(self._password_changed)
        dialog.open()

    def switch(self) -> None:
        """切换用户: the present one stays until the next is in."""
        self._ask("switch").signed_in.connect(self.switched)

    def lock(self) -> None:
        """锁定."""
        if self.dialog is not None:
            return
        others = [window for window in QApplication.topLevelWidgets() if window is not self._frame]
        self._hidden = [widget for widget in (self._frame.centralWidget(), *others) if widget and widget.isVisible()]
        for widget in self._hidden:
            widget.hide()
        dialog = self._ask("lock", locked=self._access.name)
        dialog.accepted.connect(self._unlocked)
        dialog.rejected.connect(self.left)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Anything a living clerk does starts the wait again."""
        if event.type() in SIGNS_OF_LIFE and self.dialog is None:
            self._timer.start()
        return super().eventFilter(watched, event)

    def _ask(self, purpose: Purpose, *, locked: str = "") -> LoginDialog:
        dialog = LoginDialog(
            self._desk.session.db, self._settings, self._desk.ops, self._desk.sentence, purpose=purpose, locked=locked,
            parent=self._frame,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
        dialog.finished.connect(self._answered)
        self.dialog = dialog
        dialog.open()
        return dialog

    def _answered(self, result: int) -> None:
        del result
        self.dialog = None
        if self._timer.interval() > 0:
            self._timer.start()

    def _unlocked(self) -> None:
        for widget in self._hidden:
            if shiboken6.isValid(widget):
                widget.show()
        self._hidden.clear()

    def _password_changed(self, password: str) -> None:
        del password
        self._desk.say(tr("密码已修改"))

    def _commands(self) -> list[Command]:
        def made(title: str, run: Callable[[], object], name: str) -> Command:
            return Command(tr(title), run, tr("用户"), icon=name)

        return [
            made("修改密码", self.change_password, "key"),
            made("切换用户", self.switch, "users"),
            made("锁定", self.lock, "lock"),
            made("退出程序", partial(self.left.emit), "close"),
        ]
