"""用户: who may log in, with which roles, and what these allow, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from services.documents import api as documents
from services.platform import api
from ui.access import log_ins
from ui.access.first_user import FirstUser
from ui.access.passwords import FirstAdministratorDialog, ResetPasswordDialog
from ui.access.rights_table import summary
from ui.access.titles import role_title
from ui.access.user_dialog import UserDialog
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import listed, page_title, tr

STATES = {"active": "可登录", "new": "待改密码", "locked": "已锁定", "off": "已停用"}
TONES: Mapping[str, str] = {"active": "ok", "new": "info", "locked": "danger", "off": "muted"}
LOG_IN: Final = "log_in"
"""the desk's tool that closes the window for whoever logs in, where the book had no user until now"""
COLUMNS = (
    Column("login", "用户名", kind="code", width=120),
    Column("name", "姓名", width=110),
    Column("roles", "角色", width=210),
    Column("state", "状态", kind="badge", width=96, choices=STATES, tones=TONES),  # type: ignore[arg-type]
)


class UsersPage(Page):
    """In a book without users the only verb is to make the administrator."""

    topics = frozenset({"user"})
    rights: Mapping[str, str] = dict.fromkeys(
        ("new", "edit", "password", "unlock", "log_ins", "renew"), api.MANAGE_USERS
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, page_title("用户"), icon_name="users")
        self.help_key = "users"
        self._users: dict[int, api.UserRow] = {}
        self._roles: Sequence[api.RoleRow] = ()
        self._log_ins: api.LogIns | None = None
        self._served = api.on_server(desk.session.db)
        self.grid = Grid(desk, "users", (*COLUMNS, log_ins.COLUMN) if self._served else COLUMNS, key="id")
        self.words = QLabel(self)
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setContentsMargins(10, 6, 10, 6)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self.words)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.hint.hide()
        self.first = FirstUser(self)
        self.first.hide()
        split = self._split = QSplitter(Qt.Orientation.Horizontal, self)
        left = QWidget(split)
        box = QVBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        self.schemes = GridSchemes(self, self.grid)
        line.addWidget(self.schemes)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self.hint)
        box.addWidget(self.grid, 1)
        split.addWidget(left)
        split.addWidget(area)
        split.setStretchFactor(1, 1)
        split.setSizes([700, 420] if self._served else [600, 520])
        self.body.addWidget(split, 1)
        self.body.addWidget(self.first, 1)
        self.add_actions([*self._actions(), *self.schemes.actions_of_page()])
        self.schemes.start()
        self.first.wanted.connect(self.add)
        self.grid.opened.connect(self._open)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)

    def refresh(self) -> None:
        """Reads users and roles."""
        db = self.desk.session.db
        self.run_query(partial(_read, db), self._show, latest="users")

    def on_shown(self) -> None:
        """Keys go to the grid."""
        self.grid.setFocus()

    def current(self) -> api.UserRow | None:
        """The user of the current line."""
        row = self.grid.current()
        return self._users.get(row["id"]) if row is not None else None

    def add(self) -> None:
        """新增: a user; the first one is the administrator, who ends single-user mode."""
        if self._users:
            UserDialog(self.desk, None, self._roles, self).open()
            return
        first = FirstAdministratorDialog(self.desk.session.db, self.desk.ops, self.desk.sentence, self)
        first.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        first.made.connect(self._made)
        first.open()

    def edit(self) -> None:
        """修改: names, roles, whether he may log in."""
        row = self.current()
        if row is not None:
            UserDialog(self.desk, row, self._roles, self).open()

    def reset_password(self) -> None:
        """重设密码."""
        row = self.current()
        if row is not None:
            session = self.desk.session
            dialog = ResetPasswordDialog(session.db, session.user, row.login, self.desk.ops, self.desk.sentence, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(self.request_refresh)
            dialog.open()

    def unlock(self) -> None:
        """解锁."""
        row = self.current()
        if row is not None:
            session = self.desk.session
            self.run_command(partial(api.unlock_user, session.db, session.user, row.id), title="解锁")

    def arrange(self) -> None:
        """同步数据库登录: every user gets a log-in of the database, who left loses it; new passwords are shown once."""
        self.run_long(log_ins.arranging(self.desk), title=log_ins.TITLE, on_done=self._arranged)

    def renew(self) -> None:
        """重发数据库密码."""
        row = self.current()
        if row is not None:
            self.run_long(log_ins.arranging(self.desk, row.login), title=log_ins.TITLE, on_done=self._arranged)

    def _actions(self) -> list[Action]:
        some = self._has_current
        may, one = self._may_arrange, self._may_renew
        served = [
            Action("log_ins", log_ins.TITLE, self.arrange, "Ctrl+Shift+L", "refresh", may, group="server"),
            Action("renew", "重发数据库密码", self.renew, "", "key", one, group="server"),
        ]
        return [
            Action("new", "新增", self.add, "Ins", "new", group="edit"),
            Action("edit", "修改", self.edit, "F2", "edit", some, group="edit"),
            Action("password", "重设密码", self.reset_password, "", "key", some, group="access"),
            Action("unlock", "解锁", self.unlock, "", "unlock", self._is_locked, group="access"),
            *(served if self._served else ()),
        ]

    def _show(self, found: tuple[Sequence[api.UserRow], Sequence[api.RoleRow], api.LogIns | None]) -> None:
        users, self._roles, self._log_ins = found
        self._users = {user.id: user for user in users}
        titles = {role.code: role_title(role) for role in self._roles}
        step = log_ins.told(self._log_ins, users)
        self.hint.setText(step)
        self.hint.setVisible(bool(step))
        keys_here = self.isAncestorOf(QApplication.focusWidget() or self)
        self.first.setVisible(not users)
        self._split.setVisible(bool(users))
        if keys_here:
            (self.grid if users else self.first).setFocus()
        self.grid.set_rows(
            [
                {
                    "id": user.id, "login": user.login, "name": user.name, "state": state_of(user),
                    "roles": listed(titles[code] for code in user.roles),
                    "log_in": self._log_ins.state(user.login, active=user.active) if self._log_ins else "",
                }
                for user in users
            ]
        )  # fmt: skip
        self._show_words()
        self.state_changed.emit()

    def _show_words(self) -> None:
        user = self.current()
        if user is None:
            self.words.setText("")
            return
        rights = frozenset().union(*(role.rights for role in self._roles if role.code in user.roles))
        head = tr("{name} 能做的事", name=user.name)
        lines = [f"<p><b>{area}</b><br>{text}</p>" for area, text in summary(rights)]
        self.words.setText(f"<h3>{_plain(head)}</h3>" + "".join(lines))

    def _row_changed(self, row: int) -> None:
        del row
        self._show_words()
        self.state_changed.emit()

    def _open(self, row: object) -> None:
        del row
        self.trigger("edit")

    def _arranged(self, result: tuple[documents.Arranged, object]) -> None:
        made, _changes = result
        able, closed = len(made.able), len(made.closed)
        self.desk.say(tr("数据库登录已同步：{able} 个可连接，{closed} 个已关闭。", able=able, closed=closed))
        if made.passwords:
            names = {user.login: user.name for user in self._users.values()}
            log_ins.PasswordsDialog(self.desk, made.passwords, names, self).open()

    def _made(self, access: api.Access) -> None:
        """From now on nobody works here without logging in: the window makes room for that, at once."""
        self.desk.say(tr("{name} 已是管理员，现在请登录。", name=access.title))
        log_in = self.desk.tools.get(LOG_IN)
        if log_in is None:
            self.request_refresh()
        else:
            # The window closes for it: not from within the dialog that is just closing.
            QTimer.singleShot(0, log_in)

    def _has_current(self) -> bool:
        return self.current() is not None

    def _may_arrange(self) -> bool:
        return self._log_ins is not None and self._log_ins.owner and bool(self._users)

    def _may_renew(self) -> bool:
        row = self.current()
        return row is not None and self._may_arrange() and row.login in getattr(self._log_ins, "able", ())

    def _is_locked(self) -> bool:
        row = self.current()
        return row is not None and state_of(row) == "locked"


def _read(db: api.Database) -> tuple[Sequence[api.UserRow], Sequence[api.RoleRow], api.LogIns | None]:
    return api.list_users(db), api.list_roles(db), api.log_ins(db)


def state_of(user: api.UserRow) -> str:
    """How it stands with somebody's log-in."""
    if not user.active:
        return "off"
    if user.locked:
        return "locked"
    return "new" if user.must_change else "active"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
