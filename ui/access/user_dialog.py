"""One user as the administrator keeps him: names, roles as ticks, whether he may log in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from models.kernel.problems import Problem
from services.platform import api
from ui.access.passwords import RULE
from ui.access.secrets import SecretDialog, SecretEdit
from ui.access.ticks import TickDelegate
from ui.access.titles import role_title
from ui.framework.desk import Desk
from ui.framework.texts import tr

CODE = Qt.ItemDataRole.UserRole
LIST_HEIGHT = 240


class UserDialog(SecretDialog):
    """row None: a new user, with a password he changes at his first log-in."""

    def __init__(
        self, desk: Desk, row: api.UserRow | None, roles: Sequence[api.RoleRow], parent: QWidget | None = None
    ) -> None:
        title = "新增用户" if row is None else "修改用户"
        super().__init__(title, "userDialog", desk.ops, desk.sentence, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._row = row
        self.login = QLineEdit(row.login if row else "", self)
        self.login.setAccessibleName(tr("用户名"))
        self.full_name = QLineEdit(row.name if row else "", self)
        self.full_name.setAccessibleName(tr("姓名"))
        self.add_row("用户名", self.login)
        self.add_row("姓名", self.full_name)
        self.password = SecretEdit("初始密码", self)
        self.password.setVisible(row is None)
        if row is None:
            self.head.setText(tr(RULE))
            self.add_row("初始密码", self.password)
        self.active = QCheckBox(tr("可以登录"), self)
        self.active.setChecked(row is None or row.active)
        self.rows.addRow("", self.active)
        self.roles = QListWidget(self)
        self.roles.setAccessibleName(tr("角色"))
        self.roles.setFixedHeight(LIST_HEIGHT)
        self.roles.setItemDelegate(TickDelegate(self.roles))
        for role in roles:
            item = QListWidgetItem(role_title(role))
            item.setData(CODE, role.code)
            held = row is not None and role.code in row.roles
            item.setCheckState(Qt.CheckState.Checked if held else Qt.CheckState.Unchecked)
            self.roles.addItem(item)
        self.roles.setCurrentRow(0)
        self.rows.addRow(tr("角色"), self.roles)
        self.go.setText(tr("保存"))
        self.buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        (self.login if row is None else self.full_name).setFocus()

    def draft(self) -> api.UserDraft:
        """What stands in the fields."""
        items = [self.roles.item(place) for place in range(self.roles.count())]
        codes = tuple(str(item.data(CODE)) for item in items if item.checkState() == Qt.CheckState.Checked)
        return api.UserDraft(self.login.text(), self.full_name.text(), codes, active=self.active.isChecked())

    def act(self) -> None:
        """保存."""
        session, row = self._desk.session, self._row
        save = partial(api.save_user, session.db, session.user, self.draft(), password=self.password.text())
        if row is not None:
            save = partial(save, user_id=row.id, version=row.version)
        self.run(save, self._saved)

    def refused(self, problems: Sequence[Problem]) -> None:
        """Only a refused password is to be typed again."""
        typed = self.password.text()
        super().refused(problems)
        if not any(problem.code.startswith("access.password") for problem in problems):
            self.password.setText(typed)
            self.login.setFocus()

    def _saved(self, result: object) -> None:
        del result
        self.accept()
