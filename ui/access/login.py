"""The log-in: who works, with which password; also for switching the user and for lifting the lock."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QDialogButtonBox, QLineEdit, QWidget

from services.platform import api
from ui.access.secrets import SecretDialog, SecretEdit, Sentence
from ui.framework.grid.layout import SettingsStore
from ui.framework.ops import Ops
from ui.framework.texts import tr

LAST_USER: Final = "access/last_user"
Purpose = Literal["start", "switch", "lock"]
TITLES: Final = {"start": "登录工坊", "switch": "切换用户", "lock": "已锁定"}
LEAVE: Final = {"start": "退出", "switch": "取消", "lock": "退出程序"}


class LoginDialog(SecretDialog):
    """Accepted once somebody is in: `access` says who. A lock can only be lifted by the one who is locked.

    The name field finds users by name, log-in name and pinyin; the last user of this machine stands there already.
    """

    signed_in = Signal(object)

    def __init__(
        self,
        db: api.Database,
        settings: SettingsStore,
        ops: Ops,
        sentence: Sentence,
        *,
        purpose: Purpose = "start",
        locked: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(TITLES[purpose], "loginDialog", ops, sentence, parent)
        self._db = db
        self._settings = settings
        self.purpose = purpose
        self.access: api.Access | None = None
        self._people: Sequence[tuple[str, str, str]] = ()
        self.head.setText(_headline(db, purpose))
        self.name = QLineEdit(self)
        self.name.setAccessibleName(tr("用户"))
        self.password = SecretEdit("密码", self)
        self.add_row("用户", self.name)
        self.add_row("密码", self.password)
        self.go.setText(tr("登录") if purpose != "lock" else tr("解锁"))
        self.buttons.addButton(tr(LEAVE[purpose]), QDialogButtonBox.ButtonRole.RejectRole)
        self._hits = QStringListModel(self)
        completer = QCompleter(self._hits, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(self._pick)
        self.name.setCompleter(completer)
        self.name.textEdited.connect(self._look_up)
        self.name.setText(locked or settings.load(LAST_USER) or "")
        self.name.setReadOnly(purpose == "lock")
        (self.password if self.name.text() else self.name).setFocus()
        ops.run_query(partial(api.people, db), self._show_people, owner=self)

    def act(self) -> None:
        """登录: the password decides; one that an administrator set is to be changed at once."""
        name = self.login_name()
        if not name or not self.password.text():
            self.tell(tr("请输入用户名和密码。"))
            (self.password if name else self.name).setFocus()
            return
        self.run(partial(api.sign_in, self._db, name, self.password.text()), self._entered)

    def login_name(self) -> str:
        """The log-in name that the typed text means: itself, or that of the only user of this full name."""
        typed = self.name.text().strip()
        logins = [login for login, name, _ in self._people if typed in (login, name, _label(login, name))]
        return logins[0] if len(logins) == 1 else typed

    def _entered(self, access: api.Access) -> None:
        if not access.must_change:
            self._leave(access)
            return
        from ui.access.passwords import ChangePasswordDialog

        change = ChangePasswordDialog(
            self._db, access.name, self.ops, self._sentence, old=self.password.text(), parent=self
        )
        change.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        change.changed.connect(self._changed)
        change.open()

    def _changed(self, password: str) -> None:
        self.run(partial(api.sign_in, self._db, self.login_name(), password), self._leave)

    def _leave(self, access: api.Access) -> None:
        self.access = access
        self._settings.save(LAST_USER, access.name)
        self.password.clear()
        self.signed_in.emit(access)
        self.accept()

    def _show_people(self, people: Sequence[tuple[str, str, str]]) -> None:
        self._people = people

    def _look_up(self, text: str) -> None:
        wanted = text.strip().casefold()
        hits = [
            _label(login, name)
            for login, name, pinyin in self._people
            if any(wanted in part.casefold() for part in (login, name, pinyin))
        ]
        self._hits.setStringList(hits[:12])

    def _pick(self, label: str) -> None:
        found = next((login for login, name, _ in self._people if _label(login, name) == label), label)
        self.name.setText(found)
        self.password.setFocus()


def _headline(db: api.Database, purpose: Purpose) -> str:
    if purpose == "lock":
        return tr("有一会儿没人操作，账套锁住了。输入密码接着做，录了一半的都还在。")
    return tr("账套 {name}", name=db.path.name if db.path is not None else db.engine.url.database)


def _label(login: str, name: str) -> str:
    return name if name.casefold() == login else f"{name}  {login}"
