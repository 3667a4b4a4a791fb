"""The last page of the first day: the first user ends single-user mode; a book with users only says who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QWidget

from services.platform.api import Access, make_first_administrator
from ui.access.secrets import SecretEdit
from ui.framework.texts import listed, tr
from ui.opening.present import Present
from ui.opening.step import Step

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard

NAMED: Final = 5


class AdministratorStep(Step):
    """Wanted on the first day; in a book that is worked with only when the clerk ticks it."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "管理员", "设了管理员，打开账套就要登录，各人有各人的权限；只有一个人用可以不设。")
        self._asked = False
        self.wanted = QCheckBox(tr("设置管理员（推荐，几个人用必须设）"), self)
        self.wanted.setChecked(True)
        self.login = QLineEdit("admin", self)
        self.name = QLineEdit(tr("管理员"), self)
        self.password = SecretEdit("密码", self)
        self.again = SecretEdit("再输一次", self)
        self.there = QLabel(self)
        self.there.setWordWrap(True)
        self.there.hide()
        self.inputs = QWidget(self)
        form = QFormLayout(self.inputs)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow("", self.wanted)
        form.addRow(tr("登录名"), self.login)
        form.addRow(tr("姓名"), self.name)
        form.addRow(tr("密码（至少 8 位）"), self.password)
        form.addRow(tr("再输一次"), self.again)
        self.wanted.toggled.connect(self._toggled)
        self.column.addWidget(self.there)
        self.column.addWidget(self.inputs)
        self.column.addStretch(1)
        self.column.addWidget(self.refusal)

    def show_present(self, present: Present) -> None:
        """Who the users are; without any, whether one is wanted."""
        if not self._asked:
            self._asked = True
            self.wanted.setChecked(not present.working)
        if present.people:
            self.wanted.setChecked(False)
            names = listed(
                tr("{name}（登录名 {login}）", name=name, login=login) for login, name in present.people[:NAMED]
            )
            if len(present.people) > NAMED:
                names = tr("{names}等", names=names)
            self.there.setText(
                tr(
                    "账套已有 {count} 个用户：{names}。打开要登录，这里不用再设；加人、改角色、重设密码都在“用户”页。",
                    count=len(present.people),
                    names=names,
                )
            )
        self.there.setVisible(bool(present.people))
        self.inputs.setVisible(not present.people)

    def content(self) -> Any:
        """Login, name, password; None when nobody is wanted."""
        if not self.wanted.isChecked():
            return None
        return self.login.text().strip(), self.name.text().strip(), self.password.text()

    def validatePage(self) -> bool:
        """Both passwords must be the same."""
        if self.wanted.isChecked() and self.password.text() != self.again.text():
            self.show_refusal(tr("两次输入的密码不一样，请重输。"))
            self.again.clear()
            self.again.setFocus()
            return False
        return super().validatePage()

    def write(self, content: Any) -> Access:
        """The first user, who administers."""
        login, name, password = content
        return make_first_administrator(self.run.db, login, name, password)

    def written(self, content: Any, result: Access) -> None:
        """The password stays nowhere."""
        del content
        self.run.access = result
        self.password.clear()
        self.again.clear()
        self.wanted.setChecked(False)
        self.wanted.setEnabled(False)

    def _toggled(self) -> None:
        for field in (self.login, self.name, self.password, self.again):
            field.setEnabled(self.wanted.isChecked())
