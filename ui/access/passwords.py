"""Setting passwords: one's own, somebody's, and that of the first administrator."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from services.platform import api
from ui.access.secrets import SecretDialog, SecretEdit, Sentence
from ui.framework.ops import Ops
from ui.framework.texts import tr

RULE = "至少 8 位，不能是常见密码。几个不相干的词连起来，好记又难猜。"


class _NewSecretDialog(SecretDialog):
    """The new password, typed twice."""

    def __init__(self, title: str, name: str, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(title, name, ops, sentence, parent)
        self.head.setText(tr(RULE))
        self.new = SecretEdit("新密码", self)
        self.again = SecretEdit("再输一次", self)
        self.go.setText(tr(title))
        self.buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)

    def add_new(self) -> None:
        """The two fields, after whatever stands above them."""
        self.add_row("新密码", self.new)
        self.add_row("再输一次", self.again)

    def agreed(self) -> bool:
        """Whether both are the same; else the clerk is told."""
        if self.new.text() == self.again.text():
            return True
        self.tell(tr("两次输入的新密码不一样，请重新输入。"))
        self.new.clear()
        self.again.clear()
        self.new.setFocus()
        return False


class ChangePasswordDialog(_NewSecretDialog):
    """One's own password. old: the one just given at log-in, when the administrator's is to be changed."""

    changed = Signal(str)

    def __init__(
        self,
        db: api.Database,
        login: str,
        ops: Ops,
        sentence: Sentence,
        *,
        old: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("修改密码", "changePasswordDialog", ops, sentence, parent)
        self._db, self._login, self._known = db, login, old
        self.old = SecretEdit("原密码", self)
        if old:
            self.old.hide()
            self.head.setText(tr("{login} 的密码是管理员设的，请改成只有自己知道的。", login=login) + "\n" + tr(RULE))
        else:
            self.add_row("原密码", self.old)
        self.add_new()
        (self.new if old else self.old).setFocus()

    def act(self) -> None:
        """确定."""
        if self.agreed():
            old = self._known or self.old.text()
            self.run(partial(api.change_password, self._db, self._login, old, self.new.text()), self._done)

    def _done(self, result: None) -> None:
        del result
        self.changed.emit(self.new.text())
        self.accept()


class ResetPasswordDialog(_NewSecretDialog):
    """The administrator sets somebody's password; he must change it at his next log-in."""

    def __init__(
        self, db: api.Database, user: object, login: str, ops: Ops, sentence: Sentence, parent: QWidget | None = None
    ) -> None:
        super().__init__("重设密码", "resetPasswordDialog", ops, sentence, parent)
        self._db, self._user, self._login = db, user, login
        self.head.setText(tr("给 {login} 一个临时密码，下次登录时本人必须改掉。", login=login) + "\n" + tr(RULE))
        self.add_new()
        self.new.setFocus()

    def act(self) -> None:
        """确定."""
        if self.agreed():
            self.run(partial(api.reset_password, self._db, str(self._user), self._login, self.new.text()), self._done)

    def _done(self, result: object) -> None:
        del result
        self.accept()


class FirstAdministratorDialog(_NewSecretDialog):
    """Ends single-user mode: name and password of the administrator. made(access) when done."""

    made = Signal(object)

    def __init__(self, db: api.Database, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__("启用用户登录", "firstAdministratorDialog", ops, sentence, parent)
        self._db = db
        explained = tr("现在谁打开账套都能做任何事。设置管理员后，每个人要登录，只能做角色允许的事。")
        self.head.setText(explained + "\n" + tr(RULE))
        self.login = QLineEdit(self)
        self.login.setAccessibleName(tr("用户名"))
        self.full_name = QLineEdit(self)
        self.full_name.setAccessibleName(tr("姓名"))
        self.add_row("用户名", self.login)
        self.add_row("姓名", self.full_name)
        self.add_new()
        self.login.setFocus()

    def act(self) -> None:
        """确定."""
        if self.agreed():
            login, name = self.login.text().strip(), self.full_name.text().strip()
            make = partial(api.make_first_administrator, self._db, login, name, self.new.text())
            self.run(make, self._done)

    def _done(self, access: api.Access) -> None:
        self.made.emit(access)
        self.accept()
