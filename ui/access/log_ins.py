"""Log-ins of the database beside the users of the book: how they stand, and the passwords that are shown once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QMessageBox, QVBoxLayout, QWidget

from models.kernel.refs import Changes
from services.documents import api as documents
from services.platform import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.ops import Progress
from ui.framework.texts import tr

STATES = {"yes": "可连接", "none": "没有", "open": "仍可连接", "off": "已关闭"}
TONES: Mapping[str, str] = {"yes": "ok", "none": "warn", "open": "danger", "off": "muted"}
COLUMN = Column("log_in", "数据库登录", kind="badge", width=110, choices=STATES, tones=TONES)  # type: ignore[arg-type]
PASSWORDS = (
    Column("login", "用户名", kind="code", width=130),
    Column("name", "姓名", width=120),
    Column("password", "初始密码", kind="code", width=200),
)
TITLE = "同步数据库登录"


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A line of the dialog."""

    login: str
    name: str
    password: str


def arrange(desk: Desk, renew: Sequence[str], progress: Progress) -> tuple[documents.Arranged, Changes]:
    """On the writer thread: brings the log-ins in step with the users."""
    progress(0, 0, tr(TITLE))
    return documents.arrange_log_ins(desk.session.db, desk.session.user, renew=renew)


def told(found: api.LogIns | None, users: Iterable[api.UserRow]) -> str:
    """What is to be done about the log-ins, in a sentence; empty where all is in step or there are none."""
    users = list(users)
    if found is None or not users:
        return ""
    states = [found.state(user.login, active=user.active) for user in users]
    if not found.arranged:
        text = tr(
            "还没有数据库登录：知道数据库密码的人可以绕过程序改账。请同步数据库登录，让每个用户用自己的登录名连接。"
        )
    elif not found.current:
        text = tr("程序升级过，数据库登录还没有跟上，文员暂时打不开账套。请同步数据库登录。")
    elif "none" in states or "open" in states:
        text = tr("{count} 个用户还没有数据库登录。", count=states.count("none")) if "none" in states else ""
        if "open" in states:
            text += tr("{count} 个停用的用户仍能连接。", count=states.count("open"))
        text += tr("请同步数据库登录。")
    else:
        return ""
    return text if found.owner else text + tr("这要用账套所有者的数据库账号打开账套来做。")


class PasswordsDialog(PageDialog):
    """The new passwords; it does not close by mistake before they were copied."""

    def __init__(self, desk: Desk, passwords: Mapping[str, str], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(tr("数据库登录的初始密码"), "passwordsDialog", parent)
        self.resize(560, 380)
        self._rows = [NewPassword(login, names.get(login, ""), word) for login, word in sorted(passwords.items())]
        self._copied = False
        head = QLabel(
            tr(
                "这些密码只显示这一次，请复制后交给本人。在他的电脑上选“连接 PostgreSQL…”，用户填用户名，密码填这里的；"
                "登录工坊仍用他自己的密码。"
            ),
            self,
        )
        head.setWordWrap(True)
        self.grid = Grid(desk, "log_ins/passwords", PASSWORDS, key="login")
        self.grid.set_rows(self._rows)
        buttons = QDialogButtonBox(self)
        self.copy_button = buttons.addButton(tr("复制全部"), QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        self.copy_button.setDefault(True)
        self.copy_button.clicked.connect(self.copy_all)
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(head)
        layout.addWidget(self.grid, 1)
        layout.addWidget(buttons)
        self.copy_button.setFocus()

    def copy_all(self) -> None:
        """复制全部: one line a user, for a letter to each."""
        lines = (f"{row.login}\t{row.name}\t{row.password}" for row in self._rows)
        QGuiApplication.clipboard().setText("\n".join(lines))
        self._copied = True

    def confirm(self, question: str) -> bool:
        """A yes/no question, No by default."""
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, self.windowTitle(), question, buttons, QMessageBox.StandardButton.No)
        return bool(answer == QMessageBox.StandardButton.Yes)

    def reject(self) -> None:
        """Esc and 关闭: asks while nothing was copied."""
        if self._copied or self.confirm(tr("还没有复制，关闭后就看不到了，只能重发。关闭吗？")):
            super().reject()


def arranging(desk: Desk, *renew: str) -> partial[tuple[documents.Arranged, Changes]]:
    """The long work of a page: called with its progress."""
    return partial(arrange, desk, renew)
